package session

import (
	"slices"

	"github.com/landfall-go/landfall"
)

// AddNotes puts notes on the wall, with links to, from or between them.
func (b Board) AddNotes(c AddNotes) ([]landfall.Event, error) {
	// What was written alone is seen by its author only: see HiddenFrom.
	if err := b.open(); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if len(c.Notes) == 0 {
		return nil, landfall.Reject("There is nothing to put on the wall.")
	}
	if n := len(b.Wall().Notes) + len(c.Notes); n > MaxNotes {
		return nil, landfall.Reject("The wall holds %d notes; there would be %d.", MaxNotes, n)
	}
	e := NotesAdded{Gesture: c.Gesture, By: c.By, At: c.At}
	ids := make(map[string]bool, len(c.Notes)+len(c.Links))
	kinds := make(map[string]Kind, len(c.Notes))
	for _, n := range c.Notes {
		if err := b.checkNew(n.ID, ids); err != nil {
			return nil, err
		}
		kinds[n.ID] = n.Kind
	}
	for _, n := range c.Notes {
		n, err := b.newNote(n, c.By, kinds)
		if err != nil {
			return nil, err
		}
		e.Notes = append(e.Notes, n)
	}
	var err error
	if e.Links, err = b.newLinks(c.Links, c.By, ids, kinds); err != nil {
		return nil, err
	}
	return []landfall.Event{e}, checkGesture(c.Gesture)
}

// newNote returns a note as it is put up. kinds are those of the notes that come
// with it.
func (b *Board) newNote(n NoteData, by string, kinds map[string]Kind) (NoteData, error) {
	if err := checkNote(n); err != nil {
		return n, err
	}
	n.Private = n.Private && b.Wall().Board.Writing
	n.Module = b.frame(n.Module, n.Kind, n.ID, kinds)
	on := make([]string, 0, len(n.On))
	for _, id := range n.On {
		other := b.Wall().Notes[id]
		if (other != nil && !other.HiddenFrom(by) || kinds[id] != "") && id != n.ID && !slices.Contains(on, id) {
			on = append(on, id)
		}
	}
	n.On = on
	if !n.Kind.Sticks() || len(on) == 0 {
		n.On = nil
	}
	if n.Kind != KindHotspot {
		n.Answer = ""
	}
	if n.Kind != KindModule {
		n.Team = ""
	}
	return n, nil
}

// frame returns the id of the frame that a note may lie in, or "" when it is none:
// it may have been removed in the meantime.
func (b *Board) frame(id string, kind Kind, note string, kinds map[string]Kind) string {
	switch {
	case id == "" || id == note || kind == KindModule || kind == KindLine || kind == KindLane:
		return ""
	case kinds[id] == KindModule:
		return id
	}
	if n := b.Wall().Notes[id]; n != nil && n.Kind == KindModule {
		return id
	}
	return ""
}

func checkNote(n NoteData) error {
	if err := checkText("The note", n.Text, MaxText); err != nil {
		return err
	}
	if err := checkPlace(n.X, n.Y, n.W, n.H); err != nil {
		return err
	}
	if err := checkText("The answer", n.Answer, MaxAnswer); err != nil {
		return err
	}
	if err := checkText("The description", n.Doc, MaxDoc); err != nil {
		return err
	}
	if len(n.On) > MaxOn {
		return landfall.Reject("A sticky is on at most %d notes.", MaxOn)
	}
	return checkLine("The team", n.Team, MaxName)
}

// Sticks says whether notes of the kind are put on others: hotspots, opportunities,
// rules and notes.
func (k Kind) Sticks() bool {
	return k == KindHotspot || k == KindOpportunity || k == KindRule || k == KindNote
}

// Helps says whether notes of the kind only help to read the wall: labels, frames,
// lines and swimlanes.
func (k Kind) Helps() bool {
	return k == KindText || k == KindModule || k == KindLine || k == KindLane
}

// RewriteNote gives a note another text, or a frame another name.
func (b Board) RewriteNote(c RewriteNote) ([]landfall.Event, error) {
	n, err := b.note(c.ID, c.By)
	if err != nil {
		return nil, err
	}
	if err := checkText("The note", c.Text, MaxText); err != nil {
		return nil, err
	}
	if err := checkGesture(c.Gesture); err != nil || n.Text == c.Text {
		return nil, err
	}
	return one(NoteRewritten(c))
}

// MoveNotes puts notes elsewhere, gives them another size or lays them in a frame.
func (b Board) MoveNotes(c MoveNotes) ([]landfall.Event, error) {
	places, err := b.places(c.Places, c.By)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	return []landfall.Event{NotesMoved{Places: places, Gesture: c.Gesture, By: c.By, At: c.At}}, checkGesture(c.Gesture)
}

// TidyNotes is a move of many notes at once that nobody made by hand.
func (b Board) TidyNotes(c TidyNotes) ([]landfall.Event, error) {
	places, err := b.places(c.Places, c.By)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	return one(NotesTidied{Places: places, By: c.By, At: c.At})
}

