package drift

import (
	"fmt"
	"strings"
	"time"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// generate is the command that writes what is missing in the code.
var generate = Mend{Message: "generate it", Command: "landfall gen"}

// mentionIn returns where an element is mentioned in a statement, in a role.
func mentionIn(e *model.Element, statement ast.Place, role model.Role) ast.Place {
	for _, m := range e.Mentions {
		if m.Role == role && m.Place.File == statement.File && statement.Covers(m.Place.Span) {
			return m.Full
		}
	}
	return statement
}

// insertAt returns the edit that inserts a text, or none without a place.
func insertAt(at ast.Place, text string) []diag.Edit {
	if !at.IsValid() {
		return nil
	}
	return []diag.Edit{{File: at.File, Start: int(at.Start.Offset), End: int(at.Start.Offset), New: text}}
}

func after(at ast.Place) ast.Place {
	at.Start = at.End
	return at
}

func replaceText(message string, at ast.Place, text string) Mend {
	m := Mend{Message: message}
	if at.IsValid() {
		m.Edits = []diag.Edit{{File: at.File, Start: int(at.Start.Offset), End: int(at.End.Offset), New: text}}
	}
	return m
}

// insertPart adds a part to the wiring of a module, when it ends with a list of
// parts that can be added to.
func insertPart(m *Module, part string) []diag.Edit {
	if strings.Contains(part, "…") || m.spread {
		return nil
	}
	return insertAt(m.end, ",\n\t\t"+part)
}

func insertOption(p *Policy, option string) []diag.Edit { return insertAt(p.end, ", "+option) }

// declareMessage adds a message to a list such as that of landfall.Emits.
func declareMessage(at ast.Place, m *Module, t *thing, option string) Mend {
	name := t.name
	if pkg, _, _ := strings.Cut(t.key, "."+t.name); pkg != m.Package {
		name = pkg[strings.LastIndex(pkg, "/")+1:] + "." + name
	}
	if !at.IsValid() {
		return Mend{Message: fmt.Sprintf("in the code, declare %s(%s{})", option, name)}
	}
	return Mend{Message: fmt.Sprintf("in the code, add %s{} to its %s", name, option), Edits: insertAt(at, ", "+name+"{}")}
}

// link lets a line of flow lead to one more event.
func link(line *model.Handling, e *model.Element, role model.Role, sign string) Mend {
	m := Mend{Message: "in the storm, let it lead to " + ast.Quote(e.Name) + " too"}
	last := ast.Place{}
	for other := range line.Events.All() {
		if at := mentionIn(other, line.Place, role); at != line.Place && at.End.Offset > last.End.Offset {
			last = at
		}
	}
	if last.IsValid() {
		m.Edits = insertAt(after(last), sign+ast.Quote(e.Name))
	}
	return m
}

// addTo adds a name to a list of a policy or a projection.
func (c *comparison) addTo(e *model.Element, name string, role model.Role, sign string) Mend {
	m := Mend{Message: "in the storm, add " + name + " to it"}
	last := ast.Place{}
	for other := range c.storm.Elements() {
		for _, x := range other.Mentions {
			if x.Role == role && x.Place.File == e.Place.File && e.Place.Covers(x.Full.Span) && x.Full.End.Offset > last.End.Offset {
				last = x.Full
			}
		}
	}
	if last.IsValid() {
		m.Edits = insertAt(after(last), sign+name)
	}
	return m
}

// unlink says that a name can be taken out of a statement; whether a sign goes
// with it is for a person to see.
func unlink(statement ast.Place, e *model.Element, at ast.Place) Mend {
	if at == statement {
		return Mend{Message: "or remove the line in the storm"}
	}
	return Mend{Message: "or take " + ast.Quote(e.Name) + " out of it in the storm"}
}

// renameStorm gives an element the name that the code has, wherever it is
// mentioned, and keeps the old one known.
func (c *comparison) renameStorm(e *model.Element, name string) Mend {
	m := Mend{Message: fmt.Sprintf("or call it so in the storm, and keep the old name: %s %s was %s", e.Kind, ast.Quote(name), ast.Quote(e.Name))}
	for _, x := range e.Mentions {
		text := ast.Quote(name)
		if len(e.Declared) > 0 && x.Place == e.Declared[0] {
			text += " was " + ast.Quote(e.Name)
		}
		m.Edits = append(m.Edits, diag.Edit{File: x.Place.File, Start: int(x.Place.Start.Offset), End: int(x.Place.End.Offset), New: text})
	}
	return m
}

func (c *comparison) renameModule(s *model.Module, name string) Mend {
	m := Mend{Message: fmt.Sprintf("call it %s in the storm, and keep the old name: module %s was %s", ast.Quote(name), ast.Quote(name), ast.Quote(s.Name))}
	for _, x := range s.Mentions {
		text := ast.Quote(name)
		if len(s.Declared) > 0 && x.Place == s.Declared[0] {
			text += " was " + ast.Quote(s.Name)
		}
		m.Edits = append(m.Edits, diag.Edit{File: x.Place.File, Start: int(x.Place.Start.Offset), End: int(x.Place.End.Offset), New: text})
	}
	return m
}

// renameCode says how the code takes up the storm's name without losing what is
// stored under the old one.
func (c *comparison) renameCode(e *model.Element, t *thing) Mend {
	name := e.GoName()
	switch e.Kind {
	case ast.Event, ast.Command:
		part := fmt.Sprintf("landfall.Renamed[%s](%q)", name, t.stable)
		return Mend{Message: fmt.Sprintf("rename the Go type %s to %s, and wire %s, so that what is stored stays readable", t.name, name, part)}
	case ast.Aggregate:
		return Mend{Message: fmt.Sprintf("rename the Go type %s to %s, and wire landfall.Named[%s](%q), so that what is stored stays readable", t.name, name, name, t.stable)}
	case ast.Policy, ast.Projection:
		return Mend{Message: fmt.Sprintf("wire it as %q in the code; its position is kept under the name, so it answers everything anew unless that is moved too", name)}
	}
	return Mend{Message: fmt.Sprintf("call it %s in the code", name)}
}

// tellFormer notes a former name in the storm.
func (c *comparison) tellFormer(e *model.Element, was string) Mend {
	m := Mend{Message: fmt.Sprintf("in the storm, write %s %s was %s", e.Kind, ast.Quote(e.Name), ast.Quote(was))}
	if len(e.Declared) > 0 && len(e.Was) == 0 && e.Declared[0] != e.Place {
		m.Edits = insertAt(after(e.Declared[0]), " was "+ast.Quote(was))
	}
	return m
}

// declare writes what only the code has into the storm.
func (c *comparison) declare(s *model.Module, t *thing) Mend {
	line := c.lineFor(t)
	m := Mend{Message: "in the storm, add " + line}
	if len(s.Bodies) > 0 {
		body := s.Bodies[0]
		body.Start = body.End
		body.Start.Offset-- // before the closing brace
		m.Edits = insertAt(body, "  "+line+"\n")
	}
	return m
}

func (c *comparison) lineFor(t *thing) string {
	switch t.kind {
	case ast.Command:
		line := ast.Quote(t.name) + " -> " + strings.Join(refNames(t.command.Emits), " | ")
		if t.command.External {
			return "system " + ast.Quote(t.command.Handler) + " { " + line + " }"
		}
		return "aggregate " + ast.Quote(t.command.Handler) + " { " + line + " }"
	case ast.Policy:
		var sends []string
		for _, s := range t.policies[0].Sends {
			name := s.GoName
			if s.Module != "" {
				name = s.Module + "." + name
			}
			sends = append(sends, name)
		}
		return fmt.Sprintf("policy %s : %s -> %s", ast.Quote(t.name), t.policies[0].Hears.GoName, strings.Join(sends, ", "))
	case ast.Projection:
		return fmt.Sprintf("projection %s : %s", ast.Quote(t.name), strings.Join(refNames(t.projection.Hears), ", "))
	}
	return t.kind.String() + " " + ast.Quote(t.name)
}

func (c *comparison) declareModule(m *Module) Mend {
	return Mend{Message: "add module " + ast.Quote(m.Name) + " { … } to the storm, or leave its packages out with --code"}
}

// wiringFor writes the part that would wire an element, as far as the storm
// says what is in it.
func (c *comparison) wiringFor(e *model.Element, m *Module) string {
	switch e.Kind {
	case ast.Command:
		h := c.facts.handler(e)
		if h == nil {
			return ""
		}
		part, _ := c.handle(h.GoName()+"."+gen.Decision(h.GoName(), e), e, m)
		if h.Kind == ast.System {
			_, options, _ := strings.Cut(part, ", ")
			return fmt.Sprintf("landfall.Perform(%q, …, %s", gen.PartName(h), options)
		}
		return part
	case ast.Policy:
		return fmt.Sprintf("landfall.When(%q, …)", gen.PartName(e))
	case ast.Projection:
		return fmt.Sprintf("landfall.Project(%q, …)", gen.PartName(e))
	}
	return ""
}

// stormDuration writes a duration as a storm file does: 30d, 1h30m.
func stormDuration(d time.Duration) string {
	if d == 0 {
		return "0s"
	}
	var b strings.Builder
	for _, u := range units {
		if n := d / u.size; n > 0 {
			fmt.Fprintf(&b, "%d%s", n, u.short)
			d -= n * u.size
		}
	}
	if d != 0 {
		fmt.Fprintf(&b, "%v", d)
	}
	return b.String()
}

// goDuration writes a duration as Go code: 30*24*time.Hour.
func goDuration(d time.Duration) string {
	var terms []string
	for _, u := range units {
		if n := d / u.size; n > 0 {
			terms = append(terms, strings.TrimPrefix(fmt.Sprintf("%d*%s", n, u.long), "1*"))
			d -= n * u.size
		}
	}
	if d != 0 {
		terms = append(terms, fmt.Sprintf("%d", d))
	}
	return strings.Join(terms, " + ")
}

var units = []struct {
	size        time.Duration
	short, long string
}{
	{24 * time.Hour, "d", "24*time.Hour"}, {time.Hour, "h", "time.Hour"},
	{time.Minute, "m", "time.Minute"}, {time.Second, "s", "time.Second"},
}
