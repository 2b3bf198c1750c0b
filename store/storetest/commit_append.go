package storetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/landfall-go/landfall/store"
)

var commitAppendTests = []test{
	{name: "stores appends in their order, with the writes", run: testCommitAppends},
	{name: "keeps every field", run: testCommitAppendFields},
	{name: "may append several times to a stream", run: testCommitOneStream},
	{name: "leaves no trace when it fails", run: testCommitAppendFails},
	{name: "finds the first reason to fail", run: testCommitAppendReasons},
	{name: "runs Do when all else holds", run: testCommitAppendDo},
	{name: "keeps others from its streams while Do runs", run: testCommitAppendDoHolds},
	{name: "may panic in Do", run: testCommitAppendPanic},
	{name: "tells of every record before it returns", run: testCommitAppendListen},
	{name: "may be called lazy", run: testCommitAppendLazy},
	{name: "bounds the records of all appends", run: testCommitAppendLimits},
	{name: "refuses a bad append", run: testCommitBadAppend},
	{name: "lets one of many with the same position win", run: testCommitAppendFence},
	{name: "lets one of many win a stream", run: testCommitAppendOneWinner},
	{name: "leaves others alone when it fails", run: testCommitAppendFailsAlone},
	{name: "shows its writes to those who see its records", run: testCommitAppendSeen},
	{name: "keeps what it stored", run: testCommitAppendKept, needs: durable},
}

// commitAll commits the appends.
func commitAll(l store.Log, as ...store.Append) error {
	return l.Commit(context.Background(), store.Changes{Appends: as})
}

// storedAfter returns the records of appends that were stored after what the
// log held before, as they must be read.
func storedAfter(before []store.Record, as ...store.Append) []store.Record {
	all := slices.Clone(before)
	for _, a := range as {
		m := model{records: all}
		at := store.Appended{First: uint64(len(all)) + 1, Version: m.version(a.Stream) + 1}
		all = append(all, stored(a, at)...)
	}
	return all
}

func testCommitAppends(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	want := mustAppend(t, l, write("MarsRover-1", 0, 2))
	put(t, l, "heard", "Plateau", "1")
	trigger := want[1].ID
	appends := []store.Append{
		write("MarsRover-2", 0, 3), write("MarsRover-1", 2, 1), write("MarsRover-3", store.AnyVersion, 2), write("MarsRover-1", store.AnyVersion, 1),
	}
	appends[2].Records[1].Trigger = trigger
	want = storedAfter(want, appends...)
	err := l.Commit(ctx, store.Changes{
		Expect:  []store.Expectation{{Collection: "heard", Key: "Plateau", Data: []byte("1")}},
		Appends: appends,
		Writes:  []store.Write{{Collection: "heard", Key: "Plateau", Data: []byte("2")}, {Collection: "heard", Key: "Other", Data: []byte("1")}},
	})
	wantError(t, "commit", err, nil)
	same(t, "log", readAll(t, l), want)
	wantDocument(t, l, "heard", "Plateau", "2")
	wantDocument(t, l, "heard", "Other", "1")
	for _, a := range appends {
		got, err := l.ByCommand(ctx, a.Records[0].Command())
		wantError(t, "by command", err, nil)
		m := model{records: want}
		same(t, "by command", got, m.choose(func(r store.Record) bool { return r.Command() == a.Records[0].Command() }))
		same(t, a.Stream, readStream(t, l, a.Stream), m.choose(func(r store.Record) bool { return r.Stream == a.Stream }))
	}
	if got, err := l.ByTrigger(ctx, trigger); err != nil || len(got) != 1 || got[0].ID != appends[2].Records[1].ID {
		t.Errorf("by trigger: %v, %v", got, err)
	}
	want = append(want, mustAppend(t, l, write("MarsRover-1", 4, 1))...)
	same(t, "log after another append", readAll(t, l), want)
}

