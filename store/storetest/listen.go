package storetest

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/landfall-go/landfall/store"
)

var listenTests = []test{
	{name: "tells of every record, in order, before its append returns", run: testListen},
	{name: "tells the whole record", run: testListenFields},
	{name: "tells nothing of what was not stored", run: testListenFailed},
	{name: "ends when it is stopped", run: testListenStop},
}

func testListen(t *testing.T, f Features) {
	l := openLog(t, f)
	var heard atomic.Uint64
	var calls atomic.Int32
	stop := l.Listen(func(rs []store.Record) {
		if calls.Add(1) != 1 {
			t.Error("two calls at one time")
		}
		defer calls.Add(-1)
		for i := range rs {
			if want := heard.Load() + 1; rs[i].Position != want {
				t.Errorf("heard of position %d, want %d", rs[i].Position, want)
			}
			if want := fmt.Sprint(rs[i].ID); rs[i].Value != want {
				t.Errorf("value %v, want %s", rs[i].Value, want)
			}
			heard.Store(rs[i].Position)
		}
	})
	defer stop()
	together(8, func(w int) {
		for i := range 20 {
			a := write(fmt.Sprintf("MarsRover-%d", w), store.AnyVersion, 1+i%3)
			for j := range a.Records {
				a.Records[j].Value = fmt.Sprint(a.Records[j].ID)
			}
			at, err := l.Append(context.Background(), a)
			if err != nil {
				t.Errorf("append: %v", err)
				return
			}
			if last := at.First + uint64(i%3); heard.Load() < last {
				t.Errorf("position %d returned before it was told", last)
			}
		}
	})
	if head, err := l.Head(context.Background()); err != nil || head != heard.Load() {
		t.Errorf("heard up to %d, the head is %d, %v", heard.Load(), head, err)
	}
}

func testListenFields(t *testing.T, f Features) {
	l := openLog(t, f)
	var first, second []store.Record
	defer l.Listen(func(rs []store.Record) { first = append(first, rs...) })()
	defer l.Listen(func(rs []store.Record) { second = append(second, rs...) })()
	a := write("MarsRover-1", 0, 3)
	a.Records[1].Metadata = []byte(`{"a":"b"}`)
	a.Records[2].Trigger = store.EventID(newCommand(), 0)
	want := mustAppend(t, l, a)
	same(t, "first listener", first, want)
	same(t, "second listener", second, want)
	for _, r := range readAll(t, l) {
		if r.Value != nil {
			t.Errorf("read gave the value %v", r.Value)
		}
	}
}

func testListenFailed(t *testing.T, f Features) {
	l := openLog(t, f)
	var heard []store.Record
	defer l.Listen(func(rs []store.Record) { heard = append(heard, rs...) })()
	a := write("MarsRover-1", 0, 1)
	want := mustAppend(t, l, a)
	_, err := l.Append(context.Background(), write("MarsRover-1", 0, 2))
	wantError(t, "conflict", err, store.ErrConflict)
	_, err = l.Append(context.Background(), store.Append{Stream: "MarsRover-1", Expected: 1, Records: a.Records})
	wantError(t, "duplicate", err, store.ErrDuplicate)
	if err := l.Commit(context.Background(), store.Changes{Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}}}); err != nil {
		t.Fatal(err)
	}
	want = append(want, mustAppend(t, l, write("MarsRover-1", 1, 1))...)
	same(t, "listener", heard, want)
}

func testListenStop(t *testing.T, f Features) {
	l := openLog(t, f)
	var mu sync.Mutex
	var stopped, kept int
	stop := l.Listen(func(rs []store.Record) {
		mu.Lock()
		defer mu.Unlock()
		stopped += len(rs)
	})
	defer l.Listen(func(rs []store.Record) { kept += len(rs) })()
	mustAppend(t, l, write("MarsRover-1", 0, 2))
	stop()
	mustAppend(t, l, write("MarsRover-1", 2, 3))
	stop()
	mu.Lock()
	defer mu.Unlock()
	if stopped != 2 || kept != 5 {
		t.Errorf("the stopped listener heard of %d records, want 2; the other of %d, want 5", stopped, kept)
	}
}
