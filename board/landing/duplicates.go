package landing

import (
	"cmp"
	"maps"
	"slices"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/check"
)

// Duplicates returns the notes of a wall that may stand for the same: those of one kind
// with the same text, or almost the same, with at least the score, in groups. Two notes
// that people keep apart are in no group together. The likest come first. Its time grows
// with the number of notes, not with that of pairs.
func Duplicates(wall *session.Wall, least float64) []wire.Duplicate {
	apart := map[[2]string]bool{}
	for _, a := range wall.Aparts {
		apart[[2]string{a.A, a.B}], apart[[2]string{a.B, a.A}] = true, true
	}
	kinds := map[ast.Kind][]*session.Note{}
	for _, n := range wall.Notes {
		if k := kindOf(n); lands(n) && k != ast.Module {
			kinds[k] = append(kinds[k], n)
		}
	}
	var out []wire.Duplicate
	for _, k := range slices.Sorted(maps.Keys(kinds)) {
		out = append(out, groups(kinds[k], apart, least)...)
	}
	slices.SortStableFunc(out, func(a, b wire.Duplicate) int { return cmp.Compare(b.Score, a.Score) })
	return out
}

// groups puts the likenesses among notes of one kind together.
func groups(notes []*session.Note, apart map[[2]string]bool, least float64) []wire.Duplicate {
	slices.SortFunc(notes, leftToRight)
	names := make([]string, len(notes))
	for i, n := range notes {
		names[i] = spelled(n)
	}
	parent := make([]int, len(notes))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	var pairs []check.Likeness
	for _, l := range check.Alike(names, least) {
		if !apart[[2]string{notes[l.First].ID, notes[l.Second].ID}] {
			pairs = append(pairs, l)
			parent[root(l.Second)] = root(l.First)
		}
	}
	byRoot := map[int][]check.Likeness{}
	var roots []int
	for _, l := range pairs {
		r := root(l.First)
		if byRoot[r] == nil {
			roots = append(roots, r)
		}
		byRoot[r] = append(byRoot[r], l)
	}
	var out []wire.Duplicate
	for _, r := range roots {
		out = append(out, group(notes, byRoot[r], apart)...)
	}
	return out
}

// group makes one group of likenesses that hang together, or, where people keep two of
// its notes apart, a group of each pair.
func group(notes []*session.Note, pairs []check.Likeness, apart map[[2]string]bool) []wire.Duplicate {
	whole := wire.Duplicate{Score: 1}
	var each []wire.Duplicate
	seen := map[int]bool{}
	for _, l := range pairs {
		why := l.Why
		if spelled(notes[l.First]) == spelled(notes[l.Second]) {
			why = "the same text"
		}
		each = append(each, wire.Duplicate{Notes: []string{notes[l.First].ID, notes[l.Second].ID}, Score: l.Score, Why: why})
		if whole.Why == "" || l.Score < whole.Score {
			whole.Score, whole.Why = l.Score, why
		}
		for _, i := range []int{l.First, l.Second} {
			if !seen[i] {
				seen[i] = true
				whole.Notes = append(whole.Notes, notes[i].ID)
			}
		}
	}
	in := map[string]bool{}
	for _, id := range whole.Notes {
		in[id] = true
	}
	for pair := range apart {
		if in[pair[0]] && in[pair[1]] {
			return each
		}
	}
	return []wire.Duplicate{whole}
}
