package sqlite_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/sqlite"
)

// victim names the database that this program, run again by the crash test,
// writes to until it is killed.
const victim = "LANDFALL_SQLITE_VICTIM"

// writeUntilKilled appends from many goroutines and prints each command that
// was acknowledged.
func writeUntilKilled(path string) error {
	s, err := sqlite.Open(context.Background(), path)
	if err != nil {
		return err
	}
	l, err := s.Log(context.Background(), "Rover")
	if err != nil {
		return err
	}
	var mu sync.Mutex
	out := bufio.NewWriter(os.Stdout)
	errs := make(chan error)
	for i := range 16 {
		go func() {
			for n := 0; ; n++ {
				a := write(fmt.Sprintf("MarsRover-%d", i), 1+n%3)
				if _, err := l.Append(context.Background(), a); err != nil {
					errs <- err
					return
				}
				mu.Lock()
				fmt.Fprintln(out, a.Records[0].Command())
				out.Flush()
				mu.Unlock()
				c := store.Changes{Lazy: true, Writes: []store.Write{{Collection: "position", Key: fmt.Sprint(i), Data: fmt.Append(nil, a.Records[0].Command())}}}
				if err := l.Commit(context.Background(), c); err != nil {
					errs <- err
					return
				}
			}
		}()
	}
	for i := range 4 {
		go func() { errs <- commitUntilKilled(l, i) }()
	}
	return <-errs
}

// commitUntilKilled commits an append to each of two streams with a document
// that says how many, going on from where another process was killed.
func commitUntilKilled(l store.Log, i int) error {
	key := fmt.Sprint(i)
	done, err := pairs(l, key)
	for ; err == nil; done++ {
		c := store.Changes{
			Appends: []store.Append{write("left-"+key, 1), write("right-"+key, 1)},
			Writes:  []store.Write{{Collection: "pairs", Key: key, Data: fmt.Append(nil, done+1)}},
		}
		if done > 0 {
			c.Expect = []store.Expectation{{Collection: "pairs", Key: key, Data: fmt.Append(nil, done)}}
		}
		err = l.Commit(context.Background(), c)
	}
	return err
}

// pairs returns how many commits the document of a key tells of.
func pairs(l store.Log, key string) (n int, err error) {
	d, err := l.Get(context.Background(), "pairs", key)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err == nil {
		_, err = fmt.Sscan(string(d.Data), &n)
	}
	return n, err
}

// wantPairs makes sure that each commit with appends is there as a whole or not
// at all, and returns how many are there.
func wantPairs(t *testing.T, l store.Log) (total int) {
	t.Helper()
	for i := range 4 {
		n, err := pairs(l, fmt.Sprint(i))
		if err != nil {
			t.Fatal(err)
		}
		for _, stream := range []string{"left", "right"} {
			rs, err := l.ReadStream(context.Background(), fmt.Sprintf("%s-%d", stream, i), 0, 1_000_000, nil)
			if err != nil || len(rs) != n {
				t.Errorf("stream %s-%d has %d records, %v, the document of the same commits says %d", stream, i, len(rs), err, n)
			}
		}
		total += n
	}
	return total
}

// TestKill kills a process that writes, again and again, and looks for what it
// had acknowledged.
func TestKill(t *testing.T) {
	const rounds = 10
	path := filepath.Join(t.TempDir(), "crash.db")
	acknowledged := map[uuid.UUID]bool{}
	whole := 0
	for round := range rounds {
		for _, command := range killOne(t, path, time.Duration(20+rand.IntN(200))*time.Millisecond) {
			acknowledged[command] = true
		}
		s := open(t, path)
		found := count(t, logOf(t, s))
		for command := range acknowledged {
			if found[command] != 1 {
				t.Errorf("round %d: command %s was acknowledged and is there %d times", round, command, found[command])
			}
		}
		for command, n := range found {
			if n != 1 {
				t.Errorf("round %d: command %s is there %d times", round, command, n)
			}
		}
		wantDocumentsOfLog(t, logOf(t, s), found)
		whole = wantPairs(t, logOf(t, s))
		closeStore(t, s)
	}
	t.Logf("%d acknowledged commands, %d commits with appends in %d rounds", len(acknowledged), whole, rounds)
	if len(acknowledged) < rounds || whole < rounds {
		t.Error("the process was killed before it did anything")
	}
}

// wantDocumentsOfLog makes sure that no document speaks of what is not there.
func wantDocumentsOfLog(t *testing.T, l store.Log, found map[uuid.UUID]int) {
	t.Helper()
	ds, err := l.List(context.Background(), "position", store.Query{Limit: 100})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range ds {
		if found[uuid.MustParse(string(d.Data))] == 0 {
			t.Errorf("document %s says that command %s was seen, which is not there", d.Key, d.Data)
		}
	}
}

// killOne starts a victim, kills it some time after its first
// acknowledgement, and returns what it acknowledged.
func killOne(t *testing.T, path string, after time.Duration) []uuid.UUID {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), victim+"="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	var commands []uuid.UUID
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if len(commands) == 0 {
			wantHeldBy(t, path, cmd.Process.Pid)
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		// The last line may have been cut off.
		if command, err := uuid.Parse(lines.Text()); err == nil {
			commands = append(commands, command)
		}
	}
	if err := cmd.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the process ended by itself: %v", err)
	}
	return commands
}

// wantHeldBy makes sure that the database cannot be opened beside its holder,
// whom the message names.
func wantHeldBy(t *testing.T, path string, pid int) {
	t.Helper()
	s, err := sqlite.Open(context.Background(), path)
	if err == nil {
		closeStore(t, s)
		t.Fatal("a database was opened that another process holds")
	}
	if !errors.Is(err, store.ErrInUse) || !strings.Contains(err.Error(), fmt.Sprintf("process %d since", pid)) || !strings.Contains(err.Error(), path) {
		t.Errorf("error %v, want one that names process %d", err, pid)
	}
}
