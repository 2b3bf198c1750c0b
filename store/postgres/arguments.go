package postgres

import (
	"math"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// arguments are those of the function write, in its order. They are reused
// from one group to the next.
type arguments struct {
	streams, types                                             column
	appendMember, appendStream, appendExpected                 column
	appendCommand, appendCount, appendRepeats                  column
	recordAppend, recordNumber, recordType, recordTime         column
	recordTrigger, recordCorrelation, recordActor              column
	recordMetadata, recordData                                 column
	expectMember, expectCollection, expectKey, expectData      column
	writeMember, writeCollection, writeKey, writeData          column
	recordPosition, recordStream, recordVersion, recordCommand column
	streamIndex, typeIndex                                     map[string]int
	seen                                                       map[uuid.UUID]struct{}
	last                                                       map[documentKey]int
	appends                                                    int
	values                                                     [][]byte
}

// typed is a column with the type of its elements.
type typed struct {
	c   *column
	oid uint32
}

// all lists the columns in the function's order.
func (a *arguments) all() []typed {
	return []typed{
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
	a.addExpectations(member, t.expect)
	if len(t.appends) > 1 {
		clear(a.seen)
	}
	for i := range t.appends {
		a.addAppend(member, &t.appends[i], len(t.appends) > 1)
	}
	a.addWrites(member, t.writes)
}

func (a *arguments) addExpectations(member int, expect []store.Expectation) {
	for i := range expect {
		e := &expect[i]
		a.expectMember.addInt4(member)
		a.expectCollection.addText(e.Collection)
		a.expectKey.addText(e.Key)
		addNullable(&a.expectData, e.Data)
	}
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
	a.recordType.addInt4(index(a.typeIndex, &a.types, r.Type))
	a.addFields(r, number, command)
}

// addFields adds what is the same however the rest is found.
func (a *arguments) addFields(r *store.Record, number int, command uuid.UUID) {
	a.recordNumber.addInt2(number)
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

// list returns the arguments.
func (a *arguments) list(s *session, g *group) [][]byte {
	a.values = append(a.values[:0], int8Value(s.writer), int8Value(s.epoch), int8Value(s.round), boolValue(g.lazy()), int4Value(len(g.tasks)))
	for _, c := range a.all() {
		a.values = append(a.values, c.c.value())
	}
	return a.values
}

// size is the number of bytes that are sent.
func (a *arguments) size(isKnown bool) (n int) {
	columns := a.all()
	if isKnown {
		columns = a.allKnown()
	}
	for _, c := range columns {
		n += len(c.c.buf)
	}
	return n
}
