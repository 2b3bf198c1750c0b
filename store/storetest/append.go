package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

var appendTests = []test{
	{name: "counts positions and versions from one", run: testCounting},
	{name: "keeps every field", run: testFields},
	{name: "keeps times to the nanosecond", run: testTimes},
	{name: "keeps data of any bytes and size", run: testData},
	{name: "checks the expected version", run: testExpected},
	{name: "lets one of many win an existing stream", run: func(t *testing.T, f Features) { testOneWinner(t, f, 8, 25) }},
	{name: "lets one of many win a new stream", run: testOneWinnerNewStream},
	{name: "takes all who do not mind the version", run: testAnyVersionTogether},
	{name: "leaves the slice to its caller", run: testSliceIsCallers},
}

func testCounting(t *testing.T, f Features) {
	l := openLog(t, f)
	var want []store.Record
	for i, n := range []int{1, 3, 2, 1, 5} {
		stream := fmt.Sprintf("MarsRover-%d", i%2)
		var version uint64
		for _, r := range want {
			if r.Stream == stream {
				version = r.Version
			}
		}
		a := write(stream, version, n)
		at, err := l.Append(context.Background(), a)
		if err != nil {
			t.Fatal(err)
		}
		if want := (store.Appended{First: uint64(len(want)) + 1, Version: version + 1}); at != want {
			t.Errorf("append %d stored at %+v, want %+v", i, at, want)
		}
		want = append(want, stored(a, at)...)
	}
	same(t, "log", readAll(t, l), want)
	if head, err := l.Head(context.Background()); err != nil || head != uint64(len(want)) {
		t.Errorf("head %d, %v, want %d", head, err, len(want))
	}
}

func testFields(t *testing.T, f Features) {
	l := openLog(t, f)
	someEvent, someCommand := store.EventID(newCommand(), 3), newCommand()
	var want []store.Record
	for i, change := range []func(*store.Record){
		func(r *store.Record) {},
		func(r *store.Record) { r.Trigger = someEvent },
		func(r *store.Record) { r.Correlation = someCommand },
		func(r *store.Record) { r.Correlation = uuid.Nil },
		func(r *store.Record) { r.Correlation = r.ID },
		func(r *store.Record) { r.Actor = "" },
		func(r *store.Record) { r.Actor = "Ünal, 機長 🛰" },
		func(r *store.Record) { r.Type = "Ereignis/ä b\t\"'" },
		func(r *store.Record) { r.Metadata = []byte(`{"a":"b"}`) },
		func(r *store.Record) { r.Metadata = []byte{} },
		func(r *store.Record) { r.Data = []byte{} },
		func(r *store.Record) { r.Data = nil },
		func(r *store.Record) { r.Value = "not stored" },
		func(r *store.Record) { r.Position, r.Version, r.Stream = 77, 88, "ignored" },
	} {
		a := write(fmt.Sprintf("Größe %d", i), 0, 2)
		change(&a.Records[0])
		change(&a.Records[1])
		want = append(want, mustAppend(t, l, a)...)
	}
	same(t, "log", readAll(t, l), want)
}

func testTimes(t *testing.T, f Features) {
	l := openLog(t, f)
	var want []store.Record
	for i, at := range []time.Time{
		time.Now(), // with a monotonic reading, which is not stored
		time.Date(2026, 2, 3, 4, 5, 6, 123456789, time.UTC),
		time.Date(2026, 2, 3, 4, 5, 6, 1, time.FixedZone("", -3*3600)),
		time.Date(2026, 2, 3, 4, 5, 6, 999999999, time.UTC),
		time.Unix(0, 0),
		time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC),
		time.Date(1678, 1, 1, 0, 0, 0, 1, time.UTC),
		time.Date(2261, 12, 31, 23, 59, 59, 999999999, time.UTC),
	} {
		a := write("MarsRover-1", uint64(i), 1)
		a.Records[0].Time = at
		want = append(want, mustAppend(t, l, a)...)
	}
	got := readAll(t, l)
	same(t, "log", got, want)
	for i := range got {
		if got[i].Time.Location() != time.UTC {
			t.Errorf("time %s is not in UTC", got[i].Time)
		}
	}
	same(t, "stream", readStream(t, l, "MarsRover-1"), want)
}

