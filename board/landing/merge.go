package landing

import (
	"slices"
	"strings"
)

// Merge puts two changes of a text together, line by line: what only one side
// changed is as that side has it, and what both changed in the same way is so. It is
// not ok when both changed the same lines, or lines that touch, in different ways;
// then there is no merged text.
func Merge(base, mine, theirs string) (merged string, ok bool) {
	switch {
	case mine == theirs || theirs == base:
		return mine, true
	case mine == base:
		return theirs, true
	}
	o, a, b := splitLines(base), splitLines(mine), splitLines(theirs)
	x, y := replacements(o, a), replacements(o, b)
	var out strings.Builder
	at := 0
	for len(x)+len(y) > 0 {
		var next replacement
		switch {
		case len(y) == 0 || len(x) > 0 && x[0].before(y[0]):
			next, x = x[0], x[1:]
		case len(x) == 0 || y[0].before(x[0]):
			next, y = y[0], y[1:]
		case x[0].equal(y[0]):
			next, x, y = x[0], x[1:], y[1:]
		default:
			return "", false
		}
		write(&out, o[at:next.start])
		write(&out, next.lines)
		at = next.end
	}
	write(&out, o[at:])
	return out.String(), true
}

func write(out *strings.Builder, lines []string) {
	for _, l := range lines {
		out.WriteString(l)
	}
}

// replacement puts lines in the place of those from start up to end.
type replacement struct {
	start, end int
	lines      []string
}

// before reports whether a replacement ends before another begins, with a line
// between that both keep.
func (r replacement) before(o replacement) bool { return r.end < o.start }

func (r replacement) equal(o replacement) bool {
	return r.start == o.start && r.end == o.end && slices.Equal(r.lines, o.lines)
}

// replacements returns what makes one list of lines of another.
func replacements(old, new []string) []replacement {
	var out []replacement
	i, j := 0, 0
	for _, m := range append(matches(old, new), match{len(old), len(new), 0}) {
		if i < m.a || j < m.b {
			out = append(out, replacement{i, m.a, new[j:m.b]})
		}
		i, j = m.a+m.n, m.b+m.n
	}
	return out
}
