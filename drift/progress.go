package drift

import (
	"slices"

	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// State says how far an element is built.
type State string

// The states.
const (
	Missing   State = "missing"   // the code does not have it
	Differing State = "differing" // the code has it, but not as the storm says
	Started   State = "started"   // the code has it, but it leads to nothing yet
	Done      State = "done"      // the code has it, and agrees
	Open      State = "open"      // the storm does not say enough to build it
)

// Status is how far an element is.
type Status struct {
	Element *model.Element
	State   State
	// Differences are those that keep it from being done.
	Differences List
}

// Progress says of each element that is to be built how far it is, in the order
// of the storm. Actors, terms and systems that only issue commands are not built
// and not among them. Differences are those that Compare found for the same
// storm and code.
func Progress(storm *model.Storm, code *Code, differences List) []Status {
	c := newComparison(storm, code)
	c.run()
	byElement := map[string]List{}
	for _, d := range differences.AtLeast(diag.Error) {
		for _, id := range slices.Compact(slices.Sorted(slices.Values(d.parts))) {
			byElement[id] = append(byElement[id], d)
		}
	}
	var out []Status
	for e := range storm.Elements() {
		if !c.facts.isBuilt(e) {
			continue
		}
		s := Status{Element: e, Differences: byElement[e.ID()]}
		_, isValue := c.values[e]
		switch {
		case c.pairs[e] == nil && !isValue && c.facts.undecided(e) != "":
			s.State = Open
		case c.pairs[e] == nil && !isValue:
			s.State = Missing
		case len(s.Differences) > 0:
			s.State = Differing
		case c.pairs[e] != nil && c.pairs[e].isEmpty():
			s.State = Started
		default:
			s.State = Done
		}
		out = append(out, s)
	}
	return out
}

// isEmpty reports whether a decision or a policy constructs nothing: a scaffold
// that nobody has filled in.
func (t *thing) isEmpty() bool {
	if t.command != nil {
		return t.command.Builds.isEmpty()
	}
	for _, p := range t.policies {
		if !p.Builds.isEmpty() {
			return false
		}
	}
	return t.policies != nil
}

func (b Builds) isEmpty() bool { return len(b.Messages)+len(b.Unread) == 0 }
