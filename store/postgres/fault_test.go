package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
)

func open(t testing.TB, url string, opts ...postgres.Option) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(context.Background(), url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	return s
}

func logOf(t testing.TB, s store.Store) store.Log {
	t.Helper()
	l, err := s.Log(context.Background(), "Rover")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func write(stream string, n int) store.Append {
	command := store.NewCommandID(time.Now())
	rs := make([]store.Record, n)
	for i := range rs {
		rs[i] = store.Record{ID: store.EventID(command, i), Type: "MarsRoverMoved", Time: time.Now(), Correlation: command, Data: []byte(`{}`)}
	}
	return store.Append{Stream: stream, Expected: store.AnyVersion, Records: rs}
}

func mustAppend(t testing.TB, l store.Log, a store.Append) store.Appended {
	t.Helper()
	at, err := l.Append(context.Background(), a)
	if err != nil {
		t.Fatalf("append: %v", err)
	}
	return at
}

// readAll reads the log, which checks that no position is missing, and counts
// the records of each command.
func readAll(t testing.TB, l store.Log) map[uuid.UUID]int {
	t.Helper()
	found := map[uuid.UUID]int{}
	versions := map[string]uint64{}
	var page []store.Record
	for after := uint64(0); ; after = page[len(page)-1].Position {
		var err error
		if page, err = l.Read(context.Background(), after, 500, page[:0]); err != nil {
			t.Fatal(err)
		}
		if len(page) == 0 {
			return found
		}
		for i := range page {
			found[page[i].Command()]++
			if versions[page[i].Stream]++; versions[page[i].Stream] != page[i].Version {
				t.Errorf("position %d has version %d of %s, want %d", page[i].Position, page[i].Version, page[i].Stream, versions[page[i].Stream])
			}
		}
	}
}

// unknown tells whether the error leaves open what was stored.
func unknown(err error) bool { return strings.Contains(err.Error(), "may have been stored") }

// TestLostReplies loses the answers to writes after the server was asked. Each
// write is reported as what it was, and done once.
func TestLostReplies(t *testing.T) {
	p, url := newProxy(t, newDatabaseTCP(t))
	l := logOf(t, open(t, url))
	mustAppend(t, l, write("MarsRover-1", 1))
	ctx := context.Background()
	want := 1
	for i := range 60 {
		a := write(fmt.Sprintf("MarsRover-%d", i%3), 1+i%2)
		p.lose(i % 5)
		at, err := l.Append(ctx, a)
		if err != nil {
			t.Fatalf("append %d: %v", i, err)
		}
		rs, err := l.ByCommand(ctx, a.Records[0].Command())
		if err != nil || len(rs) != len(a.Records) || rs[0].Position != at.First || rs[0].Version != at.Version {
			t.Fatalf("append %d was stored at %+v, is %v, %v", i, at, rs, err)
		}
		want += len(a.Records)
		if _, err := l.Append(ctx, a); !errors.Is(err, store.ErrDuplicate) {
			t.Fatalf("the same again: %v, want ErrDuplicate", err)
		}
	}
	if head, err := l.Head(ctx); err != nil || head != uint64(want) {
		t.Errorf("head %d, %v, want %d", head, err, want)
	}
	readAll(t, l)
}

// TestLostCommits loses the answers to commits that count up a document. What
// is not an error has counted.
func TestLostCommits(t *testing.T) {
	p, url := newProxy(t, newDatabaseTCP(t))
	l := logOf(t, open(t, url))
	ctx := context.Background()
	count, did := 0, 0
	for i := range 60 {
		c := store.Changes{Writes: []store.Write{{Collection: "c", Key: "n", Data: fmt.Append(nil, count+1)}}}
		expect := store.Expectation{Collection: "c", Key: "n"}
		if count > 0 {
			expect.Data = fmt.Append(nil, count)
		}
		c.Expect = []store.Expectation{expect}
		if i%2 == 1 {
			c.Do = func(context.Context, any) error { did++; return nil }
		}
		if i%3 == 0 {
			c.Appends = []store.Append{write("MarsRover-1", 1)}
		}
		p.lose(i % 7)
		err := l.Commit(ctx, c)
		d, getErr := l.Get(ctx, "c", "n")
		if getErr != nil && !errors.Is(getErr, store.ErrNotFound) {
			t.Fatal(getErr)
		}
		switch {
		case err == nil:
			count++
		case !errors.Is(err, store.ErrUnavailable) || unknown(err):
			t.Fatalf("commit %d: %v", i, err)
		}
		if got := string(d.Data); count > 0 && got != fmt.Sprint(count) {
			t.Fatalf("commit %d returned %v, and the document is %s, want %d", i, err, got, count)
		}
	}
	if count < 40 {
		t.Errorf("%d of 60 commits were stored", count)
	}
	readAll(t, l)
}

// TestOrphan breaks the connection of an append while the server waits for
// another process. What the server does for it later has no effect.
func TestOrphan(t *testing.T) {
	direct := newDatabaseTCP(t)
	p, url := newProxy(t, direct)
	other, l := logOf(t, open(t, direct, postgres.IdleTimeout(time.Minute))), logOf(t, open(t, url, postgres.RetryFor(20*time.Second)))
	mustAppend(t, l, write("MarsRover-1", 1))
	entered, leave := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		err := other.Commit(context.Background(), store.Changes{Do: func(context.Context, any) error {
			close(entered)
			<-leave
			return nil
		}})
		if err != nil {
			t.Errorf("the commit that is waited for: %v", err)
		}
	})
	<-entered
	a := write("MarsRover-1", 1)
	wait.Go(func() {
		if _, err := l.Append(context.Background(), a); err != nil {
			t.Errorf("append: %v", err)
		}
	})
	c := connect(t, direct)
	waiting := func(n int) {
		late := time.Now().Add(10 * time.Second)
		for got := 0; got < n; time.Sleep(time.Millisecond) {
			if time.Now().After(late) {
				t.Errorf("%d wait for the lock, not %d", got, n)
				return
			}
			if err := c.QueryRow(context.Background(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").Scan(&got); err != nil {
				t.Error(err)
				return
			}
		}
	}
	waiting(1)
	p.cutAll()
	waiting(2) // the orphan, and the next try behind it
	close(leave)
	wait.Wait()
	if found := readAll(t, l); found[a.Records[0].Command()] != 1 {
		t.Errorf("the append is there %d times", found[a.Records[0].Command()])
	}
}

