package storetest

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/store"
)

var modelTests = []test{
	{name: "agrees with a small one on any operations", run: testModel},
}

// model is a log as simple as can be, which drivers are held against.
type model struct {
	records   []store.Record
	documents map[[2]string][]byte
}

func (m *model) version(stream string) (v uint64) {
	for _, r := range m.records {
		if r.Stream == stream {
			v = r.Version
		}
	}
	return v
}

func (m *model) choose(fn func(store.Record) bool) []store.Record {
	var rs []store.Record
	for _, r := range m.records {
		if fn(r) {
			rs = append(rs, r)
		}
	}
	return rs
}

func (m *model) append(a store.Append) (store.Appended, error) {
	command := a.Records[0].Command()
	if len(m.choose(func(r store.Record) bool { return r.Command() == command })) > 0 {
		return store.Appended{}, store.ErrDuplicate
	}
	version := m.version(a.Stream)
	if a.Expected != version && a.Expected != store.AnyVersion {
		return store.Appended{}, store.ErrConflict
	}
	at := store.Appended{First: uint64(len(m.records)) + 1, Version: version + 1}
	m.records = append(m.records, stored(a, at)...)
	return at, nil
}

func (m *model) commit(c store.Changes) error {
	for _, e := range c.Expect {
		data, ok := m.documents[[2]string{e.Collection, e.Key}]
		if ok != (e.Data != nil) || !bytes.Equal(data, e.Data) {
			return store.ErrConflict
		}
	}
	before := m.records
	for _, a := range c.Appends {
		if _, err := m.append(a); err != nil {
			m.records = before
			return err
		}
	}
	for _, w := range c.Writes {
		if w.Data == nil {
			delete(m.documents, [2]string{w.Collection, w.Key})
		} else {
			m.documents[[2]string{w.Collection, w.Key}] = w.Data
		}
	}
	return nil
}

func (m *model) list(collection string, q store.Query) []store.Document {
	var ds []store.Document
	for address, data := range m.documents {
		if address[0] == collection && strings.HasPrefix(address[1], q.Prefix) && address[1] > q.After {
			ds = append(ds, store.Document{Key: address[1], Data: data})
		}
	}
	slices.SortFunc(ds, func(a, b store.Document) int { return strings.Compare(a.Key, b.Key) })
	return ds[:min(len(ds), q.Limit)]
}

// machine does random operations on a log and on the model.
type machine struct {
	model
	log      store.Log
	commands []uuid.UUID
}

func testModel(outer *testing.T, f Features) {
	rapid.Check(outer, func(t *rapid.T) {
		s, err := f.Create(outer)()
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		l, err := s.Log(context.Background(), module)
		if err != nil {
			t.Fatal(err)
		}
		m := &machine{model: model{documents: map[[2]string][]byte{}}, log: l}
		t.Repeat(map[string]func(*rapid.T){
			"append": m.doAppend, "repeat": m.doRepeat, "commit": m.doCommit,
			"read": m.doRead, "readStream": m.doReadStream, "find": m.doFind, "get": m.doGet, "list": m.doList,
		})
	})
}

// Few names, so that operations meet.
var (
	anyStream     = rapid.SampledFrom([]string{"a", "b", "MarsRover-1", "ä/ö"})
	anyCollection = rapid.SampledFrom([]string{"c", "d"})
	anyKey        = rapid.OneOf(rapid.SampledFrom([]string{"a", "aa", "ab", "b", "ä", "z"}), rapid.StringMatching(`[a-cäß/]{1,4}`))
	anyBytes      = rapid.SliceOfN(rapid.Byte(), 0, 40)
	anyTime       = rapid.Custom(func(t *rapid.T) time.Time {
		return time.Unix(rapid.Int64Range(-9e9, 9e9).Draw(t, "seconds"), rapid.Int64Range(0, 999999999).Draw(t, "nanoseconds"))
	})
)

// drawExpected draws a version that is right more often than not.
func (m *machine) drawExpected(t *rapid.T, stream string) uint64 {
	v := m.version(stream)
	return rapid.SampledFrom([]uint64{v, v, v, store.AnyVersion, v + 1, max(v, 1) - 1}).Draw(t, "expected")
}

func (m *machine) drawCommand(t *rapid.T) uuid.UUID {
	switch rapid.IntRange(0, 3).Draw(t, "kind of command") {
	case 0:
		return store.KeyedCommandID(rapid.StringMatching(`[a-d]`).Draw(t, "key"))
	case 1:
		return store.DerivedCommandID("TurnOffPolicy", store.EventID(uuid.Nil, 0), rapid.IntRange(0, 5).Draw(t, "number"))
	}
	return newCommand()
}

func (m *machine) doAppend(t *rapid.T) { m.compareAppend(t, m.drawAppend(t)) }

func (m *machine) drawAppend(t *rapid.T) store.Append {
	stream := anyStream.Draw(t, "stream")
	command := m.drawCommand(t)
	a := store.Append{Stream: stream, Expected: m.drawExpected(t, stream), Records: records(command, rapid.IntRange(1, 4).Draw(t, "count"))}
	for i := range a.Records {
		r := &a.Records[i]
		r.Type = anyKey.Draw(t, "type")
		r.Time = anyTime.Draw(t, "time")
		r.Data = anyBytes.Draw(t, "data")
		r.Metadata = anyBytes.Draw(t, "metadata")
		r.Actor = rapid.SampledFrom([]string{"", "operator", "ä"}).Draw(t, "actor")
		if len(m.records) > 0 && rapid.Bool().Draw(t, "has a trigger") {
			r.Trigger = rapid.SampledFrom(m.records).Draw(t, "trigger").ID
			r.Correlation = rapid.SampledFrom(m.records).Draw(t, "correlation").Correlation
		}
	}
	m.commands = append(m.commands, command)
	return a
}

