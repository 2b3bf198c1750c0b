package main

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestADamagedFileIsRefused damages a database in many places, one at a time.
// Each time the answers are either right, because the place does not matter for
// them, or there is a clear error; and the file is left as it is, so that once
// it is mended all is there again.
func TestADamagedFileIsRefused(t *testing.T) {
	dir := t.TempDir()
	db := filepath.Join(dir, "rovers.db")
	want(t, "fleet", "--db", db, "--rovers", "40", "--length", "20")
	good, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	ids := strings.Fields(want(t, "rovers", "--db", db))
	questions := [][]string{{"rovers", "--json"}, {"obstacles"}, {"path", ids[7]}, {"show", ids[39], "--json"}}
	answers := make([]string, len(questions))
	for i, q := range questions {
		answers[i] = want(t, append(q, "--db", db)...)
	}
	chance := rand.New(rand.NewPCG(1, 1))
	const places = 24
	refused := 0
	for range places {
		bad := bytes.Clone(good)
		at := chance.IntN(len(bad) - 600)
		for i := range 512 {
			bad[at+i] ^= byte(1 + chance.IntN(255))
		}
		broken := filepath.Join(dir, "broken.db")
		if err := os.WriteFile(broken, bad, 0o644); err != nil {
			t.Fatal(err)
		}
		for i, q := range questions {
			code, stdout, stderr := call(t, append(q, "--db", broken)...)
			switch {
			case code == exitDone && stdout == answers[i]:
			case code == exitFailed && clear(stderr):
				refused++
			default:
				t.Errorf("damaged at %d, marsrover %v: exit code %d\n%s%s", at, q, code, stdout, stderr)
			}
		}
		sameFile(t, broken, bad)
	}
	if refused < places/2 {
		t.Errorf("damage was noticed %d times only", refused)
	}
	t.Logf("refused %d times, answered rightly %d times", refused, places*len(questions)-refused)
	for i, q := range questions { // the good file is there for a restore
		if got := want(t, append(q, "--db", db)...); got != answers[i] {
			t.Errorf("marsrover %v: %s", q, got)
		}
	}
}

// clear says that an error tells what is wrong and what to do.
func clear(message string) bool {
	return strings.Contains(message, "the database is damaged") && strings.Contains(message, "restore it from a backup") ||
		strings.Contains(message, "is not a database: name another file") ||
		strings.Contains(message, "is the database of another program: name another file") ||
		strings.Contains(message, "schema version")
}

// sameFile wants that nothing was written to a file.
func sameFile(t *testing.T, file string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("a damaged file was written to")
	}
	if info, err := os.Stat(file + "-wal"); err == nil && info.Size() > 0 {
		t.Errorf("a write-ahead log lies beside a damaged file")
	}
}
