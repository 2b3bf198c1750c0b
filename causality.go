package landfall

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall/store"
)

// Event finds an event by its id, in any module of the host; ErrNotFound says
// that there is none.
func (h *Host) Event(ctx context.Context, id ID) (Recorded, error) {
	_, e, err := h.find(ctx, id)
	if err != nil {
		return Recorded{}, err
	}
	return *e, nil
}

func (h *Host) find(ctx context.Context, id ID) (*module, *Recorded, error) {
	for _, m := range h.modules {
		records, err := m.log.ByCommand(ctx, store.CommandOf(id))
		if err != nil {
			return nil, nil, err
		}
		for i := range records {
			if records[i].ID == id {
				e, err := m.read(&records[i], nil)
				return m, e, err
			}
		}
	}
	return h.findHeard(ctx, id)
}

// findHeard finds an event of a module elsewhere that one here has heard.
func (h *Host) findHeard(ctx context.Context, id ID) (*module, *Recorded, error) {
	for _, m := range h.modules {
		records, err := m.log.ByTrigger(ctx, id)
		if err != nil {
			return nil, nil, err
		}
		for i := range records {
			if classOf(records[i].Type) == heardEvent {
				e, err := m.read(&records[i], nil)
				return m, e, err
			}
		}
	}
	return nil, nil, fmt.Errorf("event %s: %w", id, ErrNotFound)
}

// Causes walks back from an event to its first cause: the event itself, the
// event that triggered the policy that sent its command, and so on. The last
// one was caused by a command from outside; its Correlation is that command.
func (h *Host) Causes(ctx context.Context, id ID) ([]Recorded, error) {
	var chain []Recorded
	for id != (ID{}) {
		_, e, err := h.find(ctx, id)
		if err != nil {
			return chain, err
		}
		chain = append(chain, *e)
		id = e.Trigger
	}
	return chain, nil
}

// Consequence is an event with what it led to.
type Consequence struct {
	Recorded
	// Module is where it happened.
	Module string
	// Led are the events of the commands that policies sent in answer, in the
	// order of modules and positions.
	Led []Consequence
}

// Consequences walks forward from an event to everything that followed from
// it, in all modules of the host.
func (h *Host) Consequences(ctx context.Context, id ID) (Consequence, error) {
	m, e, err := h.find(ctx, id)
	if err != nil {
		return Consequence{}, err
	}
	root := Consequence{Recorded: *e, Module: m.spec.name}
	return root, h.consequences(ctx, &root)
}

func (h *Host) consequences(ctx context.Context, of *Consequence) error {
	for _, m := range h.modules {
		records, err := m.log.ByTrigger(ctx, of.ID)
		if err != nil {
			return err
		}
		for i := range records {
			if classOf(records[i].Type) != ownEvent {
				continue // a message on its way; what it led to has the same trigger
			}
			e, err := m.read(&records[i], nil)
			if err != nil {
				return err
			}
			led := Consequence{Recorded: *e, Module: m.spec.name}
			if err := h.consequences(ctx, &led); err != nil {
				return err
			}
			of.Led = append(of.Led, led)
		}
	}
	return nil
}
