package storetest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/store"
)

var moduleTests = []test{
	{name: "share nothing", run: testShareNothing},
	{name: "have names that differ by anything", run: testModuleNames},
	{name: "are opened once", run: testModuleOnce},
	{name: "are written at the same time", run: testModulesTogether},
}

func testShareNothing(t *testing.T, f Features) {
	s := openStore(t, f)
	rover, notification := logOf(t, s, "Rover"), logOf(t, s, "Notification")
	heard := 0
	defer notification.Listen(func(rs []store.Record) { heard += len(rs) })()
	a := write("MarsRover-1", 0, 2)
	want := mustAppend(t, rover, a)
	put(t, rover, "c", "k", "rover")
	if rs := readAll(t, notification); len(rs) != 0 || heard != 0 {
		t.Errorf("the other log has %d records and told of %d", len(rs), heard)
	}
	wantNoDocument(t, notification, "c", "k")
	// The same stream and command are new there.
	others := mustAppend(t, notification, a)
	put(t, notification, "c", "k", "notification")
	same(t, "the other log", readAll(t, notification), others)
	same(t, "the log", readAll(t, rover), want)
	wantDocument(t, rover, "c", "k", "rover")
	wantDocument(t, notification, "c", "k", "notification")
	if heard != 2 {
		t.Errorf("the other log told of %d records, want 2", heard)
	}
}

func testModuleNames(t *testing.T, f Features) {
	s := openStore(t, f)
	names := []string{
		"a", "A", "a_", "a_events", "a_1", "sqlite", "sqlite_x", "SQLITE_y", "landfall", "landfall_modules", "pg_catalog", "public", "select", "table", "Order",
		strings.Repeat("x", 63), strings.Repeat("X", 63), strings.Repeat("x", 62) + "y",
	}
	for i, name := range names {
		l := logOf(t, s, name)
		mustAppend(t, l, write(name, 0, i+1))
		put(t, l, "c", "k", name)
	}
	for i, name := range names {
		l := logOf(t, s, name)
		if rs := readStream(t, l, name); len(rs) != i+1 {
			t.Errorf("module %s has %d records, want %d", name, len(rs), i+1)
		}
		if head, err := l.Head(context.Background()); err != nil || head != uint64(i)+1 {
			t.Errorf("module %s has head %d, %v, want %d", name, head, err, i+1)
		}
		wantDocument(t, l, "c", "k", name)
	}
}

func testModuleOnce(t *testing.T, f Features) {
	s := openStore(t, f)
	logs := make([]store.Log, 8)
	together(len(logs), func(i int) { logs[i] = logOf(t, s, module) })
	for _, l := range logs {
		if l != logs[0] {
			t.Fatal("the log of a module was opened twice")
		}
	}
}

func testModulesTogether(t *testing.T, f Features) {
	s := openStore(t, f)
	together(6, func(i int) {
		l := logOf(t, s, fmt.Sprintf("Module%d", i%3))
		for n := range 10 {
			if _, err := l.Append(context.Background(), write(fmt.Sprintf("Stream-%d", i), uint64(n), 1)); err != nil {
				t.Errorf("append: %v", err)
			}
		}
	})
	for i := range 3 {
		rs := readAll(t, logOf(t, s, fmt.Sprintf("Module%d", i)))
		if len(rs) != 20 {
			t.Errorf("module %d has %d records, want 20", i, len(rs))
		}
		for j := range rs {
			if rs[j].Position != uint64(j)+1 {
				t.Errorf("module %d: record %d has position %d", i, j, rs[j].Position)
			}
		}
	}
}
