package sqlite_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/sqlite"
)

// wantRefused makes sure that Open gives the error, names the file, and leaves
// all of it as it was.
func wantRefused(t *testing.T, path string, want error, words ...string) {
	t.Helper()
	before := []string{sum(t, path), sum(t, path+"-wal")}
	s, err := sqlite.Open(context.Background(), path)
	if err == nil {
		closeStore(t, s)
		t.Fatal("the file was opened")
	}
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
	for _, word := range append(words, path) {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("the message %q does not say %q", err, word)
		}
	}
	if after := []string{sum(t, path), sum(t, path+"-wal")}; fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the files were %s and are %s", before, after)
	}
}

func TestOpenRefusesWhatIsNotADatabase(t *testing.T) {
	for name, content := range map[string]string{
		"text":       "MarsRover, Point\nrover 1, 0:0\n" + strings.Repeat("x", 5000),
		"short":      "x",
		"half magic": "SQLite format 3",
		"only magic": "SQLite format 3\x00",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "notes.txt")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			wantRefused(t, path, store.ErrInvalid, "is not a database")
		})
	}
}

func TestOpenRefusesTheDatabaseOfAnotherProgram(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	c, err := driver.OpenConn(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := sqlitex.ExecuteScript(c, "CREATE TABLE accounts (id); INSERT INTO accounts VALUES (1)", nil); err != nil {
		t.Fatal(err)
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, path, store.ErrInvalid, "another program")
}

func TestOpenRefusesANewerSchema(t *testing.T) {
	path := filled(t)
	patch(t, path, 60, binary.BigEndian.AppendUint32(nil, 7))
	wantRefused(t, path, store.ErrInvalid, "schema version 7", "newer program")
}

func TestOpenRefusesAFolder(t *testing.T) {
	_, err := sqlite.Open(context.Background(), t.TempDir())
	if err == nil {
		t.Error("a folder was opened")
	}
	path := filepath.Join(t.TempDir(), "no", "such", "rover.db")
	if _, err = sqlite.Open(context.Background(), path); !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "folder") {
		t.Errorf("error %v, want one that says that the folder is not there", err)
	}
	if _, err = sqlite.Open(context.Background(), ""); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("error %v, want ErrInvalid", err)
	}
}

func TestOpenTakesAnEmptyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rover.db")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	s := open(t, path)
	mustAppend(t, logOf(t, s), write("MarsRover-1", 1))
	closeStore(t, s)
}

func TestOpenRefusesALogWithoutItsFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rover.db")
	if err := os.WriteFile(path+"-wal", []byte("what a crash left"), 0o600); err != nil {
		t.Fatal(err)
	}
	wantRefused(t, path, store.ErrCorrupt, path+"-wal", "backup")
}

func TestOpenRefusesAnEndedContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	path := filepath.Join(t.TempDir(), "rover.db")
	if _, err := sqlite.Open(ctx, path); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("the file was created")
	}
}

func TestOpenTwice(t *testing.T) {
	path := filled(t)
	s := open(t, path)
	_, err := sqlite.Open(context.Background(), path)
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "this very process") {
		t.Errorf("error %v", err)
	}
	// By another name it is the same file.
	link := filepath.Join(t.TempDir(), "link.db")
	if err := os.Symlink(path, link); err != nil {
		t.Fatal(err)
	}
	if _, err := sqlite.Open(context.Background(), link); !errors.Is(err, store.ErrInUse) {
		t.Errorf("by a link: error %v", err)
	}
	closeStore(t, s)
	closeStore(t, open(t, link))
}

// A file that was not closed is checked; one that is damaged is refused.
func TestOpenChecksAfterACrash(t *testing.T) {
	path := filled(t)
	crashed := filepath.Join(t.TempDir(), "crashed.db")
	s := open(t, path)
	mustAppend(t, logOf(t, s), write("MarsRover-1", 1))
	want := len(readAll(t, logOf(t, s)))
	copyFile(t, path, crashed)
	copyFile(t, path+"-wal", crashed+"-wal")
	closeStore(t, s)

	damaged := filepath.Join(t.TempDir(), "damaged.db")
	copyFile(t, crashed, damaged)
	copyFile(t, crashed+"-wal", damaged+"-wal")
	// The cells of the tables' pages, which the log does not have again.
	info, err := os.Stat(damaged)
	if err != nil {
		t.Fatal(err)
	}
	for at := int64(4096 * 3); at < info.Size(); at += 4096 {
		patch(t, damaged, at, []byte{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff})
	}
	wantRefused(t, damaged, store.ErrCorrupt, "backup")

	s = open(t, crashed)
	defer closeStore(t, s)
	if got := len(readAll(t, logOf(t, s))); got != want {
		t.Errorf("%d records after the crash, want %d", got, want)
	}
}

// A
// crash while a database is made leaves nothing under its name.
func TestOpenMakesTheFileAnewAfterACrashWhileMakingIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "rover.db")
	for _, suffix := range []string{".new", ".new-wal", ".new-journal"} {
		if err := os.WriteFile(path+suffix, []byte("half a database"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s := open(t, path)
	mustAppend(t, logOf(t, s), write("MarsRover-1", 1))
	closeStore(t, s)
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); name != "rover.db" && name != "rover.db.lock" {
			t.Errorf("%s is left over", name)
		}
	}
}

func patch(t testing.TB, path string, at int64, bytes []byte) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(bytes, at); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func copyFile(t testing.TB, from, to string) {
	t.Helper()
	data, err := os.ReadFile(from)
	if err == nil {
		err = os.WriteFile(to, data, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
