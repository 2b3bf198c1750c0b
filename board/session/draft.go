package session

import (
	"slices"

	"github.com/landfall-go/landfall"
)

// draft is a wall as it would be after some changes. What it is laid over stays as
// it is.
type draft struct {
	base  *Wall
	items map[string]Item // what is another; nil is gone
}

func (d *draft) item(id string) Item {
	if i, ok := d.items[id]; ok {
		return i
	}
	return d.base.Item(id)
}

func (d *draft) note(id string) *Note {
	n, _ := d.item(id).(*Note)
	return n
}

// apply makes one change of properties, or takes an item away.
func (d *draft) apply(c *Change) {
	if c.Gone {
		d.items[c.ID] = nil
	} else if after := patched(d.item(c.ID), c); after != nil {
		d.items[c.ID] = after
	}
}

// touched returns the ids of what is another, in order.
func (d *draft) touched() []string { return sorted(d.items) }

// links returns the links that touch an item that is another, by their ids and in
// order: links themselves, and those of notes.
func (d *draft) links() []*Link {
	found := map[string]*Link{}
	add := func(id string) {
		if l, ok := d.item(id).(*Link); ok {
			found[id] = l
		}
	}
	for id := range d.items {
		add(id)
		for _, link := range d.base.ends[id] {
			add(link)
		}
	}
	links := make([]*Link, 0, len(found))
	for _, id := range sorted(found) {
		links = append(links, found[id])
	}
	return links
}

// verb returns what a link means in the draft, or "" when it cannot be.
func (d *draft) verb(l *Link) string {
	from, to := d.note(l.From), d.note(l.To)
	if from == nil || to == nil || from == to {
		return ""
	}
	return VerbOf(from.Kind, to.Kind)
}

// pairs counts the links that are another by what they lead from and to.
func (d *draft) pairs() map[pair]int {
	count := map[pair]int{}
	for _, i := range d.items {
		if l, ok := i.(*Link); ok {
			count[pair{l.From, l.To}]++
		}
	}
	return count
}

// twice says whether another link leads from and to the same notes; pairs are
// those of the draft.
func (d *draft) twice(l *Link, pairs map[pair]int) bool {
	others := pairs[pair{l.From, l.To}]
	if _, another := d.items[l.ID]; another {
		others--
	}
	return others > 0 || slices.ContainsFunc(d.base.ends[l.From], func(id string) bool {
		other := d.base.Links[id]
		_, another := d.items[id]
		return !another && id != l.ID && other.From == l.From && other.To == l.To
	})
}

// checkLinks refuses links that lead nowhere or mean something else.
func (d *draft) checkLinks() error {
	pairs := d.pairs()
	for _, l := range d.links() {
		switch verb := d.verb(l); {
		case verb == "":
			return landfall.Reject("The link %s cannot lead from %s to %s.", l.ID, l.From, l.To)
		case verb != l.Verb:
			return landfall.Reject("The link %s says %q, not %q.", l.ID, verb, l.Verb)
		case d.twice(l, pairs):
			return landfall.Reject("There are two links from %s to %s.", l.From, l.To)
		}
	}
	return nil
}

// checkNotes refuses notes that are not as notes are.
func (d *draft) checkNotes() error {
	more := 0
	for _, id := range d.touched() {
		n, ok := d.items[id].(*Note)
		if !ok {
			continue
		}
		switch old := d.base.Notes[id]; {
		case old == nil:
			more++
		case old.Kind != n.Kind && (old.Kind.isShape() || n.Kind.isShape()):
			return cannotReshape(old.Kind, n.Kind)
		}
		if err := n.Kind.Validate(); err != nil {
			return err
		}
		data := NoteData{Text: n.Text, X: n.X, Y: n.Y, W: n.W, H: n.H, Answer: n.Answer, Doc: n.Doc, On: n.On, Team: n.Team}
		if err := checkNote(data); err != nil {
			return err
		}
		if frame := d.note(n.Module); n.Module != "" && (frame == nil || frame.Kind != KindModule) {
			return landfall.Reject("The note %s lies in %s, which is no frame.", id, n.Module)
		}
		for _, on := range n.On {
			if d.note(on) == nil {
				return landfall.Reject("The sticky %s is on %s, which is not there.", id, on)
			}
		}
	}
	if n := len(d.base.Notes) + more; n > MaxNotes {
		return landfall.Reject("The wall holds %d notes; there would be %d.", MaxNotes, n)
	}
	return nil
}
