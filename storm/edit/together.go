package edit

import (
	"maps"

	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// DoAll carries out gestures that do not rest on one another, and returns the error of
// each: those that are refused change nothing, and the others still count. It does
// what [Batch.Do] would do with one after another, in an order of its own, but reads
// the text once for all those that rename an element, or draw or take away an arrow,
// in different statements: its time grows with the size of the storm and not with
// that of the storm times the number of gestures. All ids are those before, and no
// gesture may rename what another is about. The new ids are those of all together.
func (b *Batch) DoAll(gestures ...Gesture) (renamed map[string]string, errs []error) {
	renamed = map[string]string{}
	errs = make([]error, len(gestures))
	var done []bool
	if len(gestures) > 1 && len(b.src.Files) > 0 {
		done = b.together(gestures, renamed)
	}
	for i, g := range gestures {
		if done != nil && done[i] {
			continue
		}
		more, err := b.Do(g)
		errs[i] = err
		for from, to := range renamed {
			if next, ok := more[to]; ok {
				renamed[from] = next
				delete(more, to)
			}
		}
		maps.Copy(renamed, more)
	}
	return renamed, errs
}

// together carries out, with one reading of the text, those of the gestures that change
// it in one step and in different places, and says which. When the outcome is not what
// each of them would have led to alone, it carries out none.
func (b *Batch) together(gestures []Gesture, renamed map[string]string) (done []bool) {
	b.takeTrees()
	before := b.src
	b.own = false // what is rehearsed changes trees
	r := rehearsal{batch: b, done: make([]bool, len(gestures)), renamed: map[string]string{}}
	for i, g := range gestures {
		r.done[i] = r.try(g)
	}
	if len(r.edits) == 0 {
		return nil
	}
	s := &session{src: before, renamed: r.renamed, gone: map[string]bool{}}
	if s.apply(r.edits...) != nil || s.keepAll(s.lost(before.Model)) != nil || sound(before, s.src) != nil || !r.holds(before.Model, s.src.Model, gestures) {
		return nil
	}
	b.src, b.own = s.src, true
	b.follow(r.renamed, nil)
	maps.Copy(renamed, r.renamed)
	return r.done
}

// rehearsal gathers what gestures would change.
type rehearsal struct {
	batch   *Batch
	edits   []diag.Edit
	taken   []diag.Edit // these, and those of gestures that wait
	done    []bool
	renamed map[string]string
}

// try adds what a gesture would change, unless it has to wait: it takes more than one
// step, or changes what another does.
func (r *rehearsal) try(g Gesture) bool {
	if !r.simple(g) {
		return false
	}
	s := &session{src: r.batch.src, renamed: map[string]string{}, gone: map[string]bool{}, rehearsal: true}
	err := g.do(s)
	free := !overlaps(s.edits, r.taken)
	r.taken = append(r.taken, s.edits...) // the trees there may be changed already
	if err != nil || !free || len(s.edits) == 0 {
		return false
	}
	r.edits = append(r.edits, s.edits...)
	maps.Copy(r.renamed, s.renamed)
	return true
}

// simple reports whether a gesture is of those that can be held against the outcome.
func (r *rehearsal) simple(g Gesture) bool {
	switch g := g.(type) {
	case Rename:
		return true
	case Link:
		return r.verb(g.From, g.To) != model.Emits
	case Unlink:
		return r.verb(g.From, g.To) != model.Emits
	}
	return false
}

func (r *rehearsal) verb(from, to string) model.Verb {
	s := r.batch.src.Model
	if a, b := s.Element(from), s.Element(to); a != nil && b != nil {
		return VerbOf(a.Kind, b.Kind)
	}
	return ""
}

func overlaps(edits, others []diag.Edit) bool {
	for _, a := range edits {
		for _, b := range others {
			if a.File == b.File && a.Start < b.End && b.Start < a.End {
				return true
			}
		}
	}
	return false
}

// holds reports whether the model after all the gestures is the one before with what
// they say: the same elements under their new names, and the same links but for those
// that were drawn or taken away.
func (r *rehearsal) holds(before, after *model.Storm, gestures []Gesture) bool {
	targets := map[string]bool{}
	for e := range before.Elements() {
		id := e.ID()
		if next, ok := r.renamed[id]; ok {
			id = next
		}
		if targets[id] || after.Element(id) == nil {
			return false
		}
		targets[id] = true
	}
	for e := range after.Elements() {
		if !targets[e.ID()] {
			return false
		}
	}
	return r.holdsLinks(before, after, gestures)
}

// arrow is a link by the ids of its ends.
type arrow struct {
	verb     model.Verb
	from, to string
}

func (r *rehearsal) holdsLinks(before, after *model.Storm, gestures []Gesture) bool {
	want := arrowsOf(before, r.renamed)
	for i, g := range gestures {
		switch g := g.(type) {
		case Link:
			if a := arrowOf(before, g.From, g.To); r.done[i] {
				want[a] = true
			}
		case Unlink:
			if a := arrowOf(before, g.From, g.To); r.done[i] {
				delete(want, a)
			}
		}
	}
	return maps.Equal(want, arrowsOf(after, nil))
}

func arrowOf(s *model.Storm, from, to string) arrow {
	return arrow{VerbOf(s.Element(from).Kind, s.Element(to).Kind), from, to}
}

// arrowsOf returns the links of a storm, but for those that follow from others: what
// an aggregate emits may be what its commands lead to.
func arrowsOf(s *model.Storm, renamed map[string]string) map[arrow]bool {
	now := func(e *model.Element) string {
		id := e.ID()
		if next, ok := renamed[id]; ok {
			return next
		}
		return id
	}
	out := map[arrow]bool{}
	for _, l := range s.Links() {
		if l.Verb != model.Emits {
			out[arrow{l.Verb, now(l.From), now(l.To)}] = true
		}
	}
	return out
}