func testCommitAppendFields(t *testing.T, f Features) {
	l := openLog(t, f)
	event, command := store.EventID(newCommand(), 3), newCommand()
	var appends []store.Append
	for i, change := range []func(*store.Record){
		func(r *store.Record) { r.Trigger, r.Correlation = event, command },
		func(r *store.Record) { r.Actor, r.Type = "", "<NotifyObstacle" },
		func(r *store.Record) { r.Actor = "Ünal, 機長 🛰" },
		func(r *store.Record) { r.Metadata = []byte(`{"a":"b"}`) },
		func(r *store.Record) { r.Metadata, r.Data = []byte{}, nil },
		func(r *store.Record) { r.Time = time.Date(2026, 2, 3, 4, 5, 6, 1, time.FixedZone("", -3*3600)) },
		func(r *store.Record) { r.Position, r.Version, r.Stream, r.Value = 77, 88, "ignored", "not stored" },
		func(r *store.Record) { r.Data = make([]byte, 100_000) },
	} {
		a := write(fmt.Sprintf("<Größe/%d", i), 0, 2)
		change(&a.Records[0])
		change(&a.Records[1])
		appends = append(appends, a)
	}
	want := storedAfter(nil, appends...)
	wantError(t, "commit", commitAll(l, appends...), nil)
	same(t, "log", readAll(t, l), want)
}

func testCommitOneStream(t *testing.T, f Features) {
	l := openLog(t, f)
	appends := []store.Append{
		write("MarsRover-1", 0, 2), write("MarsRover-2", 0, 1), write("MarsRover-1", 2, 1), write("MarsRover-1", store.AnyVersion, 3),
		write("MarsRover-1", 6, 1), write("MarsRover-2", 1, 1),
	}
	want := storedAfter(nil, appends...)
	wantError(t, "commit", commitAll(l, appends...), nil)
	same(t, "log", readAll(t, l), want)
	// The version counts what the same commit appends.
	wantError(t, "not counting the own append", commitAll(l, write("MarsRover-1", 7, 1), write("MarsRover-1", 7, 1)), store.ErrConflict)
	wantError(t, "not counting the own first append", commitAll(l, write("MarsRover-3", 0, 1), write("MarsRover-3", 0, 1)), store.ErrConflict)
	wantError(t, "counting too much", commitAll(l, write("MarsRover-3", 0, 1), write("MarsRover-3", 2, 1)), store.ErrConflict)
	same(t, "log", readAll(t, l), want)
}

// failing are changes that fail, with the error that they fail with. The log
// holds what first appended.
func failing(first store.Append) map[string]struct {
	changes store.Changes
	err     error
} {
	type failure = struct {
		changes store.Changes
		err     error
	}
	own := errors.New("own")
	// To streams, and of types, that come to be by it, or that are there.
	good := func() []store.Append {
		as := []store.Append{write("new-1", 0, 2), write(first.Stream, store.AnyVersion, 1), write("new-1", 2, 1)}
		as[0].Records[1].Type = "NewType"
		return as
	}
	repeat := store.Append{Stream: "new-2", Expected: store.AnyVersion, Records: records(first.Records[0].Command(), 1)}
	within := good()
	within = append(within, store.Append{Stream: "new-2", Expected: store.AnyVersion, Records: records(within[0].Records[0].Command(), 1)})
	return map[string]failure{
		"a wrong expectation": {store.Changes{
			Expect: []store.Expectation{{Collection: "c", Key: "k", Data: []byte("2")}}, Appends: good()}, store.ErrConflict},
		"a conflict in the first append":     {store.Changes{Appends: append([]store.Append{write("new-2", 1, 1)}, good()...)}, store.ErrConflict},
		"a conflict in the last append":      {store.Changes{Appends: append(good(), write(first.Stream, 1, 1))}, store.ErrConflict},
		"a conflict with a new stream":       {store.Changes{Appends: append(good(), write("new-1", 0, 1))}, store.ErrConflict},
		"a repeat":                           {store.Changes{Appends: append(good(), repeat)}, store.ErrDuplicate},
		"a repeat within":                    {store.Changes{Appends: within}, store.ErrDuplicate},
		"a function that fails":              {store.Changes{Appends: good(), Do: func(context.Context, any) error { return own }}, own},
		"a function that fails, of one more": {store.Changes{Appends: good()[:1], Do: func(context.Context, any) error { return own }}, own},
	}
}

