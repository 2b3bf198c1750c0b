package postgres

import (
	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// known is what a writer knows of the log since its last write. While nobody
// else writes, it can tell the positions and versions of a group before it is
// sent, which saves the server from looking them up. When somebody else does,
// the server says so, and looks.
type known struct {
	valid   bool
	head    int64
	streams map[string]knownStream
	types   map[string]int64
	// contended counts down the groups for which the server looks at once,
	// because others write too.
	contended int

	// The plan of a group.
	first, before []int64 // of each append
	planned       int64   // the position before the first
	seen          map[uuid.UUID]struct{}
}

type knownStream struct{ id, version int64 }

const (
	// knownStreams bounds what is remembered. More are forgotten at once.
	knownStreams = 100_000
	// contendedGroups is for how many groups the server looks after others were
	// seen to write.
	contendedGroups = 16
)

// forget makes the server look the next time.
func (k *known) forget() {
	k.valid = false
	clear(k.streams)
}

// miss is called when others have written.
func (k *known) miss() {
	k.forget()
	k.contended = contendedGroups
}

// plan tells whether all of the group will be stored, as far as is known, and
// where. It counts the group as stored: when it is not, forget must be called.
func (k *known) plan(g *group) bool {
	k.first, k.before, k.planned = k.first[:0], k.before[:0], k.head
	for _, t := range g.tasks {
		if len(t.appends) > 1 && !k.distinct(t.appends) {
			return false
		}
		for i := range t.appends {
			if !k.planAppend(&t.appends[i]) {
				return false
			}
		}
	}
	return true
}

func (k *known) planAppend(a *store.Append) bool {
	if !k.valid || k.contended > 0 {
		return false
	}
	s, ok := k.streams[a.Stream]
	if !ok || a.Expected != store.AnyVersion && a.Expected != uint64(s.version) {
		return false
	}
	for i := range a.Records {
		if _, ok := k.types[a.Records[i].Type]; !ok {
			return false
		}
	}
	n := int64(len(a.Records))
	k.first, k.before = append(k.first, k.head+1), append(k.before, s.version)
	k.head += n
	k.streams[a.Stream] = knownStream{id: s.id, version: s.version + n}
	return true
}

// distinct tells whether no command comes twice.
func (k *known) distinct(appends []store.Append) bool {
	if k.seen == nil {
		k.seen = map[uuid.UUID]struct{}{}
	}
	clear(k.seen)
	for i := range appends {
		k.seen[appends[i].Records[0].Command()] = struct{}{}
	}
	return len(k.seen) == len(appends)
}

// outcome returns the plan in the form of the function write.
func (k *known) outcome(g *group) []int64 {
	outcome := make([]int64, 3*len(g.tasks), 3*len(g.tasks)+2*len(k.first))
	return append(append(outcome, k.first...), k.before...)
}

// learn takes what the function write has told about the log.
func (k *known) learn(g *group, outcome []int64, streams, types map[string]int) {
	appends := 0
	for _, t := range g.tasks {
		appends += len(t.appends)
	}
	if appends == 0 {
		return
	}
	n := len(g.tasks)
	rest := outcome[3*n+2*appends:]
	if len(rest) < 1+2*len(streams) {
		k.forget()
		return
	}
	k.meet(outcome[3*n:3*n+appends], rest[0])
	if k.streams == nil || len(k.streams) > knownStreams {
		k.streams = map[string]knownStream{}
	}
	ids, versions, kinds := rest[1:1+len(streams)], rest[1+len(streams):1+2*len(streams)], rest[1+2*len(streams):]
	for name, i := range streams {
		if ids[i-1] != 0 {
			k.streams[name] = knownStream{id: ids[i-1], version: versions[i-1]}
		}
	}
	if k.types == nil || len(k.types) > knownStreams {
		k.types = map[string]int64{}
	}
	if len(kinds) == len(types) {
		for name, i := range types {
			k.types[name] = kinds[i-1]
		}
	}
	k.head, k.valid = rest[0], true
}

// meet finds out whether others have written before this group.
func (k *known) meet(first []int64, tail int64) {
	from := tail // nothing was stored: the head is the tail
	for _, position := range first {
		if position != 0 {
			from = position - 1
			break
		}
	}
	switch {
	case k.valid && from != k.planned:
		k.miss()
	case k.valid && k.contended > 0:
		k.contended--
	}
}

// encodeKnown writes the plan of the group into the arguments.
func (a *arguments) encodeKnown(g *group, k *known) {
	for _, c := range a.allKnown() {
		c.c.reset(c.oid)
	}
	if a.last == nil {
		a.last = map[documentKey]int{}
	}
	n := 0
	for _, t := range g.tasks {
		a.addExpectations(0, t.expect)
		for i := range t.appends {
			a.addKnown(&t.appends[i], k, k.first[n], k.before[n])
			n++
		}
		a.addWrites(0, t.writes)
	}
}

func (a *arguments) addKnown(w *store.Append, k *known, first, before int64) {
	command := w.Records[0].Command()
	stream := k.streams[w.Stream].id
	for i := range w.Records {
		r := &w.Records[i]
		a.recordPosition.addInt8(first + int64(i))
		a.recordStream.addInt8(stream)
		a.recordVersion.addInt8(before + 1 + int64(i))
		a.recordType.addInt4(int(k.types[r.Type]))
		a.recordCommand.addBytes(command[:])
		a.addFields(r, i, command)
	}
}

// allKnown lists the columns in the order of the function write_known.
func (a *arguments) allKnown() []typed {
	return []typed{
		{&a.recordPosition, oidInt8}, {&a.recordStream, oidInt8}, {&a.recordVersion, oidInt8}, {&a.recordTime, oidInt8},
		{&a.recordType, oidInt4}, {&a.recordNumber, oidInt2}, {&a.recordCommand, oidUUID},
		{&a.recordTrigger, oidUUID}, {&a.recordCorrelation, oidUUID}, {&a.recordActor, oidText}, {&a.recordMetadata, oidBytes}, {&a.recordData, oidBytes},
		{&a.expectCollection, oidText}, {&a.expectKey, oidText}, {&a.expectData, oidBytes},
		{&a.writeCollection, oidText}, {&a.writeKey, oidText}, {&a.writeData, oidBytes},
	}
}

// knownCall is the call of the function write_known.
const knownCall = `SELECT {schema}.write_known($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23)`

// listKnown returns the arguments of write_known.
func (a *arguments) listKnown(s *session, k *known, g *group) [][]byte {
	a.values = append(a.values[:0], int8Value(s.writer), int8Value(s.epoch), int8Value(s.round), boolValue(g.lazy()), int8Value(k.planned))
	for _, c := range a.allKnown() {
		a.values = append(a.values, c.c.value())
	}
	return a.values
}
