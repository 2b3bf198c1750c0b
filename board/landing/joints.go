package landing

import (
	"fmt"
	"maps"
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

// joints lets the links of the text follow those of the wall.
func (f *follower) joints() {
	links := f.dirtyLinks()
	f.unjoin(links)
	f.join(links)
}

// dirtyLinks returns the links that changed, and those of notes that did.
func (f *follower) dirtyLinks() []string {
	dirty := map[string]bool{}
	for id := range f.dirty {
		if f.wall.Links[id] != nil || f.links[id] != nil {
			dirty[id] = true
		}
		for _, l := range f.wall.LinksOf(id) {
			dirty[l] = true
		}
	}
	return slices.Sorted(maps.Keys(dirty))
}

// unjoin takes out of the text what links said before that say something else now or
// are gone.
func (f *follower) unjoin(links []string) {
	var all []edit.Gesture
	var of []string
	for _, id := range links {
		delete(f.refused, id)
		old, l := f.links[id], f.wall.Links[id]
		if old == nil || l != nil && f.Element(l.From) == old.from && f.Element(l.To) == old.to && l.Verb == old.link.Verb {
			continue
		}
		delete(f.links, id)
		a, b := f.batch.Model().Element(old.from), f.batch.Model().Element(old.to)
		if a == nil || b == nil || f.said(a.ID(), b.ID()) || !linked(f.batch.Model(), a, b) {
			continue
		}
		f.deep = true
		all, of = append(all, edit.Unlink{From: old.from, To: old.to}), append(of, id)
	}
	for i, err := range f.doAll(all) {
		if id := of[i]; err != nil && f.wall.Links[id] == nil {
			f.refuse(id, err) // and it comes back to the wall
		}
	}
}

// said reports whether another link of the wall says that two elements are linked,
// or whether that follows from others: an aggregate emits the events that its
// commands lead to.
func (f *follower) said(from, to string) bool {
	for _, note := range f.holders[from] {
		for _, id := range f.wall.LinksOf(note) {
			if l := f.wall.Links[id]; l.From == note && f.Element(l.To) == to {
				return true
			}
		}
	}
	if to, from := kindIn(to), kindIn(from); to != ast.Event || from != ast.Aggregate && from != ast.System {
		return false
	}
	for _, note := range f.holders[from] {
		for _, id := range f.wall.LinksOf(note) {
			l := f.wall.Links[id]
			if c := f.Element(l.From); l.To == note && kindIn(c) == ast.Command && f.said(c, to) {
				return true
			}
		}
	}
	return false
}

// join writes links into the text.
func (f *follower) join(links []string) {
	var all []edit.Gesture
	var of []*session.Link
	for _, id := range links {
		l := f.wall.Links[id]
		if l == nil {
			continue
		}
		a, b := f.batch.Model().Element(f.Element(l.From)), f.batch.Model().Element(f.Element(l.To))
		switch {
		case a == nil || b == nil: // it waits for its notes
		case edit.VerbOf(a.Kind, b.Kind) == "":
			f.refuse(id, fmt.Errorf("an arrow from %s to %s: %w", a.Kind.Article(), b.Kind.Article(), edit.ErrKind), l.From, l.To)
		case linked(f.batch.Model(), a, b):
			f.links[id] = &joint{l, a.ID(), b.ID()}
		default:
			all, of = append(all, edit.Link{From: a.ID(), To: b.ID()}), append(of, l)
		}
	}
	for i, err := range f.doAll(all) {
		l := of[i]
		if err != nil {
			f.refuse(l.ID, err, l.From, l.To)
			continue
		}
		f.links[l.ID] = &joint{l, f.Element(l.From), f.Element(l.To)}
		if kindIn(f.Element(l.From)) == ast.Command && (kindIn(f.Element(l.To)) == ast.Aggregate || kindIn(f.Element(l.To)) == ast.System) {
			f.deep = true
		}
	}
}

// linked reports whether an arrow leads from one element to another.
func linked(s *model.Storm, a, b *model.Element) bool {
	switch edit.VerbOf(a.Kind, b.Kind) {
	case model.Triggers:
		return b.Policy.On.Has(a) || slices.Contains(b.Policy.Unless, a)
	case model.Supports:
		return slices.Contains(b.Policy.Using, a)
	case model.Invokes:
		return a.Policy.Invokes.Has(b)
	case model.Updates:
		return slices.Contains(b.View.UpdatedBy, a)
	case model.Informs:
		return slices.Contains(a.View.Informs, b)
	}
	for h := range s.Handlings() {
		found := false
		switch edit.VerbOf(a.Kind, b.Kind) {
		case model.Issues:
			found = slices.Contains(h.Issuers, a) && slices.Contains(h.Commands, b)
		case model.HandedTo:
			found = h.Handler == b && slices.Contains(h.Commands, a)
		case model.LeadsTo:
			found = slices.Contains(h.Commands, a) && h.Events.Has(b)
		case model.Emits:
			found = h.Handler == a && h.Events.Has(b)
		}
		if found {
			return true
		}
	}
	return false
}

// arrows returns the links that the wall shows: all but those that follow from
// others, from an aggregate to the events that its commands lead to. What stops a
// policy is an arrow to it like what triggers it.
func arrows(s *model.Storm) []model.Link {
	follows := map[[2]*model.Element]bool{}
	for h := range s.Handlings() {
		if h.Handler == nil || len(h.Commands) == 0 {
			continue
		}
		for e := range h.Events.All() {
			follows[[2]*model.Element{h.Handler, e}] = true
		}
	}
	var out []model.Link
	stops := map[[2]*model.Element]bool{}
	for _, l := range s.Links() {
		ends := [2]*model.Element{l.From, l.To}
		switch l.Verb {
		case model.Emits:
			if follows[ends] {
				continue
			}
		case model.Triggers:
			stops[ends] = true
		case model.Stops:
			if stops[ends] {
				continue
			}
			l.Verb = model.Triggers
		}
		out = append(out, l)
	}
	return out
}
