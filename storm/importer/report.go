package importer

import (
	"fmt"
	"sort"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// Report says what was read from a board, what was decided and how, and what
// could not be known.
type Report struct {
	Format Format
	Name   string
	Level  ast.Level // of the storm

	Notes     int              // with a text
	Kinds     map[ast.Kind]int // notes of each kind
	Elements  int              // elements of the storm that they made
	Links     int              // links between notes that are links of the storm
	Verticals int
	Lanes     int
	Labels    int
	Areas     int // frames, themes and contexts

	Decided []Finding // by positions, colours or names, where a person may decide otherwise
	Unknown []Finding // kept in the storm as free notes
	Left    []Finding // without anything to keep: no text, no ends
}

// Finding is something to know about one thing on the board.
type Finding struct {
	ID      string `json:"id,omitempty"` // of the thing on the board, may be empty
	Message string `json:"message"`
}

func (r *Report) decide(id, format string, args ...any) {
	r.Decided = append(r.Decided, Finding{id, fmt.Sprintf(format, args...)})
}

func (r *Report) unknown(id, format string, args ...any) {
	r.Unknown = append(r.Unknown, Finding{id, fmt.Sprintf(format, args...)})
}

func (r *Report) left(id, format string, args ...any) {
	r.Left = append(r.Left, Finding{id, fmt.Sprintf(format, args...)})
}

// count counts what became of the notes.
func (r *Report) count(f *flow) {
	b := f.board
	r.Notes, r.Kinds = 0, map[ast.Kind]int{}
	for _, n := range b.notes {
		r.Notes++
		r.Kinds[n.kind]++
	}
	r.Elements, r.Links = len(f.elements), f.links
}

// String returns the report as lines of text for a person.
func (r *Report) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s, level %s\n", r.Format, ast.QuoteText(r.Name), plural(r.Notes, "note"), r.Level)
	fmt.Fprintf(&b, "  %s\n", strings.Join(r.kinds(), ", "))
	if other := r.others(); len(other) > 0 {
		fmt.Fprintf(&b, "  %s\n", strings.Join(other, ", "))
	}
	section(&b, "decided, and worth a look", r.Decided)
	section(&b, "not known, kept as free notes", r.Unknown)
	section(&b, "left out", r.Left)
	return b.String()
}

func (r *Report) kinds() []string {
	var kinds []ast.Kind
	for k := range r.Kinds {
		kinds = append(kinds, k)
	}
	sort.Slice(kinds, func(i, j int) bool {
		a, b := kinds[i], kinds[j]
		if r.Kinds[a] != r.Kinds[b] {
			return r.Kinds[a] > r.Kinds[b]
		}
		return a < b
	})
	var out []string
	for _, k := range kinds {
		word := k.String()
		if k == ast.NoKind {
			word = "note of unknown kind"
		}
		out = append(out, plural(r.Kinds[k], word))
	}
	return out
}

func (r *Report) others() []string {
	var out []string
	for _, c := range []struct {
		n    int
		word string
	}{
		{r.Elements, "element"}, {r.Links, "link"}, {r.Areas, "area"}, {r.Verticals, "vertical line"},
		{r.Lanes, "lane"}, {r.Labels, "label"},
	} {
		if c.n > 0 {
			out = append(out, plural(c.n, c.word))
		}
	}
	return out
}

// most is how many findings of a sort are written out.
const most = 40

func section(b *strings.Builder, title string, list []Finding) {
	if len(list) == 0 {
		return
	}
	fmt.Fprintf(b, "%s (%d):\n", title, len(list))
	for i, f := range list {
		if i == most && len(list) > most+1 {
			fmt.Fprintf(b, "  … and %d more\n", len(list)-i)
			return
		}
		if f.ID != "" {
			fmt.Fprintf(b, "  %s: %s\n", f.ID, f.Message)
		} else {
			fmt.Fprintf(b, "  %s\n", f.Message)
		}
	}
}

// plural returns a count with its word: 1 note, 2 notes, 2 policies.
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	switch {
	case strings.HasPrefix(word, "note of "):
		word = "notes of " + strings.TrimPrefix(word, "note of ")
	case strings.HasSuffix(word, "y") && !strings.HasSuffix(word, "ay"):
		word = strings.TrimSuffix(word, "y") + "ies"
	default:
		word += "s"
	}
	return fmt.Sprintf("%d %s", n, word)
}
