package draw

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// plan is the storm as a picture needs it: what happens, in steps, and in
// which frame, column of time and row of the wall each note goes.
type plan struct {
	storm  *model.Storm
	only   *selection
	order  map[*model.Element]int // by first note on the board
	places []ast.Place            // of the timeline's notes
	frames []*frame
	byMod  map[*model.Module]*frame

	steps     []*step
	policies  []*policy
	byCommand map[*model.Element][]*step
	emitters  map[*model.Element][]*step
	policyOf  map[*model.Element]*policy

	stickies map[*model.Element][]*model.Sticky // on an element
	section  map[*model.Element]*model.Section
	linked   map[*model.Element]bool // takes part in some link
	handled  map[*model.Element]bool // commands that a line of flow has
}

// frame is a module on the board, or what lies outside of all modules.
type frame struct {
	module      *model.Module
	steps       []*step // in the order of time
	policies    []*policy
	projections []*model.Element
	lanes       []string // names; the first is for what is in no lane
	laneOf      map[*model.Element]int
	bands       int
	parked      []*model.Sticky // on nothing that is on the board
	flows       bool            // it has more than loose notes
}

// step is one thing that happens: a command, a timer, or what comes without
// either, with the events that it leads to. A column of loose notes is a step
// too.
type step struct {
	frame   *frame
	order   int
	handler *model.Element
	command *model.Element
	timer   *model.Timer
	issuers []*model.Element
	events  []*model.Element
	loose   []*looseNote

	section *model.Section
	pivotal bool // ends with a pivotal event
	lane    int
	band    int
	rank    int // column of time
	set     bool

	triggered bool // a policy of its frame leads to it

	prev    *step   // it comes after prev where nothing else says when it comes
	beside  bool    // it stands in the column of prev
	next    []*step // the steps whose prev it is
	waits   int
	touched bool
}

// policy is a policy with the column of time of what triggers it.
type policy struct {
	element *model.Element
	frame   *frame
	invokes []*step
	order   int
	rank    int
	band    int
	foreign bool // nothing in its frame triggers it
	waits   int
	set     bool
	touched bool
}

// looseNote is a note that nothing leads to and that leads to nothing.
type looseNote struct {
	element *model.Element
	sticky  *model.Sticky
	order   int
	section *model.Section
	lane    int
}

// selection is the part of a storm that is drawn; nil is all of it.
type selection struct {
	elements map[*model.Element]bool
	handler  *model.Element // the only one whose lines of flow are drawn, or nil for all
}

func (s *selection) has(e *model.Element) bool { return s == nil || s.elements[e] }

// of returns those of the elements that are drawn.
func (s *selection) of(list []*model.Element) []*model.Element {
	if s == nil {
		return list
	}
	var out []*model.Element
	for _, e := range list {
		if s.elements[e] {
			out = append(out, e)
		}
	}
	return out
}

func newPlan(s *model.Storm, only *selection) *plan {
	p := &plan{
		storm:     s,
		only:      only,
		order:     map[*model.Element]int{},
		byMod:     map[*model.Module]*frame{},
		byCommand: map[*model.Element][]*step{},
		emitters:  map[*model.Element][]*step{},
		policyOf:  map[*model.Element]*policy{},
		stickies:  map[*model.Element][]*model.Sticky{},
		section:   map[*model.Element]*model.Section{},
		linked:    map[*model.Element]bool{},
		handled:   map[*model.Element]bool{},
	}
	p.readTimeline()
	for m := range s.All() {
		f := &frame{module: m, lanes: []string{""}, laneOf: map[*model.Element]int{}, bands: 1}
		p.frames = append(p.frames, f)
		p.byMod[m] = f
	}
	p.readLinks()
	for _, f := range p.frames {
		p.readLanes(f)
		p.readFlows(f)
	}
	for _, f := range p.frames {
		p.readRest(f)
		p.readStickies(f)
	}
	p.findTriggered()
	for _, f := range p.frames {
		p.readLoose(f)
		slices.SortStableFunc(f.steps, func(a, b *step) int { return cmp.Compare(a.order, b.order) })
		p.sequence(f)
	}
	p.rank()
	return p
}

// readTimeline learns the order of time and the sections.
func (p *plan) readTimeline() {
	for i, n := range p.storm.Timeline {
		p.places = append(p.places, n.Place)
		if _, ok := p.order[n.Element]; !ok {
			p.order[n.Element] = 2 * i
			p.section[n.Element] = n.Section
		}
	}
	i := 2 * len(p.places)
	for e := range p.storm.Elements() { // those of a model that came without a timeline
		if _, ok := p.order[e]; !ok {
			p.order[e] = i
			i += 2
		}
	}
}

// orderAt returns where in the order of time something stands that is no
// element: behind the last note that is written before it.
func (p *plan) orderAt(at ast.Place) int {
	if !at.IsValid() {
		return 2*len(p.order) + 1
	}
	i, _ := slices.BinarySearchFunc(p.places, at, func(a, b ast.Place) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start.Offset, b.Start.Offset))
	})
	return 2*i - 1
}

// readLinks learns which elements take part in a link.
func (p *plan) readLinks() {
	for h := range p.storm.Handlings() {
		p.link(h.Issuers...)
		p.link(h.Commands...)
		for _, c := range h.Commands {
			p.handled[c] = true
		}
		if h.Handler != nil {
			p.link(h.Handler)
		}
		if len(h.Commands) > 0 || h.Handler != nil {
			p.link(slices.Concat(h.Events...)...)
		}
	}
	for e := range p.storm.Elements() {
		if q := e.Policy; q != nil && len(q.On)+len(q.Unless)+len(q.Using)+len(q.Invokes) > 0 {
			p.link(e)
			p.link(slices.Concat(q.Unless, q.Using, slices.Concat(q.On...), slices.Concat(q.Invokes...))...)
		}
		if v := e.View; v != nil && len(v.UpdatedBy)+len(v.Informs) > 0 {
			p.link(e)
			p.link(slices.Concat(v.UpdatedBy, v.Informs)...)
		}
	}
}