func testCommitAppendFails(t *testing.T, f Features) {
	l := openLog(t, f)
	var heard []store.Record
	defer l.Listen(func(rs []store.Record) { heard = append(heard, rs...) })()
	first := write("MarsRover-1", 0, 1)
	want := mustAppend(t, l, first)
	put(t, l, "c", "k", "1")
	var later []store.Append
	for name, failure := range failing(first) {
		c := failure.changes
		c.Writes = []store.Write{{Collection: "c", Key: "k"}, {Collection: "d", Key: "new", Data: []byte("1")}}
		wantError(t, name, l.Commit(context.Background(), c), failure.err)
		same(t, name+": log", readAll(t, l), want)
		wantDocument(t, l, "c", "k", "1")
		wantNoDocument(t, l, "d", "new")
		for _, stream := range []string{"new-1", "new-2"} {
			same(t, name+": "+stream, readStream(t, l, stream), nil)
		}
		same(t, name+": stream", readStream(t, l, first.Stream), want[:len(want):len(want)])
		for _, a := range c.Appends {
			if rs, err := l.ByCommand(context.Background(), a.Records[0].Command()); a.Records[0].ID != first.Records[0].ID && (err != nil || len(rs) != 0) {
				t.Errorf("%s: a command that failed has the records %v, %v", name, rs, err)
			}
		}
		// The next append finds the version as it was.
		want = append(want, mustAppend(t, l, write(first.Stream, uint64(len(want)), 1))...)
		later = append(later, c.Appends[len(c.Appends)-1])
	}
	// What failed may be done again, and what it was the first to name is named
	// as it should be.
	other := write("other", 0, 1)
	other.Records[0].Type = "OtherType"
	want = append(want, mustAppend(t, l, other)...)
	for _, a := range later {
		if command := a.Records[0].Command(); command == first.Records[0].Command() {
			continue
		}
		a.Expected = store.AnyVersion
		a.Records[0].Type = "NewType"
		want = storedAfter(want, a)
		_, err := l.Append(context.Background(), a)
		wantError(t, "what failed, again", err, nil)
	}
	same(t, "log", readAll(t, l), want)
	same(t, "listener", heard, want)
}

func testCommitAppendReasons(t *testing.T, f Features) {
	l := openLog(t, f)
	first := write("MarsRover-1", 0, 1)
	mustAppend(t, l, first)
	repeat := store.Append{Stream: "MarsRover-2", Expected: 7, Records: records(first.Records[0].Command(), 1)}
	do := func(context.Context, any) error {
		t.Error("Do ran")
		return nil
	}
	for name, c := range map[string]struct {
		changes store.Changes
		err     error
	}{
		"an expectation before a repeat": {store.Changes{
			Expect: []store.Expectation{{Collection: "c", Key: "k", Data: []byte("1")}}, Appends: []store.Append{repeat}}, store.ErrConflict},
		"a repeat before the conflict of its append":      {store.Changes{Appends: []store.Append{write("new", 0, 1), repeat}}, store.ErrDuplicate},
		"the repeat of an earlier append":                 {store.Changes{Appends: []store.Append{repeat, write("MarsRover-1", 7, 1)}}, store.ErrDuplicate},
		"the conflict of an earlier append":               {store.Changes{Appends: []store.Append{write("MarsRover-1", 7, 1), repeat}}, store.ErrConflict},
		"a conflict before a function, that does not run": {store.Changes{Appends: []store.Append{write("MarsRover-1", 7, 1)}}, store.ErrConflict},
	} {
		c.changes.Do = do
		err := l.Commit(context.Background(), c.changes)
		wantError(t, name, err, c.err)
		if errors.Is(err, store.ErrConflict) && errors.Is(err, store.ErrDuplicate) {
			t.Errorf("%s: the error is both: %v", name, err)
		}
	}
	if n := len(readAll(t, l)); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
}

