package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

var closeTests = []test{
	{name: "ends every call", run: testClosed},
	{name: "ends the writes that were accepted", run: testCloseWhileWriting},
	{name: "keeps everything", run: testReopen, needs: durable},
	{name: "lets the next one open", run: testExclusive, needs: exclusive},
}

func testClosed(t *testing.T, f Features) {
	s, err := f.Create(t)()
	if err != nil {
		t.Fatal(err)
	}
	l := logOf(t, s, module)
	mustAppend(t, l, write("MarsRover-1", 0, 1))
	wantError(t, "close", s.Close(), nil)
	for name, call := range calls(l) {
		wantError(t, name, call(context.Background()), store.ErrClosed)
	}
	_, err = s.Log(context.Background(), module)
	wantError(t, "Log", err, store.ErrClosed)
	_, err = s.Log(context.Background(), "Other")
	wantError(t, "Log of another", err, store.ErrClosed)
	l.Listen(func([]store.Record) {})()
	wantError(t, "the second close", s.Close(), nil)
}

// testCloseWhileWriting closes a store while many write to it. Each write is
// done or refused.
func testCloseWhileWriting(t *testing.T, f Features) {
	open := f.Create(t)
	s, err := open()
	if err != nil {
		t.Fatal(err)
	}
	l := logOf(t, s, module)
	var mu sync.Mutex
	var acknowledged []uuid.UUID
	var wait sync.WaitGroup
	begun := make(chan struct{}, 100_000)
	for i := range 8 {
		wait.Go(func() {
			for n := range uint64(10_000) {
				a := write(fmt.Sprintf("MarsRover-%d", i), n, 1)
				_, err := l.Append(context.Background(), a)
				if err != nil {
					wantError(t, "append", err, store.ErrClosed)
					return
				}
				mu.Lock()
				acknowledged = append(acknowledged, a.Records[0].ID)
				mu.Unlock()
				begun <- struct{}{}
				err = l.Commit(context.Background(), store.Changes{Lazy: true, Writes: []store.Write{{Collection: "c", Key: fmt.Sprint(i), Data: []byte("1")}}})
				if err != nil {
					wantError(t, "commit", err, store.ErrClosed)
					return
				}
			}
		})
	}
	for range 50 {
		<-begun
	}
	wantError(t, "close", s.Close(), nil)
	wait.Wait()
	if !f.Durable {
		return
	}
	s, err = open()
	if err != nil {
		t.Fatalf("open again: %v", err)
	}
	defer closeStore(t, s)
	found := map[uuid.UUID]int{}
	for _, r := range readAll(t, logOf(t, s, module)) {
		found[r.ID]++
	}
	for _, id := range acknowledged {
		if found[id] != 1 {
			t.Errorf("event %s is there %d times", id, found[id])
		}
	}
	if len(found) != len(acknowledged) {
		t.Errorf("%d events are there, %d were acknowledged", len(found), len(acknowledged))
	}
}

func testReopen(t *testing.T, f Features) {
	open := f.Create(t)
	want := map[string][]store.Record{}
	ctx := context.Background()
	var last store.Append
	for round := range 3 {
		s, err := open()
		if err != nil {
			t.Fatalf("open in round %d: %v", round, err)
		}
		for _, module := range []string{"Rover", "Notification", "sqlite"} {
			l := logOf(t, s, module)
			same(t, module, readAll(t, l), want[module])
			if round > 0 {
				_, err = l.Append(ctx, last)
				wantError(t, "a command of before", err, store.ErrDuplicate)
				_, err = l.Append(ctx, write("MarsRover-1", uint64(2*round+1), 1))
				wantError(t, "a wrong version", err, store.ErrConflict)
				wantDocument(t, l, "c", "k", fmt.Sprint(round-1))
				wantNoDocument(t, l, "c", "gone")
			}
		}
		last = write("MarsRover-1", uint64(2*round), 2)
		last.Records[1].Metadata, last.Records[1].Trigger = []byte(`{"round":"x"}`), store.EventID(newCommand(), round)
		for _, module := range []string{"Rover", "Notification", "sqlite"} {
			l := logOf(t, s, module)
			want[module] = append(want[module], mustAppend(t, l, last)...)
			put(t, l, "c", "k", fmt.Sprint(round))
			change(t, l, store.Write{Collection: "c", Key: "gone", Data: []byte("1")})
			wantError(t, "lazy commit", l.Commit(ctx, store.Changes{Lazy: true, Writes: []store.Write{{Collection: "c", Key: "gone"}}}), nil)
		}
		closeStore(t, s)
	}
}

func testExclusive(t *testing.T, f Features) {
	open := f.Create(t)
	for range 2 {
		s, err := open()
		if err != nil {
			t.Fatalf("open: %v", err)
		}
		l := logOf(t, s, module)
		if _, err := open(); !errors.Is(err, store.ErrInUse) {
			t.Errorf("a second open gives %v, want ErrInUse", err)
		}
		mustAppend(t, l, write("MarsRover-1", store.AnyVersion, 1))
		closeStore(t, s)
	}
}
