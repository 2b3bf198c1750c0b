package edit_test

import (
	"fmt"
	"strings"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/edit"
	"github.com/landfall-go/landfall/storm/model"
)

// drawGesture draws a gesture on what is in a storm, most often one that makes
// sense.
func drawGesture(t *rapid.T, s *model.Storm) edit.Gesture {
	var ids, stickies, modules []string
	for e := range s.Elements() {
		ids = append(ids, e.ID())
	}
	modules = append(modules, "")
	for m := range s.All() {
		for _, st := range m.Stickies {
			stickies = append(stickies, st.ID())
		}
		if !m.IsFree() {
			modules = append(modules, m.Name)
		}
	}
	if len(ids) == 0 {
		return edit.Add{Kind: ast.Event, Name: "First"}
	}
	id := func(label string) string { return rapid.SampledFrom(ids).Draw(t, label) }
	name := func() string {
		return rapid.SampledFrom([]string{"Fresh", "Brand new", "A", "Do", "event", "Loose", "X\"y"}).Draw(t, "name")
	}
	switch rapid.IntRange(0, 16).Draw(t, "gesture") {
	case 0:
		kind := ast.Kind(rapid.IntRange(int(ast.Actor), int(ast.Note)).Draw(t, "kind"))
		g := edit.Add{Kind: kind, Name: name(), Module: rapid.SampledFrom(modules).Draw(t, "module"), Doc: rapid.SampledFrom([]string{"", "Why.\n\nBecause."}).Draw(t, "doc")}
		if rapid.Bool().Draw(t, "after") {
			g.After = id("after")
		}
		if kind.IsSticky() {
			g.On = []string{id("on")}
		}
		return g
	case 1, 2:
		target := append(append([]string{}, ids...), stickies...)
		for _, m := range modules[1:] {
			target = append(target, "module:"+ast.Quote(m))
		}
		return edit.Rename{ID: rapid.SampledFrom(target).Draw(t, "rename"), To: name(), KeepOld: rapid.Bool().Draw(t, "keep")}
	case 3:
		return edit.Move{ID: id("move"), Target: id("to"), Before: rapid.Bool().Draw(t, "before")}
	case 4:
		return edit.Merge{From: id("from"), Into: id("into"), KeepOld: rapid.Bool().Draw(t, "keep")}
	case 5:
		return sameKind(t, s, id("from"))
	case 6, 7:
		return edit.Link{From: id("from"), To: id("to")}
	case 8, 9:
		links := s.Links()
		if len(links) == 0 {
			return edit.Link{From: id("from"), To: id("to")}
		}
		l := links[rapid.IntRange(0, len(links)-1).Draw(t, "link")]
		return edit.Unlink{From: l.From.ID(), To: l.To.ID()}
	case 11:
		return edit.Describe{ID: id("describe"), Doc: rapid.SampledFrom([]string{"", "Because.", "One\nmore"}).Draw(t, "doc")}
	case 12:
		return edit.Pivot{ID: id("pivot"), Pivotal: rapid.Bool().Draw(t, "pivotal")}
	case 13:
		return edit.SetTeam{Module: rapid.SampledFrom(modules).Draw(t, "module"), Team: rapid.SampledFrom([]string{"", "A", "The \"best\""}).Draw(t, "team")}
	case 14:
		if len(stickies) == 0 {
			return edit.Order{IDs: ids[:1]}
		}
		return edit.Attach{ID: rapid.SampledFrom(stickies).Draw(t, "sticky"), On: []string{id("on")}}
	case 15:
		return edit.Order{IDs: rapid.SliceOfN(rapid.SampledFrom(ids), 2, 3).Draw(t, "order")}
	case 10:
		target := append(append([]string{}, ids...), stickies...)
		for _, m := range modules[1:] {
			target = append(target, "module:"+ast.Quote(m))
		}
		return edit.Remove{ID: rapid.SampledFrom(target).Draw(t, "remove")}
	}
	return edit.Assign{ID: id("assign"), Module: rapid.SampledFrom(modules).Draw(t, "module")}
}

// sameKind draws a merge that can work.
func sameKind(t *rapid.T, s *model.Storm, from string) edit.Gesture {
	var others []string
	for e := range s.Elements() {
		if e.Kind == s.Element(from).Kind {
			others = append(others, e.ID())
		}
	}
	return edit.Merge{From: from, Into: rapid.SampledFrom(others).Draw(t, "into"), KeepOld: rapid.Bool().Draw(t, "keep")}
}

