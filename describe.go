package landfall

import (
	"reflect"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/model"
)

// Describe checks the wiring of modules and returns it as data. The error is
// ErrWiring with all mistakes, as [Open] would report them.
func Describe(modules ...Module) (model.Model, error) {
	specs, err := compileAll(modules, nil, false)
	if err != nil {
		return model.Model{}, err
	}
	var described model.Model
	for _, spec := range specs {
		described.Modules = append(described.Modules, spec.describe())
	}
	return described, nil
}

func (m *moduleSpec) describe() model.Module {
	d := model.Module{Name: m.name}
	for _, a := range m.aggregates {
		described := model.Aggregate{Name: a.name}
		for _, h := range m.handlers {
			if h.aggregate == a {
				described.Handles = append(described.Handles, h.name)
			}
		}
		d.Aggregates = append(d.Aggregates, described)
	}
	for _, s := range m.systems {
		d.Systems = append(d.Systems, m.describeSystem(s))
	}
	for _, h := range m.handlers {
		d.Commands = append(d.Commands, model.Command{Name: h.name, Fields: fields(h.commandType), Emits: names(h.emits)})
	}
	for _, e := range m.events {
		if e.class == heardEvent {
			d.Hears = append(d.Hears, model.Heard{Module: e.from, Event: m.heardName(e), Fields: fields(e.goType)})
		}
		if e.class != ownEvent {
			continue
		}
		if m.published[e] {
			d.Publishes = append(d.Publishes, e.name)
		}
		d.Events = append(d.Events, model.Event{Name: e.name, Fields: fields(e.goType), Formerly: m.formerly(e)})
	}
	for _, p := range m.policies {
		d.Policies = append(d.Policies, p.describe())
	}
	for _, p := range m.projections {
		d.Projections = append(d.Projections, model.Projection{Name: p.name, Hears: names(p.events), Document: fields(p.doc)})
	}
	return d
}

func (m *moduleSpec) describeSystem(s *systemSpec) model.System {
	d := model.System{Name: s.name}
	for _, h := range m.handlers {
		if h.system == s {
			d.Performs = append(d.Performs, h.name)
			d.Timeout = h.timeout.String()
		}
	}
	return d
}

func (p *policySpec) describe() model.Policy {
	d := model.Policy{Name: p.name, Hears: names([]*eventSpec{p.event})[0], Unless: names(p.unless)}
	if p.after > 0 {
		d.After = p.after.String()
	}
	for _, to := range p.sends {
		d.Sends = append(d.Sends, model.Target{Module: to.module, Command: to.name})
	}
	return d
}

// formerly returns the other names that an event is read under.
func (m *moduleSpec) formerly(e *eventSpec) []string {
	var all []string
	for name, other := range m.eventsByName {
		if other == e && name != e.name {
			all = append(all, name)
		}
	}
	for name := range m.upcasts {
		if m.today(name) == e {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	return all
}

func names(events []*eventSpec) []string {
	var all []string
	for _, e := range events {
		if e.class == heardEvent {
			all = append(all, strings.TrimPrefix(e.name, string(heardEvent)))
		} else {
			all = append(all, e.name)
		}
	}
	return all
}

// heardName returns the name of a heard event in its own module.
func (m *moduleSpec) heardName(e *eventSpec) string {
	return strings.TrimPrefix(e.name, heardType(e.from, ""))
}

func fields(t reflect.Type) []model.Field {
	if t == nil || t.Kind() != reflect.Struct {
		return nil
	}
	var all []model.Field
	for f := range t.Fields() {
		all = append(all, model.Field{Name: f.Name, Type: f.Type.String()})
	}
	return all
}
