package landfalltest

import (
	"reflect"
	"slices"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/internal/inspect"
)

// answers has the policies answer the last event and compares their commands.
func (c *check) answers(e *landfall.Recorded) {
	if c.scenario.Rejected != "" {
		c.mistake("%T is an event, which cannot be rejected", e.Event)
		return
	}
	if c.scenario.Shows != nil && len(c.scenario.Then) == 0 {
		return // the scenario is about a projection
	}
	policies := c.concerned(e)
	if len(policies) == 0 && (len(c.scenario.Then) > 0 || c.scenario.Part != "") {
		c.mistake("%s", c.nobody(e))
		return
	}
	sent := []any{}
	for _, p := range policies {
		if contains(p.Unless, e.Event) {
			sent = append(sent, c.withdrawn(p, e)...)
		}
		if reflect.TypeOf(e.Event) == p.Event {
			for _, m := range c.send(p, e) {
				sent = append(sent, delayed(p, shorten(m, e.Aggregate)))
			}
		}
	}
	want := make([]any, len(c.scenario.Then))
	for i, command := range c.scenario.Then {
		want[i] = c.expected(command, e.Aggregate)
	}
	c.same("then", want, sent)
}

// concerned returns the policies that the scenario is about.
func (c *check) concerned(e *landfall.Recorded) []*inspect.Policy {
	var concerned []*inspect.Policy
	for _, p := range c.module.Policies {
		hears := p.Event == reflect.TypeOf(e.Event) || contains(p.Unless, e.Event)
		if hears && c.isAbout(p) {
			concerned = append(concerned, p)
		}
	}
	return concerned
}

func (c *check) isAbout(p *inspect.Policy) bool {
	if c.scenario.Part != "" {
		return c.scenario.Part == p.Name
	}
	return len(c.scenario.Then) == 0 || slices.ContainsFunc(c.scenario.Then, func(then any) bool {
		return contains(p.Sends, commandIn(then))
	})
}

// nobody says why no policy is concerned.
func (c *check) nobody(e *landfall.Recorded) string {
	var hearing []string
	for _, p := range c.module.Policies {
		if p.Event == reflect.TypeOf(e.Event) || contains(p.Unless, e.Event) {
			hearing = append(hearing, p.Name)
		}
	}
	switch {
	case len(hearing) == 0:
		return "no policy hears " + e.Type
	case c.scenario.Part != "":
		return "the policy " + c.scenario.Part + " does not hear " + e.Type + "; these do: " + list(hearing)
	default:
		return "no policy that hears " + e.Type + " declares any of these commands; it is heard by " + list(hearing)
	}
}

// send asks the policy twice, because it must be pure, and returns its commands
// with their addresses.
func (c *check) send(p *inspect.Policy, e *landfall.Recorded) []landfall.Message {
	defer c.panics("policy " + p.Name)
	commands, again := p.Answer(e), p.Answer(e)
	if d := difference(commands, again); d != "" {
		c.mistake("policy %s is not pure: asked twice, it gives two answers (-first +second):\n%s", p.Name, d)
	}
	var sent []landfall.Message
	for _, command := range commands {
		m, ok := command.(landfall.Message)
		if !ok {
			m = landfall.To(e.Aggregate, command)
		}
		if !contains(p.Sends, m.Command) {
			c.mistake("policy %s sends %T, which it does not declare; add it to landfall.Sends", p.Name, m.Command)
			continue
		}
		c.survives(m.Command)
		sent = append(sent, m)
	}
	return sent
}

// withdrawn returns the commands that the policy holds back for the aggregate
// when the event happens.
func (c *check) withdrawn(p *inspect.Policy, now *landfall.Recorded) []any {
	type waiting struct {
		due     time.Time
		command any
	}
	var pending []waiting
	owner := c.owner(now.Event)
	for i, e := range c.history.events {
		if e == now || c.history.owners[i] != owner || e.Aggregate != now.Aggregate {
			continue
		}
		if contains(p.Unless, e.Event) {
			pending = nil
		}
		if reflect.TypeOf(e.Event) != p.Event {
			continue
		}
		for _, m := range c.send(p, e) {
			pending = append(pending, waiting{e.Time.Add(p.After), shorten(m, e.Aggregate)})
		}
	}
	var all []any
	for _, w := range pending {
		if w.due.After(now.Time) { // the others have been sent
			all = append(all, withdraws{w.command})
		}
	}
	return all
}

func delayed(p *inspect.Policy, command any) any {
	if p.After > 0 {
		return after{p.After, command}
	}
	return command
}

// shorten leaves the bare command of a message that says no more than where it
// would go anyway.
func shorten(m landfall.Message, usual landfall.AggregateID) any {
	if m.To == usual && m.Actor == "" && len(m.Metadata) == 0 {
		return m.Command
	}
	return message{m.To, m.Command, m.Actor, m.Metadata}
}

// message is what of a landfall.Message is the policy's own.
type message struct {
	To       landfall.AggregateID
	Command  any
	Actor    string
	Metadata map[string]string
}

// expected brings what a scenario expects to the same form.
func (c *check) expected(then any, usual landfall.AggregateID) any {
	switch then := then.(type) {
	case landfall.Message:
		if then.To == "" {
			then.To = usual
		}
		return shorten(then, usual)
	case after:
		return after{then.Delay, c.expected(then.Command, usual)}
	case withdraws:
		return withdraws{c.expected(then.Command, usual)}
	default:
		return then
	}
}

// commandIn returns the command of what stands in Then.
func commandIn(then any) any {
	switch then := then.(type) {
	case landfall.Message:
		return then.Command
	case after:
		return commandIn(then.Command)
	case withdraws:
		return commandIn(then.Command)
	default:
		return then
	}
}
