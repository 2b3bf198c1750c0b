package catalog

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/landfall-go/landfall/store"
)

// cookie is what is kept of the token in somebody's browser.
type cookie struct {
	Person string    `json:"person"`
	Seen   time.Time `json:"seen"` // when it was made or renewed
}

// UnmarshalJSON reads a cookie, or the person's id alone, which earlier versions kept:
// when that was seen is not known.
func (k *cookie) UnmarshalJSON(data []byte) error {
	if len(data) > 0 && data[0] == '"' {
		return json.Unmarshal(data, &k.Person)
	}
	type plain cookie
	return json.Unmarshal(data, (*plain)(k))
}

func (k *cookie) old(age time.Duration) bool {
	return !k.Seen.IsZero() && time.Since(k.Seen) > age
}

// renewals is how many times a cookie is renewed in its time, at most.
const renewals = 30

// NewCookie returns a new token under which the person is known.
func (c *Catalog) NewCookie(ctx context.Context, person string) (string, error) {
	token := NewToken()
	return token, c.log.Commit(ctx, store.Changes{Writes: []store.Write{put(cookies, Hash(token), cookie{person, time.Now().UTC()})}})
}

// ByCookie returns the person of a token, or store.ErrNotFound: of one that was not
// renewed for so long as well.
func (c *Catalog) ByCookie(ctx context.Context, token string, age time.Duration) (Person, error) {
	k, _, err := get[cookie](ctx, c.log, cookies, Hash(token))
	if err != nil {
		return Person{}, err
	}
	if k.old(age) {
		return Person{}, store.ErrNotFound
	}
	return c.ByID(ctx, k.Person)
}

// Renew says that a token was used, from when it is good for so long again. Of one that
// is good for nothing any more it returns store.ErrNotFound.
func (c *Catalog) Renew(ctx context.Context, token string, age time.Duration) error {
	key := Hash(token)
	k, data, err := get[cookie](ctx, c.log, cookies, key)
	switch {
	case err != nil:
		return err
	case k.old(age):
		return store.ErrNotFound
	case time.Since(k.Seen) < age/renewals:
		return nil
	}
	k.Seen = time.Now().UTC()
	err = c.log.Commit(ctx, store.Changes{
		Expect: []store.Expectation{{Collection: cookies, Key: key, Data: data}},
		Writes: []store.Write{put(cookies, key, k)},
	})
	if errors.Is(err, store.ErrConflict) { // it was renewed meanwhile, or is looked for next time
		return nil
	}
	return err
}

// ForgetCookies takes out the tokens that were not renewed for so long. Those of which
// that is not known count from now.
func (c *Catalog) ForgetCookies(ctx context.Context, age time.Duration) error {
	for after := ""; ; {
		docs, err := c.log.List(ctx, cookies, store.Query{After: after, Limit: pageSize})
		if err != nil {
			return err
		}
		var changes store.Changes
		for _, d := range docs {
			var k cookie
			if err := json.Unmarshal(d.Data, &k); err != nil {
				return unreadable(cookies, d.Key, err)
			}
			var write store.Write
			switch {
			case k.Seen.IsZero():
				k.Seen = time.Now().UTC()
				write = put(cookies, d.Key, k)
			case k.old(age):
				write = store.Write{Collection: cookies, Key: d.Key}
			default:
				continue
			}
			changes.Expect = append(changes.Expect, store.Expectation{Collection: cookies, Key: d.Key, Data: d.Data})
			changes.Writes = append(changes.Writes, write)
		}
		if len(changes.Writes) > 0 {
			// Another server may be at it; what it leaves is looked at next time.
			if err := c.log.Commit(ctx, changes); err != nil && !errors.Is(err, store.ErrConflict) {
				return err
			}
		}
		if len(docs) < pageSize {
			return nil
		}
		after = docs[len(docs)-1].Key
	}
}
