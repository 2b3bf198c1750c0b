package postgres

import (
	"fmt"
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
	if len(outcome) < 3*n+2*appends {
		return fmt.Errorf("postgres: the function write returned %d numbers for %d members with %d appends", len(outcome), n, appends)
	}
	status, detail, found := outcome[:n], outcome[n:2*n], outcome[2*n:3*n]
	first, before := outcome[3*n:3*n+appends], outcome[3*n+appends:3*n+2*appends]
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
