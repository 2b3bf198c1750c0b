package postgres

import (
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// task is one write that waits for its turn, then for its outcome.
type task struct {
	expect   []store.Expectation
	appends  []store.Append
	writes   []store.Write
	do       func(tx doTx) error
	lazy     bool
	wake     chan signal
	accepted bool

	appended store.Appended // of the first append
	err      error
}

// signal is what the leader tells a waiting task.
type signal uint8

const (
	finished signal = iota
	lead            // be the next leader
)

// group is what one transaction does: the writes of its members, none of which
// can see what another has written.
type group struct {
	tasks    []*task
	began    time.Time
	bytes    int
	count    int
	keys     map[documentKey]struct{}
	commands map[uuid.UUID]struct{}
}

type documentKey struct{ collection, key string }

// Bounds of a group, from which on it takes no more.
const (
	groupTasks   = 1024
	groupRecords = 4096
	groupBytes   = 4 << 20
)

// takes tells whether the task fits into the group, and adds it.
func (g *group) takes(t *task) bool {
	if len(g.tasks) > 0 && (t.do != nil || g.tasks[0].do != nil || len(g.tasks) >= groupTasks || g.count >= groupRecords || g.bytes >= groupBytes || g.meets(t)) {
		return false
	}
	g.tasks = append(g.tasks, t)
	for i := range t.appends {
		g.add(&g.commands, t.appends[i].Records)
	}
	for i := range t.expect {
		g.addKey(t.expect[i].Collection, t.expect[i].Key, len(t.expect[i].Data))
	}
	for i := range t.writes {
		g.addKey(t.writes[i].Collection, t.writes[i].Key, len(t.writes[i].Data))
	}
	return true
}

// meets tells whether the task has a command or a document of another. What it
// finds then depends on what becomes of the other.
func (g *group) meets(t *task) bool {
	for i := range t.appends {
		if _, ok := g.commands[t.appends[i].Records[0].Command()]; ok {
			return true
		}
	}
	for i := range t.expect {
		if _, ok := g.keys[documentKey{t.expect[i].Collection, t.expect[i].Key}]; ok {
			return true
		}
	}
	for i := range t.writes {
		if _, ok := g.keys[documentKey{t.writes[i].Collection, t.writes[i].Key}]; ok {
			return true
		}
	}
	return false
}

func (g *group) add(commands *map[uuid.UUID]struct{}, records []store.Record) {
	if *commands == nil {
		*commands = make(map[uuid.UUID]struct{}, 64)
	}
	(*commands)[records[0].Command()] = struct{}{}
	g.count += len(records)
	for i := range records {
		g.bytes += len(records[i].Data) + len(records[i].Metadata)
	}
}

func (g *group) addKey(collection, key string, bytes int) {
	if g.keys == nil {
		g.keys = map[documentKey]struct{}{}
	}
	g.keys[documentKey{collection, key}] = struct{}{}
	g.count++
	g.bytes += bytes
}

// lazy tells whether nobody waits for the disk.
func (g *group) lazy() bool {
	for _, t := range g.tasks {
		if !t.lazy || len(t.appends) > 0 {
			return false
		}
	}
	return true
}

// arguments are those of the function write, in its order. They are reused
// from one group to the next.
type arguments struct {
	streams, types                                        column
	appendMember, appendStream, appendExpected            column
	appendCommand, appendCount, appendRepeats             column
	recordAppend, recordNumber, recordType, recordTime    column
	recordTrigger, recordCorrelation, recordActor         column
	recordMetadata, recordData                            column
	expectMember, expectCollection, expectKey, expectData column
	writeMember, writeCollection, writeKey, writeData     column
	streamIndex, typeIndex                                map[string]int
	seen                                                  map[uuid.UUID]struct{}
	last                                                  map[documentKey]int
	appends                                               int
	values                                                [][]byte
}

// all lists the columns in the function's order, with their types.
func (a *arguments) all() []struct {
	c   *column
	oid uint32
} {
	return []struct {
		c   *column
		oid uint32
	}{
		{&a.streams, oidText}, {&a.types, oidText},
		{&a.appendMember, oidInt4}, {&a.appendStream, oidInt4}, {&a.appendExpected, oidInt8},
		{&a.appendCommand, oidUUID}, {&a.appendCount, oidInt4}, {&a.appendRepeats, oidBool},
		{&a.recordAppend, oidInt4}, {&a.recordNumber, oidInt2}, {&a.recordType, oidInt4}, {&a.recordTime, oidInt8},
		{&a.recordTrigger, oidUUID}, {&a.recordCorrelation, oidUUID}, {&a.recordActor, oidText}, {&a.recordMetadata, oidBytes}, {&a.recordData, oidBytes},
		{&a.expectMember, oidInt4}, {&a.expectCollection, oidText}, {&a.expectKey, oidText}, {&a.expectData, oidBytes},
		{&a.writeMember, oidInt4}, {&a.writeCollection, oidText}, {&a.writeKey, oidText}, {&a.writeData, oidBytes},
	}
}

// writeCall is the call of the function write.
const writeCall = `SELECT {schema}.write($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30)`

// encode writes the group into the arguments. What comes first is the
// caller's.
func (a *arguments) encode(g *group) {
	for _, c := range a.all() {
		c.c.reset(c.oid)
	}
	a.appends = 0
	if a.streamIndex == nil {
		a.streamIndex, a.typeIndex, a.seen, a.last = map[string]int{}, map[string]int{}, map[uuid.UUID]struct{}{}, map[documentKey]int{}
	}
	clear(a.streamIndex)
	clear(a.typeIndex)
	for i, t := range g.tasks {
		a.addTask(i+1, t)
	}
}

func (a *arguments) addTask(member int, t *task) {
	for i := range t.expect {
		e := &t.expect[i]
		a.expectMember.addInt4(member)
		a.expectCollection.addText(e.Collection)
		a.expectKey.addText(e.Key)
		addNullable(&a.expectData, e.Data)
	}
	if len(t.appends) > 1 {
		clear(a.seen)
	}
	for i := range t.appends {
		a.addAppend(member, &t.appends[i], len(t.appends) > 1)
	}
	a.addWrites(member, t.writes)
}

// addWrites adds the last write of each document.
func (a *arguments) addWrites(member int, writes []store.Write) {
	if len(writes) > 1 {
		clear(a.last)
		for i := range writes {
			a.last[documentKey{writes[i].Collection, writes[i].Key}] = i
		}
	}
	for i := range writes {
		w := &writes[i]
		if len(writes) > 1 && a.last[documentKey{w.Collection, w.Key}] != i {
			continue
		}
		a.writeMember.addInt4(member)
		a.writeCollection.addText(w.Collection)
		a.writeKey.addText(w.Key)
		addNullable(&a.writeData, w.Data)
	}
}

func addNullable(c *column, b []byte) {
	if b == nil {
		c.addNull()
	} else {
		c.addBytes(b)
	}
}

// index returns the place of a text in a column, counted from one.
func index(known map[string]int, c *column, text string) int {
	n, ok := known[text]
	if !ok {
		c.addText(text)
		n = c.count
		known[text] = n
	}
	return n
}

func (a *arguments) addAppend(member int, w *store.Append, several bool) {
	a.appends++
	command := w.Records[0].Command()
	expected := int64(-1)
	if w.Expected != store.AnyVersion {
		expected = int64(min(w.Expected, math.MaxInt64))
	}
	repeats := false
	if several {
		_, repeats = a.seen[command]
		a.seen[command] = struct{}{}
	}
	a.appendMember.addInt4(member)
	a.appendStream.addInt4(index(a.streamIndex, &a.streams, w.Stream))
	a.appendExpected.addInt8(expected)
	a.appendCommand.addBytes(command[:])
	a.appendCount.addInt4(len(w.Records))
	a.appendRepeats.addBool(repeats)
	for i := range w.Records {
		a.addRecord(&w.Records[i], i, command)
	}
}

func (a *arguments) addRecord(r *store.Record, number int, command uuid.UUID) {
	a.recordAppend.addInt4(a.appends)
	a.recordNumber.addInt2(number)
	a.recordType.addInt4(index(a.typeIndex, &a.types, r.Type))
	a.recordTime.addInt8(r.Time.UnixNano())
	addID(&a.recordTrigger, r.Trigger, uuid.Nil)
	addID(&a.recordCorrelation, r.Correlation, command)
	if r.Actor == "" {
		a.recordActor.addNull()
	} else {
		a.recordActor.addText(r.Actor)
	}
	if len(r.Metadata) == 0 {
		a.recordMetadata.addNull()
	} else {
		a.recordMetadata.addBytes(r.Metadata)
	}
	a.recordData.addBytes(r.Data)
}

// addID adds an id, null for the usual one.
func addID(c *column, id, usual uuid.UUID) {
	if id == usual {
		c.addNull()
	} else {
		c.addBytes(id[:])
	}
}

// list returns the arguments after those that say who writes.
func (a *arguments) list(writer, epoch, round int64, g *group) [][]byte {
	a.values = append(a.values[:0], int8Value(writer), int8Value(epoch), int8Value(round), boolValue(g.lazy()), int4Value(len(g.tasks)))
	for _, c := range a.all() {
		a.values = append(a.values, c.c.value())
	}
	return a.values
}

// size is the number of bytes that are sent.
func (a *arguments) size() (n int) {
	for _, c := range a.all() {
		n += len(c.c.buf)
	}
	return n
}

// Statuses of a member, as the function write returns them.
const (
	statusStored = iota
	statusExpectation
	statusVersion
	statusDuplicate
)

// apply gives each member its outcome.
func (g *group) apply(outcome []int64) error {
	n, appends := len(g.tasks), 0
	for _, t := range g.tasks {
		appends += len(t.appends)
	}
	if len(outcome) != 3*n+2*appends {
		return fmt.Errorf("postgres: the function write returned %d numbers for %d members with %d appends", len(outcome), n, appends)
	}
	status, detail, found := outcome[:n], outcome[n:2*n], outcome[2*n:3*n]
	first, before := outcome[3*n:3*n+appends], outcome[3*n+appends:]
	at, expectations := 0, 0
	for i, t := range g.tasks {
		t.err = nil
		switch status[i] {
		case statusStored:
			t.place(first[at:], before[at:])
		case statusExpectation:
			e := &t.expect[int(detail[i])-1-expectations]
			t.err = fmt.Errorf("%w: document %q of %q is not what was expected", store.ErrConflict, e.Key, e.Collection)
		case statusVersion:
			a := &t.appends[int(detail[i])-1-at]
			t.err = fmt.Errorf("%w: stream %q is at version %d, not %d", store.ErrConflict, a.Stream, found[i], a.Expected)
		case statusDuplicate:
			a := &t.appends[int(detail[i])-1-at]
			t.err = fmt.Errorf("%w: command %s, at position %d", store.ErrDuplicate, a.Records[0].Command(), found[i])
		}
		at += len(t.appends)
		expectations += len(t.expect)
	}
	return nil
}

// place notes where the task's appends were stored.
func (t *task) place(first, before []int64) {
	for j := range t.appends {
		a := &t.appends[j]
		for k := range a.Records {
			r := &a.Records[k]
			r.Position, r.Stream, r.Version = uint64(first[j])+uint64(k), a.Stream, uint64(before[j])+1+uint64(k)
		}
	}
	if len(t.appends) > 0 {
		t.appended = store.Appended{First: uint64(first[0]), Version: uint64(before[0]) + 1}
	}
}

// stored returns the records of the members that were stored, in the order of
// their positions.
func (g *group) stored(into []store.Record) []store.Record {
	for _, t := range g.tasks {
		if t.err != nil {
			continue
		}
		for i := range t.appends {
			into = append(into, t.appends[i].Records...)
		}
	}
	for i := range into {
		into[i].Time = into[i].Time.UTC()
		if len(into[i].Metadata) == 0 {
			into[i].Metadata = nil
		}
	}
	return into
}
