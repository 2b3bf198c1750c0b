package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall/store"
)

var limitTests = []test{
	{name: "refuses a bad append", run: testBadAppend},
	{name: "refuses bad names", run: testBadNames},
	{name: "refuses bad changes", run: testBadChanges},
	{name: "refuses bad queries and pages", run: testBadQueries},
	{name: "refuses bad modules", run: testBadModules},
	{name: "takes what is just within", run: testWithinLimits},
}

// badNames are not allowed as the name of anything.
var badNames = []string{"", strings.Repeat("x", store.MaxName+1), "a\xffb", "\xc3", "a\x00b", "\x00", "\xed\xa0\x80"}

func wantInvalid(t *testing.T, what string, err error) {
	t.Helper()
	wantError(t, what, err, store.ErrInvalid)
}

// wantEmpty fails the test when anything was stored.
func wantEmpty(t *testing.T, l store.Log) {
	t.Helper()
	if head, err := l.Head(context.Background()); err != nil || head != 0 {
		t.Errorf("the head is %d, %v, want nothing stored", head, err)
	}
	for _, collection := range []string{"c", "d"} {
		if ds, err := l.List(context.Background(), collection, store.Query{Limit: 10}); err != nil || len(ds) != 0 {
			t.Errorf("collection %s has %v, %v, want nothing stored", collection, ds, err)
		}
	}
}

func testBadAppend(t *testing.T, f Features) {
	l := openLog(t, f)
	huge := make([]byte, store.MaxData+1)
	for name, change := range map[string]func(*store.Append){
		"no records":               func(a *store.Append) { a.Records = nil },
		"too many records":         func(a *store.Append) { a.Records = make([]store.Record, store.MaxRecords+1) },
		"ids of two commands":      func(a *store.Append) { a.Records[1].ID = store.EventID(newCommand(), 1) },
		"ids in another order":     func(a *store.Append) { a.Records[0], a.Records[1] = a.Records[1], a.Records[0] },
		"the same id twice":        func(a *store.Append) { a.Records[1].ID = a.Records[0].ID },
		"a command's id":           func(a *store.Append) { a.Records[0].ID = a.Records[0].Command() },
		"no second type":           func(a *store.Append) { a.Records[1].Type = "" },
		"too much data":            func(a *store.Append) { a.Records[1].Data = huge },
		"too much metadata":        func(a *store.Append) { a.Records[1].Metadata = huge },
		"no time":                  func(a *store.Append) { a.Records[1].Time = time.Time{} },
		"a time long ago":          func(a *store.Append) { a.Records[1].Time = time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC) },
		"a time far in the future": func(a *store.Append) { a.Records[1].Time = time.Date(2300, 1, 1, 0, 0, 0, 0, time.UTC) },
	} {
		a := write("MarsRover-1", 0, 3)
		change(&a)
		_, err := l.Append(context.Background(), a)
		wantInvalid(t, name, err)
	}
	wantEmpty(t, l)
}

func testBadNames(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	for _, name := range badNames {
		_, err := l.Append(ctx, write(name, 0, 1))
		wantInvalid(t, fmt.Sprintf("append to stream %q", name), err)
		_, err = l.ReadStream(ctx, name, 0, 1, nil)
		wantInvalid(t, fmt.Sprintf("read of stream %q", name), err)
		a := write("MarsRover-1", 0, 2)
		a.Records[1].Type = name
		_, err = l.Append(ctx, a)
		wantInvalid(t, fmt.Sprintf("type %q", name), err)
		if name != "" {
			a = write("MarsRover-1", 0, 2)
			a.Records[1].Actor = name
			_, err = l.Append(ctx, a)
			wantInvalid(t, fmt.Sprintf("actor %q", name), err)
		}
		_, err = l.Get(ctx, name, "k")
		wantInvalid(t, fmt.Sprintf("get of collection %q", name), err)
		_, err = l.Get(ctx, "c", name)
		wantInvalid(t, fmt.Sprintf("get of key %q", name), err)
		_, err = l.List(ctx, name, store.Query{Limit: 1})
		wantInvalid(t, fmt.Sprintf("list of collection %q", name), err)
	}
	wantEmpty(t, l)
}

