package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// reporter is what the checks need of a test: of one of package testing, or of
// a property's.
type reporter interface {
	Helper()
	Errorf(format string, args ...any)
}

// module is the module of tests that need but one.
const module = "Rover"

// openStore opens a new database for the test.
func openStore(t testing.TB, f Features) store.Store {
	t.Helper()
	s, err := f.Create(t)()
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func closeStore(t testing.TB, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// openLog opens the log of a new database.
func openLog(t testing.TB, f Features) store.Log {
	t.Helper()
	return logOf(t, openStore(t, f), module)
}

func logOf(t testing.TB, s store.Store, module string) store.Log {
	t.Helper()
	l, err := s.Log(context.Background(), module)
	if err != nil {
		t.Fatalf("log %s: %v", module, err)
	}
	return l
}

func newCommand() uuid.UUID { return store.NewCommandID(time.Now()) }

// records returns n records that a command led to.
func records(command uuid.UUID, n int) []store.Record {
	rs := make([]store.Record, n)
	for i := range rs {
		rs[i] = store.Record{
			ID:          store.EventID(command, i),
			Type:        "MarsRoverMoved",
			Time:        time.Date(2026, 2, 3, 4, 5, 6, 123456789, time.UTC),
			Correlation: command,
			Actor:       "operator",
			Data:        fmt.Appendf(nil, `{"number":%d}`, i),
		}
	}
	return rs
}

// write is an append of n records by a new command.
func write(stream string, expected uint64, n int) store.Append {
	return store.Append{Stream: stream, Expected: expected, Records: records(newCommand(), n)}
}

// mustAppend appends and returns the records as they must be read.
func mustAppend(t testing.TB, l store.Log, a store.Append) []store.Record {
	t.Helper()
	at, err := l.Append(context.Background(), a)
	if err != nil {
		t.Fatalf("append to %s: %v", a.Stream, err)
	}
	return stored(a, at)
}

// stored returns the records of an append as they must be read.
func stored(a store.Append, at store.Appended) []store.Record {
	rs := make([]store.Record, len(a.Records))
	for i, r := range a.Records {
		r.Stream, r.Position, r.Version = a.Stream, at.First+uint64(i), at.Version+uint64(i)
		r.Time, r.Value = r.Time.UTC(), nil
		if len(r.Metadata) == 0 {
			r.Metadata = nil
		}
		rs[i] = r
	}
	return rs
}

// readAll reads the log from its beginning, in pages.
func readAll(t testing.TB, l store.Log) []store.Record {
	t.Helper()
	var all []store.Record
	for {
		n := len(all)
		var err error
		if all, err = l.Read(context.Background(), uint64(n), 97, all); err != nil {
			t.Fatalf("read: %v", err)
		}
		if len(all) == n {
			return all
		}
	}
}

func readStream(t testing.TB, l store.Log, stream string) []store.Record {
	t.Helper()
	rs, err := l.ReadStream(context.Background(), stream, 0, 1_000_000, nil)
	if err != nil {
		t.Fatalf("read stream %s: %v", stream, err)
	}
	return rs
}

// same compares records. Nil and empty data are the same.
func same(t reporter, what string, got, want []store.Record) {
	t.Helper()
	// A time is compared as a struct, so that a lost nanosecond or another
	// time zone is a difference.
	exact := cmp.Comparer(func(a, b time.Time) bool { return a == b })
	data := cmp.Comparer(func(a, b []byte) bool { return string(a) == string(b) })
	if len(got) != len(want) {
		t.Errorf("%s: %d records, want %d", what, len(got), len(want))
		return
	}
	for i := range got {
		if (got[i].Metadata == nil) != (want[i].Metadata == nil) {
			t.Errorf("%s: record %d has metadata %q, want %q", what, i, got[i].Metadata, want[i].Metadata)
		}
		if diff := cmp.Diff(want[i], got[i], exact, data); diff != "" {
			t.Errorf("%s: record %d differs (-want +got):\n%s", what, i, diff)
			return
		}
	}
}

// wantError fails the test unless the error is the wanted one, or nil when
// that is wanted.
func wantError(t reporter, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: error %v, want %v", what, err, want)
	}
}

// together runs n functions at the same moment and waits for them.
func together(n int, fn func(i int)) {
	var wait sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wait.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wait.Wait()
}

// outcomes counts errors by what they mean.
type outcomes struct {
	mu                           sync.Mutex
	ok, conflict, duplicate, bad int
	other                        error
}

func (o *outcomes) add(err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	switch {
	case err == nil:
		o.ok++
	case errors.Is(err, store.ErrDuplicate):
		o.duplicate++
	case errors.Is(err, store.ErrConflict):
		o.conflict++
	default:
		o.bad++
		o.other = err
	}
}

func (o *outcomes) want(t testing.TB, what string, ok, conflict, duplicate int) {
	t.Helper()
	if o.ok != ok || o.conflict != conflict || o.duplicate != duplicate || o.bad != 0 {
		t.Errorf("%s: %d succeeded, %d conflicts, %d duplicates, %d other errors (%v); want %d, %d, %d and none",
			what, o.ok, o.conflict, o.duplicate, o.bad, o.other, ok, conflict, duplicate)
	}
}
