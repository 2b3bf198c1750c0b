package landfall

import (
	"context"
	"slices"
	"sync"

	"github.com/landfall-go/landfall/store"
)

// line is where those who want an aggregate wait, and has the turn go from one to the
// next in the order in which they came. Who has the turn may have the commands of
// those who wait answered with its own, so that they share one write: otherwise a busy
// aggregate would take no more commands a second than the disk takes writes.
type line struct {
	mu      sync.Mutex
	held    bool
	waiting []*caller
}

// caller is who waits with a command.
type caller struct {
	ctx   context.Context
	e     envelope
	alone bool // it shares no write

	wake   chan struct{}
	done   bool // somebody else has had the command answered
	result Result
}

func newCaller(ctx context.Context, e *envelope) *caller {
	return &caller{ctx: ctx, e: *e}
}

// take takes the turn when nobody has it.
func (l *line) take() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.held {
		return false
	}
	l.held = true
	return true
}

// wait returns when the caller has the turn, or when its command was answered.
func (l *line) wait(c *caller) {
	l.mu.Lock()
	if !l.held {
		l.held = true
		l.mu.Unlock()
		return
	}
	c.wake = make(chan struct{}, 1)
	l.waiting = append(l.waiting, c)
	l.mu.Unlock()
	<-c.wake
}

// pass gives the turn to the next in the line.
func (l *line) pass() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.waiting) == 0 {
		l.held = false
		return
	}
	next := l.waiting[0]
	l.waiting = slices.Delete(l.waiting, 0, 1)
	next.wake <- struct{}{}
}

// mostTogether bounds how many commands share a write.
const mostTogether = 256

// others takes those out of the line whose commands may be answered with that of who
// has the turn. They are to be given to back.
func (l *line) others() []*caller {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for n < min(len(l.waiting), mostTogether-1) && !l.waiting[n].alone {
		n++
	}
	if n == 0 {
		return nil
	}
	others := slices.Clone(l.waiting[:n])
	l.waiting = slices.Delete(l.waiting, 0, n)
	return others
}

// back wakes those whose commands were answered, and puts the others at the head of the
// line, each for itself.
func (l *line) back(callers []*caller) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, c := range callers {
		if c.done {
			c.wake <- struct{}{}
			continue
		}
		c.alone = true
		l.waiting = slices.Insert(l.waiting, n, c)
		n++
	}
}

// decideTogether has commands answered with one write, in their order, the first being
// that of who has the turn. It leaves those for themselves that lead to no event, whose
// answer has to wait until it is sure that what it rests on was stored, and all of
// them when anything fails.
func (m *module) decideTogether(entry *cached, callers []*caller) {
	defer entry.line.back(callers[1:])
	a := callers[0].e.handler.aggregate
	if m.load(callers[0].ctx, a, entry) != nil {
		return
	}
	t := together{m: m, entry: entry, version: entry.version, ids: make(map[ID]bool, len(callers))}
	defer t.end()
	for _, c := range callers {
		if err := t.add(c); err != nil {
			return
		}
	}
	if len(t.callers) == 0 {
		t.stored = true // as it was
		return
	}
	if err := t.store(); err != nil {
		return
	}
	t.stored = true
	entry.version = t.version
	m.snapshot(a, entry)
}

// maxTogether bounds the bytes of a shared write.
const maxTogether = 8 << 20

// together is a write that commands share.
type together struct {
	m       *module
	entry   *cached
	version uint64 // of the aggregate after it
	ids     map[ID]bool
	callers []*caller
	appends []store.Append
	records int
	bytes   int
	stored  bool
}

// add asks the aggregate and applies what follows, unless the command has to be left
// for itself. After an error the state is not to be used.
func (t *together) add(c *caller) error {
	if c.ctx.Err() != nil || t.ids[c.e.ID] || t.bytes > maxTogether {
		return nil
	}
	events, err := c.e.handler.ask(t.entry.state, c.e.Command)
	if err != nil || len(events) == 0 || t.records+len(events) > store.MaxRecords {
		return nil
	}
	t.entry.records = nil // each has records of its own
	recorded, err := c.e.prepare(t.entry, events)
	if err != nil {
		return nil
	}
	if err := applyAll(c.e.handler.aggregate, t.entry, events); err != nil {
		return err
	}
	c.result = Result{Command: c.e.ID, Events: recorded}
	t.ids[c.e.ID] = true
	t.callers = append(t.callers, c)
	t.appends = append(t.appends, store.Append{Stream: t.entry.stream, Expected: t.version, Records: t.entry.records})
	t.version += uint64(len(events))
	t.records += len(events)
	for i := range t.entry.records {
		t.bytes += len(t.entry.records[i].Data)
	}
	return nil
}

// store stores the events of all. The write is that of many, so that the end of one
// caller's context does not end it.
func (t *together) store() error {
	var ends []func(error)
	if around := t.m.host.config.Hooks.Around; around != nil {
		for i, c := range t.callers {
			_, done := around(c.ctx, Operation{
				Kind: OpAppend, Module: t.m.spec.name, Name: c.e.handler.name, Aggregate: c.e.To, ID: c.e.ID, Events: len(t.appends[i].Records),
			})
			ends = append(ends, done)
		}
	}
	err := t.m.log.Commit(context.WithoutCancel(t.callers[0].ctx), store.Changes{Appends: t.appends})
	for _, done := range ends {
		done(err)
	}
	return err
}

// end tells the callers that they are done, or forgets what was not stored.
func (t *together) end() {
	t.entry.records = nil
	for _, c := range t.callers {
		c.done = t.stored
		c.e.fresh = false // it may have been stored in spite of an error
	}
	if !t.stored {
		t.entry.forget()
	}
}
