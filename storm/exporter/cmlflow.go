package exporter

import (
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// application writes the application layer: the messages that belong to no
// aggregate, and the flow.
func (c *cml) application(m *model.Module) {
	steps := c.steps(m)
	var messages []*model.Element
	for _, e := range m.Elements {
		if (e.Kind == ast.Command || e.Kind == ast.Event) && c.home(e) == nil {
			messages = append(messages, e)
		}
	}
	if len(steps)+len(messages) == 0 {
		return
	}
	c.line("")
	c.open("Application")
	for _, e := range messages {
		c.message(e)
	}
	if len(steps) > 0 {
		if len(messages) > 0 {
			c.line("")
		}
		c.open("Flow %s", c.name([2]any{"flow", m}, c.contextName(m)+" Flow"))
		for _, s := range steps {
			c.line("%s", s)
		}
		c.close()
	}
	c.close()
}

// home returns the aggregate of its own module that a message belongs to: the
// first that handles the command or emits the event.
func (c *cml) home(e *model.Element) *model.Element {
	for _, a := range e.Module.Of(ast.Aggregate) {
		for _, h := range a.Handles {
			if slices.Contains(h.Commands, e) || h.Events.Has(e) {
				return a
			}
		}
	}
	return nil
}

func (c *cml) steps(m *model.Module) []string {
	var out []string
	for _, e := range m.Elements {
		for _, h := range e.Handles {
			out = append(out, c.handling(h)...)
		}
	}
	for _, h := range m.Flows {
		out = append(out, c.handling(h)...)
	}
	for _, p := range m.Of(ast.Policy) {
		out = append(out, c.policy(p)...)
	}
	return out
}

// handling writes a line of flow: command X [initiated by "A"] delegates to Y
// emits event Z. A line that leads nowhere has no form.
func (c *cml) handling(h *model.Handling) []string {
	var out []string
	for _, command := range h.Commands {
		for _, events := range c.productions(h.Events) {
			line := "command " + c.element(command)
			if len(h.Issuers) > 0 {
				var who []string
				for _, a := range h.Issuers {
					who = append(who, a.Label())
				}
				line += " [initiated by " + text(strings.Join(who, ", ")) + "]"
			}
			if h.Handler != nil && h.Handler.Kind == ast.Aggregate {
				line += " delegates to " + c.element(h.Handler)
			}
			out = append(out, line+" emits event "+events)
		}
	}
	return out
}

// productions writes a choice: alternatives of one each are A X B, all of one
// alternative are A + B. What is neither takes several steps.
func (c *cml) productions(choice model.Choice) []string {
	single := true
	for _, group := range choice {
		single = single && len(group) == 1
	}
	join := func(list []*model.Element, sign string) string {
		var names []string
		for _, e := range list {
			names = append(names, c.element(e))
		}
		return strings.Join(names, sign)
	}
	if single && len(choice) > 0 {
		return []string{join(slices.Collect(choice.All()), " X ")}
	}
	var out []string
	for _, group := range choice {
		out = append(out, join(group, " + "))
	}
	return out
}

func (c *cml) policy(p *model.Element) []string {
	var out []string
	for _, events := range p.Policy.On {
		var names []string
		for _, e := range events {
			names = append(names, c.element(e))
		}
		for _, commands := range c.productions(p.Policy.Invokes) {
			out = append(out, "event "+strings.Join(names, " + ")+" triggers command "+commands+" // "+c.when(p))
		}
	}
	return out
}

// when says what a policy's step has no words for.
func (c *cml) when(p *model.Element) string {
	out := p.Label()
	if p.Policy.After != "" {
		out += ", after " + p.Policy.After
	}
	for i, e := range p.Policy.Unless {
		out += map[bool]string{true: ", unless ", false: " or "}[i == 0] + e.Label()
	}
	return out
}

// aggregate writes an aggregate with its root, its state, its commands and its
// events.
func (c *cml) aggregate(a *model.Element) {
	c.line("")
	if a.Doc != "" {
		c.line("%s", text(a.Doc))
	}
	c.open("Aggregate %s", c.element(a))
	c.open("Entity %s", c.name([2]any{"root", a}, a.GoName()+" Root"))
	c.line("aggregateRoot")
	c.fields(a.Fields)
	c.close()
	for _, e := range a.Module.Elements {
		if (e.Kind == ast.Command || e.Kind == ast.Event) && c.home(e) == a {
			c.message(e)
		}
	}
	c.close()
}

func (c *cml) message(e *model.Element) {
	word := "DomainEvent"
	if e.Kind == ast.Command {
		word = "CommandEvent"
	}
	c.object(word, e)
}

// object writes something with fields.
func (c *cml) object(word string, e *model.Element) {
	if e.Doc != "" {
		c.line("%s", text(e.Doc))
	}
	if len(e.Fields) == 0 {
		c.line("%s %s", word, c.element(e))
		return
	}
	c.open("%s %s", word, c.element(e))
	c.fields(e.Fields)
	c.close()
}

// values writes the values, the enums and the projections of a module.
func (c *cml) values(m *model.Module) {
	list := append(append(m.Of(ast.Value), m.Of(ast.Enum)...), m.Of(ast.Projection)...)
	if len(list) == 0 {
		return
	}
	c.line("")
	c.open("Module %s", c.name([2]any{"data", m}, c.contextName(m)+" Data"))
	for _, e := range list {
		switch {
		case e.Kind == ast.Value:
			c.object("ValueObject", e)
		case e.Kind == ast.Projection:
			c.object("DataTransferObject", e)
		case len(e.Members) > 0:
			c.enum(e)
		}
	}
	c.close()
}

func (c *cml) enum(e *model.Element) {
	var members []string
	for _, m := range e.Members {
		members = append(members, attribute(m.Name))
	}
	if e.Doc != "" {
		c.line("%s", text(e.Doc))
	}
	c.line("enum %s { %s }", c.element(e), strings.Join(members, ", "))
}

func (c *cml) fields(list []*model.Field) {
	for _, f := range list {
		c.line("%s", c.field(f))
	}
}

// cmlTypes are CML's words for the basic types.
var cmlTypes = map[model.Basic]string{
	model.Text: "String", model.Int: "long", model.Decimal: "BigDecimal", model.Bool: "boolean",
	model.Time: "DateTime", model.Date: "Date", model.Duration: "Duration", model.ID: "String",
}

// field writes an attribute, or a reference to another object. Lists of lists
// have no form in CML: such a field is a list of objects.
func (c *cml) field(f *model.Field) string {
	name, end := attribute(f.Name), ""
	t := f.Type
	if t == nil {
		return "String " + name
	}
	if t.Optional {
		end = " nullable"
	}
	list := t.List != nil
	if list {
		t = t.List
	}
	word, mark := "Object", ""
	switch {
	case t.List != nil:
		list = true
	case t.Of != nil && (t.Of.Kind != ast.Enum || len(t.Of.Members) > 0):
		word, mark = c.element(t.Of), "- "
	case t.Basic != "":
		word = cmlTypes[t.Basic]
	case t.Unknown != "":
		word = plain(model.GoName(0, t.Unknown))
	}
	if list {
		word = "List<" + word + ">"
	}
	return mark + word + " " + name + end
}

// attribute returns a name of a field or of a member of an enum.
func attribute(name string) string {
	name = plain(name)
	if cmlKeywords[name] {
		return "^" + name
	}
	return name
}

// cmlKeywords are words of the language that a name must not be, unless it is
// marked. Words that are only signs of a choice are among them.
var cmlKeywords = func() map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(`
		X x O o Aggregate Application ApplicationPart BasicType BoundedContext Command CommandEvent Consumer ContextMap
		DataTransferObject Domain DomainEvent Entity Event Flow Functionality Module Partnership Repository Resource Service
		Subdomain Trait UseCase UserStory ValueObject abstract actor aggregateLifecycle aggregateRoot application assertFalse
		assertTrue auditable basePackage belongsTo benefit build cache cascade changeable command condition consistencyCriticality
		construct contains create creditCardNumber databaseColumn databaseTable databaseType decimalMax decimalMin def delete
		digits domainVisionStatement email emits enum event eventBus evolution extends external features fetch future gap get
		groupBy hint immutable implements implementationTechnology import index inject interactions inverse key knowledgeLevel
		length level likelihoodForChange map max min nogap not notBlank notEmpty null nullable operation optimisticLocking
		orderBy orderby orderColumn ordinal owner package past path pattern persistent private protected public publish query
		queueName range read realizes refines required resources responsibilities return scaffold scope select size state
		subscribe supports throws to topicName transient triggers type update url useCases userStories valid validate
		void webservice with write A C D P S U ACL CF OHS PL SK META CONCRETE UNDEFINED NORMAL RARELY OFTEN HIGH LOW HUGE TINY
		AS_IS TO_BE FEATURE SYSTEM TEAM APPLICATION GENESIS PRODUCT COMMODITY GET POST PUT DELETE None String int Integer long Long
		boolean Boolean Date DateTime Timestamp BigDecimal BigInteger double Double float Float Key Blob Clob List Set Bag
		Collection Map a an the in for`) {
		out[w] = true
	}
	return out
}()
