package exporter

import (
	"errors"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// ErrNoMessages says that a module has no message that crosses its border.
var ErrNoMessages = errors.New("the module exchanges no messages")

// AsyncAPI returns the interface of a module as a document of AsyncAPI 3.0 in
// YAML, with the subjects, streams and headers that transport/nats has for it
// under its default prefix. There is a channel for
//
//   - each event that the module publishes, and each event of others that its
//     policies and projections hear
//   - the commands of each module that sends it some, and those that it sends to
//     each other module
//   - the commands that are issued from outside, which are calls with an answer
//
// The extension x-nats at the root has what stands on a server for the module in
// any case; those of channels and operations say which stream keeps a subject,
// where the number of its last message is announced, and by which durable
// consumer it is read. What only the module itself sends and hears is left out. The error is
// ErrNoMessages.
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
	a := &async{
		storm: s, module: m, name: RuntimeName(s, m),
		names: newNames(), types: newNames(), keys: newNames(), described: map[string]bool{},
	}
	a.schemas = &schemas{ref: a.refer, seen: map[*model.Element]bool{}}
	for _, name := range []string{"CloudEvent", "EventHeaders", "CallHeaders", "AnswerHeaders", "Dispatch", "Outcome"} {
		a.types.get(name, name) // before messages take the names
	}
	a.names.get("Outcome", "Outcome")
	a.publishes()
	a.accepts()
	a.answers()
	a.sends()
	a.hears()
	if len(a.channels) == 0 {
		return nil, ErrNoMessages
	}
	a.schemas.rest(func(e *model.Element, schema object) {
		a.typesOut.put(a.typeName(e), schema)
	})
	doc := object{{"asyncapi", "3.0.0"}, {"info", a.info()}, {"defaultContentType", "application/json"}}
	doc.put("x-nats", a.server())
	doc.put("channels", a.channels)
	doc.put("operations", a.operations)
	doc.put("components", object{{"messages", a.messages}, {"schemas", a.typesOut}})
	return doc, nil
}

type async struct {
	storm     *model.Storm
	module    *model.Module
	name      string // at run time
	names     *names // of messages
	types     *names // of schemas
	keys      *names // of channels
	schemas   *schemas
	described map[string]bool // the messages that are in the document

	channels, operations, messages, typesOut object
}

func (a *async) info() object {
	info := object{{"title", title(a.storm, a.module)}, {"version", "1.0.0"}}
	info.put("description", a.module.Doc)
	if a.module.Team != "" {
		info.put("contact", object{{"name", a.module.Team}})
	}
	return info
}

// server returns what the module has on a NATS server whatever it exchanges: it
// takes commands from whoever sends some, and answers calls.
func (a *async) server() object {
	var o object
	if len(a.module.Publishes) > 0 {
		o.put("events", object{
			{"subjects", eventSubject(a.name, "") + "*"}, {"stream", eventStream(a.name)}, {"heads", eventHeads(a.name)},
		})
	}
	o.put("commands", object{
		{"subjects", commandSubject(a.name, "*")}, {"stream", commandStream(a.name)}, {"heads", commandHeads(a.name, "*")}, {"consumer", a.name},
	})
	o.put("calls", object{{"subjects", callSubject(a.name, "*")}, {"queue", prefix}})
	return o
}

// channel is a subject with what flows there, as the document has it.
type channel struct {
	key, title, address string
	description         string
	stream, heads       string // of a subject that JetStream keeps
	messages            []string
}

// operation is what the module does on a channel.
type operation struct {
	key, action string
	consumer    string // the durable consumer, of what JetStream keeps
	more        object
}

// add adds a channel, with what the module does there.
func (a *async) add(c channel, op operation) {
	o := object{{"address", c.address}}
	o.put("title", c.title)
	o.put("description", c.description)
	var messages object
	var refs []any
	for _, name := range c.messages {
		messages = append(messages, field{name, refTo("#/components/messages/" + name)})
		refs = append(refs, refTo("#/channels/"+c.key+"/messages/"+name))
	}
	o.put("messages", messages)
	o.put("x-nats-stream", c.stream)
	o.put("x-nats-heads", c.heads)
	a.channels = append(a.channels, field{c.key, o})
	does := object{{"action", op.action}, {"channel", refTo("#/channels/" + c.key)}}
	does.put("messages", refs)
	does = append(does, op.more...)
	does.put("x-nats-consumer", op.consumer)
	a.operations = append(a.operations, field{op.key, does})
}

