package landing

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/session"
)

// Between returns the changes that make one text of another, as CodeMirror writes
// them down: line by line, so that what stays is not touched and cursors in it stay
// where they are. It returns nil when the texts are the same.
func Between(old, new string) session.ChangeSet {
	if old == new {
		return nil
	}
	a, b := splitLines(old), splitLines(new)
	w := &changeWriter{}
	i, j := 0, 0
	for _, m := range matches(a, b) {
		w.replace(a[i:m.a], b[j:m.b])
		w.keep(a[m.a : m.a+m.n])
		i, j = m.a+m.n, m.b+m.n
	}
	w.replace(a[i:], b[j:])
	return w.changes()
}

// changeWriter writes a change set.
type changeWriter struct {
	parts []any
	kept  int
}

func (w *changeWriter) keep(lines []string) {
	for _, l := range lines {
		w.kept += session.Units(l)
	}
}

func (w *changeWriter) flush() {
	if w.kept > 0 {
		w.parts = append(w.parts, w.kept)
		w.kept = 0
	}
}

// replace writes that some lines take the place of others, as far as they differ.
func (w *changeWriter) replace(old, new []string) {
	if len(old)+len(new) == 0 {
		return
	}
	a, b := strings.Join(old, ""), strings.Join(new, "")
	start, end := common(a, b)
	w.kept += session.Units(a[:start])
	w.flush()
	part := []any{session.Units(a[start : len(a)-end])}
	if insert := b[start : len(b)-end]; insert != "" {
		for _, line := range strings.Split(insert, "\n") {
			part = append(part, line)
		}
	}
	if len(part) > 1 || part[0] != 0 {
		w.parts = append(w.parts, part)
	}
	w.kept += session.Units(a[len(a)-end:])
}

func (w *changeWriter) changes() session.ChangeSet {
	w.flush()
	out, err := json.Marshal(w.parts)
	if err != nil {
		panic("landing: a change set is not for JSON: " + err.Error()) // numbers and strings always are
	}
	return out
}

// common returns how many bytes two texts have in common at their starts and at
// their ends, without cutting a character.
func common(a, b string) (start, end int) {
	most := min(len(a), len(b))
	for start < most && a[start] == b[start] {
		start++
	}
	for start > 0 && start < len(a) && !utf8.RuneStart(a[start]) || start > 0 && start < len(b) && !utf8.RuneStart(b[start]) {
		start--
	}
	for end < most-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	for end > 0 && !utf8.RuneStart(a[len(a)-end]) {
		end--
	}
	return start, end
}

// splitLines cuts a text behind its line breaks.
func splitLines(text string) []string {
	lines := make([]string, 0, strings.Count(text, "\n")+1)
	for line := range strings.Lines(text) {
		lines = append(lines, line)
	}
	return lines
}
