package session

import (
	"maps"
	"slices"
	"strings"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
)

// elements are the kinds of the notation that links may lie between.
var elements = map[Kind]ast.Kind{
	KindEvent: ast.Event, KindCommand: ast.Command, KindActor: ast.Actor, KindAggregate: ast.Aggregate,
	KindSystem: ast.System, KindPolicy: ast.Policy, KindProjection: ast.Projection,
}

// VerbOf returns what an arrow between two kinds of notes means, or "" when there
// is no such arrow.
func VerbOf(from, to Kind) string {
	a, b := elements[from], elements[to]
	if a == ast.NoKind || b == ast.NoKind {
		return ""
	}
	return string(edit.VerbOf(a, b))
}

// flow are the kinds that links lie between, in the order in which they are told.
var flow = []Kind{KindActor, KindSystem, KindCommand, KindAggregate, KindEvent, KindPolicy, KindProjection}

// cannotLink says why there is no arrow between two kinds, and what is possible.
func cannotLink(from, to Kind) error {
	for _, k := range []Kind{from, to} {
		if !slices.Contains(flow, k) {
			return landfall.Reject("%s takes no links.", capital(k.article()))
		}
	}
	var possible []string
	between := ""
	for _, k := range flow {
		verb := VerbOf(from, k)
		if verb == "" {
			continue
		}
		possible = append(possible, verb+" "+k.article())
		if between == "" && VerbOf(k, to) != "" {
			between = " Put " + k.article() + " between them."
		}
	}
	return landfall.Reject("%s and %s cannot be linked: %s %s.%s",
		capital(from.article()), to.article(), from.article(), strings.Join(possible, " or "), between)
}

// article returns the kind as it stands in a sentence: "an event".
func (k Kind) article() string {
	name := string(k)
	switch k {
	case KindModule:
		name = "frame"
	case KindText:
		name = "label"
	case KindLane:
		name = "swimlane"
	}
	if strings.ContainsRune("aeio", rune(name[0])) {
		return "an " + name
	}
	return "a " + name
}

func capital(sentence string) string { return strings.ToUpper(sentence[:1]) + sentence[1:] }

// pair are the ends of a link.
type pair struct{ from, to string }

// newLinks returns links as they are drawn: with their verbs, and without those
// that are there already. kinds are those of notes that are not on the wall yet.
func (b *Board) newLinks(links []LinkData, by string, ids map[string]bool, kinds map[string]Kind) ([]LinkData, error) {
	if n := len(b.Wall().Links) + len(links); n > MaxLinks {
		return nil, landfall.Reject("The wall holds %d links; there would be %d.", MaxLinks, n)
	}
	var out []LinkData
	drawn := make(map[pair]bool, len(links))
	for _, l := range links {
		if err := b.checkNew(l.ID, ids); err != nil {
			return nil, err
		}
		verb, err := b.verb(l.From, l.To, by, kinds)
		if err != nil {
			return nil, err
		}
		if ends := (pair{l.From, l.To}); !drawn[ends] && !b.linked(l.From, l.To) {
			drawn[ends] = true
			out = append(out, LinkData{l.ID, l.From, l.To, verb})
		}
	}
	return out, nil
}

// verb returns what a link between two notes means.
func (b *Board) verb(from, to, by string, kinds map[string]Kind) (string, error) {
	if from == to {
		return "", landfall.Reject("A note cannot be linked with itself.")
	}
	var ends [2]Kind
	for i, id := range [...]string{from, to} {
		if ends[i] = kinds[id]; ends[i] != "" {
			continue
		}
		n, err := b.note(id, by)
		if err != nil {
			return "", err
		}
		ends[i] = n.Kind
	}
	verb := VerbOf(ends[0], ends[1])
	if verb == "" {
		return "", cannotLink(ends[0], ends[1])
	}
	return verb, nil
}

// linked says whether there is a link from one note to the other.
func (b *Board) linked(from, to string) bool {
	return slices.ContainsFunc(b.Wall().ends[from], func(id string) bool {
		l := b.Wall().Links[id]
		return l.From == from && l.To == to
	})
}

// LinkNotes draws arrows; what an arrow means follows from the kinds of its notes.
func (b Board) LinkNotes(c LinkNotes) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	links, err := b.newLinks(c.Links, c.By, map[string]bool{}, nil)
	if err != nil || len(links) == 0 {
		return nil, err
	}
	return one(NotesLinked{Links: links, By: c.By, At: c.At})
}

// UnlinkNotes takes arrows away.
func (b Board) UnlinkNotes(c UnlinkNotes) ([]landfall.Event, error) {
	ids := map[string]bool{}
	for _, id := range c.Ids {
		if l := b.Wall().Links[id]; l != nil && !b.Wall().Hidden(l, c.By) {
			ids[id] = true
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return one(NotesUnlinked{Ids: sorted(ids), By: c.By, At: c.At})
}

// sorted returns the ids of a set in order, or nil.
func sorted[V any](ids map[string]V) []string { return slices.Sorted(maps.Keys(ids)) }

// ChangeKind makes notes of another kind of them. Links that the kind does not
// allow go.
func (b Board) ChangeKind(c ChangeKind) ([]landfall.Event, error) {
	if err := c.Validate(); err != nil {
		return nil, err
	}
	ids, err := b.seen(c.Ids, c.By)
	if err != nil {
		return nil, err
	}
	ids = slices.DeleteFunc(ids, func(id string) bool { return b.Wall().Notes[id].Kind == c.Kind })
	if len(ids) == 0 {
		return nil, nil
	}
	kinds := make(map[string]Kind, len(ids))
	for _, id := range ids {
		kinds[id] = c.Kind
		if k := b.Wall().Notes[id].Kind; k.isShape() || c.Kind.isShape() {
			return nil, cannotReshape(k, c.Kind)
		}
	}
	e := KindChanged{Ids: ids, Kind: c.Kind, By: c.By, At: c.At}
	for _, id := range b.linksOf(ids) {
		l := b.Wall().Links[id]
		switch verb := VerbOf(b.kind(l.From, kinds), b.kind(l.To, kinds)); verb {
		case "":
			e.Unlinked = append(e.Unlinked, id)
		case l.Verb:
		default:
			e.Links = append(e.Links, LinkData{id, l.From, l.To, verb})
		}
	}
	return one(e)
}

// isShape says whether the kind is no note but a thing that notes lie in or beside.
func (k Kind) isShape() bool { return k == KindModule || k == KindLine || k == KindLane }

func cannotReshape(from, to Kind) error {
	if !from.isShape() {
		from = to
	}
	return landfall.Reject("Nothing else can be made of %s, nor one of a note.", from.article())
}

func (b *Board) kind(id string, kinds map[string]Kind) Kind {
	if k := kinds[id]; k != "" {
		return k
	}
	if n := b.Wall().Notes[id]; n != nil {
		return n.Kind
	}
	return ""
}

// linksOf returns the ids of all links of the notes, in order.
func (b *Board) linksOf(notes []string) []string {
	links := map[string]bool{}
	for _, id := range notes {
		for _, l := range b.Wall().ends[id] {
			links[l] = true
		}
	}
	return sorted(links)
}
