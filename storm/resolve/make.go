package resolve

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// make makes the parts of the model that a statement stands for.
func (r *resolver) make(s ast.Stmt) {
	switch s := s.(type) {
	case *ast.Header:
		r.makeHeader(s)
	case *ast.ModuleDecl:
		r.makeModule(s)
	case *ast.Decl:
		r.makeDecl(s)
	case *ast.FlowLine:
		r.makeFlow(s)
	case *ast.Timer:
		t := &model.Timer{Meta: r.meta(&s.Base), Every: s.Every.Text}
		t.Events = flat(r.choice(s.To, ast.Event, model.Timed))
		r.module.Timers = append(r.module.Timers, t)
	case *ast.List:
		r.makeList(s)
	case *ast.Sticky:
		r.makeSticky(s)
	case *ast.Walk:
		r.makeWalk(s)
	case *ast.Scenario:
		r.makeScenario(s)
	case *ast.State:
		r.makeState(s)
	}
}

func (r *resolver) makeHeader(h *ast.Header) {
	meta := r.meta(&h.Base)
	switch h.Kind {
	case ast.HeaderStorm:
		if r.once(&r.nameAt, h, "the storm has its name already") {
			r.storm.Meta, r.storm.Name = meta, h.Name.Text
			return
		}
		merge(&r.storm.Meta, meta)
	case ast.HeaderLevel:
		if r.once(&r.levelAt, h, "the storm has its level already") {
			r.storm.Level = ast.LevelOf(h.Name.Text)
			r.storm.Stated = r.storm.Level != ast.NoLevel
		}
		r.ignoreIn(&r.storm.Meta, meta)
	case ast.HeaderTeam:
		r.makeTeam(h)
		r.ignoreIn(&r.module.Meta, meta)
	case ast.HeaderSection:
		r.makeSection(h.Name.Text, meta)
	}
}

// makeSection begins a section, or goes on with the one of that name. A section
// outside of all modules lasts over files and modules, until the next.
func (r *resolver) makeSection(name string, meta model.Meta) {
	var section *model.Section
	for _, s := range r.storm.Sections {
		if s.Name == name && s.Module == r.module {
			section = s
		}
	}
	if section == nil {
		section = &model.Section{Name: name, Module: r.module}
		r.storm.Sections = append(r.storm.Sections, section)
	}
	merge(&section.Meta, meta)
	if r.module.IsFree() {
		r.freeSection = section
	} else {
		r.section = section
	}
}

// once reports a statement of which a storm has one.
func (r *resolver) once(first *ast.Place, h *ast.Header, message string) bool {
	if h.Name.IsZero() {
		return false
	}
	if !first.IsValid() {
		*first = r.place(h.Name.Span)
		return true
	}
	d := r.errorAt("E106", r.place(h.Name.Span), message)
	d.Related = []diag.Related{{Place: *first, Message: "given here"}}
	d.Fixes = []diag.Fix{removal("remove the second", r.place(h.Span))}
	return false
}

func (r *resolver) makeTeam(h *ast.Header) {
	m := r.module
	if m.Team == "" || m.Team == h.Name.Text {
		m.Team = h.Name.Text
		r.teams[m] = r.place(h.Name.Span)
		return
	}
	d := r.errorAt("E106", r.place(h.Name.Span), "module "+m.Name+" has its team already: "+m.Team)
	d.Related = []diag.Related{{Place: r.teams[m], Message: "given here"}}
}

func (r *resolver) makeModule(s *ast.ModuleDecl) {
	if s.Name.IsZero() {
		return
	}
	m := r.openModule(s.Name.Text)
	at := r.place(s.Name.Span)
	m.Declared = append(m.Declared, at)
	m.Mentions = append(m.Mentions, model.Mention{Place: at, Full: at, In: m, Role: model.Declaration})
	m.Was = addNames(m.Was, s.Was)
	merge(&m.Meta, r.meta(&s.Base))
	if s.Body != nil {
		m.Bodies = append(m.Bodies, r.place(s.Body.Span))
		r.loose(s.Body.End...)
		r.looseOpen(s.Body.Open)
	}
	r.inside(s, r.make)
}

func addNames(list []string, names []ast.Name) []string {
	for _, n := range names {
		list = appendNew(list, n.Text)
	}
	return list
}

func appendNew[T comparable](list []T, item T) []T {
	for _, x := range list {
		if x == item {
			return list
		}
	}
	return append(list, item)
}

