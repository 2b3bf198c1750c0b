package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/landfall-go/landfall/store"
)

// sharedTests are about a database that several stores have open, as several
// processes would.
var sharedTests = []test{
	{name: "says that it is shared", run: testSaysShared, needs: shared},
	{name: "may be opened by many at once", run: testSharedOpen, needs: shared},
	{name: "lets one of many stores win", run: testSharedWinner, needs: shared},
	{name: "stores a command once", run: testSharedDuplicate, needs: shared},
	{name: "has one order that no reader of any store skips in", run: testSharedOrder, needs: shared},
	{name: "lets one of many stores with the same position win", run: testSharedFence, needs: shared},
	{name: "shows at once what another store has written", run: testSharedReads, needs: shared},
	{name: "wakes the listeners of other stores", run: testSharedListen, needs: shared},
	{name: "tells each listener of its own store's records in order", run: testSharedOwn, needs: shared},
	{name: "goes on when a store is closed", run: testSharedClose, needs: shared},
}

func shared(f Features) bool { return f.Shared }

// openShared opens a new database several times.
func openShared(t *testing.T, f Features, n int) []store.Store {
	t.Helper()
	open := f.Create(t)
	stores := make([]store.Store, n)
	for i := range stores {
		s, err := open()
		if err != nil {
			t.Fatalf("open store %d: %v", i, err)
		}
		t.Cleanup(func() { closeStore(t, s) })
		stores[i] = s
	}
	return stores
}

func sharedLogs(t *testing.T, f Features, n int) []store.Log {
	t.Helper()
	logs := make([]store.Log, n)
	for i, s := range openShared(t, f, n) {
		logs[i] = logOf(t, s, module)
	}
	return logs
}

func testSaysShared(t *testing.T, f Features) {
	s, ok := openStore(t, f).(store.Sharer)
	if !ok || !s.Shared() {
		t.Errorf("the store does not say that it is shared")
	}
}

func testSharedOpen(t *testing.T, f Features) {
	stores := openShared(t, f, 8)
	logs := make([]store.Log, 2*len(stores))
	together(len(logs), func(i int) {
		l, err := stores[i/2].Log(context.Background(), []string{"Rover", "Notification"}[i%2])
		if err != nil {
			t.Errorf("log: %v", err)
			return
		}
		logs[i] = l
		if _, err := l.Append(context.Background(), write(fmt.Sprintf("MarsRover-%d", i), 0, 1)); err != nil {
			t.Errorf("append: %v", err)
		}
	})
	for i, l := range logs {
		if n := len(readAll(t, l)); n != len(stores) {
			t.Errorf("log %d has %d records, want %d", i, n, len(stores))
		}
	}
}

func testSharedWinner(t *testing.T, f Features) {
	logs := sharedLogs(t, f, 3)
	const writers, rounds = 9, 20
	for round := range rounds {
		var o outcomes
		together(writers, func(i int) {
			_, err := logs[i%len(logs)].Append(context.Background(), write("MarsRover-1", uint64(round), 1))
			o.add(err)
		})
		o.want(t, fmt.Sprintf("round %d", round), 1, writers-1, 0)
	}
	for i, r := range readStream(t, logs[0], "MarsRover-1") {
		if r.Version != uint64(i)+1 || r.Position != uint64(i)+1 {
			t.Errorf("record %d has version %d and position %d", i, r.Version, r.Position)
		}
	}
}

func testSharedDuplicate(t *testing.T, f Features) {
	logs := sharedLogs(t, f, 3)
	for round := range 10 {
		command := newCommand()
		var o outcomes
		together(2*len(logs), func(i int) {
			_, err := logs[i%len(logs)].Append(context.Background(), store.Append{
				Stream: fmt.Sprintf("MarsRover-%d-%d", round, i), Expected: 0, Records: records(command, 2),
			})
			o.add(err)
		})
		o.want(t, "the command", 1, 0, 2*len(logs)-1)
		for i, l := range logs {
			if rs, err := l.ByCommand(context.Background(), command); err != nil || len(rs) != 2 {
				t.Errorf("store %d has %d records of the command, %v, want 2", i, len(rs), err)
			}
		}
	}
}

func testSharedOrder(t *testing.T, f Features) {
	logs := sharedLogs(t, f, 3)
	const writers, each = 9, 40
	var mu sync.Mutex
	var total uint64
	left := writers
	last := func() (uint64, bool) {
		mu.Lock()
		defer mu.Unlock()
		return total, left == 0
	}
	var wait sync.WaitGroup
	for i, l := range logs {
		wait.Go(func() { follow(t, l, 1+i*30, last) })
	}
	together(writers, func(w int) {
		l, n := logs[w%len(logs)], uint64(0)
		for i := range each {
			count := 1 + (w+i)%4
			// Everybody writes to one stream too.
			c := store.Changes{Appends: []store.Append{write(fmt.Sprintf("MarsRover-%d", w), uint64(i), 1), write("all", store.AnyVersion, count)}}
			if err := l.Commit(context.Background(), c); err != nil {
				t.Errorf("commit: %v", err)
				break
			}
			n += uint64(1 + count)
		}
		mu.Lock()
		defer mu.Unlock()
		total += n
		left--
	})
	wait.Wait()
	same(t, "the log of another store", readAll(t, logs[1]), readAll(t, logs[0]))
	for i, r := range readStream(t, logs[2], "all") {
		if r.Version != uint64(i)+1 {
			t.Fatalf("record %d of the stream has version %d", i, r.Version)
		}
	}
}