// places returns where notes come to lie: those that are there, and that lie
// elsewhere now.
func (b *Board) places(places []Place, by string) ([]Place, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	var once map[string]bool
	if len(places) > 1 {
		once = make(map[string]bool, len(places))
	}
	out, there := make([]Place, 0, len(places)), false
	for _, p := range places {
		n := b.Wall().Notes[p.ID]
		if n == nil || n.HiddenFrom(by) {
			continue
		}
		if err := checkPlace(p.X, p.Y, p.W, p.H); err != nil {
			return nil, err
		}
		if once[p.ID] {
			return nil, landfall.Reject("A note cannot be in two places.")
		}
		if once != nil {
			once[p.ID] = true
		}
		there = true
		p.Module = b.frame(p.Module, n.Kind, n.ID, nil)
		if p != (Place{n.ID, n.X, n.Y, n.W, n.H, n.Module}) {
			out = append(out, p)
		}
	}
	if !there {
		return nil, errNotesGone
	}
	return out, nil
}

// MarkPivotal marks events that change everything, or takes the mark away.
func (b Board) MarkPivotal(c MarkPivotal) ([]landfall.Event, error) {
	ids, err := b.seen(c.Ids, c.By)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		if k := b.Wall().Notes[id].Kind; k != KindEvent && k != KindLine && c.Pivotal {
			return nil, landfall.Reject("Only events are pivotal, not %s.", k.article())
		}
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return b.Wall().Notes[id].Pivotal == c.Pivotal })
	if len(ids) == 0 {
		return nil, nil
	}
	return one(PivotalMarked{Ids: ids, Pivotal: c.Pivotal, By: c.By, At: c.At})
}

// DescribeNote says more about a note than what stands on it.
func (b Board) DescribeNote(c DescribeNote) ([]landfall.Event, error) {
	n, err := b.note(c.ID, c.By)
	if err != nil {
		return nil, err
	}
	if err := checkText("The description", c.Doc, MaxDoc); err != nil || n.Doc == c.Doc {
		return nil, err
	}
	return one(NoteDescribed(c))
}

// AttachSticky puts a hotspot, an opportunity, a rule or a note on other notes.
func (b Board) AttachSticky(c AttachSticky) ([]landfall.Event, error) {
	n, err := b.note(c.ID, c.By)
	if err != nil {
		return nil, err
	}
	if !n.Kind.Sticks() {
		return nil, landfall.Reject("%s is not put on other notes; hotspots, opportunities, rules and notes are.", capital(n.Kind.article()))
	}
	if len(c.On) > MaxOn {
		return nil, landfall.Reject("A sticky is on at most %d notes.", MaxOn)
	}
	on := make([]string, 0, len(c.On))
	for _, id := range c.On {
		other, err := b.note(id, c.By)
		if err != nil {
			return nil, err
		}
		if other == n {
			return nil, landfall.Reject("A sticky cannot be on itself.")
		}
		if !slices.Contains(on, id) {
			on = append(on, id)
		}
	}
	if slices.Equal(on, n.On) {
		return nil, nil
	}
	c.On = on
	return one(StickyAttached(c))
}

// AnswerHotspot resolves a hotspot; an empty answer opens it again.
func (b Board) AnswerHotspot(c AnswerHotspot) ([]landfall.Event, error) {
	n, err := b.note(c.ID, c.By)
	if err != nil {
		return nil, err
	}
	if n.Kind != KindHotspot {
		return nil, landfall.Reject("Only hotspots are answered, not %s.", n.Kind.article())
	}
	if err := checkText("The answer", c.Answer, MaxAnswer); err != nil || n.Answer == c.Answer {
		return nil, err
	}
	return one(HotspotAnswered(c))
}

// AssignTeam says whose a module is.
func (b Board) AssignTeam(c AssignTeam) ([]landfall.Event, error) {
	n, err := b.note(c.ID, c.By)
	if err != nil {
		return nil, err
	}
	if n.Kind != KindModule {
		return nil, landfall.Reject("Only modules have a team, not %s.", n.Kind.article())
	}
	if err := checkLine("The team", c.Team, MaxName); err != nil || n.Team == c.Team {
		return nil, err
	}
	return one(TeamAssigned(c))
}

// RevealNotes shows to everyone what was written alone: some notes of one's own, or
// all that there are.
func (b Board) RevealNotes(c RevealNotes) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	var ids []string
	if c.All {
		for id, n := range b.Wall().Notes {
			if n.Private {
				ids = append(ids, id)
			}
		}
	} else {
		for _, id := range c.Ids {
			if n := b.Wall().Notes[id]; n != nil && n.Private && n.By == c.By && !slices.Contains(ids, id) {
				ids = append(ids, id)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	return one(NotesRevealed{Ids: ids, By: c.By, At: c.At})
}
