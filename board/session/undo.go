package session

import (
	"encoding/json"
	"slices"

	"github.com/landfall-go/landfall"
)

// UndoStep takes back the last thing that this person did, as far as nobody else
// has gone on from it.
func (b Board) UndoStep(c UndoStep) ([]landfall.Event, error) {
	// Undo takes back nothing that others have gone on from: see reversal.
	if err := b.open(); err != nil {
		return nil, err
	}
	h := b.past.histories[c.By]
	if h == nil || len(h.Done) == 0 {
		return nil, landfall.Reject("There is nothing of yours to undo.")
	}
	s := &h.Done[len(h.Done)-1]
	changes, kept := b.reverse(s, c.By)
	return one(StepUndone{Step: s.Number, Changes: changes, Kept: kept, By: c.By, At: c.At})
}

// RedoStep does again what this person undid last, as far as nobody else has gone
// on from there.
func (b Board) RedoStep(c RedoStep) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	h := b.past.histories[c.By]
	if h == nil || len(h.Undone) == 0 {
		return nil, landfall.Reject("There is nothing of yours to do again.")
	}
	s := &h.Undone[len(h.Undone)-1]
	changes, kept := b.reverse(s, c.By)
	return one(StepRedone{Step: s.Number, Changes: changes, Kept: kept, By: c.By, At: c.At})
}

// reverse returns the changes that take a step back, and the items that stay as
// they are, at least in part, because others have gone on from them. A step that is
// too large for one event is given up.
func (b *Board) reverse(s *step, by string) ([]Change, []string) {
	r := reversal{wall: b.Wall(), past: b.past, step: s, by: by, kept: map[string]bool{}, dropped: make([]bool, len(s.Entries))}
	for {
		r.try()
		if !r.settle() {
			break
		}
	}
	if weight(r.changes) > maxWeight {
		return nil, nil
	}
	return r.changes, sorted(r.kept)
}

// maxWeight is how many bytes of changes there are in an event, at most. A record
// of the log has room for more.
const maxWeight = 12 << 20

func weight(changes []Change) int {
	bytes := 0
	for i := range changes {
		bytes += 30 + len(changes[i].ID)
		for _, p := range changes[i].Set {
			bytes += len(p.Name) + len(p.Value) + 4
		}
	}
	return bytes
}

// reversal works out what of a step can be taken back. What turns out to be in the
// way of somebody else's work is dropped, and the rest is tried again.
type reversal struct {
	wall    *Wall
	past    *past
	step    *step
	by      string
	kept    map[string]bool
	dropped []bool // by the number of the entry
	again   bool

	// What the last try led to:
	draft   draft
	changes []Change
	of      map[string][]int // the entries that were taken back, by item
	since   map[string]int   // of items that went
	writers map[property2]writer
}

// property2 is a property of an item.
type property2 struct{ id, name string }

// try takes back all entries that are not dropped, from the last to the first.
func (r *reversal) try() {
	r.draft = draft{base: r.wall, items: map[string]Item{}}
	r.changes, r.again = nil, false
	r.of, r.since, r.writers = map[string][]int{}, map[string]int{}, map[property2]writer{}
	for i, e := range slices.Backward(r.step.Entries) {
		if r.dropped[i] {
			continue
		}
		c, ok := r.back(&e)
		if !ok {
			r.drop(i, e.ID)
			continue
		}
		r.of[e.ID] = append(r.of[e.ID], i)
		r.do(c)
	}
}

func (r *reversal) do(c Change) {
	r.draft.apply(&c)
	r.changes = append(r.changes, c)
}

func (r *reversal) drop(i int, id string) {
	r.dropped[i] = true
	r.kept[id] = true
}

// dropAll drops all that is taken back of an item, and says whether that was
// anything.
func (r *reversal) dropAll(id string) bool {
	some := false
	for _, i := range r.of[id] {
		if !r.dropped[i] {
			r.drop(i, id)
			some = true
		}
	}
	r.again = r.again || some
	return some
}

// back returns the change that takes an entry back, unless somebody has gone on
// from it.
func (r *reversal) back(e *entry) (Change, bool) {
	now := r.draft.item(e.ID)
	switch {
	case e.Property != "":
		return r.setBack(e, now)
	case e.Item != nil:
		return Change{ID: e.ID, Set: whole(e.Item)}, now == nil
	case now == nil:
		return Change{}, false
	}
	r.since[e.ID] = e.Since
	w := r.past.written[e.ID]
	again := r.step.Undone > 0 // it went before: whoever brought it back wants it
	kept := r.handedBack(e) || w.touchedByOthers(r.by, e.Since) || again && r.broughtBack(e.ID, r.step.Undone)
	return gone(e.ID), !kept
}

// handedBack says whether what was taken back so far left a property of the item as
// somebody else had set it since.
func (r *reversal) handedBack(e *entry) bool {
	for p, by := range r.writers {
		if p.id == e.ID && by.By != r.by && by.At > e.Since {
			return true
		}
	}
	return false
}