func testSharedFence(t *testing.T, f Features) {
	logs := sharedLogs(t, f, 3)
	const consumers, rounds = 6, 15
	put(t, logs[0], "position", "Path", "0")
	for round := range rounds {
		var o outcomes
		together(consumers, func(i int) {
			o.add(logs[i%len(logs)].Commit(context.Background(), store.Changes{
				Expect:  []store.Expectation{{Collection: "position", Key: "Path", Data: fmt.Append(nil, round)}},
				Writes:  []store.Write{{Collection: "position", Key: "Path", Data: fmt.Append(nil, round+1)}},
				Appends: []store.Append{write(fmt.Sprintf("answer-%d", i), store.AnyVersion, 1)},
			}))
		})
		o.want(t, fmt.Sprintf("round %d", round), 1, consumers-1, 0)
	}
	if n := len(readAll(t, logs[0])); n != rounds {
		t.Errorf("%d records, want one a round: %d", n, rounds)
	}
}

func testSharedReads(t *testing.T, f Features) {
	logs := sharedLogs(t, f, 2)
	ctx := context.Background()
	for i := range 20 {
		from, to := logs[i%2], logs[1-i%2]
		a := write("MarsRover-1", uint64(i), 1)
		a.Records[0].Type = fmt.Sprint("Type", i)
		want := mustAppend(t, from, a)
		put(t, from, "c", "k", fmt.Sprint(i))
		if head, err := to.Head(ctx); err != nil || head != uint64(i)+1 {
			t.Errorf("head %d, %v, want %d", head, err, i+1)
		}
		rs, err := to.ReadStream(ctx, "MarsRover-1", uint64(i), 10, nil)
		wantError(t, "read", err, nil)
		same(t, "stream", rs, want)
		wantDocument(t, to, "c", "k", fmt.Sprint(i))
	}
}

// patience bounds the waiting for what must happen.
const patience = 10 * time.Second

// eventually waits until what is told holds.
func eventually(t *testing.T, what string, told <-chan struct{}, holds func() bool) {
	t.Helper()
	late := time.After(patience)
	for !holds() {
		select {
		case <-told:
		case <-late:
			t.Fatalf("%s does not happen", what)
		}
	}
}

func testSharedListen(t *testing.T, f Features) {
	logs := sharedLogs(t, f, 2)
	ctx := context.Background()
	told := make(chan struct{}, 1)
	var calls atomic.Int32
	defer logs[1].Listen(func(rs []store.Record) {
		if len(rs) != 0 {
			t.Errorf("told of %d records of another store", len(rs))
		}
		calls.Add(1)
		select {
		case told <- struct{}{}:
		default:
		}
	})()
	for i := range uint64(5) {
		at, err := logs[0].Append(ctx, write("MarsRover-1", i, 1))
		if err != nil {
			t.Fatal(err)
		}
		// A call that comes for an earlier append cannot be told from this one's,
		// but there is a call for each when each is waited for.
		eventually(t, fmt.Sprintf("the call for position %d", at.First), told, func() bool { return calls.Load() > int32(i) })
		if head, err := logs[1].Head(ctx); err != nil || head < at.First {
			t.Errorf("head %d, %v after position %d", head, err, at.First)
		}
	}
}

func testSharedOwn(t *testing.T, f Features) {
	logs := sharedLogs(t, f, 2)
	var heard [2]atomic.Uint64
	var own [2]atomic.Uint64
	for i, l := range logs {
		defer l.Listen(func(rs []store.Record) {
			for _, r := range rs {
				if r.Position <= heard[i].Load() {
					t.Errorf("after position %d came %d", heard[i].Load(), r.Position)
				}
				if r.Value != i {
					t.Errorf("store %d was told of a record with value %v", i, r.Value)
				}
				heard[i].Store(r.Position)
				own[i].Add(1)
			}
		})()
	}
	const each = 40
	together(6, func(w int) {
		for range each {
			a := write(fmt.Sprintf("MarsRover-%d", w), store.AnyVersion, 1)
			a.Records[0].Value = w % 2
			at, err := logs[w%2].Append(context.Background(), a)
			if err != nil {
				t.Errorf("append: %v", err)
				return
			}
			if heard[w%2].Load() < at.First {
				t.Errorf("position %d returned before it was told", at.First)
			}
		}
	})
	if own[0].Load() != 3*each || own[1].Load() != 3*each {
		t.Errorf("told of %d and %d records, want %d each", own[0].Load(), own[1].Load(), 3*each)
	}
}

func testSharedClose(t *testing.T, f Features) {
	open := f.Create(t)
	first, err := open()
	if err != nil {
		t.Fatal(err)
	}
	second, err := open()
	if err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, second)
	a, b := logOf(t, first, module), logOf(t, second, module)
	var wait sync.WaitGroup
	for i := range 4 {
		wait.Go(func() {
			for n := range uint64(1_000_000) {
				if _, err := a.Append(context.Background(), write(fmt.Sprintf("a-%d", i), n, 1)); err != nil {
					if !errors.Is(err, store.ErrClosed) {
						t.Errorf("append: %v", err)
					}
					return
				}
			}
		})
	}
	for n := range uint64(30) {
		if n == 10 {
			wantError(t, "close", first.Close(), nil)
		}
		mustAppend(t, b, write("b", n, 1))
	}
	wait.Wait()
	for i, r := range readAll(t, b) {
		if r.Position != uint64(i)+1 {
			t.Fatalf("record %d has position %d", i, r.Position)
		}
	}
}
