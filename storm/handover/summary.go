package handover

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Summary is what a storm reveals when one steps back from it.
type Summary struct {
	Name     string       `json:"name"`
	Level    string       `json:"level"`
	Sizes    []Size       `json:"sizes"`    // of each module
	Flows    []Flow       `json:"flows"`    // what begins with each command of an actor or of time, and each named walk
	HandOffs []HandOff    `json:"handOffs"` // where work goes from one team to another
	Traffic  []Traffic    `json:"traffic"`  // messages between modules
	Hotspots []OpenSticky `json:"hotspots"` // that nobody has answered
}

// Size says how much there is in a module.
type Size struct {
	Module   string         `json:"module"` // empty for what is outside of all
	Team     string         `json:"team,omitempty"`
	Elements map[string]int `json:"elements"` // by kind
	Hotspots int            `json:"hotspots"` // open ones
}

// Flow is what follows from one beginning.
type Flow struct {
	Name    string   `json:"name"`
	Modules []string `json:"modules"` // in the order in which it reaches them
	Teams   []string `json:"teams"`   // without repetitions
	Steps   int      `json:"steps"`   // commands, events and policies on its way
	Crosses int      `json:"crosses"` // hand-offs between teams on its way
}

// HandOff is a place where work goes from one team to another.
type HandOff struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Message string `json:"message"` // the event or the command
	Over    string `json:"over"`    // the policy or the projection
}

// Traffic is the messages that one module gets from another.
type Traffic struct {
	From     string   `json:"from"`
	To       string   `json:"to"`
	Events   []string `json:"events,omitempty"`
	Commands []string `json:"commands,omitempty"`
}

// OpenSticky is a hotspot that nobody has answered.
type OpenSticky struct {
	Text string   `json:"text"`
	On   []string `json:"on,omitempty"`
	At   string   `json:"at,omitempty"` // file:line:column
}

// Summarize steps back from a storm.
func Summarize(s *model.Storm) *Summary {
	c := &counting{storm: s, out: &Summary{Name: s.Name, Level: s.Level.String()}}
	c.sizes()
	c.links()
	c.flows()
	c.hotspots()
	return c.out
}

type counting struct {
	storm *model.Storm
	out   *Summary
}

func (c *counting) sizes() {
	for m := range c.storm.All() {
		if m.IsFree() && len(m.Elements)+len(m.Stickies) == 0 {
			continue
		}
		size := Size{Module: m.Name, Team: m.Team, Elements: map[string]int{}}
		for _, e := range m.Elements {
			size.Elements[e.Kind.String()]++
		}
		for _, s := range m.Stickies {
			if s.Kind == ast.Hotspot && s.Resolved == "" {
				size.Hotspots++
			}
		}
		c.out.Sizes = append(c.out.Sizes, size)
	}
}

// links counts the messages between modules, and finds the hand-offs.
func (c *counting) links() {
	for _, l := range c.storm.Links() {
		from, to := l.From.Module, l.To.Module
		if from == to {
			continue
		}
		message, over := l.From, l.To
		event := true
		switch l.Verb {
		case model.Triggers, model.Updates, model.Stops:
		case model.Invokes:
			message, over, event = l.To, l.From, false
		default:
			continue
		}
		c.count(from, to, message, event)
		if teamOf(from) != teamOf(to) {
			c.out.HandOffs = append(c.out.HandOffs, HandOff{teamOf(from), teamOf(to), message.Label(), over.Label()})
		}
	}
}

// teamOf returns the team of a module. A module without one counts as a team of
// its own.
func teamOf(m *model.Module) string {
	switch {
	case m.Team != "":
		return m.Team
	case m.IsFree():
		return "no module"
	}
	return "module " + model.Label(m.Name)
}

func (c *counting) count(from, to *model.Module, message *model.Element, event bool) {
	i := slices.IndexFunc(c.out.Traffic, func(t Traffic) bool { return t.From == from.Name && t.To == to.Name })
	if i < 0 {
		i = len(c.out.Traffic)
		c.out.Traffic = append(c.out.Traffic, Traffic{From: from.Name, To: to.Name})
	}
	list := &c.out.Traffic[i].Commands
	if event {
		list = &c.out.Traffic[i].Events
	}
	if !slices.Contains(*list, message.Label()) {
		*list = append(*list, message.Label())
	}
}