// drawStorm draws the text of a storm.
func drawStorm(t *rapid.T) string {
	var b strings.Builder
	b.WriteString("storm \"Drawn\"\n\n")
	d := &drawer{t: t, b: &b, declared: map[string]bool{}}
	d.statements("", "")
	for _, m := range []string{"M", "N", "M"} {
		fmt.Fprintf(&b, "\nmodule %s {\n", m)
		d.statements(m, "  ")
		b.WriteString("}\n")
	}
	return b.String()
}

type drawer struct {
	t        *rapid.T
	b        *strings.Builder
	declared map[string]bool
}

func (d *drawer) pick(names ...string) string { return rapid.SampledFrom(names).Draw(d.t, "pick") }
func (d *drawer) command() string {
	return d.pick("Do", "Go", "Pay", `"Pay later"`, "M.Do", "N.Go")
}
func (d *drawer) event() string {
	return d.pick("Done", "Gone", "Paid", `"Was it paid?"`, "M.Done", "N.Gone")
}
func (d *drawer) actor() string { return d.pick("Ann", "Bob", "N.Bob") }

func (d *drawer) events() string {
	return d.event() + rapid.SampledFrom([]string{"", " | " + d.event(), ", " + d.event(), ",\n      " + d.event()}).Draw(d.t, "more")
}

func (d *drawer) statements(module, indent string) {
	for range rapid.IntRange(0, 6).Draw(d.t, "statements") {
		if rapid.IntRange(0, 3).Draw(d.t, "comment") == 0 {
			d.line(indent, "// A comment.")
		}
		d.statement(module, indent)
		if rapid.IntRange(0, 3).Draw(d.t, "blank") == 0 {
			d.b.WriteString("\n")
		}
	}
}

func (d *drawer) line(indent, text string) { d.b.WriteString(indent + text + "\n") }

func (d *drawer) flow() string {
	switch rapid.IntRange(0, 4).Draw(d.t, "flow") {
	case 0:
		return d.actor() + " -> " + d.command() + " ->"
	case 1:
		return d.command() + " -> " + d.events()
	case 2:
		return d.actor() + ", " + d.actor() + "   -> " + d.command() + " | " + d.command() + " -> " + d.events() + " // all"
	case 3:
		return "-> " + d.events()
	}
	return d.actor() + " -> " + d.command() + " -> " + d.event()
}

func (d *drawer) statement(module, indent string) {
	switch rapid.IntRange(0, 9).Draw(d.t, "statement") {
	case 0:
		d.line(indent, d.flow())
	case 1:
		d.once(module, "aggregate "+d.pick("Agg", "Bag"), func(head string) {
			d.line(indent, head+" {")
			for range rapid.IntRange(0, 3).Draw(d.t, "lines") {
				d.line(indent+"  ", d.flow())
			}
			d.line(indent, "}")
		})
	case 2:
		d.once(module, "policy "+d.pick("P", "Q"), func(head string) {
			d.line(indent, head+" : "+d.events()+" after 3d unless "+d.event()+" -> "+d.command()+", "+d.command())
		})
	case 3:
		d.once(module, "projection "+d.pick("V", "W"), func(head string) {
			d.line(indent, head+" : "+d.event()+", "+d.event()+" -> "+d.actor()+" { x int }")
		})
	case 4:
		d.once(module, "event "+d.pick("Done", "Gone", "Paid"), func(head string) { d.line(indent, head+" { x int, p text }") })
	case 5:
		d.line(indent, d.pick("event Done", "Gone", "actor Ann", "command Do", "aggregate Agg"))
	case 6:
		d.once(module, "value "+d.pick("Point", "Money"), func(head string) { d.line(indent, head+" { x int }") })
	case 7:
		d.line(indent, "every \"month\" -> "+d.events())
	case 8:
		d.line(indent, `hotspot "Who?"`)
	case 9:
		d.line(indent, "system Mail { "+d.command()+" -> "+d.event()+" }")
	}
}

func (d *drawer) once(module, head string, write func(string)) {
	if d.declared[module+"."+head] {
		return
	}
	d.declared[module+"."+head] = true
	write(head)
}
