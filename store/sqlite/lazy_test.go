package sqlite_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/sqlite"
)

// The values of PRAGMA synchronous.
const (
	syncNormal = 1
	syncFull   = 2
)

// syncOf commits and returns how the transaction of the commit is synced.
func syncOf(t *testing.T, l store.Log, lazy bool, appends ...store.Append) int {
	t.Helper()
	level := -1
	err := l.Commit(context.Background(), store.Changes{
		Lazy:    lazy,
		Appends: appends,
		Writes:  []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}},
		Do: func(_ context.Context, tx any) (err error) {
			stmt, _, err := tx.(*driver.Conn).PrepareTransient("PRAGMA synchronous")
			if err != nil {
				return err
			}
			defer stmt.Finalize()
			level, err = sqlitex.ResultInt(stmt)
			return err
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return level
}

func TestLazyCommitsDoNotWaitForTheDisk(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "rover.db"))
	defer closeStore(t, s)
	l := logOf(t, s)
	for range 3 {
		for lazy, want := range map[bool]int{true: syncNormal, false: syncFull} {
			if got := syncOf(t, l, lazy); got != want {
				t.Errorf("a commit that is lazy (%v) has synchronous=%d, want %d", lazy, got, want)
			}
		}
		mustAppend(t, l, write("MarsRover-1", 1))
	}
}

func TestRelaxedSync(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "rover.db"), sqlite.RelaxedSync())
	defer closeStore(t, s)
	l := logOf(t, s)
	for _, lazy := range []bool{true, false} {
		if got := syncOf(t, l, lazy); got != syncNormal {
			t.Errorf("a commit that is lazy (%v) has synchronous=%d, want %d", lazy, got, syncNormal)
		}
	}
}

// A commit with appends must survive a loss of power, whatever it is called.
func TestCommitsWithAppendsWaitForTheDisk(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "rover.db"))
	defer closeStore(t, s)
	l := logOf(t, s)
	for range 3 {
		for _, lazy := range []bool{true, false} {
			if got := syncOf(t, l, lazy, write("MarsRover-1", 1)); got != syncFull {
				t.Errorf("a commit with an append that is called lazy (%v) has synchronous=%d, want %d", lazy, got, syncFull)
			}
		}
	}
}

// With a delay that never ends, a lazy commit returns only because something
// takes it along.
func TestLazyCommitsRideAlong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rover.db")
	s := open(t, path, sqlite.LazyDelay(time.Hour))
	l := logOf(t, s)
	mustAppend(t, l, write("MarsRover-1", 1))
	var wait sync.WaitGroup
	commit := func(key string) {
		err := l.Commit(context.Background(), store.Changes{Lazy: true, Writes: []store.Write{{Collection: "c", Key: key, Data: []byte("1")}}})
		if err != nil {
			t.Errorf("lazy commit: %v", err)
		}
	}
	returned := make(chan struct{})
	wait.Go(func() {
		commit("append")
		close(returned)
	})
	for ended := false; !ended; {
		mustAppend(t, l, write("MarsRover-1", 1))
		select {
		case <-returned:
			ended = true
		default:
		}
	}
	// One that still waits is ended by Close.
	wait.Go(func() { commit("close") })
	time.Sleep(20 * time.Millisecond)
	closeStore(t, s)
	wait.Wait()
	s = open(t, path)
	defer closeStore(t, s)
	for _, key := range []string{"append", "close"} {
		if _, err := logOf(t, s).Get(context.Background(), "c", key); err != nil {
			t.Errorf("get of %s: %v", key, err)
		}
	}
}

// A commit that waits for an append can be given up, and changes nothing then.
func TestLazyCommitsCanBeGivenUp(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "rover.db"), sqlite.LazyDelay(time.Hour))
	defer closeStore(t, s)
	l := logOf(t, s)
	mustAppend(t, l, write("MarsRover-1", 1))
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	err := l.Commit(ctx, store.Changes{Lazy: true, Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}}})
	if err != context.DeadlineExceeded {
		t.Errorf("error %v, want context.DeadlineExceeded", err)
	}
	mustAppend(t, l, write("MarsRover-1", 1))
	if _, err := l.Get(context.Background(), "c", "k"); err == nil {
		t.Error("the commit was done all the same")
	}
}
