package edit

import (
	"maps"

	"github.com/landfall-go/landfall/storm"
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
	rest := make([]int, len(gestures))
	for i := range rest {
		rest[i] = i
	}
	for len(rest) > 1 && len(b.src.Files) > 0 {
		left := b.together(gestures, rest, renamed)
		if len(left) == len(rest) {
			break
		}
		rest = left
	}
	for _, i := range rest {
		var more map[string]string
		more, errs[i] = b.Do(gestures[i])
		maps.Copy(renamed, more)
	}
	return renamed, errs
}

// together carries out, with one reading of the text, those of the gestures that change
// it in one step and are about different things in different places, and returns the
// others. When the outcome is not what each of them would have led to alone, it carries
// out none.
func (b *Batch) together(gestures []Gesture, which []int, renamed map[string]string) (left []int) {
	b.takeTrees()
	before := b.src
	b.own = false // what is rehearsed changes trees
	r := rehearsal{src: before, about: map[string]bool{}, renamed: map[string]string{}}
	for _, i := range which {
		if !r.try(gestures[i]) {
			left = append(left, i)
		}
	}
	if len(r.done) == 0 {
		return which
	}
	s := &session{src: before, renamed: r.renamed, gone: map[string]bool{}}
	if s.apply(r.edits...) != nil || s.keepAll(s.lost(before.Model)) != nil || sound(before, s.src) != nil || !r.holds(before.Model, s.src.Model) {
		return which
	}
	b.src, b.own = s.src, true
	b.follow(r.renamed, nil)
	maps.Copy(renamed, r.renamed)
	return left
}

// rehearsal gathers what gestures would change.
type rehearsal struct {
	src     *storm.Source
	done    []Gesture
	edits   []diag.Edit
	renamed map[string]string
	// What these are about and change, and what those that wait are and do: the order
	// among them is kept, and the trees there may be changed already.
	about map[string]bool
	taken []diag.Edit
}

// try adds what a gesture would change, unless it has to wait: it takes more than one
// step, or is about something that another is about.
func (r *rehearsal) try(g Gesture) bool {
	about := r.aboutOf(g)
	free := len(about) > 0
	for _, id := range about {
		free = free && !r.about[id]
		r.about[id] = true
	}
	if !free {
		return false
	}
	s := &session{src: r.src, renamed: map[string]string{}, gone: map[string]bool{}, rehearsal: true}
	err := g.do(s)
	free = !overlaps(s.edits, r.taken)
	r.taken = append(r.taken, s.edits...)
	if err != nil || !free || len(s.edits) == 0 {
		return false
	}
	r.done = append(r.done, g)
	r.edits = append(r.edits, s.edits...)
	maps.Copy(r.renamed, s.renamed)
	return true
}

// aboutOf returns the elements that a gesture is about, when it is one of those whose
// outcome can be told from the model.
func (r *rehearsal) aboutOf(g Gesture) []string {
	switch g := g.(type) {
	case Rename:
		return []string{g.ID}
	case Link:
		return r.ends(g.From, g.To)
	case Unlink:
		return r.ends(g.From, g.To)
	}
	return nil
}

func (r *rehearsal) ends(from, to string) []string {
	a, b := r.src.Model.Element(from), r.src.Model.Element(to)
	if a == nil || b == nil || VerbOf(a.Kind, b.Kind) == model.Emits {
		return nil
	}
	return []string{from, to}
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
func (r *rehearsal) holds(before, after *model.Storm) bool {
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
	return r.holdsLinks(before, after)
}

// arrow is a link by the ids of its ends.
type arrow struct {
	verb     model.Verb
	from, to string
}

func (r *rehearsal) holdsLinks(before, after *model.Storm) bool {
	want := arrowsOf(before, r.renamed)
	for _, g := range r.done {
		switch g := g.(type) {
		case Link:
			want[arrowOf(before, g.From, g.To)] = true
		case Unlink:
			delete(want, arrowOf(before, g.From, g.To))
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
