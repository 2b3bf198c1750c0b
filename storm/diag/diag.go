// Package diag holds what a tool has to say about a storm: diagnostics as
// values, each with a place, a stable code, a message, help, related places
// and fixes as edits of text.
package diag

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
)

// Severity says how much a diagnostic matters.
type Severity uint8

// The severities. Off is the severity of a check that does not apply.
const (
	Off     Severity = iota
	Hint             // worth a thought; a storm with hints is clean
	Warning          // a smell; should be mended or silenced with a reason
	Error            // the storm cannot be used as it is
)

var severityWords = [...]string{"off", "hint", "warning", "error"}

// String returns the severity's word.
func (s Severity) String() string { return severityWords[s] }

// MarshalText returns the severity's word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads a severity's word.
func (s *Severity) UnmarshalText(text []byte) error {
	i := slices.Index(severityWords[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is no severity: use off, hint, warning or error", text)
	}
	*s = Severity(i)
	return nil
}

// Code is the stable code of a kind of diagnostic: E001 to E099 are errors of
// syntax, E101 to E199 of names, both listed in [Codes]; S… are smells, which the
// checks of storm/check find and explain.
type Code string

// Diagnostic is one thing to say about one place.
type Diagnostic struct {
	Code     Code      `json:"code"`
	Severity Severity  `json:"severity"`
	Place    ast.Place `json:"place"`
	Message  string    `json:"message"`
	Help     string    `json:"help,omitempty"`
	Related  []Related `json:"related,omitempty"`
	Fixes    []Fix     `json:"fixes,omitempty"`
}

// Related is another place that the diagnostic speaks of.
type Related struct {
	Place   ast.Place `json:"place"`
	Message string    `json:"message"`
}

// Fix is a set of edits that mends what a diagnostic found. Safe says that it
// may be applied unseen, as by check --fix; others are offered to a person.
type Fix struct {
	Message string `json:"message"`
	Safe    bool   `json:"safe"`
	Edits   []Edit `json:"edits"`
}

// String returns "file:line:column: severity code: message".
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s %s: %s", d.Place, d.Severity, d.Code, d.Message)
}

// List is a list of diagnostics. As an error it is the errors in the list.
type List []Diagnostic

// Sort puts the list in the order of files and places, then of codes and
// messages, and drops repetitions.
func (l *List) Sort() {
	slices.SortStableFunc(*l, func(a, b Diagnostic) int {
		return cmp.Or(
			cmp.Compare(a.Place.File, b.Place.File),
			cmp.Compare(a.Place.Start.Offset, b.Place.Start.Offset),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	*l = slices.CompactFunc(*l, func(a, b Diagnostic) bool {
		return a.Place == b.Place && a.Code == b.Code && a.Message == b.Message
	})
}

// Count returns how many diagnostics have the severity.
func (l List) Count(s Severity) int {
	n := 0
	for _, d := range l {
		if d.Severity == s {
			n++
		}
	}
	return n
}

// AtLeast returns the diagnostics of the severity or a higher one.
func (l List) AtLeast(s Severity) List {
	var out List
	for _, d := range l {
		if d.Severity >= s {
			out = append(out, d)
		}
	}
	return out
}

// Err returns the errors of the list as one error, or nil when there are none.
func (l List) Err() error {
	errs := l.AtLeast(Error)
	if len(errs) == 0 {
		return nil
	}
	return errs
}

// Error returns the first error and how many more there are.
func (l List) Error() string {
	switch len(l) {
	case 0:
		return "no errors"
	case 1:
		return l[0].String()
	}
	return fmt.Sprintf("%s (and %d more)", l[0], len(l)-1)
}
