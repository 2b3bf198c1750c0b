package landfalltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/internal/inspect"
	"github.com/landfall-go/landfall/store"
)

// decides has the command answered and compares the answer.
func (c *check) decides(h *inspect.Handler, m landfall.Message) {
	var events []any
	var err error
	if h.Aggregate != nil {
		events, err = c.decide(h, m)
	} else {
		events, err = c.perform(h, m)
	}
	if len(c.mistakes) > 0 || !c.accepted(h, events, err) {
		return
	}
	for _, e := range events {
		if !contains(h.Emits, e) {
			c.mistake("the handler of %s returned %T, which it does not declare; add it to landfall.Emits", h.Name, e)
			return
		}
		c.survives(e)
	}
	c.same("then", slices.Concat([]any{}, c.scenario.Then), events)
	for _, e := range events {
		c.history.add(landfall.Recorded{Event: e}, c.module.Events[reflect.TypeOf(e)], h.Owner, m.To)
	}
	if h.Aggregate != nil {
		c.storable(h, c.state(h, m.To))
	}
}

// accepted compares how the command was refused with what is expected; false
// says that there are no events to look at.
func (c *check) accepted(h *inspect.Handler, events []any, err error) bool {
	want := c.scenario.Rejected
	switch {
	case err == nil && want == "":
		return true
	case err == nil:
		c.mistake("%s is not rejected; it leads to %s", h.Name, shown(events))
	case !errors.Is(err, landfall.ErrRejected):
		c.mistake("%s fails: %v (refuse a command with landfall.Reject)", h.Name, err)
	case want == "":
		c.mistake("%s is rejected: %q", h.Name, err.Error())
	case want != AnyReason && want != err.Error():
		c.mistake("%s is rejected for another reason:\n- expected %q\n+ actual   %q", h.Name, want, err.Error())
	case len(c.scenario.Then) > 0:
		c.mistake("the scenario expects events of a command that is rejected")
	}
	return false
}

// decide asks a decision twice, of two states that are equal and share nothing,
// and holds it to being pure.
func (c *check) decide(h *inspect.Handler, m landfall.Message) ([]any, error) {
	first, second := c.state(h, m.To), c.state(h, m.To)
	if len(c.mistakes) > 0 {
		return nil, nil
	}
	state, command := text(first), text(m.Command)
	events, err := c.ask(h, first, m.Command)
	if text(first) != state {
		c.mistake("the decision on %s changes the state; only Apply may:\n%s", h.Name, lines(state, text(first)))
	}
	if text(m.Command) != command {
		c.mistake("the decision on %s changes the command:\n%s", h.Name, lines(command, text(m.Command)))
	}
	again, errAgain := c.ask(h, second, m.Command)
	if d := difference(answer{events, reason(err)}, answer{again, reason(errAgain)}); d != "" && len(c.mistakes) == 0 {
		c.mistake("the decision on %s is not pure: asked twice, it gives two answers (-first +second):\n%s", h.Name, d)
	}
	return events, err
}

// answer is what a decision says, to be compared.
type answer struct {
	Events   []any
	Rejected string
}

func reason(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func (c *check) ask(h *inspect.Handler, state, command any) (events []any, err error) {
	defer c.panics("the decision on " + h.Name)
	return h.Decide(state, command)
}

func (c *check) perform(h *inspect.Handler, m landfall.Message) (events []any, err error) {
	defer c.panics(h.Owner)
	ctx, cancel := context.WithTimeout(context.Background(), h.Timeout)
	defer cancel()
	id := m.ID
	if m.Key != "" || id == (landfall.ID{}) {
		id = store.KeyedCommandID(m.Key)
	}
	return h.Perform(ctx, m.Command, store.CommandOf(id))
}

// state folds what has happened to the aggregate.
func (c *check) state(h *inspect.Handler, id landfall.AggregateID) any {
	defer c.panics(h.Owner + ".Apply")
	state := h.Aggregate.New()
	for _, e := range c.history.of(h.Owner, id) {
		h.Aggregate.Apply(state, copied(e.Event))
	}
	return state
}

// storable checks that a snapshot brings the state back.
func (c *check) storable(h *inspect.Handler, state any) {
	if d := roundTrip(state); d != "" && len(c.mistakes) == 0 {
		c.mistake("the state of %s does not survive JSON, which snapshots are kept as (-before +after):\n%s", h.Owner, d)
	}
}

// panics makes a panic of the module's code a mistake.
func (c *check) panics(what string) {
	if p := recover(); p != nil {
		c.mistake("%s panicked: %v", what, p)
	}
}

// survives checks that a message is the same after a way through JSON.
func (c *check) survives(message any) {
	if d := roundTrip(message); d != "" {
		c.mistake("%T does not survive JSON (-before +after):\n%s", message, d)
	}
}

func text(v any) string {
	data, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return fmt.Sprintf("%+v", v)
	}
	return string(data)
}