func (r *reversal) setBack(e *entry, now Item) (Change, bool) {
	if now == nil {
		return Change{}, false
	}
	if e.Property == "votes" {
		n, _ := now.(*Note)
		return Change{ID: e.ID, Set: Properties{{e.Property, votesBack(n.Votes, e.Value, e.After)}}}, true
	}
	key := property2{e.ID, e.Property}
	last, ok := r.writers[key]
	if !ok {
		last = r.past.writer(e.ID, e.Property)
	}
	r.writers[key] = e.Writer
	ok = r.step.expects(e, last, r.by) && !(r.step.Undone > 0 && r.broughtBack(e.ID, r.step.Undone))
	return Change{ID: e.ID, Set: Properties{{e.Property, e.Value}}}, ok
}

// votesBack takes back what a step did to the votes of each person, and leaves
// what has been done since.
func votesBack(votes map[string]int, before, after json.RawMessage) json.RawMessage {
	var was, is map[string]int
	_ = json.Unmarshal(before, &was)
	_ = json.Unmarshal(after, &is)
	out := map[string]int{}
	for _, people := range []map[string]int{votes, was, is} {
		for p := range people {
			if n := votes[p] + was[p] - is[p]; n > 0 {
				out[p] = n
			}
		}
	}
	return encode(out)
}

// settle looks at what would not fit together, drops what is to blame, and mends
// the rest. It says whether to try again.
func (r *reversal) settle() bool {
	r.settleLinks()
	goes := r.goes()
	var e NotesRemoved
	if len(goes) > 0 {
		r.wall.dependents(goes, &e)
		r.keepForOthers(goes, removed(e))
	}
	for _, id := range r.draft.touched() {
		switch i := r.draft.items[id].(type) {
		case *Comment:
			r.need(id, i.Note)
		case *Apart:
			r.need(id, i.A, i.B)
		case *Note:
			r.settleNote(i)
		}
	}
	for _, c := range removed(e) {
		if r.refersTo(c.ID, goes) {
			r.do(c)
		}
	}
	return r.again
}

// goes returns the notes that would go.
func (r *reversal) goes() map[string]bool {
	goes := map[string]bool{}
	for id, i := range r.draft.items {
		if i == nil && r.wall.Notes[id] != nil {
			goes[id] = true
		}
	}
	return goes
}

// need drops an item that came back, when notes that it belongs to are not there.
func (r *reversal) need(id string, notes ...string) {
	for _, n := range notes {
		if r.draft.note(n) == nil {
			r.dropAll(id)
		}
	}
}

// settleLinks keeps links whole: none leads nowhere, none is there twice, and each
// means what its notes' kinds say.
func (r *reversal) settleLinks() {
	pairs := r.draft.pairs()
	for _, l := range r.draft.links() {
		verb := r.draft.verb(l)
		if verb != "" && !r.draft.twice(l, pairs) {
			if verb != l.Verb {
				r.do(set(l.ID, "verb", verb))
			}
			continue
		}
		if r.dropAll(l.ID) || verb != "" {
			continue
		}
		for _, end := range []string{l.From, l.To} {
			r.settleEnd(l, end)
		}
	}
}

// settleEnd decides about a link that the step has nothing to do with, and whose
// note is taken back: when it is another person's, the note stays.
func (r *reversal) settleEnd(l *Link, end string) {
	now, touched := r.draft.items[end]
	switch {
	case !touched:
	case now == nil && !r.othersAre(l.ID, end):
		if r.draft.item(l.ID) != nil {
			r.do(gone(l.ID))
		}
	default:
		r.dropAll(end)
	}
}

// othersAre says whether an item that refers to one which would go is somebody
// else's work since then.
func (r *reversal) othersAre(id, goes string) bool {
	since := r.since[goes]
	return r.past.written[id].touchedByOthers(r.by, since) || r.broughtBack(id, since)
}

// broughtBack says whether somebody else brought an item back since a moment.
func (r *reversal) broughtBack(id string, since int) bool {
	w := r.past.written[id]
	return w != nil && w.Back.By != r.by && w.Back.At > since
}

// settleNote keeps a note that came back, or was set back, from referring to what
// is not there.
func (r *reversal) settleNote(n *Note) {
	if frame := r.draft.note(n.Module); n.Module != "" && (frame == nil || frame.Kind != KindModule) {
		r.do(set(n.ID, "module", ""))
	}
	if slices.ContainsFunc(n.On, func(id string) bool { return r.draft.note(id) == nil }) {
		on := slices.DeleteFunc(slices.Clone(n.On), func(id string) bool { return r.draft.note(id) == nil })
		r.do(set(n.ID, "on", list(on)))
	}
}

// keepForOthers keeps notes that others have referred to since.
func (r *reversal) keepForOthers(goes map[string]bool, dependents []Change) {
	for _, c := range dependents {
		for _, id := range r.refers(c.ID) {
			if goes[id] && r.othersAre(c.ID, id) {
				r.dropAll(id)
			}
		}
	}
}

// refers returns what a comment, a pair that is kept apart or a note refers to.
func (r *reversal) refers(id string) []string {
	switch i := r.draft.item(id).(type) {
	case *Comment:
		return []string{i.Note}
	case *Apart:
		return []string{i.A, i.B}
	case *Note:
		return append([]string{i.Module}, i.On...)
	}
	return nil
}

func (r *reversal) refersTo(id string, goes map[string]bool) bool {
	return slices.ContainsFunc(r.refers(id), func(to string) bool { return goes[to] })
}
