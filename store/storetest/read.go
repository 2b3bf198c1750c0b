package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/landfall-go/landfall/store"
)

var readTests = []test{
	{name: "gives pages in order", run: testPages},
	{name: "gives pages of a stream in order", run: testStreamPages},
	{name: "appends to the slice that it gets", run: testInto},
	{name: "never skips a position while many write", run: testNoSkip},
	{name: "never skips a position that is still open", run: testHeld, needs: holding},
	{name: "shows what was appended at once", run: testReadYourWrites},
	{name: "leaves the bytes that it gave as they were", run: testBytesStay},
}

func testPages(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	if rs, err := l.Read(ctx, 0, 10, nil); err != nil || len(rs) != 0 {
		t.Errorf("an empty log has %v, %v", rs, err)
	}
	if head, err := l.Head(ctx); err != nil || head != 0 {
		t.Errorf("an empty log has head %d, %v", head, err)
	}
	var want []store.Record
	for i := range 30 {
		want = append(want, mustAppend(t, l, write(fmt.Sprintf("MarsRover-%d", i%4), store.AnyVersion, 1+i%3))...)
	}
	for after := 0; after <= len(want)+2; after += 7 {
		for _, max := range []int{1, 2, 10, len(want), 1000, 1 << 40} {
			got, err := l.Read(ctx, uint64(after), max, nil)
			if err != nil {
				t.Fatal(err)
			}
			from := min(after, len(want))
			same(t, fmt.Sprintf("%d after %d", max, after), got, want[from:min(from+max, len(want))])
		}
	}
	if rs, err := l.Read(ctx, 1<<62, 10, nil); err != nil || len(rs) != 0 {
		t.Errorf("far after the end are %v, %v", rs, err)
	}
}

func testStreamPages(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	var want []store.Record
	for i := range 20 {
		want = append(want, mustAppend(t, l, write("MarsRover-1", store.AnyVersion, 1+i%3))...)
		mustAppend(t, l, write("MarsRover-10", store.AnyVersion, 1))
		mustAppend(t, l, write("marsrover-1", store.AnyVersion, 1))
	}
	for after := 0; after <= len(want)+2; after += 7 {
		for _, max := range []int{1, 10, len(want), 1 << 40} {
			got, err := l.ReadStream(ctx, "MarsRover-1", uint64(after), max, nil)
			if err != nil {
				t.Fatal(err)
			}
			from := min(after, len(want))
			same(t, fmt.Sprintf("%d after %d", max, after), got, want[from:min(from+max, len(want))])
		}
	}
	for _, stream := range []string{"MarsRover-2", "MarsRover", "MARSROVER-1", "MarsRover-1 "} {
		if rs, err := l.ReadStream(ctx, stream, 0, 10, nil); err != nil || len(rs) != 0 {
			t.Errorf("stream %q, which is not, has %v, %v", stream, rs, err)
		}
	}
}

func testInto(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	want := mustAppend(t, l, write("MarsRover-1", 0, 3))
	into := make([]store.Record, 1, 10)
	into[0].Actor = "first"
	got, err := l.Read(ctx, 0, 10, into)
	if err != nil || len(got) != 4 || got[0].Actor != "first" || &got[0] != &into[0] {
		t.Fatalf("read into %v: %v, %v", into, got, err)
	}
	same(t, "log", got[1:], want)
	got, err = l.ReadStream(ctx, "MarsRover-1", 1, 10, into)
	if err != nil || len(got) != 3 || got[0].Actor != "first" {
		t.Fatalf("read stream into %v: %v, %v", into, got, err)
	}
	same(t, "stream", got[1:], want[1:])
}

// follow reads from the log until it has the records up to last, and fails the
// test on any that does not follow the one before it.
func follow(t *testing.T, l store.Log, page int, last func() (uint64, bool)) {
	var at uint64
	var rs []store.Record
	for {
		end, ended := last()
		var err error
		if rs, err = l.Read(context.Background(), at, page, rs[:0]); err != nil {
			t.Errorf("read: %v", err)
			return
		}
		for i := range rs {
			if rs[i].Position != at+1 || rs[i].Stream == "" || len(rs[i].Data) == 0 {
				t.Errorf("after position %d came %+v", at, rs[i])
				return
			}
			at++
		}
		if ended && at >= end {
			return
		}
		if ended && len(rs) == 0 {
			t.Errorf("the log ended at %d, want %d", at, end)
			return
		}
	}
}

