package sqlite

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/landfall-go/landfall/store"
)

// TestFull fills a disk, and then makes room. The disk is a limit that SQLite
// keeps; where the test may mount one, a real one too.
func TestFull(t *testing.T) {
	t.Run("pages", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "full.db")
		testFull(t, path, func(s *Store) {
			if err := transient(s.writer.conn, "PRAGMA max_page_count = 1000000"); err != nil {
				t.Fatal(err)
			}
		}, func(o *options) { o.maxPages = 200 })
	})
	dir := t.TempDir()
	if err := mountSmall(dir, 3<<20); err != nil {
		t.Logf("no small disk to be had: %v", err)
		return
	}
	defer func() {
		if err := unmount(dir); err != nil {
			t.Error(err)
		}
	}()
	t.Run("disk", func(t *testing.T) {
		ballast := filepath.Join(dir, "ballast")
		if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); err != nil {
			t.Fatal(err)
		}
		testFull(t, filepath.Join(dir, "full.db"), func(*Store) {
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// testFull appends until there is no room, makes room, and goes on.
func testFull(t *testing.T, path string, makeRoom func(*Store), opts ...Option) {
	s, err := Open(context.Background(), path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Log(context.Background(), "Rover")
	if err != nil {
		t.Fatal(err)
	}
	stored := fill(t, l)
	if len(stored) == 0 {
		t.Fatal("nothing was stored before the disk was full")
	}
	wantStored(t, l, stored)
	// A document finds no room either, and an append that fits may still do.
	err = l.Commit(context.Background(), store.Changes{Writes: []store.Write{{Collection: "c", Key: "k", Data: make([]byte, 1<<20)}}})
	if !errors.Is(err, store.ErrFull) {
		t.Errorf("commit: error %v, want ErrFull", err)
	}
	if _, err := l.Get(context.Background(), "c", "k"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("get: error %v, want ErrNotFound", err)
	}
	makeRoom(s)
	for i := range 20 {
		a := big(fmt.Sprintf("after-%d", i))
		at, err := l.Append(context.Background(), a)
		if err != nil {
			t.Fatalf("append when there is room: %v", err)
		}
		stored[at.First] = a.Stream
	}
	wantStored(t, l, stored)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if s, err = Open(context.Background(), path); err != nil {
		t.Fatal(err)
	}
	if l, err = s.Log(context.Background(), "Rover"); err != nil {
		t.Fatal(err)
	}
	wantStored(t, l, stored)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// fill appends from many goroutines until each has found no room, and returns
// the streams by the positions of what was stored.
func fill(t *testing.T, l store.Log) map[uint64]string {
	t.Helper()
	var mu sync.Mutex
	stored := map[uint64]string{}
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for n := 0; ; n++ {
				a := big(fmt.Sprintf("before-%d-%d", i, n))
				at, err := l.Append(context.Background(), a)
				if err != nil {
					if !errors.Is(err, store.ErrFull) {
						t.Errorf("append: error %v, want ErrFull", err)
					}
					return
				}
				mu.Lock()
				stored[at.First] = a.Stream
				mu.Unlock()
			}
		})
	}
	wait.Wait()
	return stored
}

// big is an append of 4,000 bytes.
func big(stream string) store.Append {
	command := store.NewCommandID(time.Now())
	return store.Append{Stream: stream, Records: []store.Record{{
		ID: store.EventID(command, 0), Type: "MarsRoverMoved", Time: time.Now(), Data: make([]byte, 4000),
	}}}
}

func wantStored(t *testing.T, l store.Log, stored map[uint64]string) {
	t.Helper()
	rs, err := l.Read(context.Background(), 0, 1_000_000, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(rs) != len(stored) {
		t.Errorf("%d records are there, %d were acknowledged", len(rs), len(stored))
	}
	for _, r := range rs {
		if stored[r.Position] != r.Stream {
			t.Errorf("position %d has stream %q, want %q", r.Position, r.Stream, stored[r.Position])
		}
	}
}
