package gen

import (
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// messagesFile writes the types of commands and events.
func (m *module) messagesFile() *file {
	f := m.file(true)
	senders, causes := m.senders(), m.causes()
	for _, c := range m.commands {
		if !m.left(c) {
			f.commandType(c, senders[c])
		}
	}
	for _, c := range m.sent {
		if !m.left(c) {
			f.sentType(c)
		}
	}
	for _, e := range m.events {
		if !m.left(e) {
			f.eventType(e, causes[e])
		}
	}
	for _, e := range m.heard {
		if !m.left(e) {
			f.heardType(e)
		}
	}
	return f
}

// senders returns who sends each command: actors, systems and policies.
func (m *module) senders() map[*model.Element][]string {
	senders := map[*model.Element][]string{}
	for _, h := range slices.Concat(m.aggregates, m.systems) {
		for _, d := range h.decisions {
			for _, a := range d.issuers {
				senders[d.command] = appendNew(senders[d.command], a.Label())
			}
		}
	}
	for _, c := range m.commands {
		for _, p := range m.project.invokers()[c] {
			name := p.GoName()
			if home := m.project.of(p); home != m && home != nil {
				name = home.name + "'s " + name
			}
			senders[c] = appendNew(senders[c], name)
		}
	}
	return senders
}

// invokers returns the policies that send each command.
func (p *project) invokers() map[*model.Element][]*model.Element {
	if p.invoked != nil {
		return p.invoked
	}
	p.invoked = map[*model.Element][]*model.Element{}
	for _, m := range p.modules {
		for _, e := range m.elements {
			if e.Kind != ast.Policy {
				continue
			}
			for c := range e.Policy.Invokes.All() {
				p.invoked[c] = appendNew(p.invoked[c], e)
			}
		}
	}
	return p.invoked
}

// causes returns the commands that lead to each event.
func (m *module) causes() map[*model.Element][]*model.Element {
	causes := map[*model.Element][]*model.Element{}
	for _, h := range slices.Concat(m.aggregates, m.systems) {
		for _, d := range h.decisions {
			for _, e := range d.events {
				causes[e] = appendNew(causes[e], d.command)
			}
		}
	}
	return causes
}

func (f *file) commandType(c *model.Element, senders []string) {
	m := f.module
	name := m.names[c]
	leads := "is not handled yet"
	if h := m.handled[c]; h != nil {
		for _, d := range h.decisions {
			if d.command == c {
				leads = "leads to " + m.outcome(d.leads)
			}
		}
	}
	by := ""
	if len(senders) > 0 {
		by = "It is sent by " + list(senders, "and")
	}
	f.documented(c, name, name+" "+leads, "It "+leads, by)
	f.structType(name, m.fields(c.Fields))
	f.formerFields(name, m.fields(c.Fields))
	f.validate(name, m.fields(c.Fields))
}

// sentType writes a command of another module: a copy, because modules share no
// code.
func (f *file) sentType(c *model.Element) {
	m := f.module
	name := m.names[c]
	home := m.project.of(c)
	f.comment("", docOf(name, c.Name, c.Doc, name+" is a command of the module "+home.name+"."),
		map[bool]string{true: "It is a command of the module " + home.name + "."}[c.Doc != ""])
	f.structType(name, m.fields(c.Fields))
}

// heardType writes an event of another module: a copy, with the former names of
// its fields, because what was heard long ago has those.
func (f *file) heardType(e *model.Element) {
	m := f.module
	name := m.names[e]
	from := "is an event that the module " + m.project.of(e).name + " publishes"
	f.documented(e, name, name+" "+from, "It "+from, "")
	f.structType(name, m.fields(e.Fields))
	f.formerFields(name, m.fields(e.Fields))
}

func (f *file) eventType(e *model.Element, causes []*model.Element) {
	m := f.module
	name := m.names[e]
	from := "has no command that leads to it yet"
	if len(causes) > 0 {
		from = "follows from " + list(m.goNames(causes), "or")
	}
	published := ""
	if slices.Contains(m.published, e) {
		published = "It is published to other modules"
	}
	f.documented(e, name, name+" "+from, "It "+from, published)
	f.structType(name, m.fields(e.Fields))
	f.formerFields(name, m.fields(e.Fields))
}

// documented writes the doc comment of a message: what the storm says and what
// follows from its links.
func (f *file) documented(e *model.Element, name, summary, detail, more string) {
	if strings.TrimSpace(e.Doc) == "" {
		f.comment("", sentences(summary, more))
		return
	}
	f.comment("", docOf(name, e.Name, e.Doc, ""), sentences(detail, more))
}

// structType writes a struct with its tags.
func (f *file) structType(name string, fields []field) {
	if len(fields) == 0 {
		f.p("type %s struct{}\n", name)
		return
	}
	f.p("type %s struct {", name)
	f.structFields(fields)
	f.p("}\n")
}

func (f *file) structFields(fields []field) {
	for _, x := range fields {
		if x.Doc != "" {
			f.comment("\t", docOf(x.goName, x.Name, x.Doc, ""))
		}
		f.p("\t%s %s %s", x.goName, f.goType(x.Type), f.tag(x))
	}
}

// formerFields writes how old records are read, in which fields had other names.
func (f *file) formerFields(name string, fields []field) {
	var renamed []field
	for _, x := range fields {
		if len(x.Was) > 0 {
			renamed = append(renamed, x)
		}
	}
	if len(renamed) == 0 {
		return
	}
	f.use("encoding/json")
	r := receiver(name)
	f.comment("", "UnmarshalJSON also reads the names that fields had before.")
	f.p("func (%s *%s) UnmarshalJSON(data []byte) error {", r, name)
	f.p("\ttype today %s", name)
	f.p("\told := struct {\n\t\t*today")
	for _, x := range renamed {
		for i, was := range x.Was {
			f.p("\t\t%s *%s `json:%q`", formerField(x, i), f.goType(x.Type), was)
		}
	}
	f.p("\t}{today: (*today)(%s)}", r)
	f.p("\tif err := json.Unmarshal(data, &old); err != nil {\n\t\treturn err\n\t}")
	for _, x := range renamed {
		for i := range x.Was {
			f.p("\tif old.%s != nil {\n\t\t%s.%s = *old.%s\n\t}", formerField(x, i), r, x.goName, formerField(x, i))
		}
	}
	f.p("\treturn nil\n}\n")
}

func formerField(x field, i int) string {
	return "Was" + x.goName + strings.Repeat("Before", i)
}
