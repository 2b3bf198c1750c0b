package sqlite_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/store"
)

// TestBackup makes backups while many write, and opens them. Each must be the
// log as it stood at one moment after the backup was asked for.
func TestBackup(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "rover.db"))
	defer closeStore(t, s)
	l := logOf(t, s)
	ctx, cancel := context.WithCancel(context.Background())
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			for ctx.Err() == nil {
				a := write(fmt.Sprintf("MarsRover-%d", i), 3)
				at, err := l.Append(context.Background(), a)
				if err == nil {
					// A document beside the log, a step behind it.
					err = l.Commit(context.Background(), store.Changes{Writes: []store.Write{{Collection: "position", Key: fmt.Sprint(i), Data: fmt.Append(nil, at.First)}}})
				}
				if err != nil {
					t.Errorf("write: %v", err)
				}
			}
		})
	}
	dir := t.TempDir()
	for i := range 3 {
		mustAppend(t, l, write("MarsRover-0", 1))
		before, err := l.Head(ctx)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("backup-%d.db", i))
		if err := s.Backup(ctx, path); err != nil {
			t.Fatal(err)
		}
		wantBackup(t, l, path, before)
	}
	cancel()
	wait.Wait()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if ext := filepath.Ext(e.Name()); ext != ".db" && ext != ".lock" {
			t.Errorf("%s is left over", e.Name())
		}
	}
}

func wantBackup(t *testing.T, l store.Log, path string, atLeast uint64) {
	t.Helper()
	restored := open(t, path)
	defer closeStore(t, restored)
	r := logOf(t, restored)
	count(t, r)
	got := readAll(t, r)
	if uint64(len(got)) < atLeast {
		t.Errorf("the backup has %d records, %d were there before it", len(got), atLeast)
	}
	want, err := l.Read(context.Background(), 0, len(got), nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the backup differs (-want +got):\n%s", diff)
	}
	ds, err := r.List(context.Background(), "position", store.Query{Limit: 10})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		var position uint64
		if _, err := fmt.Sscan(string(d.Data), &position); err != nil || position > uint64(len(got)) {
			t.Errorf("a document stands at position %s of %d, %v", d.Data, len(got), err)
		}
	}
	// It goes on like any other.
	mustAppend(t, r, write("MarsRover-1", 1))
}

func TestBackupRefuses(t *testing.T) {
	path := filled(t)
	s := open(t, path)
	other := filepath.Join(t.TempDir(), "other.db")
	if err := os.WriteFile(other, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, to := range []string{other, path} {
		before := sum(t, to)
		if err := s.Backup(context.Background(), to); !errors.Is(err, store.ErrInvalid) {
			t.Errorf("error %v, want ErrInvalid", err)
		}
		if after := sum(t, to); after != before {
			t.Errorf("%s was %s and is %s", to, before, after)
		}
	}
	ended, cancel := context.WithCancel(context.Background())
	cancel()
	fresh := filepath.Join(t.TempDir(), "fresh.db")
	if err := s.Backup(ended, fresh); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	closeStore(t, s)
	if err := s.Backup(context.Background(), fresh); !errors.Is(err, store.ErrClosed) {
		t.Errorf("error %v, want ErrClosed", err)
	}
	if sum(t, fresh) != "none" {
		t.Error("there is a file")
	}
}