func testCommitAppendLazy(t *testing.T, f Features) {
	l := openLog(t, f)
	var want []store.Record
	for i := range 3 {
		a := write("MarsRover-1", uint64(i), 1)
		want = storedAfter(want, a)
		wantError(t, "commit", l.Commit(context.Background(), store.Changes{Lazy: true, Appends: []store.Append{a}}), nil)
		same(t, "log", readAll(t, l), want)
	}
}

func testCommitAppendLimits(t *testing.T, f Features) {
	l := openLog(t, f)
	const half = store.MaxRecords/2 + 1
	wantInvalid(t, "too many records in two appends", commitAll(l, write("MarsRover-1", 0, half), write("MarsRover-2", 0, half)))
	many := make([]store.Append, store.MaxRecords+1)
	for i := range many {
		many[i] = write(fmt.Sprintf("MarsRover-%d", i), 0, 1)
	}
	wantInvalid(t, "too many appends", commitAll(l, many...))
	wantEmpty(t, l)
	many = many[:store.MaxRecords]
	want := storedAfter(nil, write("MarsRover-0", 0, 1))[:0]
	for i, a := range many {
		want = append(want, stored(a, store.Appended{First: uint64(i) + 1, Version: 1})...)
	}
	wantError(t, "as many appends as may be", commitAll(l, many...), nil)
	same(t, "log", readAll(t, l), want)
}

func testCommitBadAppend(t *testing.T, f Features) {
	l := openLog(t, f)
	for name, change := range map[string]func(*store.Append){
		"no records":         func(a *store.Append) { a.Records = nil },
		"no stream":          func(a *store.Append) { a.Stream = "" },
		"a bad stream":       func(a *store.Append) { a.Stream = "a\xffb" },
		"no type":            func(a *store.Append) { a.Records[1].Type = "" },
		"ids of two":         func(a *store.Append) { a.Records[1].ID = store.EventID(newCommand(), 1) },
		"no time":            func(a *store.Append) { a.Records[1].Time = time.Time{} },
		"too much data":      func(a *store.Append) { a.Records[1].Data = make([]byte, store.MaxData+1) },
		"a command as an id": func(a *store.Append) { a.Records[0].ID = a.Records[0].Command() },
	} {
		bad := write("MarsRover-2", 0, 2)
		change(&bad)
		err := l.Commit(context.Background(), store.Changes{
			Appends: []store.Append{write("MarsRover-1", 0, 1), bad}, Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}},
		})
		wantInvalid(t, name, err)
	}
	wantEmpty(t, l)
}

func testCommitAppendKept(t *testing.T, f Features) {
	open := f.Create(t)
	s, err := open()
	if err != nil {
		t.Fatal(err)
	}
	l := logOf(t, s, module)
	appends := []store.Append{write("MarsRover-1", 0, 2), write("MarsRover-2", 0, 1), write("MarsRover-1", 2, 1)}
	want := storedAfter(nil, appends...)
	err = l.Commit(context.Background(), store.Changes{Appends: appends, Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}}})
	wantError(t, "commit", err, nil)
	wantError(t, "a conflict", commitAll(l, write("MarsRover-3", 0, 1), write("MarsRover-1", 0, 1)), store.ErrConflict)
	closeStore(t, s)
	if s, err = open(); err != nil {
		t.Fatal(err)
	}
	defer closeStore(t, s)
	l = logOf(t, s, module)
	same(t, "log", readAll(t, l), want)
	wantDocument(t, l, "c", "k", "1")
	wantError(t, "a repeat", commitAll(l, store.Append{Stream: "MarsRover-1", Expected: 3, Records: records(want[0].Command(), 1)}), store.ErrDuplicate)
	more := []store.Append{write("MarsRover-1", 3, 1), write("MarsRover-3", 0, 1)}
	want = storedAfter(want, more...)
	wantError(t, "another", commitAll(l, more...), nil)
	same(t, "log", readAll(t, l), want)
}