func testNoSkip(t *testing.T, f Features) {
	l := openLog(t, f)
	// A fast driver must be looked at for long enough, too.
	const writers, atLeast, atMost = 8, 40, 4000
	enough := time.Now().Add(150 * time.Millisecond)
	var mu sync.Mutex
	var total uint64
	var left = writers
	last := func() (uint64, bool) {
		mu.Lock()
		defer mu.Unlock()
		return total, left == 0
	}
	var wait sync.WaitGroup
	for _, page := range []int{1, 3, 1000} {
		wait.Go(func() { follow(t, l, page, last) })
	}
	together(writers, func(w int) {
		n := uint64(0)
		for i := 0; i < atLeast || i < atMost && time.Now().Before(enough); i++ {
			count := 1 + (w+i)%4
			if _, err := l.Append(context.Background(), write(fmt.Sprintf("MarsRover-%d", w), n, count)); err != nil {
				t.Errorf("append: %v", err)
			}
			n += uint64(count)
		}
		mu.Lock()
		defer mu.Unlock()
		total += n
		left--
	})
	wait.Wait()
}

// testHeld holds an append open whose positions are assigned, while others are
// made and may commit.
func testHeld(t *testing.T, f Features) {
	s := openStore(t, f)
	l := logOf(t, s, module)
	mustAppend(t, l, write("MarsRover-0", 0, 1))
	held, release := f.Hold(t, s, module)
	var wait sync.WaitGroup
	wait.Go(func() {
		_, err := l.Append(context.Background(), write("MarsRover-1", 0, 2))
		wantError(t, "the held append", err, nil)
	})
	<-held
	const later = 4
	for i := range later {
		wait.Go(func() {
			_, err := l.Append(context.Background(), write(fmt.Sprintf("MarsRover-2-%d", i), 0, 1))
			wantError(t, "a later append", err, nil)
		})
	}
	for range 50 {
		rs, err := l.Read(context.Background(), 1, 10, nil)
		if err != nil || len(rs) != 0 {
			t.Errorf("while the append is open, the reader sees %d records after the first, %v", len(rs), err)
			break
		}
	}
	release()
	wait.Wait()
	follow(t, l, 2, func() (uint64, bool) { return 1 + 2 + later, true })
}

func testReadYourWrites(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	together(8, func(w int) {
		stream := fmt.Sprintf("MarsRover-%d", w)
		for i := range 20 {
			at, err := l.Append(ctx, write(stream, uint64(i), 1))
			if err != nil {
				t.Errorf("append: %v", err)
				return
			}
			rs, err := l.Read(ctx, at.First-1, 1, nil)
			if err != nil || len(rs) != 1 || rs[0].Stream != stream {
				t.Errorf("position %d of %s reads as %v, %v", at.First, stream, rs, err)
			}
			if rs, err = l.ReadStream(ctx, stream, uint64(i), 10, nil); err != nil || len(rs) != 1 {
				t.Errorf("version %d of %s reads as %v, %v", i+1, stream, rs, err)
			}
			if head, err := l.Head(ctx); err != nil || head < at.First {
				t.Errorf("head %d, %v after position %d", head, err, at.First)
			}
		}
	})
}

func testBytesStay(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	var want []store.Record
	for i := range 50 {
		a := write("MarsRover-1", uint64(i), 1)
		a.Records[0].Data = fmt.Appendf(nil, `{"number":%d}`, i)
		a.Records[0].Metadata = fmt.Appendf(nil, `{"m":"%d"}`, i)
		want = append(want, mustAppend(t, l, a)...)
	}
	var kept, page []store.Record
	for after := uint64(0); after < 50; after += 10 {
		var err error
		if page, err = l.Read(ctx, after, 10, page[:0]); err != nil {
			t.Fatal(err)
		}
		kept = append(kept, page...)
		mustAppend(t, l, write("MarsRover-2", store.AnyVersion, 20))
		if _, err := l.ReadStream(ctx, "MarsRover-1", 0, 100, nil); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "what was read", kept, want)
	if err := l.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("first")}}}); err != nil {
		t.Fatal(err)
	}
	d, err := l.Get(ctx, "c", "k")
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("other")}}}); err != nil {
		t.Fatal(err)
	}
	if string(d.Data) != "first" {
		t.Errorf("the document that was read has become %q", d.Data)
	}
}
