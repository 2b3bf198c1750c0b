package edit

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// Order puts elements that stand on lines of their own into an order in time:
// the lines of the elements are dealt out anew among the places that they have,
// with their comments, and everything between them stays. The elements must
// be in the same braces of one file.
type Order struct{ IDs []string }

func (g Order) do(s *session) error {
	var spots []*spot
	for _, id := range g.IDs {
		sp, err := s.home(id)
		if err != nil {
			return err
		}
		if sp.inline() || len(spots) > 0 && (sp.file.Path != spots[0].file.Path || sp.owner != spots[0].owner) {
			return fmt.Errorf("%s does not stand on a line of its own beside the others: %w", id, ErrKind)
		}
		if slices.ContainsFunc(spots, func(o *spot) bool { return o.stmt() == sp.stmt() }) {
			return fmt.Errorf("%s stands on a line with others: %w", id, ErrKind)
		}
		spots = append(spots, sp)
	}
	slots := slices.Clone(spots)
	slices.SortFunc(slots, func(a, b *spot) int {
		return cmp.Compare(a.stmt().Range().Start.Offset, b.stmt().Range().Start.Offset)
	})
	var edits []diag.Edit
	for i, slot := range slots {
		from := spots[i]
		if from == slot {
			continue
		}
		start, end := slot.extent()
		text := strings.TrimRight(movedText(from, slot.indent()), "\r\n")
		if bytes.HasSuffix(slot.file.Text[:end], []byte("\n")) {
			text += slot.newline()
		}
		edits = append(edits, slot.edit(start, end, text))
	}
	return s.apply(edits...)
}

// StandsAlone reports whether a statement is the place in time of one element
// only: a line that is nothing but an event's name, or a declaration that does
// not take part in any flow. Those are what [Order] can put into another order.
func StandsAlone(st ast.Stmt) bool { return declaresOnly(st) }
