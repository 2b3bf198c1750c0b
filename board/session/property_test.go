package session_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// people do things to a board at random.
type people struct {
	*table
	r    *rapid.T
	made int
	at   int
}

var names = []string{"ann", "bob", "cat"}

var stickies = []session.Kind{session.KindEvent, session.KindCommand, session.KindPolicy, session.KindHotspot, session.KindAggregate, session.KindModule, session.KindNote}

func (p *people) id(prefix string) string {
	p.made++
	return fmt.Sprintf("%s-%03d", prefix, p.made)
}

func (p *people) notes(label string, least, most int) []string {
	var ids []string
	for id := range p.board.Wall().Notes {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	if len(ids) == 0 {
		return []string{"none"}
	}
	return rapid.SliceOfNDistinct(rapid.SampledFrom(ids), min(least, len(ids)), min(most, len(ids)), rapid.ID[string]).Draw(p.r, label)
}

func (p *people) any(label string) string { return p.notes(label, 1, 1)[0] }

func pick[I any](p *people, from map[string]I) string {
	ids := []string{"none"}
	for id := range from {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return rapid.SampledFrom(ids).Draw(p.r, "of")
}

func (p *people) int(label string, most int) int { return rapid.IntRange(0, most).Draw(p.r, label) }

func (p *people) text() string {
	return rapid.SampledFrom([]string{"A", "B", "C", "Ü 🙂"}).Draw(p.r, "text")
}

// command returns what somebody does next.
func (p *people) command(by string) landfall.Command {
	p.at++
	gesture := rapid.SampledFrom([]string{"", "", "g1", "g2"}).Draw(p.r, "gesture")
	w := p.board.Wall()
	switch p.int("what", 24) {
	case 0, 1, 2, 3:
		return p.add(by, gesture)
	case 4, 5:
		return session.RewriteNote{ID: p.any("note"), Text: p.text(), Gesture: gesture, By: by, At: p.at}
	case 6, 7:
		return session.MoveNotes{Places: p.places(), Gesture: gesture, By: by, At: p.at}
	case 8:
		return session.TidyNotes{Places: p.places(), By: by, At: p.at}
	case 9:
		return session.ChangeKind{Ids: p.notes("ids", 1, 2), Kind: rapid.SampledFrom(stickies).Draw(p.r, "kind"), By: by, At: p.at}
	case 10, 11:
		return session.RemoveNotes{Ids: p.notes("ids", 1, 3), By: by, At: p.at}
	case 12, 13:
		return session.LinkNotes{Links: []session.LinkData{{ID: p.id("link"), From: p.any("from"), To: p.any("to")}}, By: by, At: p.at}
	case 14:
		return session.UnlinkNotes{Ids: []string{pick(p, w.Links)}, By: by, At: p.at}
	case 15:
		return session.AttachSticky{ID: p.any("note"), On: p.notes("on", 0, 3), By: by, At: p.at}
	case 16, 17:
		return session.MergeNotes{Into: p.any("into"), From: p.notes("from", 1, 2), By: by, At: p.at}
	case 18:
		return session.KeepApart{ID: p.id("apart"), A: p.any("a"), B: p.any("b"), By: by, At: p.at}
	case 19:
		return session.WriteComment{ID: p.id("comment"), Note: p.any("note"), Text: p.text(), By: by, At: p.at}
	case 20:
		return session.SettleComment{ID: pick(p, w.Comments), Settled: p.int("settled", 1) == 1, By: by, At: p.at}
	case 21:
		return session.PlaceVote{ID: p.any("note"), Votes: p.int("votes", 2), By: by, At: p.at}
	case 22:
		return session.DescribeNote{ID: p.any("note"), Doc: p.text(), By: by, At: p.at}
	case 23:
		return p.rare(by)
	}
	return session.SetGoals{Goals: []string{p.text()}, By: by, At: p.at}
}

func (p *people) rare(by string) landfall.Command {
	switch p.int("rare", 6) {
	case 0:
		return session.AllowVotes{Each: 1 + p.int("each", 4), By: by, At: p.at}
	case 1:
		return session.StartPhase{Phase: rapid.SampledFrom([]session.Phase{session.PhaseExplore, session.PhaseTimeline}).Draw(p.r, "phase"), By: by, At: p.at}
	case 2:
		return session.RevealNotes{All: true, By: by, At: p.at}
	case 3:
		return session.RemoveComment{ID: pick(p, p.board.Wall().Comments), By: by, At: p.at}
	}
	return p.bringIn()
}

// bringIn returns what an edit of the text may do to the wall, sense or not.
func (p *people) bringIn() landfall.Command {
	c := session.BringInStep{At: p.at}
	value := func(v any) json.RawMessage {
		data, err := json.Marshal(v)
		if err != nil {
			p.r.Fatal(err)
		}
		return data
	}
	for range 1 + p.int("changes", 2) {
		change := session.Change{ID: p.any("note")}
		switch p.int("change", 5) {
		case 0:
			change.Gone = true
		case 1:
			change.Set = session.Properties{{Name: "kind", Value: value(rapid.SampledFrom(stickies).Draw(p.r, "kind"))}}
		case 2:
			change.Set = session.Properties{{Name: "on", Value: value(p.notes("on", 0, 2))}, {Name: "module", Value: value(p.any("frame"))}}
		case 3:
			change.ID = p.id("link")
			from, to := p.any("from"), p.any("to")
			verb := ""
			if a, b := p.board.Wall().Notes[from], p.board.Wall().Notes[to]; a != nil && b != nil {
				verb = session.VerbOf(a.Kind, b.Kind)
			}
			change.Set = session.Properties{{Name: "type", Value: value("link")}, {Name: "from", Value: value(from)}, {Name: "to", Value: value(to)}, {Name: "verb", Value: value(verb)}}
		case 4:
			change.ID = p.id("note")
			change.Set = session.Properties{{Name: "type", Value: value("note")}, {Name: "kind", Value: value(session.KindEvent)}, {Name: "text", Value: value(p.text())}}
		default:
			change.Set = session.Properties{{Name: "text", Value: value("brought in")}, {Name: "element", Value: value("event:X")}}
		}
		c.Changes = append(c.Changes, change)
	}
	return c
}

func (p *people) add(by, gesture string) landfall.Command {
	c := session.AddNotes{Gesture: gesture, By: by, At: p.at}
	for range 1 + p.int("more", 2) {
		n := note(p.id("note"), rapid.SampledFrom(stickies).Draw(p.r, "kind"), p.text())
		n.Private, n.Module = p.int("private", 3) == 0, p.any("frame")
		n.On = p.notes("on", 0, 2)
		c.Notes = append(c.Notes, n)
	}
	to := p.any("to")
	if from := c.Notes[0]; p.board.Wall().Notes[to] != nil && session.VerbOf(from.Kind, p.board.Wall().Notes[to].Kind) != "" && !p.board.Wall().Notes[to].HiddenFrom(by) {
		c.Links = append(c.Links, session.LinkData{ID: p.id("link"), From: from.ID, To: to})
	}
	return c
}

func (p *people) places() []session.Place {
	var places []session.Place
	for _, id := range p.notes("moved", 1, 3) {
		places = append(places, session.Place{ID: id, X: p.int("x", 3), Y: p.int("y", 3), W: 100, H: 60, Module: p.any("frame")})
	}
	return places
}

// whole checks that nothing on the wall refers to what is not there, and that no
// link is there twice or means what it cannot.
func (p *people) whole() {
	w := p.board.Wall()
	is := func(id string) bool { return w.Notes[id] != nil }
	drawn := map[[2]string]bool{}
	for _, l := range w.Links {
		ends := [2]string{l.From, l.To}
		switch {
		case !is(l.From) || !is(l.To) || l.From == l.To:
			p.r.Fatalf("the link %+v leads nowhere", l)
		case l.Verb != session.VerbOf(w.Notes[l.From].Kind, w.Notes[l.To].Kind):
			p.r.Fatalf("the link %+v means something else", l)
		case drawn[ends]:
			p.r.Fatalf("the link %+v is there twice", l)
		case !slices.Contains(w.LinksOf(l.From), l.ID) || !slices.Contains(w.LinksOf(l.To), l.ID):
			p.r.Fatalf("the link %+v is not among those of its notes", l)
		}
		drawn[ends] = true
	}
	for _, c := range w.Comments {
		if !is(c.Note) {
			p.r.Fatalf("the comment %+v is on nothing", c)
		}
	}
	for _, a := range w.Aparts {
		if !is(a.A) || !is(a.B) || a.A == a.B {
			p.r.Fatalf("%+v keeps nothing apart", a)
		}
	}
	for _, n := range w.Notes {
		if n.Module != "" && (!is(n.Module) || w.Notes[n.Module].Kind != session.KindModule) || slices.ContainsFunc(n.On, func(id string) bool { return !is(id) }) {
			p.r.Fatalf("the note %+v refers to what is not there", n)
		}
	}
}

// reread brings the board back from JSON, as from a snapshot.
func (p *people) reread() {
	data, err := json.Marshal(&p.board)
	if err != nil {
		p.r.Fatal(err)
	}
	var back session.Board
	if err := json.Unmarshal(data, &back); err != nil {
		p.r.Fatal(err)
	}
	again, err := json.Marshal(&back)
	if err != nil {
		p.r.Fatal(err)
	}
	same(p.r, "the state does not survive JSON", string(data), string(again))
	p.board = back
}

// Whatever people do: the board's wall is what its changes make, it holds together,
// and a snapshot brings all of it back. What is undone at once was never done, and
// what is done again at once was never undone.
func TestWhateverPeopleDo(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := &people{table: newTable(r), r: r}
		for range rapid.IntRange(1, 40).Draw(r, "steps") {
			by := rapid.SampledFrom(names).Draw(r, "by")
			before := p.encoded()
			var c landfall.Command
			switch kind := p.int("kind", 9); {
			case kind < 6:
				c = p.command(by)
			case kind < 8:
				c = session.UndoStep{By: by, At: p.at}
			default:
				c = session.RedoStep{By: by, At: p.at}
			}
			events, err := p.try(c)
			if err != nil {
				same(r, "a refused command changed something", before, p.encoded())
			}
			if len(events) > 0 && undoable(events[0]) {
				p.thereAndBack(by, before)
			}
			p.whole()
			same(r, "the wall by its changes is another", p.encoded(), encoded(r, p.wall))
			if p.int("reread", 5) == 0 {
				p.reread()
			}
		}
	})
}

func undoable(e landfall.Event) bool {
	switch e := e.(type) {
	case session.NotesAdded:
		return e.Gesture == ""
	case session.NoteRewritten:
		return e.Gesture == ""
	case session.NotesMoved:
		return e.Gesture == ""
	case session.StepUndone, session.StepRedone, session.VotesAllowed, session.PhaseStarted, session.NotesRevealed, session.BroughtInStep:
		return false
	}
	return true
}

// thereAndBack undoes what was just done, and does it again.
func (p *people) thereAndBack(by, before string) {
	after := p.encoded()
	p.must(session.UndoStep{By: by, At: p.at})
	same(p.r, "undone at once, the wall is another than before", before, p.encoded())
	p.must(session.RedoStep{By: by, At: p.at})
	same(p.r, "done again at once, the wall is another than after", after, p.encoded())
}
