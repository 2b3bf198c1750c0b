package importer

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
)

// makePivotal finds the event of each vertical line: the one that the format
// names, one that the line goes through, or the last before it. Of several in
// one column it is the lowest, which is the last in time.
func (t *timeline) makePivotal() {
	if len(t.lines) == 0 {
		return
	}
	var events []*note
	byID := map[string]*note{}
	for _, n := range t.notes {
		if n.id != "" {
			byID[n.id] = n
		}
		if n.kind == ast.Event && n.placed {
			events = append(events, n)
		}
	}
	slices.SortStableFunc(t.lines, func(a, b *line) int { return cmp.Compare(a.x, b.x) })
	taken := map[*note]*line{}
	for _, l := range t.lines {
		t.pivot(l, events, byID)
		if l.at == nil {
			t.report.left(l.id, "a vertical line at %.0f without an event near it", l.x)
			continue
		}
		if other := taken[l.at]; other != nil {
			t.report.decide(l.id, "the vertical lines at %.0f and %.0f stand at one event, %s", other.x, l.x, ast.QuoteText(l.at.text))
		}
		taken[l.at] = l
		l.at.pivotal = true
		name := ""
		if l.label != "" {
			name = " " + ast.QuoteText(l.label)
		}
		t.report.decide(l.id, "vertical line%s at %.0f: pivotal is %s", name, l.x, ast.QuoteText(l.at.text))
	}
}

func (t *timeline) pivot(l *line, events []*note, byID map[string]*note) {
	if e := byID[l.event]; e != nil && e.kind == ast.Event {
		l.at = e
		return
	}
	var best *note
	var bestGap float64
	for _, e := range events {
		if !t.beside(l, e) {
			continue
		}
		gap := t.gap(l, e)
		if best == nil || gap < bestGap-t.width/2 ||
			gap < bestGap+t.width/2 && e.rank > best.rank {
			best, bestGap = e, gap
		}
	}
	l.at = best
}

// beside reports whether an event lies at the height of a line.
func (t *timeline) beside(l *line, e *note) bool {
	if l.y1 == l.y2 {
		return true
	}
	return e.box.y < l.y2+t.height/2 && e.box.y+e.box.h > l.y1-t.height/2
}

// gap returns how far an event lies before a line: 0 when the line goes through
// it, and very far when it comes after.
func (t *timeline) gap(l *line, e *note) float64 {
	switch {
	case e.box.x > l.x:
		return 1e6 + e.box.x - l.x
	case e.box.x+e.box.w >= l.x:
		return 0
	}
	return l.x - e.box.x - e.box.w
}