func refTo(to string) object { return object{{"$ref", to}} }

// key returns the name of a channel in the document.
func (a *async) key(name string) string { return a.keys.get("channel "+name, name) }

// publishes adds a channel for each event that leaves the module.
func (a *async) publishes() {
	for _, e := range a.module.Publishes {
		a.event(e, a.name, "publish", operation{action: "send"})
	}
}

// hears adds a channel for each event of others.
func (a *async) hears() {
	var seen []*model.Element
	for _, l := range a.storm.Links() {
		heard := l.Verb == model.Triggers || l.Verb == model.Updates || l.Verb == model.Stops
		if !heard || l.To.Module != a.module || l.From.Module == a.module || slices.Contains(seen, l.From) {
			continue
		}
		if slices.Contains(l.From.Module.Publishes, l.From) {
			seen = append(seen, l.From)
			a.event(l.From, RuntimeName(a.storm, l.From.Module), "hear", operation{action: "receive", consumer: a.name})
		}
	}
}

func (a *async) event(e *model.Element, from, verb string, op operation) {
	name := a.message(e)
	a.describe(e, name, from)
	key := a.key(name)
	op.key = verb + key
	a.add(channel{
		key: key, title: e.Label(), address: eventSubject(from, e.Name), description: eventBatches,
		stream: eventStream(from), heads: eventHeads(from), messages: []string{name},
	}, op)
}

// batches says how commands come that a module sends together, and eventBatches how
// events may.
const (
	batches      = "Several commands may come as one message, with content-type application/cloudevents-batch+json, whose payload is an array of them."
	eventBatches = "Each event is a message. Where the sender runs with --nats-event-batches, several may come as one message, with content-type application/cloudevents-batch+json, whose payload is an array of them."
)

// accepts adds a channel for the commands of each module that sends some.
func (a *async) accepts() {
	for _, group := range a.invoked(func(from, to *model.Module) bool { return to == a.module && from != a.module }) {
		from := RuntimeName(a.storm, group.from)
		key := a.key("CommandsOf" + ModuleName(a.storm, group.from))
		a.add(channel{
			key: key, title: "Commands of " + title(a.storm, group.from), address: commandSubject(a.name, from), description: batches,
			stream: commandStream(a.name), heads: commandHeads(a.name, from), messages: a.commands(group.commands),
		}, operation{key: "handle" + key, action: "receive", consumer: a.name})
	}
}

// sends adds a channel for the commands to each other module.
func (a *async) sends() {
	for _, group := range a.invoked(func(from, to *model.Module) bool { return from == a.module && to != a.module }) {
		to := RuntimeName(a.storm, group.to)
		key := a.key("CommandsTo" + ModuleName(a.storm, group.to))
		a.add(channel{
			key: key, title: "Commands to " + title(a.storm, group.to), address: commandSubject(to, a.name), description: batches,
			stream: commandStream(to), heads: commandHeads(to, a.name), messages: a.commands(group.commands),
		}, operation{key: "send" + key, action: "send"})
	}
}

// traffic are the commands from one module to another.
type traffic struct {
	from, to *model.Module
	commands []*model.Element
}

// invoked returns the commands that policies send, by the modules that they come
// from and go to.
func (a *async) invoked(wanted func(from, to *model.Module) bool) []*traffic {
	var groups []*traffic
	for _, l := range a.storm.Links() {
		if l.Verb != model.Invokes || !wanted(l.From.Module, l.To.Module) {
			continue
		}
		i := slices.IndexFunc(groups, func(t *traffic) bool { return t.from == l.From.Module && t.to == l.To.Module })
		if i < 0 {
			i = len(groups)
			groups = append(groups, &traffic{from: l.From.Module, to: l.To.Module})
		}
		if !slices.Contains(groups[i].commands, l.To) {
			groups[i].commands = append(groups[i].commands, l.To)
		}
	}
	return groups
}

func (a *async) commands(list []*model.Element) []string {
	var names []string
	for _, c := range list {
		name := a.message(c)
		a.describe(c, name, "")
		names = append(names, name)
	}
	return names
}

