package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/store"
)

// loadPage is how many events of an aggregate are read at once.
const loadPage = 256

// youngAge is how many events are read before a snapshot is looked for: most
// aggregates never get older, and are read at once.
const youngAge = 16

const snapshots = "snapshots"

// stateSnapshot is the document that saves reading an aggregate's early events.
type stateSnapshot struct {
	Version uint64          `json:"version"`
	Shape   string          `json:"shape"`
	State   json.RawMessage `json:"state"`
}

// load brings the entry's state up to the log, as far as this process has not
// kept it there.
func (m *module) load(ctx context.Context, a *aggregateSpec, entry *cached) error {
	if entry.loaded && !entry.behind {
		return nil
	}
	if entry.loaded {
		return m.readOn(ctx, a, entry)
	}
	state, version, snapshot, err := m.replay(ctx, a, entry.stream)
	if err != nil {
		return err
	}
	entry.state, entry.version, entry.snapshot, entry.loaded = state, version, snapshot, true
	return nil
}

// readOn applies what other processes have written since the entry was loaded.
func (m *module) readOn(ctx context.Context, a *aggregateSpec, entry *cached) (err error) {
	defer func() {
		if err != nil {
			entry.forget() // some of it may be applied
		}
	}()
	defer guard(&err, a.label)
	var page []store.Record
	for {
		if page, err = m.log.ReadStream(ctx, entry.stream, entry.version, loadPage, page[:0]); err != nil {
			return err
		}
		if err := m.applyPage(a, entry.state, page); err != nil {
			return err
		}
		if len(page) > 0 {
			entry.version = page[len(page)-1].Version
		}
		if len(page) < loadPage {
			entry.behind = false
			return nil
		}
	}
}

// applyPage applies records of an aggregate to its state.
func (m *module) applyPage(a *aggregateSpec, state any, page []store.Record) error {
	for i := range page {
		if m.spec.retired[page[i].Type] {
			continue
		}
		event, err := m.spec.decodeEvent(page[i].Type, page[i].Data)
		if err != nil {
			return m.unreadable(&page[i], err)
		}
		a.apply(state, event)
	}
	return nil
}

// replay reads an aggregate: its last snapshot and the events since.
func (m *module) replay(ctx context.Context, a *aggregateSpec, stream string) (state any, version, snapshot uint64, err error) {
	if around := m.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpLoad, Module: m.spec.name, Name: a.name, Aggregate: AggregateID(strings.TrimPrefix(stream, a.prefix))})
		defer func() { done(err) }()
	}
	defer guard(&err, a.label)
	page, err := m.log.ReadStream(ctx, stream, 0, youngAge, nil)
	if err != nil {
		return nil, 0, 0, err
	}
	full := len(page) == youngAge
	state = a.newState()
	if full { // only an older aggregate may have a snapshot
		if state, snapshot, err = m.startingPoint(ctx, a, stream); err != nil {
			return nil, 0, 0, err
		}
	}
	if version = snapshot; version > 0 {
		page = page[:0]
	}
	for {
		if err := m.applyPage(a, state, page); err != nil {
			return nil, 0, 0, err
		}
		if len(page) > 0 {
			version = page[len(page)-1].Version
		}
		if !full {
			return state, version, snapshot, nil
		}
		if page, err = m.log.ReadStream(ctx, stream, version, loadPage, page[:0]); err != nil {
			return nil, 0, 0, err
		}
		full = len(page) == loadPage
	}
}

// startingPoint returns the last snapshot, or a new state when there is none
// that today's code can read.
func (m *module) startingPoint(ctx context.Context, a *aggregateSpec, stream string) (any, uint64, error) {
	doc, err := m.log.Get(ctx, snapshots, stream)
	if errors.Is(err, store.ErrNotFound) {
		return a.newState(), 0, nil
	}
	if err != nil {
		return nil, 0, err
	}
	var saved stateSnapshot
	state := a.newState()
	if json.Unmarshal(doc.Data, &saved) != nil || saved.Shape != a.shape || json.Unmarshal(saved.State, state) != nil {
		return a.newState(), 0, nil // another shape: the events tell it all again
	}
	return state, saved.Version, nil
}

