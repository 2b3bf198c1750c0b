package sqlite_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/sqlite"
)

func open(t testing.TB, path string, opts ...sqlite.Option) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path, opts...)
	if err != nil {
		t.Fatalf("open %s: %v", path, err)
	}
	return s
}

func closeStore(t testing.TB, s *sqlite.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("close: %v", err)
	}
}

func logOf(t testing.TB, s *sqlite.Store) store.Log {
	t.Helper()
	l, err := s.Log(context.Background(), "Rover")
	if err != nil {
		t.Fatalf("log: %v", err)
	}
	return l
}

// write is an append of n records by a new command.
func write(stream string, n int) store.Append {
	command := store.NewCommandID(time.Now())
	rs := make([]store.Record, n)
	for i := range rs {
		rs[i] = store.Record{
			ID: store.EventID(command, i), Type: "MarsRoverMoved", Time: time.Now(), Correlation: command,
			Actor: "operator", Data: fmt.Appendf(nil, `{"number":%d,"of":%d}`, i, n),
		}
	}
	return store.Append{Stream: stream, Expected: store.AnyVersion, Records: rs}
}

func mustAppend(t testing.TB, l store.Log, a store.Append) {
	t.Helper()
	if _, err := l.Append(context.Background(), a); err != nil {
		t.Fatalf("append: %v", err)
	}
}

// readAll reads the whole log, and fails the test when a position is missing.
func readAll(t testing.TB, l store.Log) []store.Record {
	t.Helper()
	var all []store.Record
	for {
		n := len(all)
		var err error
		if all, err = l.Read(context.Background(), uint64(n), 500, all); err != nil {
			t.Fatalf("read after %d: %v", n, err)
		}
		for i := n; i < len(all); i++ {
			if all[i].Position != uint64(i)+1 {
				t.Fatalf("position %d came as number %d", all[i].Position, i+1)
			}
		}
		if len(all) == n {
			return all
		}
	}
}

// count counts how often each command is in the log, and fails the test when
// one is there in part.
func count(t testing.TB, l store.Log) map[uuid.UUID]int {
	t.Helper()
	found := map[uuid.UUID]int{}
	all := readAll(t, l)
	for i := 0; i < len(all); {
		command := all[i].Command()
		var number, of int
		for n := 0; ; n++ {
			if _, err := fmt.Sscanf(string(all[i].Data), `{"number":%d,"of":%d}`, &number, &of); err != nil || number != n || all[i].Command() != command {
				t.Fatalf("position %d has %s of command %s, want number %d of %s", all[i].Position, all[i].Data, all[i].Command(), n, command)
			}
			i++
			if number == of-1 {
				break
			}
		}
		found[command]++
	}
	return found
}

// sum tells whether a file has changed. A file that is not there has a sum too.
func sum(t testing.TB, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "none"
	}
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%d bytes %x", len(data), sha256.Sum256(data))
}

// filled makes a closed database with some records and documents, and returns
// its path.
func filled(t testing.TB) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "filled.db")
	s := open(t, path)
	defer closeStore(t, s)
	l := logOf(t, s)
	for i := range 60 {
		a := write(fmt.Sprintf("MarsRover-%d", i%7), 1+i%4)
		mustAppend(t, l, a)
		c := store.Changes{Writes: []store.Write{{Collection: "c", Key: fmt.Sprint(i), Data: fmt.Append(nil, "document ", i)}}}
		if err := l.Commit(context.Background(), c); err != nil {
			t.Fatal(err)
		}
	}
	return path
}
