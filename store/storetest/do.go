package storetest

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/landfall-go/landfall/store"
)

var doTests = []test{
	{name: "runs once, with the context of its caller", run: testDoRuns},
	{name: "is not run when an expectation does not hold", run: testDoFenced},
	{name: "undoes the commit by its error", run: testDoError},
	{name: "may panic", run: testDoPanic},
	{name: "may end its goroutine", run: testDoGoexit},
	{name: "commits its own table with the documents", run: testDoTransaction, needs: transactional},
	{name: "may read the log", run: testDoReads},
}

func testDoRuns(t *testing.T, f Features) {
	l := openLog(t, f)
	type key struct{}
	together(6, func(i int) {
		ctx := context.WithValue(context.Background(), key{}, i)
		runs := 0
		err := l.Commit(ctx, store.Changes{
			Writes: []store.Write{{Collection: "c", Key: fmt.Sprint(i), Data: []byte("1")}},
			Do: func(ctx context.Context, tx any) error {
				runs++
				if ctx.Value(key{}) != i {
					t.Errorf("the context is another's: %v", ctx.Value(key{}))
				}
				if (tx != nil) != transactional(f) {
					t.Errorf("tx is %T", tx)
				}
				return nil
			},
		})
		if err != nil || runs != 1 {
			t.Errorf("Do ran %d times, %v", runs, err)
		}
		wantDocument(t, l, "c", fmt.Sprint(i), "1")
	})
}

func testDoFenced(t *testing.T, f Features) {
	l := openLog(t, f)
	err := l.Commit(context.Background(), store.Changes{
		Expect: []store.Expectation{{Collection: "c", Key: "k", Data: []byte("1")}},
		Do: func(context.Context, any) error {
			t.Error("Do ran")
			return nil
		},
	})
	wantError(t, "commit", err, store.ErrConflict)
}

func testDoError(t *testing.T, f Features) {
	l := openLog(t, f)
	put(t, l, "c", "old", "1")
	own := errors.New("own")
	err := l.Commit(context.Background(), store.Changes{
		Writes: []store.Write{
			{Collection: "c", Key: "old"}, {Collection: "c", Key: "new", Data: []byte("1")}, {Collection: "d", Key: "new", Data: []byte("1")},
		},
		Do: func(context.Context, any) error { return own },
	})
	wantError(t, "commit", err, own)
	wantDocument(t, l, "c", "old", "1")
	wantNoDocument(t, l, "c", "new")
	wantNoDocument(t, l, "d", "new")
	put(t, l, "d", "new", "2")
	wantDocument(t, l, "d", "new", "2")
}

// besides runs fn while others write, who must not notice, and makes sure
// that its own write is undone.
func besides(t *testing.T, l store.Log, fn func(c store.Changes)) {
	t.Helper()
	const others, rounds = 6, 5
	for round := range rounds {
		together(others+1, func(i int) {
			if i == others {
				fn(store.Changes{Writes: []store.Write{{Collection: "gone", Key: "k", Data: []byte("1")}}})
				return
			}
			_, err := l.Append(context.Background(), write(fmt.Sprintf("MarsRover-%d-%d", round, i), 0, 1))
			wantError(t, "another's append", err, nil)
			c := store.Changes{Writes: []store.Write{{Collection: "c", Key: fmt.Sprint(i), Data: []byte("data of " + fmt.Sprint(i))}}}
			wantError(t, "another's commit", l.Commit(context.Background(), c), nil)
		})
		wantNoDocument(t, l, "gone", "k")
	}
	if n := len(readAll(t, l)); n != others*rounds {
		t.Errorf("%d records, want %d", n, others*rounds)
	}
	if n := len(list(t, l, "c", store.Query{Limit: 100})); n != others {
		t.Errorf("%d documents, want %d", n, others)
	}
}

func testDoPanic(t *testing.T, f Features) {
	l := openLog(t, f)
	besides(t, l, func(c store.Changes) {
		defer func() {
			if recover() != "own" {
				t.Error("the panic did not reach the caller")
			}
		}()
		c.Do = func(context.Context, any) error { panic("own") }
		err := l.Commit(context.Background(), c)
		t.Errorf("commit returned %v", err)
	})
}

func testDoGoexit(t *testing.T, f Features) {
	l := openLog(t, f)
	besides(t, l, func(c store.Changes) {
		var wait sync.WaitGroup
		wait.Go(func() {
			c.Do = func(context.Context, any) error {
				runtime.Goexit()
				return nil
			}
			err := l.Commit(context.Background(), c)
			t.Errorf("commit returned %v", err)
		})
		wait.Wait()
	})
}

func testDoTransaction(t *testing.T, f Features) {
	l := openLog(t, f)
	own := errors.New("own")
	has := func(key string) (found bool) {
		t.Helper()
		err := l.Commit(context.Background(), store.Changes{Do: func(ctx context.Context, tx any) (err error) {
			found, err = f.Transaction.Has(ctx, tx, key)
			return err
		}})
		wantError(t, "look", err, nil)
		return found
	}
	commit := func(key string, fail error, expect ...store.Expectation) error {
		return l.Commit(context.Background(), store.Changes{
			Expect: expect,
			Writes: []store.Write{{Collection: "c", Key: key, Data: []byte("1")}},
			Do: func(ctx context.Context, tx any) error {
				return errors.Join(f.Transaction.Put(ctx, tx, key), fail)
			},
		})
	}
	wantError(t, "a good commit", commit("good", nil), nil)
	wantError(t, "a commit that fails", commit("bad", own), own)
	wrong := store.Expectation{Collection: "c", Key: "good", Data: []byte("2")}
	wantError(t, "a commit that is fenced", commit("fenced", nil, wrong), store.ErrConflict)
	together(10, func(i int) {
		if i%2 == 0 {
			wantError(t, "a good commit", commit(fmt.Sprint(i), nil), nil)
		} else {
			wantError(t, "a commit that fails", commit(fmt.Sprint(i), own), own)
		}
	})
	for key, want := range map[string]bool{"good": true, "bad": false, "fenced": false, "0": true, "1": false, "2": true, "3": false, "8": true, "9": false} {
		if has(key) != want {
			t.Errorf("key %s is in the table: %v, want %v", key, !want, want)
		}
		if want {
			wantDocument(t, l, "c", key, "1")
		} else {
			wantNoDocument(t, l, "c", key)
		}
	}
}

func testDoReads(t *testing.T, f Features) {
	l := openLog(t, f)
	mustAppend(t, l, write("MarsRover-1", 0, 2))
	put(t, l, "c", "k", "1")
	err := l.Commit(context.Background(), store.Changes{Do: func(ctx context.Context, _ any) error {
		rs, err := l.Read(ctx, 0, 10, nil)
		if len(rs) != 2 {
			t.Errorf("%d records, want 2", len(rs))
		}
		wantDocument(t, l, "c", "k", "1")
		return err
	}})
	wantError(t, "commit", err, nil)
}