// snapshot saves the state of a long stream from time to time. It encodes now,
// while the state is held, and leaves the writing to others: a snapshot that
// is lost is made again later.
func (m *module) snapshot(a *aggregateSpec, entry *cached) {
	every := uint64(m.host.config.SnapshotEvery)
	if entry.version < entry.snapshot+every {
		return
	}
	data, err := encodeSnapshot(entry.version, a.shape, entry.state)
	if err != nil {
		m.logger.Warn("snapshot failed", "stream", entry.stream, "error", err)
		entry.snapshot = entry.version // not again for each event
		return
	}
	select {
	case m.snapshots <- store.Write{Collection: snapshots, Key: entry.stream, Data: data}:
		entry.snapshot = entry.version
	default: // the writer is behind; the next event tries again
	}
}

// encodeSnapshot writes a stateSnapshot. A large state that writes itself is not read
// through again, and again within the document, while everyone waits: should it be no
// JSON, startingPoint finds out, and the events tell it all.
func encodeSnapshot(version uint64, shape string, state any) ([]byte, error) {
	var raw []byte
	var err error
	if own, ok := state.(json.Marshaler); ok {
		raw, err = own.MarshalJSON()
	} else {
		raw, err = json.Marshal(state)
	}
	if err != nil {
		return nil, err
	}
	quoted, err := json.Marshal(shape)
	if err != nil {
		return nil, err
	}
	data := fmt.Appendf(make([]byte, 0, len(raw)+len(quoted)+64), `{"version":%d,"shape":%s,"state":`, version, quoted)
	return append(append(data, raw...), '}'), nil
}

// writeSnapshots stores what snapshot hands it, until the channel is closed.
func (m *module) writeSnapshots() {
	for write := range m.snapshots {
		writes := []store.Write{write}
		for len(writes) < 64 && len(m.snapshots) > 0 {
			writes = append(writes, <-m.snapshots)
		}
		if err := m.log.Commit(context.Background(), store.Changes{Writes: writes, Lazy: true}); err != nil {
			m.logger.Warn("snapshots were not stored; they will be made again", "count", len(writes), "error", err)
		}
	}
}

// read turns a stored record into a recorded event. wanted says which events
// are to be decoded, nil says all. What was heard from another module under a
// name that the code does not know stays undecoded.
func (m *module) read(r *store.Record, wanted func(*Recorded) bool) (*Recorded, error) {
	_, id, _ := strings.Cut(r.Stream, "/")
	e := &Recorded{stream: r.Stream, kind: m.spec.today(r.Type), Metadata: Metadata{
		ID: r.ID, Aggregate: AggregateID(id), Version: r.Version, Position: r.Position,
		Type: r.Type, Time: r.Time, Trigger: r.Trigger,
		Correlation: r.Correlation, Actor: r.Actor,
	}}
	class := classOf(r.Type)
	if e.kind != nil && class == ownEvent {
		e.Type = e.kind.name
	}
	if e.kind == nil && (class != ownEvent || m.spec.retired[r.Type]) || wanted != nil && !wanted(e) {
		return e, nil
	}
	if err := e.crossed(class, r.Metadata); err != nil {
		return e, m.unreadable(r, err)
	}
	event, err := m.spec.decodeEvent(r.Type, r.Data)
	if err != nil {
		return e, m.unreadable(r, err)
	}
	e.Event = event
	if class == ownEvent && r.Type == e.kind.name && m.spec.published[e.kind] {
		e.raw = r.Data
	}
	return e, nil
}

func (m *module) unreadable(r *store.Record, cause error) error {
	return fmt.Errorf("%w: %s %s, version %d of %s, at position %d of module %s: %w",
		ErrUnreadable, r.Type, r.ID, r.Version, r.Stream, r.Position, m.spec.name, cause)
}
