package catalog

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

const month = 30 * 24 * time.Hour

// entered opens a catalog with one person, who is known by a token.
func entered(t *testing.T) (c *Catalog, token string) {
	t.Helper()
	c, err := Open(t.Context(), memory.New())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	p, _, err := c.Enter(t.Context(), "", "Ann", "")
	if err != nil {
		t.Fatal(err)
	}
	if token, err = c.NewCookie(t.Context(), p.ID); err != nil {
		t.Fatal(err)
	}
	return c, token
}

// known says whether somebody is known by the token.
func (c *Catalog) known(t *testing.T, token string) bool {
	t.Helper()
	_, err := c.ByCookie(t.Context(), token, month)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		t.Fatal(err)
	}
	return err == nil
}

// TestCookieEnds knows nobody any more who was not there for a month.
func TestCookieEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, token := entered(t)
		for range 5 { // whoever comes back stays known
			time.Sleep(20 * 24 * time.Hour)
			if err := c.Renew(t.Context(), token, month); err != nil || !c.known(t, token) {
				t.Fatalf("somebody who was there is forgotten: %v", err)
			}
		}
		time.Sleep(month + 1)
		if c.known(t, token) {
			t.Error("a token is good for ever")
		}
		if err := c.Renew(t.Context(), token, month); !errors.Is(err, store.ErrNotFound) || c.known(t, token) {
			t.Errorf("a token that was good for nothing any more was renewed: %v", err)
		}
		if err := c.ForgetCookies(t.Context(), month); err != nil {
			t.Fatal(err)
		}
		if left, err := c.log.List(t.Context(), cookies, store.Query{Limit: 10}); err != nil || len(left) != 0 {
			t.Errorf("%d tokens are kept that are good for nothing: %v", len(left), err)
		}
	})
}

// TestCookieOfBefore takes up tokens of which an earlier version kept no time.
func TestCookieOfBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := entered(t)
		p, _, err := c.Enter(t.Context(), "", "Bob", "")
		if err != nil {
			t.Fatal(err)
		}
		token := NewToken()
		if err := c.log.Commit(t.Context(), store.Changes{Writes: []store.Write{put(cookies, Hash(token), p.ID)}}); err != nil {
			t.Fatal(err)
		}
		if !c.known(t, token) {
			t.Error("who was known before is not any more")
		}
		if err := c.ForgetCookies(t.Context(), month); err != nil {
			t.Fatal(err)
		}
		if !c.known(t, token) {
			t.Error("who was known before is forgotten")
		}
		time.Sleep(month + 1)
		if c.known(t, token) {
			t.Error("a token of before is good for ever")
		}
	})
}
