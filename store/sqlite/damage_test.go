package sqlite_test

import (
	"context"
	"errors"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/sqlite"
)

// content is all that a database holds.
type content struct {
	records   []store.Record
	streams   map[string]int // records that are found by the name of their stream
	commands  int            // records that are found by their command
	documents map[string]string
}

// readContent opens a database and reads all of it.
func readContent(path string) (c content, err error) {
	ctx := context.Background()
	s, err := sqlite.Open(ctx, path)
	if err != nil {
		return c, err
	}
	defer func() {
		// What cannot be closed well is damage that was found late.
		if closeErr := s.Close(); err == nil {
			err = closeErr
		}
	}()
	l, err := s.Log(ctx, "Rover")
	if err != nil {
		return c, err
	}
	for {
		n := len(c.records)
		if c.records, err = l.Read(ctx, uint64(n), 50, c.records); err != nil || len(c.records) == n {
			break
		}
	}
	if err != nil {
		return c, err
	}
	if err := c.find(ctx, l); err != nil {
		return c, err
	}
	c.documents = map[string]string{}
	ds, err := l.List(ctx, "c", store.Query{Limit: 1000})
	for _, d := range ds {
		c.documents[d.Key] = string(d.Data)
	}
	return c, err
}

// find reads the records by the indexes, too.
func (c *content) find(ctx context.Context, l store.Log) error {
	c.streams, c.commands = map[string]int{}, 0
	for _, r := range c.records {
		if _, done := c.streams[r.Stream]; !done {
			of, err := l.ReadStream(ctx, r.Stream, 0, 1000, nil)
			if err != nil {
				return err
			}
			c.streams[r.Stream] = len(of)
		}
		of, err := l.ByCommand(ctx, r.Command())
		if err != nil {
			return err
		}
		c.commands += len(of)
	}
	return nil
}

// change runs a statement on a closed database.
func change(t *testing.T, path, sql string) {
	t.Helper()
	c, err := driver.OpenConn(path, driver.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteTransient(c, sql, nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
}

// Whatever is changed in a row is noticed, and nothing is written after.
func TestDamageIsNoticed(t *testing.T) {
	original := filled(t)
	for _, sql := range []string{
		`UPDATE Rover_events SET data = CAST('{"number":1,"of":9}' AS BLOB) WHERE position = 20`,
		`UPDATE Rover_events SET metadata = CAST('{}' AS BLOB) WHERE position = 20`,
		`UPDATE Rover_events SET time = time + 1 WHERE position = 20`,
		`UPDATE Rover_events SET actor = 'someone' WHERE position = 20`,
		`UPDATE Rover_events SET actor = NULL WHERE position = 20`,
		`UPDATE Rover_events SET version = 900 WHERE position = 20`,
		`UPDATE Rover_events SET stream = 1 + stream % 7, version = 900 WHERE position = 20`,
		`UPDATE Rover_events SET stream = 99 WHERE position = 20`,
		`UPDATE Rover_events SET type = 99 WHERE position = 20`,
		`UPDATE Rover_events SET number = 5 WHERE position = 20`,
		`UPDATE Rover_events SET command = zeroblob(16) WHERE position = 20`,
		`UPDATE Rover_events SET command = x'01' WHERE position = 20`,
		`UPDATE Rover_events SET trigger = x'00000000000000000000000000000001' WHERE position = 20`,
		`UPDATE Rover_events SET correlation = x'' WHERE position = 20`,
		`UPDATE Rover_events SET checksum = checksum + 1 WHERE position = 20`,
		`UPDATE Rover_events SET checksum = checksum + (1 << 32) WHERE position = 20`,
		`UPDATE Rover_streams SET name = 'MarsRover-99' WHERE id = 3`,
		`UPDATE Rover_types SET name = 'MarsRoverStarted'`,
		`DELETE FROM Rover_events WHERE position = 20`,
		`DELETE FROM Rover_streams WHERE id = 3`,
		`DELETE FROM Rover_types`,
		`UPDATE Rover_documents SET data = CAST('another' AS BLOB) WHERE key = '20'`,
		`UPDATE Rover_documents SET key = '200' WHERE key = '20'`,
		`UPDATE Rover_documents SET checksum = 0 WHERE key = '20'`,
	} {
		t.Run(sql, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "damaged.db")
			copyFile(t, original, path)
			change(t, path, sql)
			s := open(t, path)
			defer s.Close()
			l := logOf(t, s)
			_, err := l.Read(context.Background(), 0, 1000, nil)
			if strings.Contains(sql, "documents") {
				_, err = l.List(context.Background(), "c", store.Query{Limit: 1000})
			}
			if !errors.Is(err, store.ErrCorrupt) || !strings.Contains(err.Error(), "module Rover") || !strings.Contains(err.Error(), path) {
				t.Fatalf("error %v, want ErrCorrupt that names the module and the file", err)
			}
			if _, err := l.Append(context.Background(), write("MarsRover-1", 1)); !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("append: error %v, want ErrCorrupt", err)
			}
			if err := l.Commit(context.Background(), store.Changes{Lazy: true}); !errors.Is(err, store.ErrCorrupt) {
				t.Errorf("commit: error %v, want ErrCorrupt", err)
			}
		})
	}
}

