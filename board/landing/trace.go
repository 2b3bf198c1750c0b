package landing

import (
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// follow returns the ids of what goes on under another name in a later model: by the
// former names that the text has, and else where one thing went and another of its
// kind came in its place.
func follow(before, after *model.Storm) map[string]string {
	out := model.Follow(before, after)
	t := &tracer{before: before, after: after, out: out, taken: map[string]bool{}}
	for _, to := range out {
		t.taken[to] = true
	}
	t.modules()
	t.elements()
	t.stickies()
	return out
}

type tracer struct {
	before, after *model.Storm
	out           map[string]string
	taken         map[string]bool
}

func (t *tracer) pair(from, to string) {
	t.out[from] = to
	t.taken[to] = true
}

// modules finds modules that have another name: that is said, or most of what was in
// one is in one that is new.
func (t *tracer) modules() {
	for _, m := range t.before.Modules {
		if t.after.Module(m.Name) != nil {
			continue
		}
		var best *model.Module
		most := 0
		for _, n := range t.after.Modules {
			if t.before.Module(n.Name) != nil || t.taken[moduleID(n.Name)] {
				continue
			}
			alike := 1
			if slices.Contains(n.Was, m.Name) {
				alike = 1 << 20
			}
			for _, e := range m.Elements {
				if n.Find(e.Kind, e.Name) != nil {
					alike += 2
				}
			}
			if alike > len(m.Elements) && alike > most {
				best, most = n, alike
			}
		}
		if best == nil {
			continue
		}
		t.pair(moduleID(m.Name), moduleID(best.Name))
		for _, e := range m.Elements {
			if n := best.Find(e.Kind, e.Name); n != nil && !t.taken[n.ID()] {
				t.pair(e.ID(), n.ID())
			}
		}
	}
}

// mostStrays bounds what is compared with what: an edit that changes more is no
// rename.
const mostStrays = 200

// elements pairs what went with what came.
func (t *tracer) elements() {
	gone, came := t.strays()
	if len(gone) == 0 || len(gone) > mostStrays || len(came) > mostStrays {
		return
	}
	old, new := surroundings(t.before), surroundings(t.after)
	alone := func(list []*model.Element, e *model.Element) bool {
		return !slices.ContainsFunc(list, func(o *model.Element) bool { return o != e && o.Kind == e.Kind })
	}
	for _, a := range gone {
		best, most := (*model.Element)(nil), 0
		for _, b := range came {
			if a.Kind != b.Kind || t.taken[b.ID()] {
				continue
			}
			alike := t.alike(old, new, a, b)
			if a.Name == b.Name {
				alike += 4 // it went to another module
			}
			if alone(gone, a) && alone(came, b) {
				alike++
			}
			if alike > most {
				best, most = b, alike
			}
		}
		if best != nil {
			t.pair(a.ID(), best.ID())
		}
	}
}

// strays returns the elements that went and those that came; nothing when none went.
func (t *tracer) strays() (gone, came []*model.Element) {
	for e := range t.before.Elements() {
		if id := e.ID(); t.after.Element(id) == nil && t.out[id] == "" {
			gone = append(gone, e)
		}
	}
	if len(gone) == 0 {
		return nil, nil
	}
	for e := range t.after.Elements() {
		if id := e.ID(); t.before.Element(id) == nil && !t.taken[id] {
			came = append(came, e)
		}
	}
	return gone, came
}

// around is what stands around an element: what comes before and after it, and what
// it is linked with.
type around struct {
	before, after string
	links         []string
}

func surroundings(s *model.Storm) map[*model.Element]*around {
	out := map[*model.Element]*around{}
	for m := range s.All() {
		for i, e := range m.Elements {
			a := &around{}
			if i > 0 {
				a.before = m.Elements[i-1].ID()
			}
			if i+1 < len(m.Elements) {
				a.after = m.Elements[i+1].ID()
			}
			out[e] = a
		}
	}
	for _, l := range s.Links() {
		out[l.From].links = append(out[l.From].links, string(l.Verb)+" "+l.To.ID())
		out[l.To].links = append(out[l.To].links, l.From.ID()+" "+string(l.Verb))
	}
	return out
}

// alike counts what two elements have around them in common.
func (t *tracer) alike(old, new map[*model.Element]*around, a, b *model.Element) int {
	x, y := old[a], new[b]
	n := 0
	if x.before == y.before && x.before != "" {
		n++
	}
	if x.after == y.after && x.after != "" {
		n++
	}
	for _, l := range x.links {
		if slices.Contains(y.links, l) {
			n += 2
		}
	}
	return n
}

// stickies pairs the stickies of a kind that went with those that came.
func (t *tracer) stickies() {
	gone, came := map[ast.Kind][]*model.Sticky{}, map[ast.Kind][]*model.Sticky{}
	list := func(s *model.Storm) map[string]*model.Sticky {
		out := map[string]*model.Sticky{}
		for m := range s.All() {
			for _, st := range m.Stickies {
				out[st.ID()] = st
			}
		}
		return out
	}
	is, was := list(t.after), list(t.before)
	for m := range t.before.All() {
		for _, st := range m.Stickies {
			if is[st.ID()] == nil {
				gone[st.Kind] = append(gone[st.Kind], st)
			}
		}
	}
	for m := range t.after.All() {
		for _, st := range m.Stickies {
			if was[st.ID()] == nil {
				came[st.Kind] = append(came[st.Kind], st)
			}
		}
	}
	for kind, old := range gone {
		for _, a := range old {
			for _, b := range came[kind] {
				same := a.Text == b.Text || len(old) == 1 && len(came[kind]) == 1 ||
					len(a.On) > 0 && slices.Equal(targetIDs(a), targetIDs(b))
				if same && !t.taken[b.ID()] && t.out[a.ID()] == "" {
					t.pair(a.ID(), b.ID())
				}
			}
		}
	}
}
