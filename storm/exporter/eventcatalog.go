package exporter

import (
	"bytes"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// catalogVersion is the version of everything in a catalog: a storm has none.
const catalogVersion = "1.0.0"

// EventCatalog returns the files of a catalog by their paths, which are relative
// and have slashes: the storm is a domain, each module a service with its
// messages and their schemas, each team a team, and each named walk a flow. What
// crosses the border of a module has the channel that transport/nats has for it.
func EventCatalog(s *model.Storm) (map[string][]byte, error) {
	c := &catalog{storm: s, ids: newNames(), files: map[string][]byte{}, comes: map[*model.Element]bool{}}
	for _, l := range s.Links() {
		if l.Verb == model.Invokes && l.From.Module != l.To.Module {
			c.comes[l.To] = true
		}
	}
	for m := range s.All() {
		if !m.IsFree() || c.hasMessages(m) {
			c.services = append(c.services, m)
		}
	}
	for _, write := range []func() error{c.domain, c.teams, c.writeServices, c.channels, c.flows} {
		if err := write(); err != nil {
			return nil, err
		}
	}
	return c.files, nil
}

type catalog struct {
	storm    *model.Storm
	ids      *names
	files    map[string][]byte
	services []*model.Module
	comes    map[*model.Element]bool // commands that another module sends
}

func (c *catalog) hasMessages(m *model.Module) bool {
	return len(m.Of(ast.Event))+len(m.Of(ast.Command)) > 0
}

func (c *catalog) service(m *model.Module) string {
	name := ModuleName(c.storm, m)
	return c.ids.get(m, name, name+"Service")
}

func (c *catalog) message(e *model.Element) string {
	name := plain(e.GoName())
	return c.ids.get(e, name, ModuleName(c.storm, e.Module)+name)
}

func (c *catalog) team(name string) string {
	id := strings.ToLower(plain(model.GoName(0, name)))
	return c.ids.get("team "+name, id, id+"-team")
}

// page writes a page: its front matter and its text.
func (c *catalog) page(path string, front object, body ...string) error {
	head, err := toYAML(front)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	b.WriteString("---\n")
	b.Write(head)
	b.WriteString("---\n")
	for _, text := range body {
		if text != "" {
			b.WriteString("\n" + text + "\n")
		}
	}
	c.files[path] = b.Bytes()
	return nil
}

// markdown writes a text so that it is no markup of the page.
func markdown(text string) string {
	return strings.NewReplacer("{", "&#123;", "}", "&#125;", "<", "&lt;", ">", "&gt;").Replace(text)
}

func reference(id string) object { return object{{"id", id}, {"version", catalogVersion}} }

func (c *catalog) domain() error {
	id := c.ids.get(c.storm, plain(model.GoName(0, either(c.storm.Name, "Storm"))))
	front := object{{"id", id}, {"name", either(c.storm.Name, "Storm")}, {"version", catalogVersion}}
	front.put("summary", firstLine(c.storm.Doc))
	var services []any
	for _, m := range c.services {
		services = append(services, reference(c.service(m)))
	}
	front.put("services", services)
	return c.page("domains/"+id+"/index.mdx", front, markdown(c.storm.Doc), "<NodeGraph />")
}

func (c *catalog) teams() error {
	seen := map[string]bool{}
	for _, m := range c.services {
		if m.Team == "" || seen[m.Team] {
			continue
		}
		seen[m.Team] = true
		front := object{{"id", c.team(m.Team)}, {"name", m.Team}}
		if err := c.page("teams/"+c.team(m.Team)+".mdx", front); err != nil {
			return err
		}
	}
	return nil
}

func (c *catalog) writeServices() error {
	for _, m := range c.services {
		sends, receives := c.traffic(m)
		front := object{{"id", c.service(m)}, {"name", title(c.storm, m)}, {"version", catalogVersion}}
		front.put("summary", firstLine(m.Doc))
		c.owners(&front, m)
		front.put("sends", c.references(sends))
		front.put("receives", c.references(receives))
		path := "services/" + c.service(m) + "/"
		if err := c.page(path+"index.mdx", front, markdown(m.Doc), c.hotspots(m), "<NodeGraph />"); err != nil {
			return err
		}
		for _, e := range m.Elements {
			if e.Kind != ast.Event && e.Kind != ast.Command {
				continue
			}
			if err := c.writeMessage(path, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *catalog) owners(front *object, m *model.Module) {
	if m.Team != "" {
		front.put("owners", []any{c.team(m.Team)})
	}
}

func (c *catalog) references(list []*model.Element) []any {
	var out []any
	for _, e := range list {
		out = append(out, reference(c.message(e)))
	}
	return out
}

// traffic returns what a module sends and receives: its own events and the
// commands that its policies send elsewhere; its own commands and the events of
// others that it hears.
func (c *catalog) traffic(m *model.Module) (sends, receives []*model.Element) {
	put := func(list *[]*model.Element, e *model.Element) {
		if !slices.Contains(*list, e) {
			*list = append(*list, e)
		}
	}
	for _, e := range m.Elements {
		switch e.Kind {
		case ast.Event:
			put(&sends, e)
		case ast.Command:
			put(&receives, e)
		}
	}
	for _, l := range c.storm.Links() {
		switch l.Verb {
		case model.Triggers, model.Updates, model.Stops:
			if l.To.Module == m {
				put(&receives, l.From)
			}
		case model.Invokes:
			if l.From.Module == m && l.To.Module != m {
				put(&sends, l.To)
			}
		}
	}
	return sends, receives
}

// hotspots lists what is open in a module.
func (c *catalog) hotspots(m *model.Module) string {
	var lines []string
	for _, s := range m.Stickies {
		if s.Kind == ast.Hotspot && s.Resolved == "" {
			lines = append(lines, "- "+markdown(strings.Join(strings.Fields(s.Text), " ")))
		}
	}
	if len(lines) == 0 {
		return ""
	}
	return "## Open hotspots\n\n" + strings.Join(lines, "\n")
}

func (c *catalog) writeMessage(path string, e *model.Element) error {
	path += e.Kind.String() + "s/" + c.message(e) + "/"
	front := object{{"id", c.message(e)}, {"name", e.Label()}, {"version", catalogVersion}}
	front.put("summary", firstLine(e.Doc))
	c.owners(&front, e.Module)
	if e.Kind == ast.Event && !slices.Contains(e.Module.Publishes, e) {
		front.put("badges", []any{object{{"content", "stays in its module"}, {"backgroundColor", "gray"}, {"textColor", "gray"}}})
	}
	if id, _ := c.channel(e); id != "" {
		front.put("channels", []any{reference(id)})
	}
	front.put("schemaPath", "schema.json")
	if err := c.page(path+"index.mdx", front, markdown(e.Doc), "<NodeGraph />"); err != nil {
		return err
	}
	text, err := MessageSchema(e)
	c.files[path+"schema.json"] = text
	return err
}

// channel returns the id and the address of the channel that a message has: the
// events that a module publishes, or the commands that others send it.
func (c *catalog) channel(e *model.Element) (id, address string) {
	m := e.Module
	name := ModuleName(c.storm, m)
	switch {
	case e.Kind == ast.Event && slices.Contains(m.Publishes, e):
		return c.ids.get("events of "+name, name+"Events", name+"EventsChannel"), eventSubject(RuntimeName(c.storm, m), "") + "*"
	case c.comes[e]:
		return c.ids.get("commands to "+name, name+"Commands", name+"CommandsChannel"), commandSubject(RuntimeName(c.storm, m), "*")
	}
	return "", ""
}

// channels writes the channels that messages have.
func (c *catalog) channels() error {
	for _, m := range c.services {
		for _, e := range m.Elements {
			id, address := c.channel(e)
			path := "channels/" + id + "/index.mdx"
			if id == "" || c.files[path] != nil {
				continue
			}
			what := map[ast.Kind]string{ast.Event: "Events of ", ast.Command: "Commands to "}[e.Kind]
			front := object{
				{"id", id}, {"name", what + title(c.storm, m)}, {"version", catalogVersion},
				{"address", address}, {"protocols", []any{"nats"}},
			}
			c.owners(&front, m)
			if err := c.page(path, front, "<ChannelInformation />"); err != nil {
				return err
			}
		}
	}
	return nil
}

// MessageSchema returns the JSON Schema of an element's data, with those of the
// values and enums that it refers to.
func MessageSchema(e *model.Element) ([]byte, error) {
	ids := newNames()
	name := func(e *model.Element) string {
		return ids.get(e, plain(e.GoName()), plain(e.Module.Name)+plain(e.GoName()))
	}
	s := &schemas{seen: map[*model.Element]bool{}}
	s.ref = func(e *model.Element) string { return "#/$defs/" + name(e) }
	doc := append(object{{"$schema", "https://json-schema.org/draft/2020-12/schema"}}, s.of(e)...)
	var defs object
	s.rest(func(e *model.Element, schema object) { defs = append(defs, field{name(e), schema}) })
	doc.put("$defs", defs)
	return toJSON(doc)
}

// flows writes each named walk.
func (c *catalog) flows() error {
	for m := range c.storm.All() {
		for _, w := range m.Walks {
			if err := c.flow(w); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *catalog) flow(w *model.Walk) error {
	id := c.ids.get(w, plain(model.GoName(0, w.Name)), plain(model.GoName(0, w.Name))+"Flow")
	front := object{{"id", id}, {"name", w.Name}, {"version", catalogVersion}}
	front.put("summary", firstLine(w.Doc))
	var steps []any
	for i, e := range w.Steps {
		step := object{{"id", i + 1}, {"title", e.Label()}}
		switch e.Kind {
		case ast.Event, ast.Command:
			step.put("message", reference(c.message(e)))
		case ast.Actor:
			step.put("actor", object{{"name", e.Label()}})
		case ast.System:
			step.put("externalSystem", object{{"name", e.Label()}})
		}
		if i+1 < len(w.Steps) {
			step.put("next_step", object{{"id", i + 2}})
		}
		steps = append(steps, step)
	}
	front.put("steps", steps)
	return c.page("flows/"+id+"/index.mdx", front, markdown(w.Doc), "<NodeGraph />")
}
