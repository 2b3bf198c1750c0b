package sqlite_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// FuzzRecord stores any record and reads it back.
func FuzzRecord(f *testing.F) {
	f.Add("MarsRover-1", "MarsRoverMoved", "operator", []byte(nil), []byte(`{"a":1}`), int64(1770091506123456789), []byte("0123456789abcdef"), byte(0))
	f.Add("ä", "\x00", "", []byte(`{}`), []byte{0, 255}, int64(-1), []byte{}, byte(255))
	f.Add("", "x", "\xff", make([]byte, 5000), make([]byte, 70_000), int64(0), []byte{1}, byte(3))
	s := open(f, filepath.Join(f.TempDir(), "fuzz.db"))
	f.Cleanup(func() { closeStore(f, s) })
	l := logOf(f, s)
	f.Fuzz(func(t *testing.T, stream, kind, actor string, metadata, data []byte, ns int64, ids []byte, shape byte) {
		command := store.NewCommandID(time.Now())
		r := store.Record{
			ID: store.EventID(command, 0), Type: kind, Actor: actor, Metadata: metadata, Data: data, Time: time.Unix(0, ns).UTC(),
		}
		// The ids are none, the command's own, or any.
		other := uuid.NewSHA1(uuid.Nil, ids)
		r.Trigger = []uuid.UUID{{}, other, command, uuid.Max}[shape&3]
		r.Correlation = []uuid.UUID{{}, other, command, uuid.Max}[shape>>2&3]
		at, err := l.Append(context.Background(), store.Append{Stream: stream, Expected: store.AnyVersion, Records: []store.Record{r}})
		if errors.Is(err, store.ErrInvalid) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		r.Position, r.Version, r.Stream = at.First, at.Version, stream
		if len(metadata) == 0 {
			r.Metadata = nil
		}
		r.Data = append([]byte{}, data...)
		want := []store.Record{r}
		got, err := l.Read(context.Background(), at.First-1, 1, nil)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("read differs, %v (-want +got):\n%s", err, diff)
		}
		got, err = l.ReadStream(context.Background(), stream, at.Version-1, 1, nil)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("read of the stream differs, %v (-want +got):\n%s", err, diff)
		}
		got, err = l.ByCommand(context.Background(), command)
		if diff := cmp.Diff(want, got); diff != "" || err != nil {
			t.Errorf("read by command differs, %v (-want +got):\n%s", err, diff)
		}
	})
}

// FuzzFile opens any file.
func FuzzFile(f *testing.F) {
	original, err := os.ReadFile(filled(f))
	if err != nil {
		f.Fatal(err)
	}
	f.Add([]byte("SQLite format 3\x00"))
	f.Add([]byte{})
	f.Add(original[:100])
	f.Add(original[:4096])
	path := filepath.Join(f.TempDir(), "fuzz.db")
	f.Fuzz(func(t *testing.T, data []byte) {
		prepare(t, path, data)
		before := sum(t, path)
		if _, err := readContent(path); errors.Is(err, store.ErrInvalid) || errors.Is(err, store.ErrInUse) {
			if after := sum(t, path); after != before {
				t.Errorf("the file was %s and is %s, after %v", before, after, err)
			}
		}
	})
}

// FuzzDamage changes bytes of a good file.
func FuzzDamage(f *testing.F) {
	good := filled(f)
	want, err := readContent(good)
	if err != nil {
		f.Fatal(err)
	}
	original, err := os.ReadFile(good)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(4096), []byte{1}, false)
	f.Add(uint32(8192), []byte{0xff, 0, 0xff}, true)
	path := filepath.Join(f.TempDir(), "fuzz.db")
	f.Fuzz(func(t *testing.T, at uint32, mask []byte, cut bool) {
		data := append([]byte(nil), original...)
		from := int(at) % len(data)
		for i := range min(len(mask), len(data)-from) {
			data[from+i] ^= mask[i]
		}
		if cut {
			data = data[:from]
		}
		if len(data) == 0 {
			return // a new database
		}
		prepare(t, path, data)
		wantNothingWrong(t, path, want)
	})
}

func prepare(t *testing.T, path string, data []byte) {
	t.Helper()
	for _, suffix := range []string{"-wal", "-shm", "-journal"} {
		os.Remove(path + suffix)
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}
