package drift

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// Difference is one thing that the storm and the code say differently.
type Difference struct {
	Code     diag.Code     `json:"code"`
	Severity diag.Severity `json:"severity"` // Error or Hint
	// Element is the stable id of what differs, such as "command:Rover.Move": as
	// model.Element.ID, also for what the storm does not have.
	Element string `json:"element,omitempty"`
	Message string `json:"message"`
	// Storm and Go are both places. Where one side has nothing, its place is
	// where it would stand; a place without a file is nowhere.
	Storm ast.Place `json:"storm"`
	Go    ast.Place `json:"go"`
	// Mends are ways to end the difference. Which is right is for people to say.
	Mends []Mend `json:"mends,omitempty"`

	// parts are the elements that are not done because of it.
	parts []string
}

// Mend is a way to end a difference: a command to run, edits to make, or only
// words where neither will do.
type Mend struct {
	Message string      `json:"message"`
	Command string      `json:"command,omitempty"`
	Edits   []diag.Edit `json:"edits,omitempty"`
}

// List is a list of differences.
type List []Difference

// sort puts the list in the order of the storm and then of the code, and drops
// repetitions.
func (l *List) sort() {
	slices.SortStableFunc(*l, func(a, b Difference) int {
		return cmp.Or(
			cmp.Compare(a.Storm.File, b.Storm.File),
			cmp.Compare(a.Storm.Start.Offset, b.Storm.Start.Offset),
			cmp.Compare(a.Go.File, b.Go.File),
			cmp.Compare(a.Go.Start.Offset, b.Go.Start.Offset),
			cmp.Compare(a.Code, b.Code),
			cmp.Compare(a.Message, b.Message),
		)
	})
	*l = slices.CompactFunc(*l, func(a, b Difference) bool {
		return a.Code == b.Code && a.Message == b.Message && a.Storm == b.Storm && a.Go == b.Go
	})
}

// AtLeast returns the differences of the severity or a higher one.
func (l List) AtLeast(s diag.Severity) List {
	var out List
	for _, d := range l {
		if d.Severity >= s {
			out = append(out, d)
		}
	}
	return out
}

// ExitCode returns what a command should exit with: 1 when there is a
// difference that is no hint, else 0.
func (l List) ExitCode() int {
	if len(l.AtLeast(diag.Error)) > 0 {
		return 1
	}
	return 0
}
