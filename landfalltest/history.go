package landfalltest

import (
	"fmt"
	"reflect"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/internal/inspect"
	"github.com/landfall-go/landfall/store"
)

// history is what has happened in a scenario.
type history struct {
	events []*landfall.Recorded
	owners []string // of each event: the aggregate or the system
}

// beginning is when the first event happens, unless the scenario says.
var beginning = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// given adds an event to the history, with its metadata filled in, and returns
// it; nil says that the module has no such event.
func (c *check) given(e landfall.Event) *landfall.Recorded {
	r, ok := e.(landfall.Recorded)
	if !ok {
		r.Event = e
	}
	name, known := c.module.Events[reflect.TypeOf(r.Event)]
	if !known {
		c.mistake("module %s has no command and no event of type %T", c.module.Name, r.Event)
		return nil
	}
	c.survives(r.Event)
	return c.history.add(r, name, c.owner(r.Event), c.scenario.ID)
}

func (h *history) add(r landfall.Recorded, name, owner string, id landfall.AggregateID) *landfall.Recorded {
	command := store.KeyedCommandID(fmt.Sprintf("event %d of the scenario", len(h.events)+1))
	if r.Aggregate == "" {
		r.Aggregate = id
	}
	r.Type = name
	fill(&r.ID, store.EventID(command, 0))
	fill(&r.Correlation, store.CommandOf(r.ID))
	fill(&r.Position, uint64(len(h.events))+1)
	fill(&r.Version, h.version(owner, r.Aggregate)+1)
	fill(&r.Time, h.now())
	h.events = append(h.events, &r)
	h.owners = append(h.owners, owner)
	return &r
}

func fill[T comparable](field *T, value T) {
	var zero T
	if *field == zero {
		*field = value
	}
}

// version returns the version of the last event of the aggregate.
func (h *history) version(owner string, id landfall.AggregateID) uint64 {
	var version uint64
	for i, e := range h.events {
		if h.owners[i] == owner && e.Aggregate == id {
			version = e.Version
		}
	}
	return version
}

// now returns the time of the next event.
func (h *history) now() time.Time {
	if len(h.events) == 0 {
		return beginning
	}
	return h.events[len(h.events)-1].Time.Add(time.Second)
}

// of returns the events of one aggregate.
func (h *history) of(owner string, id landfall.AggregateID) []*landfall.Recorded {
	var own []*landfall.Recorded
	for i, e := range h.events {
		if h.owners[i] == owner && e.Aggregate == id {
			own = append(own, e)
		}
	}
	return own
}

// handler returns who handles the command, or nil.
func (c *check) handler(command any) *inspect.Handler {
	for _, h := range c.module.Handlers {
		if h.Command == reflect.TypeOf(command) {
			return h
		}
	}
	return nil
}

// owner returns the aggregate or system whose handlers emit the event. Where
// there are several, it is the one that the scenario's command is for, or the
// first of the wiring.
func (c *check) owner(event any) string {
	message, _ := c.address()
	asked := c.handler(message.Command)
	owner := ""
	for _, h := range c.module.Handlers {
		if !contains(h.Emits, event) {
			continue
		}
		if asked != nil && h.Owner == asked.Owner {
			return h.Owner
		}
		if owner == "" {
			owner = h.Owner
		}
	}
	return owner
}

func contains(types []reflect.Type, value any) bool {
	for _, t := range types {
		if t == reflect.TypeOf(value) {
			return true
		}
	}
	return false
}