// wantNothingWrong makes sure that a damaged file gives an error or what was
// written, and nothing else.
func wantNothingWrong(t *testing.T, path string, want content) {
	t.Helper()
	got, err := readContent(path)
	if err != nil {
		if errors.Is(err, store.ErrInvalid) || errors.Is(err, store.ErrCorrupt) {
			return
		}
		// SQLite has an error of its own for a schema that cannot be parsed.
		if !strings.Contains(err.Error(), path) {
			t.Errorf("the message does not name the file: %v", err)
		}
		return
	}
	if len(got.records) == 0 && len(want.records) > 0 {
		// The table of modules is gone, and the log with it.
		t.Error("all records are gone without an error")
	}
	if diff := cmp.Diff(want.records, got.records); diff != "" {
		t.Errorf("wrong records were read (-want +got):\n%s", diff)
	}
	if !maps.Equal(got.streams, want.streams) || got.commands != want.commands {
		t.Errorf("by stream %v and by command %d records were found, want %v and %d", got.streams, got.commands, want.streams, want.commands)
	}
	for key, data := range got.documents {
		if want.documents[key] != data {
			t.Errorf("document %s reads as %q, want %q", key, data, want.documents[key])
		}
	}
}

func TestFlippedBytes(t *testing.T) {
	f := newFlipped(t)
	for range 60 {
		f.flip(t, rand.IntN(len(f.original)), byte(1+rand.IntN(255)))
	}
}

// The last bytes of a page are those of a row, or of an entry of an index.
func TestFlippedEnds(t *testing.T) {
	const page = 4096
	f := newFlipped(t)
	for at := page; at <= len(f.original); at += page {
		f.flip(t, at-2, 0x4a)
	}
}

// flipped is a database of which one byte is changed.
type flipped struct {
	path     string
	original []byte
	want     content
}

func newFlipped(t *testing.T) *flipped {
	t.Helper()
	path := filled(t)
	want, err := readContent(path)
	if err != nil {
		t.Fatal(err)
	}
	original, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return &flipped{filepath.Join(t.TempDir(), "flipped.db"), original, want}
}

func (f *flipped) flip(t *testing.T, at int, mask byte) {
	t.Helper()
	data := append([]byte(nil), f.original...)
	data[at] ^= mask
	if err := os.WriteFile(f.path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	wantNothingWrong(t, f.path, f.want)
	if t.Failed() {
		t.Fatalf("byte %d was changed by %#x", at, mask)
	}
	for _, suffix := range []string{"-wal", "-shm"} {
		os.Remove(f.path + suffix)
	}
}
