package resolve

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// makeList resolves publishes, pivotal and lane, which refer to what exists.
func (r *resolver) makeList(l *ast.List) {
	m, meta := r.module, r.meta(&l.Base)
	var lane *model.Lane
	if l.Kind == ast.ListLane {
		lane = &model.Lane{Meta: meta, Name: l.Name.Text}
		m.Lanes = append(m.Lanes, lane)
	} else if m.IsFree() {
		r.ignoreIn(&r.storm.Meta, meta)
	} else {
		r.ignoreIn(&m.Meta, meta)
	}
	r.putOff(func() {
		for _, item := range l.Items {
			switch l.Kind {
			case ast.ListPublishes:
				if e := r.refer(item.Ref, model.Published, ast.Event); e != nil {
					m.Publishes = appendNew(m.Publishes, e)
				}
			case ast.ListPivotal:
				if e := r.refer(item.Ref, model.PivotalEvent, ast.Event); e != nil {
					e.Pivotal = true
					m.Pivotal = appendNew(m.Pivotal, e)
				}
			case ast.ListLane:
				if e := r.refer(item.Ref, model.InLane); e != nil {
					lane.Elements = appendNew(lane.Elements, e)
				}
			}
		}
	})
}

func (r *resolver) makeSticky(s *ast.Sticky) {
	sticky := &model.Sticky{Meta: r.meta(&s.Base), Kind: s.Kind, Module: r.module, Text: s.Text.Text, Resolved: s.Resolved.Text}
	r.module.Stickies = append(r.module.Stickies, sticky)
	if r.handler != nil && len(s.On) == 0 {
		sticky.On = []model.Target{{Element: r.handler}}
		return
	}
	r.putOff(func() {
		for _, item := range s.On {
			if t, ok := r.target(item.Ref); ok {
				sticky.On = appendNew(sticky.On, t)
			}
		}
	})
}

func (r *resolver) makeWalk(w *ast.Walk) {
	walk := &model.Walk{Meta: r.meta(&w.Base), Name: w.Name.Text}
	r.module.Walks = append(r.module.Walks, walk)
	r.putOff(func() {
		for _, item := range w.Steps {
			if e := r.refer(item.Ref, model.Step); e != nil {
				walk.Steps = append(walk.Steps, e)
			}
		}
	})
}