// TestConnectionsCut has the server end connections again and again while two
// stores write. Nobody notices.
func TestConnectionsCut(t *testing.T) {
	url := newDatabase(t)
	logs := []store.Log{logOf(t, open(t, url)), logOf(t, open(t, url))}
	woken := make(chan struct{}, 1)
	defer logs[1].Listen(func(rs []store.Record) {
		if len(rs) == 0 {
			select {
			case woken <- struct{}{}:
			default:
			}
		}
	})()
	var stored sync.Map
	var done atomic.Bool
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for !done.Load() {
				a := write(fmt.Sprintf("MarsRover-%d", i), 1+rand.IntN(3))
				if _, err := logs[i%2].Append(context.Background(), a); err != nil {
					t.Errorf("append: %v", err)
					return
				}
				stored.Store(a.Records[0].Command(), len(a.Records))
			}
		})
	}
	c := connect(t, url)
	for range 12 {
		time.Sleep(50 * time.Millisecond)
		mustExec(t, c, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
	}
	done.Store(true)
	wait.Wait()
	found := readAll(t, logs[0])
	stored.Range(func(command, n any) bool {
		if found[command.(uuid.UUID)] != n {
			t.Errorf("command %s has %d records, want %d", command, found[command.(uuid.UUID)], n)
		}
		delete(found, command.(uuid.UUID))
		return true
	})
	if len(found) > 0 {
		t.Errorf("%d commands are there that nobody has sent", len(found))
	}
	// The listener's own connection has come back.
	for len(woken) > 0 {
		<-woken
	}
	late := time.After(20 * time.Second)
	for {
		mustAppend(t, logs[0], write("MarsRover-0", 1))
		select {
		case <-woken:
			return
		case <-late:
			t.Fatal("the listener is not woken any more")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// TestServerKilled kills a durable server while two stores write. All that was
// acknowledged is there afterwards, and nothing that was refused.
func TestServerKilled(t *testing.T) {
	ctx := context.Background()
	server, err := postgrescluster.Start(ctx, postgrescluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	url := server.URL("postgres")
	logs := []store.Log{
		logOf(t, open(t, url, postgres.RetryFor(200*time.Millisecond))), // gives up
		logOf(t, open(t, url, postgres.RetryFor(time.Minute))),          // holds out
	}
	var acknowledged, refused sync.Map
	var done atomic.Bool
	var wait sync.WaitGroup
	for i := range 8 {
		wait.Go(func() {
			for !done.Load() {
				a := write(fmt.Sprintf("MarsRover-%d", i), 2)
				_, err := logs[i%2].Append(ctx, a)
				switch {
				case err == nil:
					acknowledged.Store(a.Records[0].Command(), true)
				case i%2 == 1 || !errors.Is(err, store.ErrUnavailable):
					t.Errorf("append: %v", err)
					return
				case !unknown(err):
					refused.Store(a.Records[0].Command(), true)
				}
			}
		})
	}
	for i := range 4 {
		time.Sleep(200 * time.Millisecond)
		if i%2 == 0 {
			err = errors.Join(server.Kill(), pause(500*time.Millisecond), server.Resume(ctx))
		} else {
			err = server.Restart(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	time.Sleep(200 * time.Millisecond)
	done.Store(true)
	wait.Wait()
	found := readAll(t, logs[1])
	acknowledgedCount, refusedCount := 0, 0
	acknowledged.Range(func(command, _ any) bool {
		acknowledgedCount++
		if found[command.(uuid.UUID)] != 2 {
			t.Errorf("an acknowledged command has %d records, want 2", found[command.(uuid.UUID)])
		}
		return true
	})
	refused.Range(func(command, _ any) bool {
		refusedCount++
		if found[command.(uuid.UUID)] != 0 {
			t.Errorf("a command of which nothing was stored has %d records", found[command.(uuid.UUID)])
		}
		return true
	})
	if acknowledgedCount < 20 || refusedCount == 0 {
		t.Errorf("%d acknowledged, %d refused: the test has tested little", acknowledgedCount, refusedCount)
	}
}

func pause(d time.Duration) error {
	time.Sleep(d)
	return nil
}

// TestServerPaused stops the server while it is asked, so that nobody knows
// what it will do. The same append again is done once.
func TestServerPaused(t *testing.T) {
	ctx := context.Background()
	server, err := postgrescluster.Start(ctx, postgrescluster.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Stop(); err != nil {
			t.Error(err)
		}
	})
	readAll(t, logOf(t, open(t, server.URL("postgres")))) // migrates, with the patience that it needs
	l := logOf(t, open(t, server.URL("postgres"), postgres.RetryFor(time.Second), postgres.StatementTimeout(time.Second)))
	mustAppend(t, l, write("MarsRover-1", 1))
	if err := server.Pause(); err != nil {
		t.Fatal(err)
	}
	a := write("MarsRover-1", 1)
	if _, err := l.Append(ctx, a); !errors.Is(err, store.ErrUnavailable) || !unknown(err) {
		t.Errorf("append to a paused server: %v, want ErrUnavailable and doubt", err)
	}
	if err := server.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := l.Append(ctx, a); err != nil && !errors.Is(err, store.ErrDuplicate) {
		t.Errorf("the same again: %v", err)
	}
	if found := readAll(t, l); found[a.Records[0].Command()] != 1 || len(found) != 2 {
		t.Errorf("the log has %v", found)
	}
}

// TestPausedWriter has a process stop in the middle of a transaction. The
// server ends it, and the others go on.
func TestPausedWriter(t *testing.T) {
	url := newDatabase(t)
	paused := logOf(t, open(t, url, postgres.IdleTimeout(300*time.Millisecond)))
	l := logOf(t, open(t, url))
	entered, leave := make(chan struct{}), make(chan struct{})
	var wait sync.WaitGroup
	wait.Go(func() {
		err := paused.Commit(context.Background(), store.Changes{
			Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}},
			Do: func(context.Context, any) error {
				close(entered)
				<-leave
				return nil
			},
		})
		if !errors.Is(err, store.ErrUnavailable) || unknown(err) {
			t.Errorf("the commit of the process that was paused returned %v, want ErrUnavailable and no doubt", err)
		}
	})
	<-entered
	mustAppend(t, l, write("MarsRover-1", 1)) // it waits for the server to end the other
	close(leave)
	wait.Wait()
	if _, err := l.Get(context.Background(), "c", "k"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("the document of the paused process: %v, want ErrNotFound", err)
	}
	// And so does the one that was paused.
	mustAppend(t, paused, write("MarsRover-1", 1))
}

// TestLockTimeout has a process write for longer than others wait.
func TestLockTimeout(t *testing.T) {
	url := newDatabase(t)
	slow := logOf(t, open(t, url))
	l := logOf(t, open(t, url, postgres.LockTimeout(100*time.Millisecond)))
	a := write("MarsRover-1", 1)
	err := slow.Commit(context.Background(), store.Changes{Do: func(ctx context.Context, _ any) error {
		_, err := l.Append(ctx, a)
		if !errors.Is(err, store.ErrUnavailable) || unknown(err) {
			t.Errorf("append: %v, want ErrUnavailable and no doubt", err)
		}
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	mustAppend(t, l, a)
}