func testBadChanges(t *testing.T, f Features) {
	l := openLog(t, f)
	good := store.Write{Collection: "c", Key: "k", Data: []byte("1")}
	check := func(what string, c store.Changes) {
		t.Helper()
		wantInvalid(t, what, l.Commit(context.Background(), c))
	}
	for _, name := range badNames {
		check(fmt.Sprintf("write to collection %q", name), store.Changes{Writes: []store.Write{good, {Collection: name, Key: "k", Data: []byte("1")}}})
		check(fmt.Sprintf("write to key %q", name), store.Changes{Writes: []store.Write{good, {Collection: "c", Key: name, Data: []byte("1")}}})
		check(fmt.Sprintf("delete of key %q", name), store.Changes{Writes: []store.Write{good, {Collection: "c", Key: name}}})
		check(fmt.Sprintf("expectation of key %q", name), store.Changes{Writes: []store.Write{good}, Expect: []store.Expectation{{Collection: "c", Key: name}}})
		check(fmt.Sprintf("expectation of collection %q", name), store.Changes{Writes: []store.Write{good}, Expect: []store.Expectation{{Collection: name, Key: "k"}}})
	}
	huge := make([]byte, store.MaxData+1)
	check("too much data", store.Changes{Writes: []store.Write{good, {Collection: "c", Key: "huge", Data: huge}}})
	wantEmpty(t, l)
}

func testBadQueries(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	for _, q := range []store.Query{
		{}, {Limit: -1}, {Limit: store.MaxList + 1}, {Limit: 1, Prefix: "\xff"}, {Limit: 1, After: "\xff"},
		{Limit: 1, Prefix: "\x00"}, {Limit: 1, After: "a\x00"}, {Limit: 1, Prefix: strings.Repeat("x", store.MaxName+1)},
	} {
		_, err := l.List(ctx, "c", q)
		wantInvalid(t, fmt.Sprintf("query %+v", q), err)
	}
	for _, max := range []int{0, -1} {
		_, err := l.Read(ctx, 0, max, nil)
		wantInvalid(t, fmt.Sprintf("read of %d", max), err)
		_, err = l.ReadStream(ctx, "MarsRover-1", 0, max, nil)
		wantInvalid(t, fmt.Sprintf("read of %d of a stream", max), err)
	}
}

func testBadModules(t *testing.T, f Features) {
	s := openStore(t, f)
	for _, name := range []string{
		"", "1a", "_a", "a-b", "a.b", "a b", "ä", "a\x00", `a"b`, "a'b", "a;", "a$", strings.Repeat("x", 64),
	} {
		_, err := s.Log(context.Background(), name)
		wantInvalid(t, fmt.Sprintf("module %q", name), err)
	}
}

func testWithinLimits(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	long := strings.Repeat("é", store.MaxName/2)
	a := write(long, 0, store.MaxRecords)
	a.Records[7].Type, a.Records[7].Actor = long, long
	want := mustAppend(t, l, a)
	got, err := l.ByCommand(ctx, want[0].Command())
	if err != nil {
		t.Fatal(err)
	}
	same(t, "records of the command", got, want)
	huge := make([]byte, store.MaxData)
	huge[store.MaxData-1] = 1
	a = write(long, store.MaxRecords, 1)
	a.Records[0].Data = huge
	want = append(want, mustAppend(t, l, a)...)
	same(t, "log", readAll(t, l), want)
	change(t, l, store.Write{Collection: long, Key: long, Data: huge})
	ds, err := l.List(ctx, long, store.Query{Limit: store.MaxList, Prefix: long})
	if err != nil || len(ds) != 1 || string(ds[0].Data) != string(huge) {
		t.Errorf("%d documents, %v, want the greatest one", len(ds), err)
	}
}