// drawAppends draws appends of one commit, which see the earlier ones.
func (m *machine) drawAppends(t *rapid.T) []store.Append {
	before := m.records
	defer func() { m.records = before }()
	var as []store.Append
	for range rapid.SampledFrom([]int{0, 0, 1, 2, 3}).Draw(t, "appends") {
		a := m.drawAppend(t)
		if _, err := m.append(a); err != nil && rapid.Bool().Draw(t, "leave out what fails") {
			continue
		}
		as = append(as, a)
	}
	return as
}

func (m *machine) doRepeat(t *rapid.T) {
	if len(m.commands) == 0 {
		t.Skip("no commands yet") // tells rapid to draw another action; the test goes on
	}
	stream := anyStream.Draw(t, "stream")
	command := rapid.SampledFrom(m.commands).Draw(t, "command")
	m.compareAppend(t, store.Append{Stream: stream, Expected: m.drawExpected(t, stream), Records: records(command, 1)})
}

func (m *machine) compareAppend(t *rapid.T, a store.Append) {
	want, wantErr := m.append(a)
	got, err := m.log.Append(context.Background(), a)
	wantError(t, "append", err, wantErr)
	if got != want {
		t.Fatalf("appended at %+v, want %+v", got, want)
	}
}

func (m *machine) doCommit(t *rapid.T) {
	c := store.Changes{Lazy: rapid.Bool().Draw(t, "lazy")}
	for range rapid.IntRange(0, 2).Draw(t, "expectations") {
		e := store.Expectation{Collection: anyCollection.Draw(t, "collection"), Key: anyKey.Draw(t, "key")}
		e.Data = m.documents[[2]string{e.Collection, e.Key}]
		if rapid.IntRange(0, 3).Draw(t, "is wrong") == 0 {
			e.Data = anyBytes.Draw(t, "data")
		}
		c.Expect = append(c.Expect, e)
	}
	for range rapid.IntRange(0, 4).Draw(t, "writes") {
		w := store.Write{Collection: anyCollection.Draw(t, "collection"), Key: anyKey.Draw(t, "key")}
		if rapid.IntRange(0, 3).Draw(t, "deletes") > 0 {
			w.Data = append([]byte{}, anyBytes.Draw(t, "data")...)
		}
		c.Writes = append(c.Writes, w)
	}
	c.Appends = m.drawAppends(t)
	want := m.commit(c)
	wantError(t, "commit", m.log.Commit(context.Background(), c), want)
}

func (m *machine) doRead(t *rapid.T) {
	after, max := rapid.IntRange(0, len(m.records)+1).Draw(t, "after"), rapid.IntRange(1, 10).Draw(t, "max")
	got, err := m.log.Read(context.Background(), uint64(after), max, nil)
	wantError(t, "read", err, nil)
	from := min(after, len(m.records))
	same(t, "read", got, m.records[from:min(from+max, len(m.records))])
	head, err := m.log.Head(context.Background())
	if err != nil || head != uint64(len(m.records)) {
		t.Fatalf("head %d, %v, want %d", head, err, len(m.records))
	}
}

func (m *machine) doReadStream(t *rapid.T) {
	stream := anyStream.Draw(t, "stream")
	after, max := rapid.Uint64Range(0, 10).Draw(t, "after"), rapid.IntRange(1, 10).Draw(t, "max")
	got, err := m.log.ReadStream(context.Background(), stream, after, max, nil)
	wantError(t, "read stream", err, nil)
	want := m.choose(func(r store.Record) bool { return r.Stream == stream && r.Version > after })
	same(t, "read stream", got, want[:min(max, len(want))])
}

func (m *machine) doFind(t *rapid.T) {
	if len(m.records) == 0 {
		t.Skip("no records yet") // tells rapid to draw another action; the test goes on
	}
	r := rapid.SampledFrom(m.records).Draw(t, "record")
	got, err := m.log.ByCommand(context.Background(), r.Command())
	wantError(t, "by command", err, nil)
	same(t, "by command", got, m.choose(func(o store.Record) bool { return o.Command() == r.Command() }))
	got, err = m.log.ByTrigger(context.Background(), r.ID)
	wantError(t, "by trigger", err, nil)
	same(t, "by trigger", got, m.choose(func(o store.Record) bool { return o.Trigger == r.ID }))
}

func (m *machine) doGet(t *rapid.T) {
	collection, key := anyCollection.Draw(t, "collection"), anyKey.Draw(t, "key")
	if data, ok := m.documents[[2]string{collection, key}]; ok {
		wantDocument(t, m.log, collection, key, string(data))
	} else {
		wantNoDocument(t, m.log, collection, key)
	}
}

func (m *machine) doList(t *rapid.T) {
	collection := anyCollection.Draw(t, "collection")
	q := store.Query{Limit: rapid.IntRange(1, 10).Draw(t, "limit")}
	if rapid.Bool().Draw(t, "has a prefix") {
		q.Prefix = anyKey.Draw(t, "prefix")
	}
	if rapid.Bool().Draw(t, "has an after") {
		q.After = anyKey.Draw(t, "after")
	}
	got, err := m.log.List(context.Background(), collection, q)
	wantError(t, "list", err, nil)
	same := func(a, b store.Document) bool { return a.Key == b.Key && bytes.Equal(a.Data, b.Data) }
	if want := m.list(collection, q); !slices.EqualFunc(got, want, same) {
		t.Fatalf("list %+v gives %v, want %v", q, got, want)
	}
}
