package exporter

import (
	"cmp"
	"errors"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// ErrNoMessages says that a module has no message that crosses its border.
var ErrNoMessages = errors.New("the module exchanges no messages")

// AsyncAPI returns the interface of a module as a document of AsyncAPI 3.0 in
// YAML: it sends the events that it publishes and its commands to other modules;
// it receives the commands that it handles, and the events of other modules
// that its policies and projections hear. There is a channel for the events and
// one for the commands of each module. The error is ErrNoMessages.
func AsyncAPI(s *model.Storm, m *model.Module) ([]byte, error) {
	doc, err := asyncDocument(s, m)
	if err != nil {
		return nil, err
	}
	return toYAML(doc)
}

// AsyncAPIJSON returns the same as JSON.
func AsyncAPIJSON(s *model.Storm, m *model.Module) ([]byte, error) {
	doc, err := asyncDocument(s, m)
	if err != nil {
		return nil, err
	}
	return toJSON(doc)
}

func asyncDocument(s *model.Storm, m *model.Module) (object, error) {
	a := &async{storm: s, module: m, names: newNames(), types: newNames(), messages: map[*model.Element]bool{}}
	a.schemas = &schemas{ref: a.refer, seen: map[*model.Element]bool{}}
	a.exchange()
	if len(a.channels) == 0 {
		return nil, ErrNoMessages
	}
	doc := object{{"asyncapi", "3.0.0"}, {"info", a.info()}, {"defaultContentType", "application/json"}}
	var channels, operations, messages, types object
	for _, c := range a.channels {
		channels = append(channels, field{c.name, a.channel(c)})
		operations = append(operations, field{c.operation(), a.operation(c)})
	}
	for _, c := range a.channels {
		for _, e := range c.messages {
			messages = append(messages, field{a.message(e), a.describe(e)})
			types = append(types, field{a.typeName(e), a.schemas.of(e)})
		}
	}
	a.schemas.rest(func(e *model.Element, schema object) {
		types = append(types, field{a.typeName(e), schema})
	})
	doc.put("channels", channels)
	doc.put("operations", operations)
	doc.put("components", object{{"messages", messages}, {"schemas", types}})
	return doc, nil
}

type async struct {
	storm    *model.Storm
	module   *model.Module
	names    *names // of messages
	types    *names // of schemas
	schemas  *schemas
	channels []*channel
	messages map[*model.Element]bool
}

// channel is where one kind of messages of a module flows.
type channel struct {
	name     string
	owner    *model.Module
	kind     ast.Kind
	sends    bool // the module sends, else it receives
	messages []*model.Element
}

func (c *channel) operation() string {
	switch {
	case c.kind == ast.Event && c.sends:
		return "publishEvents"
	case c.kind == ast.Command && !c.sends:
		return "handleCommands"
	case c.sends:
		return "sendTo" + c.name
	}
	return "hear" + c.name
}

func (a *async) info() object {
	info := object{{"title", title(a.storm, a.module)}, {"version", "1.0.0"}}
	info.put("description", a.module.Doc)
	if a.module.Team != "" {
		info.put("contact", object{{"name", a.module.Team}})
	}
	return info
}

// exchange finds the messages that cross the module's border.
func (a *async) exchange() {
	m := a.module
	for _, e := range m.Publishes {
		a.add(m, ast.Event, true, e)
	}
	for h := range a.storm.Handlings() {
		for _, c := range h.Commands {
			if c.Module == m && (h.Handler == nil || h.Handler.Module == m) {
				a.add(m, ast.Command, false, c)
			}
		}
	}
	for _, l := range a.storm.Links() {
		from, to := l.From, l.To
		switch l.Verb {
		case model.Triggers, model.Updates, model.Stops:
			if to.Module == m && from.Module != m {
				a.add(from.Module, ast.Event, false, from)
			}
		case model.Invokes:
			if from.Module == m && to.Module != m {
				a.add(to.Module, ast.Command, true, to)
			}
		}
	}
	slices.SortStableFunc(a.channels, func(x, y *channel) int {
		return cmp.Compare(a.order(x), a.order(y))
	})
}

// order puts a module's own channels first.
func (a *async) order(c *channel) int {
	switch {
	case c.owner != a.module:
		return 2
	case c.kind == ast.Event:
		return 0
	}
	return 1
}

func (a *async) add(owner *model.Module, kind ast.Kind, sends bool, e *model.Element) {
	if a.messages[e] {
		return
	}
	a.messages[e] = true
	name := ModuleName(a.storm, owner) + map[ast.Kind]string{ast.Event: "Events", ast.Command: "Commands"}[kind]
	for _, c := range a.channels {
		if c.name == name && c.sends == sends {
			c.messages = append(c.messages, e)
			return
		}
	}
	a.channels = append(a.channels, &channel{name: name, owner: owner, kind: kind, sends: sends, messages: []*model.Element{e}})
}

func (a *async) channel(c *channel) object {
	what := map[ast.Kind]string{ast.Event: "events", ast.Command: "commands"}[c.kind]
	o := object{{"address", ModuleName(a.storm, c.owner) + "." + what}}
	o.put("title", title(a.storm, c.owner)+" "+what)
	var messages object
	for _, e := range c.messages {
		messages = append(messages, field{a.message(e), object{{"$ref", "#/components/messages/" + a.message(e)}}})
	}
	o.put("messages", messages)
	return o
}

func (a *async) operation(c *channel) object {
	action := "receive"
	if c.sends {
		action = "send"
	}
	o := object{{"action", action}, {"channel", object{{"$ref", "#/channels/" + c.name}}}}
	var messages []any
	for _, e := range c.messages {
		messages = append(messages, object{{"$ref", "#/channels/" + c.name + "/messages/" + a.message(e)}})
	}
	o.put("messages", messages)
	return o
}

// message returns the name of a message in the document.
func (a *async) message(e *model.Element) string {
	name := plain(e.GoName())
	return a.names.get(e, name, ModuleName(a.storm, e.Module)+name)
}

func (a *async) typeName(e *model.Element) string {
	name := plain(e.GoName())
	return a.types.get(e, name, ModuleName(a.storm, e.Module)+name)
}

func (a *async) refer(e *model.Element) string { return "#/components/schemas/" + a.typeName(e) }

func (a *async) describe(e *model.Element) object {
	o := object{{"name", e.GoName()}, {"title", e.Label()}}
	o.put("summary", firstLine(e.Doc))
	if first := firstLine(e.Doc); e.Doc != first {
		o.put("description", e.Doc)
	}
	o.put("tags", []any{object{{"name", e.Kind.String()}}})
	o.put("payload", object{{"$ref", a.refer(e)}})
	return o
}