// makeDecl makes an element, or adds to it what another declaration says.
func (r *resolver) makeDecl(d *ast.Decl) {
	if d.Name.IsZero() {
		return
	}
	if (d.Kind == ast.Value || d.Kind == ast.Enum) && model.BasicOf(d.Name.Text) != "" {
		r.errorAt("E110", r.place(d.Name.Span), d.Name.Text+" is a type of the language").Help = "give the " + d.Kind.String() + " another name"
	}
	e := r.declared(d)
	e.Was = addNames(e.Was, d.Was)
	meta := r.meta(&d.Base)
	if len(e.Declared) > 1 && d.HasContent() {
		meta.Place, e.Place = e.Place, meta.Place
	}
	merge(&e.Meta, meta)
	if d.Fields != nil && r.first(e, d) {
		e.HasData = true
		r.putFields(e, d.Fields)
	}
	switch d.Kind {
	case ast.Policy:
		r.makePolicy(e, d)
	case ast.Projection:
		r.makeProjection(e, d)
	case ast.Enum:
		r.makeEnum(e, d)
	case ast.Term:
		if e.Meaning == "" {
			e.Meaning = d.Text.Text
		} else if !d.Text.IsZero() {
			r.twice(e, d)
		}
	case ast.Aggregate, ast.System:
		r.makeBody(e, d)
	}
}

// first reports whether the declaration is the first with data.
func (r *resolver) first(e *model.Element, d *ast.Decl) bool {
	if !e.HasData {
		return true
	}
	r.twice(e, d)
	return false
}

func (r *resolver) twice(e *model.Element, d *ast.Decl) {
	at := r.errorAt("E104", r.place(d.Name.Span), e.String()+" is declared twice")
	at.Help = "a note may be repeated, but what it says stands in one place; merge the two"
	at.Related = []diag.Related{{Place: e.Declared[0], Message: "declared here"}}
}

func (r *resolver) makePolicy(e *model.Element, d *ast.Decl) {
	p := e.Policy
	if len(d.From)+len(d.To)+len(d.Unless)+len(d.Using) == 0 && d.After.IsZero() {
		return
	}
	if len(p.On)+len(p.Invokes)+len(p.Unless)+len(p.Using) > 0 || p.After != "" {
		r.twice(e, d)
		return
	}
	p.On = r.choice(d.From, ast.Event, model.Trigger)
	p.After = d.After.Text
	p.Unless = flat(r.choice(d.Unless, ast.Event, model.Exception))
	p.Using = flat(r.choice(d.Using, ast.Projection, model.Help))
	p.Invokes = r.choice(d.To, ast.Command, model.Invoked)
}

func (r *resolver) makeProjection(e *model.Element, d *ast.Decl) {
	if len(d.From)+len(d.To) == 0 {
		return
	}
	if len(e.View.UpdatedBy)+len(e.View.Informs) > 0 {
		r.twice(e, d)
		return
	}
	e.View.UpdatedBy = flat(r.choice(d.From, ast.Event, model.Update))
	e.View.Informs = flat(r.choice(d.To, ast.Actor, model.Informed))
}

func (r *resolver) makeEnum(e *model.Element, d *ast.Decl) {
	if d.Members == nil || !r.first(e, d) {
		return
	}
	e.HasData = true
	r.loose(d.Members.End...)
	r.looseOpen(d.Members.Open)
	seen := map[string]ast.Place{}
	for _, m := range d.Members.List {
		at := r.place(m.Span)
		r.itemIgnores(e, &m.Comments, at)
		if !r.unique(seen, m.Name.Text, at, "the member") {
			continue
		}
		e.Members = append(e.Members, &model.Member{Doc: itemDoc(&m.Comments), Name: m.Name.Text, Place: at})
	}
}

func (r *resolver) makeBody(e *model.Element, d *ast.Decl) {
	if d.Body == nil {
		return
	}
	r.loose(d.Body.End...)
	r.looseOpen(d.Body.Open)
	r.handler = e
	for _, s := range d.Body.Stmts {
		r.make(s)
	}
	r.handler = nil
}

func (r *resolver) makeState(s *ast.State) {
	if r.handler == nil || s.Fields == nil {
		return
	}
	e := r.handler
	r.ignoreIn(&e.Meta, r.meta(&s.Base))
	if e.HasData {
		r.errorAt("E104", r.place(s.Span), "the state of "+e.String()+" is declared twice").
			Help = "put the fields into one list"
		return
	}
	e.HasData = true
	r.putFields(e, s.Fields)
}

func (r *resolver) makeFlow(f *ast.FlowLine) {
	issuers, commands, events, bare := f.Roles()
	if bare && r.handler == nil {
		r.noteEvents(f, events)
		return
	}
	h := &model.Handling{Meta: r.meta(&f.Base), Handler: r.handler}
	h.Issuers = r.issuers(issuers)
	h.Commands = flat(r.choice(commands, ast.Command, model.Handled))
	h.Events = r.choice(events, ast.Event, model.Emitted)
	if r.handler != nil {
		r.handler.Handles = append(r.handler.Handles, h)
	} else {
		r.module.Flows = append(r.module.Flows, h)
	}
}