// fromOutside returns the commands that somebody outside issues, and those that
// no policy sends.
func (a *async) fromOutside() []*model.Element {
	issued, invoked := map[*model.Element]bool{}, map[*model.Element]bool{}
	for _, l := range a.storm.Links() {
		issued[l.To] = issued[l.To] || l.Verb == model.Issues
		invoked[l.To] = invoked[l.To] || l.Verb == model.Invokes
	}
	var out []*model.Element
	for h := range a.storm.Handlings() {
		for _, c := range h.Commands {
			handled := c.Module == a.module && (h.Handler == nil || h.Handler.Module == a.module)
			if handled && (issued[c] || !invoked[c]) && !slices.Contains(out, c) {
				out = append(out, c)
			}
		}
	}
	return out
}

// answers adds the call by which commands are issued from outside, and its
// answer.
func (a *async) answers() {
	commands := a.fromOutside()
	if len(commands) == 0 {
		return
	}
	a.typesOut.put("CallHeaders", callHeaders("request"))
	a.typesOut.put("AnswerHeaders", callHeaders("answer"))
	a.typesOut.put("Dispatch", envelope())
	a.typesOut.put("Outcome", outcome())
	var names []string
	for _, c := range commands {
		names = append(names, a.call(c))
	}
	a.messages.put("Outcome", object{
		{"name", "Outcome"}, {"title", "What became of a command"},
		{"headers", refTo("#/components/schemas/AnswerHeaders")}, {"payload", refTo("#/components/schemas/Outcome")},
	})
	key, answer := a.key("Dispatch"), a.key("Outcomes")
	a.add(channel{key: key, title: "Commands from outside", address: callSubject(a.name, "dispatch"), messages: names}, operation{
		key: "answer" + key, action: "receive",
		more: object{
			{"bindings", object{{"nats", object{{"queue", prefix}, {"bindingVersion", "0.1.0"}}}}},
			{"reply", object{
				{"channel", refTo("#/channels/" + answer)},
				{"messages", []any{refTo("#/channels/" + answer + "/messages/Outcome")}},
			}},
		},
	})
	a.channels = append(a.channels, field{answer, object{
		{"address", nil}, {"title", "Answers, on the reply subject of the call"},
		{"messages", object{{"Outcome", refTo("#/components/messages/Outcome")}}},
	}})
}

// call adds a command as it is called, and returns its name in the document.
func (a *async) call(c *model.Element) string {
	name := a.names.get("call of "+c.ID(), "Dispatch"+plain(c.GoName()))
	o := a.about(c)
	o.put("headers", refTo("#/components/schemas/CallHeaders"))
	o.put("payload", object{{"allOf", []any{
		refTo("#/components/schemas/Dispatch"),
		object{
			{"type", "object"},
			{"properties", object{{"type", constant(c.Name)}, {"data", a.payload(c)}}},
			{"required", listOf("type", "data")},
		},
	}}})
	a.messages = append(a.messages, field{name, o})
	return name
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

// payload returns what a message carries, and has the document say what that is.
func (a *async) payload(e *model.Element) object {
	if name := a.typeName(e); !a.described["type "+name] {
		a.described["type "+name] = true
		a.typesOut = append(a.typesOut, field{name, a.schemas.of(e)})
	}
	return refTo(a.refer(e))
}

// about returns what people read about a message.
func (a *async) about(e *model.Element) object {
	o := object{{"name", e.GoName()}, {"title", e.Label()}}
	o.put("summary", firstLine(e.Doc))
	if first := firstLine(e.Doc); e.Doc != first {
		o.put("description", e.Doc)
	}
	o.put("tags", []any{object{{"name", e.Kind.String()}}})
	return o
}

// describe adds a message as a CloudEvent, of a source where that is always the
// same.
func (a *async) describe(e *model.Element, name, from string) {
	if a.described[name] {
		return
	}
	a.described[name] = true
	if !a.described["type CloudEvent"] {
		a.described["type CloudEvent"] = true
		a.typesOut = append(a.typesOut, field{"EventHeaders", eventHeaders()}, field{"CloudEvent", cloudEvent()})
	}
	members := object{{"type", constant(e.Name)}}
	if from != "" {
		members.put("source", constant(source(from)))
	}
	members.put("data", a.payload(e))
	own := object{{"type", "object"}, {"properties", members}}
	if e.Kind == ast.Event {
		own.put("required", listOf("landfallkind"))
	}
	o := a.about(e)
	o.put("contentType", eventFormat)
	o.put("headers", refTo("#/components/schemas/EventHeaders"))
	o.put("payload", object{{"allOf", []any{refTo("#/components/schemas/CloudEvent"), own}}})
	a.messages = append(a.messages, field{name, o})
}