func (p *plan) link(list ...*model.Element) {
	for _, e := range list {
		p.linked[e] = true
	}
}

func (p *plan) readLanes(f *frame) {
	for _, lane := range f.module.Lanes {
		f.lanes = append(f.lanes, lane.Name)
		for _, e := range lane.Elements {
			if _, ok := f.laneOf[e]; !ok {
				f.laneOf[e] = len(f.lanes) - 1
			}
		}
	}
}

// readFlows makes the steps of a module's lines of flow and timers.
func (p *plan) readFlows(f *frame) {
	for _, e := range f.module.Elements {
		for _, h := range e.Handles {
			p.readHandling(f, h)
		}
	}
	for _, h := range f.module.Flows {
		p.readHandling(f, h)
	}
	for _, t := range f.module.Timers {
		if p.only != nil && len(p.only.of(t.Events)) == 0 {
			continue
		}
		s := p.addStep(&step{frame: f, timer: t, order: p.orderAt(t.Place)})
		p.emit(s, t.Events)
	}
}

func (p *plan) readHandling(f *frame, h *model.Handling) {
	if p.only != nil && p.only.handler != nil && h.Handler != p.only.handler {
		return
	}
	events := p.only.of(slices.Concat(h.Events...))
	for _, c := range p.only.of(h.Commands) {
		s := p.stepOf(f, c, h.Handler)
		s.issuers = appendNew(s.issuers, p.only.of(h.Issuers)...)
		p.emit(s, events)
	}
	if len(h.Commands) == 0 && h.Handler != nil && len(events) > 0 {
		s := p.addStep(&step{frame: f, handler: h.Handler, order: p.order[events[0]]})
		p.emit(s, events)
	}
}

// stepOf returns the step of a command with that handler.
func (p *plan) stepOf(f *frame, c, handler *model.Element) *step {
	for _, s := range p.byCommand[c] {
		if s.handler == handler && s.frame == f {
			return s
		}
	}
	s := p.addStep(&step{frame: f, command: c, handler: handler, order: p.order[c]})
	p.byCommand[c] = append(p.byCommand[c], s)
	return s
}

func (p *plan) addStep(s *step) *step {
	p.steps = append(p.steps, s)
	s.frame.steps = append(s.frame.steps, s)
	return s
}

func (p *plan) emit(s *step, events []*model.Element) {
	for _, e := range p.only.of(events) {
		if !slices.Contains(s.events, e) {
			s.events = append(s.events, e)
			p.emitters[e] = append(p.emitters[e], s)
		}
	}
}

// readRest makes steps of the linked elements that no line of flow has, and
// sets policies and projections aside.
func (p *plan) readRest(f *frame) {
	for _, e := range f.module.Elements {
		if !p.linked[e] || !p.only.has(e) {
			continue
		}
		switch e.Kind {
		case ast.Command:
			if len(p.byCommand[e]) == 0 {
				p.stepOf(f, e, nil)
			}
		case ast.Event:
			if len(p.emitters[e]) == 0 {
				p.emit(p.addStep(&step{frame: f, order: p.order[e]}), []*model.Element{e})
			}
		case ast.Policy:
			q := &policy{element: e, frame: f, order: p.order[e]}
			f.policies = append(f.policies, q)
			p.policies = append(p.policies, q)
			p.policyOf[e] = q
		case ast.Projection:
			f.projections = append(f.projections, e)
		}
	}
}

// findTriggered finds the steps that a policy of their frame leads to from an
// event of the frame.
func (p *plan) findTriggered() {
	for _, q := range p.policies {
		local := false
		for e := range q.element.Policy.On.All() {
			local = local || p.happensIn(e, q.frame)
		}
		for c := range q.element.Policy.Invokes.All() {
			for _, s := range p.byCommand[c] {
				s.triggered = s.triggered || local && s.frame == q.frame
			}
		}
	}
}

// readStickies puts stickies on what they are on, and those on nothing aside.
func (p *plan) readStickies(f *frame) {
	for _, s := range f.module.Stickies {
		if on := p.carrier(s); on != nil {
			p.stickies[on] = append(p.stickies[on], s)
			continue
		}
		if p.only != nil {
			continue
		}
		home := f
		for _, t := range s.On {
			if t.Module != nil {
				home = p.byMod[t.Module]
				break
			}
		}
		home.parked = append(home.parked, s)
	}
}

// carrier returns the first element on the board that a sticky is on.
func (p *plan) carrier(s *model.Sticky) *model.Element {
	for _, t := range s.On {
		if t.Element != nil && onBoard(t.Element.Kind) {
			return t.Element
		}
	}
	return nil
}

// onBoard reports whether elements of the kind have a note of their own.
func onBoard(k ast.Kind) bool {
	switch k {
	case ast.Actor, ast.Command, ast.Aggregate, ast.System, ast.Event, ast.Policy, ast.Projection:
		return true
	}
	return false
}

func appendNew(list []*model.Element, more ...*model.Element) []*model.Element {
	for _, e := range more {
		if !slices.Contains(list, e) {
			list = append(list, e)
		}
	}
	return list
}