func testData(t *testing.T, f Features) {
	l := openLog(t, f)
	every := make([]byte, 256)
	for i := range every {
		every[i] = byte(i)
	}
	var want []store.Record
	for i, n := range []int{0, 1, 255, 256, 1000, 4096, 5000, 70_000, 1 << 20} {
		a := write("MarsRover-1", uint64(2*i), 2)
		for j := range a.Records {
			data := make([]byte, n)
			for k := range data {
				data[k] = every[(k+i+j)%len(every)]
			}
			a.Records[j].Data = data
			a.Records[1-j].Metadata = data[:n/2]
		}
		want = append(want, mustAppend(t, l, a)...)
	}
	same(t, "log", readAll(t, l), want)
}

func testExpected(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	_, err := l.Append(ctx, write("MarsRover-1", 1, 1))
	wantError(t, "expecting version 1 of a new stream", err, store.ErrConflict)
	want := mustAppend(t, l, write("MarsRover-1", 0, 2))
	for _, expected := range []uint64{0, 1, 3, 1 << 40} {
		_, err := l.Append(ctx, write("MarsRover-1", expected, 1))
		wantError(t, fmt.Sprintf("expecting version %d at 2", expected), err, store.ErrConflict)
	}
	want = append(want, mustAppend(t, l, write("MarsRover-1", 2, 1))...)
	want = append(want, mustAppend(t, l, write("MarsRover-1", store.AnyVersion, 1))...)
	want = append(want, mustAppend(t, l, write("MarsRover-2", store.AnyVersion, 1))...)
	same(t, "log", readAll(t, l), want)
}

func testOneWinner(t *testing.T, f Features, writers, rounds int) {
	l := openLog(t, f)
	for round := range rounds {
		var o outcomes
		together(writers, func(i int) {
			_, err := l.Append(context.Background(), write("MarsRover-1", uint64(round), 1))
			o.add(err)
		})
		o.want(t, fmt.Sprintf("round %d", round), 1, writers-1, 0)
	}
	if n := len(readAll(t, l)); n != rounds {
		t.Errorf("%d records, want %d", n, rounds)
	}
	for i, r := range readStream(t, l, "MarsRover-1") {
		if r.Version != uint64(i)+1 {
			t.Errorf("record %d of the stream has version %d", i, r.Version)
		}
	}
}

func testOneWinnerNewStream(t *testing.T, f Features) {
	l := openLog(t, f)
	const writers = 8
	for round := range 10 {
		var o outcomes
		together(writers, func(i int) {
			_, err := l.Append(context.Background(), write(fmt.Sprintf("MarsRover-%d", round), 0, 1+i%3))
			o.add(err)
		})
		o.want(t, fmt.Sprintf("stream %d", round), 1, writers-1, 0)
	}
}

func testAnyVersionTogether(t *testing.T, f Features) {
	l := openLog(t, f)
	const writers, each = 8, 10
	var o outcomes
	together(writers, func(i int) {
		for range each {
			_, err := l.Append(context.Background(), write("MarsRover-1", store.AnyVersion, 2))
			o.add(err)
		}
	})
	o.want(t, "appends", writers*each, 0, 0)
	got := readStream(t, l, "MarsRover-1")
	if len(got) != writers*each*2 {
		t.Fatalf("%d records, want %d", len(got), writers*each*2)
	}
	for i := range got {
		if want := uint64(i) + 1; got[i].Version != want || got[i].Position != want {
			t.Errorf("record %d has version %d and position %d", i, got[i].Version, got[i].Position)
		}
		if i%2 == 1 && got[i].Command() != got[i-1].Command() {
			t.Errorf("the records of %s are not together", got[i-1].Command())
		}
	}
}

func testSliceIsCallers(t *testing.T, f Features) {
	l := openLog(t, f)
	var want []store.Record
	page := records(newCommand(), 3)
	for i := range 5 {
		copy(page, records(newCommand(), 3))
		want = append(want, mustAppend(t, l, store.Append{Stream: "MarsRover-1", Expected: uint64(3 * i), Records: page})...)
	}
	clear(page)
	same(t, "log", readAll(t, l), want)
}
