package importer

import (
	"cmp"
	"math"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// neighbours links the notes that lie side by side as Event Storming's grammar
// has them: an actor before a command, a command before the system that handles
// it, an event before the policy that it triggers. This is how a room reads a
// board without arrows. It is done only where nobody drew an arrow and the board
// has commands; a big picture has no such grammar.
func (b *board) neighbours() {
	if !b.placed || !b.hasCommands() || b.hasArrows() {
		return
	}
	t := &adjacency{board: b, width: b.usual(func(n *note) float64 { return n.box.w }, noteWidth),
		height: b.usual(func(n *note) float64 { return n.box.h }, noteHeight)}
	t.sort()
	found := map[*note][]beside{}
	for _, n := range t.sorted {
		found[n] = t.before(n)
	}
	for _, n := range b.notes {
		for _, c := range chosen(n, found[n]) {
			b.links = append(b.links, &link{from: c.note, to: n})
			b.report.decide(n.id, "%s %s %s, as they lie side by side",
				ast.QuoteText(c.note.text), phrases[verbOf(c.note.kind, n.kind)], ast.QuoteText(n.text))
		}
	}
}

// phrases are the verbs as they read between two names.
var phrases = map[model.Verb]string{
	model.Issues: "issues", model.HandedTo: "is handled by", model.Emits: "emits", model.LeadsTo: "leads to",
	model.Triggers: "triggers", model.Invokes: "invokes", model.Updates: "updates", model.Informs: "informs",
	model.Supports: "helps",
}

func (b *board) hasCommands() bool {
	return slices.ContainsFunc(b.notes, func(n *note) bool { return n.kind == ast.Command })
}

func (b *board) hasArrows() bool {
	return slices.ContainsFunc(b.links, func(l *link) bool { return verbOf(l.from.kind, l.to.kind) != "" })
}

type adjacency struct {
	*board
	width, height float64
	sorted        []*note // by where they end at the right
}

// beside is a note that lies before another.
type beside struct {
	note    *note
	overlap float64 // of their heights, as a part of the smaller; negative when apart
}

func (t *adjacency) sort() {
	for _, n := range t.notes {
		if n.placed && n.kind.IsElement() {
			t.sorted = append(t.sorted, n)
		}
	}
	slices.SortStableFunc(t.sorted, func(a, b *note) int { return cmp.Compare(a.box.x+a.box.w, b.box.x+b.box.w) })
}

// before returns the notes that lie right before a note and may lead to it.
func (t *adjacency) before(n *note) []beside {
	reach := 1.25 * t.width
	from, _ := slices.BinarySearchFunc(t.sorted, n.box.x-reach, func(o *note, x float64) int {
		return cmp.Compare(o.box.x+o.box.w, x)
	})
	var out []beside
	for _, o := range t.sorted[from:] {
		if o.box.x+o.box.w > n.box.x+0.25*t.width {
			break
		}
		if verbOf(o.kind, n.kind) == "" || o.module != n.module {
			continue
		}
		overlap := math.Min(o.box.y+o.box.h, n.box.y+n.box.h) - math.Max(o.box.y, n.box.y)
		if overlap /= max(1, min(o.box.h, n.box.h)); overlap >= -0.3 && !t.blocked(o, n) {
			out = append(out, beside{o, overlap})
		}
	}
	return out
}

// blocked reports whether another note lies between two.
func (t *adjacency) blocked(a, b *note) bool {
	top, bottom := math.Max(a.box.y, b.box.y), math.Min(a.box.y+a.box.h, b.box.y+b.box.h)
	if top > bottom {
		top, bottom = bottom, top
	}
	from, _ := slices.BinarySearchFunc(t.sorted, a.box.x+a.box.w, func(o *note, x float64) int {
		return cmp.Compare(o.box.x+o.box.w, x)
	})
	for _, o := range t.sorted[from:] {
		if o.box.x+o.box.w > b.box.x {
			return false
		}
		if o != a && o.box.x >= a.box.x+a.box.w && o.box.y < bottom && o.box.y+o.box.h > top {
			return true
		}
	}
	return false
}

// chosen returns those of the notes before another that lead to it: the one that
// lies best, and all that lie well beside it. An aggregate or a system stands
// before several commands, so any that touches its height counts.
func chosen(n *note, list []beside) []beside {
	enough := 0.4
	if n.kind == ast.Aggregate || n.kind == ast.System {
		enough = 0
	}
	var out []beside
	for _, c := range list {
		best := !slices.ContainsFunc(list, func(o beside) bool { return o.overlap > c.overlap })
		if best || c.overlap >= enough {
			out = append(out, c)
		}
	}
	return out
}
