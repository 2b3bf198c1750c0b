package exporter

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// CML returns the storm in Context Mapper's language: modules are bounded
// contexts on a context map, teams are contexts of the type TEAM that realize
// them, lines of flow and policies are steps of a flow of the application layer.
// Projections are data transfer objects. Names in CML are unique in the whole
// file; where two of the storm would be one, the kind or a number is added.
func CML(s *model.Storm) []byte {
	c := &cml{storm: s, names: newNames()}
	for _, m := range c.modules() {
		c.context(m)
	}
	c.teams()
	body := c.b.String()
	c.b.Reset()
	c.header()
	c.b.WriteString(body)
	return []byte(c.b.String())
}

type cml struct {
	b     strings.Builder
	storm *model.Storm
	names *names
	depth int
}

func (c *cml) line(format string, args ...any) {
	if format != "" {
		c.b.WriteString(strings.Repeat("  ", c.depth))
		fmt.Fprintf(&c.b, format, args...)
	}
	c.b.WriteByte('\n')
}

func (c *cml) open(format string, args ...any) {
	c.line(format+" {", args...)
	c.depth++
}

func (c *cml) close() {
	c.depth--
	c.line("}")
}

// modules returns the modules that have something in them.
func (c *cml) modules() []*model.Module {
	var out []*model.Module
	for m := range c.storm.All() {
		if len(m.Elements) > 0 || !m.IsFree() {
			out = append(out, m)
		}
	}
	return out
}

// comment writes lines as a comment.
func (c *cml) comment(lines ...string) {
	c.line("/*")
	for _, l := range lines {
		for _, l := range strings.Split(strings.ReplaceAll(l, "*/", "* /"), "\n") {
			c.line("%s", strings.TrimRight(" * "+strings.TrimSpace(l), " "))
		}
	}
	c.line(" */")
}

// text writes a text in quotes on one line.
func text(t string) string {
	t = strings.Join(strings.Fields(t), " ")
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(t) + `"`
}

// header writes the context map.
func (c *cml) header() {
	lines := []string{either(c.storm.Name, "Storm")}
	if c.storm.Doc != "" {
		lines = append(lines, "", c.storm.Doc)
	}
	c.comment(lines...)
	modules := c.modules()
	c.open("ContextMap %s", c.name(c.storm, c.storm.Name+" Map"))
	c.line("type = SYSTEM_LANDSCAPE")
	c.line("state = TO_BE")
	if len(modules) > 0 {
		var all []string
		for _, m := range modules {
			all = append(all, c.contextName(m))
		}
		c.line("")
		c.line("contains %s", strings.Join(all, ", "))
	}
	c.relations(modules)
	c.close()
}

func either(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// relations writes who is upstream of whom: a module that publishes events of
// those that hear them, and one that handles commands of those that send them.
func (c *cml) relations(modules []*model.Module) {
	type way struct{ up, down *model.Module }
	events, commands := map[way][]string{}, map[way][]string{}
	add := func(to map[way][]string, w way, e *model.Element) {
		if !slices.Contains(to[w], e.Label()) {
			to[w] = append(to[w], e.Label())
		}
	}
	for _, l := range c.storm.Links() {
		from, to := l.From.Module, l.To.Module
		switch {
		case from == to:
		case l.Verb == model.Triggers, l.Verb == model.Updates, l.Verb == model.Stops:
			add(events, way{from, to}, l.From)
		case l.Verb == model.Invokes:
			add(commands, way{to, from}, l.To)
		}
	}
	for _, up := range modules {
		for _, down := range modules {
			w := way{up, down}
			if len(events[w])+len(commands[w]) == 0 {
				continue
			}
			c.line("")
			for _, e := range events[w] {
				c.line("// %s hears %s", c.contextName(down), e)
			}
			for _, e := range commands[w] {
				c.line("// %s sends %s", c.contextName(down), e)
			}
			roles := "U,OHS"
			if len(events[w]) > 0 {
				roles = "U,OHS,PL"
			}
			c.line("%s [%s] -> [D] %s", c.contextName(up), roles, c.contextName(down))
		}
	}
}

// name returns the unique name of something in CML.
func (c *cml) name(thing any, wishes ...string) string {
	for i, w := range wishes {
		wishes[i] = plain(model.GoName(0, w))
		if wishes[i] == "_" || wishes[i] == "_X" {
			wishes[i] = "Storm"
		}
	}
	name := c.names.get(thing, wishes...)
	if cmlKeywords[name] {
		return "^" + name
	}
	return name
}

func (c *cml) contextName(m *model.Module) string {
	name := either(m.Name, either(c.storm.Name, "Storm"))
	return c.name(m, name, name+" Context")
}

func (c *cml) element(e *model.Element) string {
	word := e.Kind.String()
	return c.name(e, e.GoName(), e.GoName()+" "+strings.ToUpper(word[:1])+word[1:])
}

// context writes a bounded context.
func (c *cml) context(m *model.Module) {
	c.line("")
	if lines := c.remarks(m); len(lines) > 0 {
		c.comment(lines...)
	}
	c.open("BoundedContext %s", c.contextName(m))
	if m.Doc != "" {
		c.line("domainVisionStatement = %s", text(m.Doc))
	}
	c.line("type = FEATURE")
	c.application(m)
	for _, a := range m.Of(ast.Aggregate) {
		c.aggregate(a)
	}
	c.values(m)
	for _, sys := range m.Of(ast.System) {
		c.line("")
		if sys.Doc != "" {
			c.line("%s", text(sys.Doc))
		}
		c.line("Service %s", c.element(sys))
	}
	c.close()
}

// remarks returns what a module has that CML has no word for.
func (c *cml) remarks(m *model.Module) []string {
	var out []string
	for _, s := range m.Stickies {
		line := s.Kind.String() + ": " + s.Text
		for i, t := range s.On {
			line += map[bool]string{true: " (on ", false: ", "}[i == 0]
			if t.Element != nil {
				line += t.Element.Label()
			} else {
				line += model.Label(t.Module.Name)
			}
		}
		if len(s.On) > 0 {
			line += ")"
		}
		out = append(out, line)
	}
	return out
}

// teams writes each team with the contexts that it builds.
func (c *cml) teams() {
	var order []string
	builds := map[string][]string{}
	for _, m := range c.modules() {
		if m.Team == "" {
			continue
		}
		if builds[m.Team] == nil {
			order = append(order, m.Team)
		}
		builds[m.Team] = append(builds[m.Team], c.contextName(m))
	}
	for _, t := range order {
		c.line("")
		c.open("BoundedContext %s realizes %s", c.name("team "+t, t, t+" Team"), strings.Join(builds[t], ", "))
		c.line("type = TEAM")
		c.line("domainVisionStatement = %s", text("The team "+t))
		c.close()
	}
}