func (c *counting) hotspots() {
	for m := range c.storm.All() {
		for _, s := range m.Stickies {
			if s.Kind != ast.Hotspot || s.Resolved != "" {
				continue
			}
			open := OpenSticky{Text: s.Text}
			for _, t := range s.On {
				switch {
				case t.Element != nil:
					open.On = append(open.On, t.Element.Label())
				case t.Module != nil:
					open.On = append(open.On, model.Label(t.Module.Name))
				}
			}
			if s.Place.IsValid() {
				open.At = s.Place.String()
			}
			c.out.Hotspots = append(c.out.Hotspots, open)
		}
	}
}

// Markdown writes the summary for people.
func (s *Summary) Markdown() []byte {
	p := &page{}
	p.heading(1, "Report on %s", inline(cmp.Or(s.Name, "the storm")))
	p.line("Level: %s.", s.Level)
	s.writeFlows(p)
	s.writeHandOffs(p)
	s.writeTraffic(p)
	s.writeHotspots(p)
	s.writeSizes(p)
	return []byte(p.String())
}

func (s *Summary) writeFlows(p *page) {
	p.heading(2, "Flows, and the teams they cross")
	if len(s.Flows) == 0 {
		p.line("No actor and no timer begins a flow yet.")
		return
	}
	var rows [][]string
	for _, f := range s.Flows {
		teams := "none"
		if len(f.Teams) > 0 {
			teams = inline(strings.Join(f.Teams, ", "))
		}
		rows = append(rows, []string{inline(f.Name), arrows(f.Modules), teams, fmt.Sprint(f.Steps), fmt.Sprint(f.Crosses)})
	}
	p.table([]string{"Flow", "Modules", "Teams", "Steps", "Hand-offs"}, rows)
}

func arrows(list []string) string {
	var out []string
	for _, name := range list {
		out = append(out, inline(named(name)))
	}
	return strings.Join(out, " → ")
}

// named returns a module's name as people read it.
func named(module string) string {
	if module == "" {
		return "(no module)"
	}
	return model.Label(module)
}

func (s *Summary) writeHandOffs(p *page) {
	p.heading(2, "Hand-offs between teams")
	if len(s.HandOffs) == 0 {
		p.line("No work goes from one team to another.")
		return
	}
	var rows [][]string
	for _, h := range s.HandOffs {
		rows = append(rows, []string{inline(h.From), inline(h.To), inline(h.Message), inline(h.Over)})
	}
	p.table([]string{"From", "To", "Message", "Over"}, rows)
}

func (s *Summary) writeTraffic(p *page) {
	p.heading(2, "Messages between modules")
	if len(s.Traffic) == 0 {
		p.line("No module sends anything to another.")
		return
	}
	var rows [][]string
	for _, t := range s.Traffic {
		names := slices.Concat(t.Events, t.Commands)
		rows = append(rows, []string{inline(named(t.From)), inline(named(t.To)), fmt.Sprint(len(t.Events)), fmt.Sprint(len(t.Commands)),
			inline(strings.Join(names, ", "))})
	}
	p.table([]string{"From", "To", "Events", "Commands", "Which"}, rows)
}

func (s *Summary) writeHotspots(p *page) {
	p.heading(2, "Open hotspots")
	if len(s.Hotspots) == 0 {
		p.line("None.")
		return
	}
	for _, h := range s.Hotspots {
		end := ""
		if len(h.On) > 0 {
			end = " (on " + inline(join(h.On, "and")) + ")"
		}
		if h.At != "" {
			end += ", " + h.At
		}
		p.line("- %s%s", bullet(h.Text), end)
	}
}

// counted are the kinds that the sizes are written of.
var counted = []ast.Kind{ast.Actor, ast.Command, ast.Aggregate, ast.System, ast.Event, ast.Policy, ast.Projection, ast.Value, ast.Enum, ast.Term}

func (s *Summary) writeSizes(p *page) {
	p.heading(2, "Sizes")
	var kinds []ast.Kind
	for _, k := range counted {
		if slices.ContainsFunc(s.Sizes, func(z Size) bool { return z.Elements[k.String()] > 0 }) {
			kinds = append(kinds, k)
		}
	}
	head := []string{"Module", "Team"}
	for _, k := range kinds {
		word := plural(2, k.String())[2:]
		head = append(head, strings.ToUpper(word[:1])+word[1:])
	}
	var rows [][]string
	for _, z := range s.Sizes {
		row := []string{inline(named(z.Module)), inline(z.Team)}
		for _, k := range kinds {
			row = append(row, fmt.Sprint(z.Elements[k.String()]))
		}
		rows = append(rows, append(row, fmt.Sprint(z.Hotspots)))
	}
	p.table(append(head, "Hotspots"), rows)
}
