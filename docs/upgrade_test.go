package docs

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/transport/inprocess"
)

// A shop in two versions, and the warehouse that it writes to.
type (
	Place  struct{}
	Gift   struct{}
	Placed struct{}
	Gifted struct{}
	Order  struct{ Placed, Gifted bool }

	Pack   struct{}
	Wrap   struct{}
	Packed struct{}
)

func (o Order) Place(Place) ([]landfall.Event, error) { return []landfall.Event{Placed{}}, nil }
func (o Order) Gift(Gift) ([]landfall.Event, error)   { return []landfall.Event{Gifted{}}, nil }

func (o *Order) Apply(e landfall.Event) {
	switch e.(type) {
	case Placed:
		o.Placed = true
	case Gifted:
		o.Gifted = true
	}
}

func packing() landfall.Part {
	return landfall.When("PackPolicy", func(Placed, landfall.Metadata) []landfall.Command { return []landfall.Command{Pack{}} },
		landfall.SendsTo("Warehouse", Pack{}))
}

func shop(more ...landfall.Part) landfall.Module {
	return landfall.NewModule("Shop", append(more, landfall.Handle(Order.Place, landfall.Emits(Placed{})))...)
}

func newerShop(more ...landfall.Part) landfall.Module {
	return shop(append(more, landfall.Handle(Order.Gift, landfall.Emits(Gifted{})))...)
}

func packed[C any](_ context.Context, _ C, _ landfall.ID) ([]landfall.Event, error) {
	return []landfall.Event{Packed{}}, nil
}

func warehouse(more ...landfall.Part) landfall.Module {
	return landfall.NewModule("Warehouse", append(more, landfall.Perform("Packer", packed[Pack], landfall.Emits(Packed{})))...)
}

// version runs modules on a store until the returned function ends them.
func version(t *testing.T, s store.Store, modules ...landfall.Module) (*landfall.Host, func()) {
	t.Helper()
	config := quiet()
	config.Store, config.Modules, config.Retry = s, modules, landfall.Retry{Attempts: 1}
	h, err := landfall.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return h, func() {
		if err := errors.Join(h.Settle(t.Context()), h.Close()); err != nil {
			t.Fatal(err)
		}
	}
}

func send(t *testing.T, h *landfall.Host, c landfall.Command) {
	t.Helper()
	if _, err := h.Dispatch(t.Context(), landfall.To("1", c)); err != nil {
		t.Fatal(err)
	}
}

// stored counts the events of a type.
func stored(t *testing.T, s store.Store, module, event string) (n int) {
	t.Helper()
	log, err := s.Log(t.Context(), module)
	if err != nil {
		t.Fatal(err)
	}
	all, err := log.Read(t.Context(), 0, 1000, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all {
		if r.Type == event {
			n++
		}
	}
	return n
}

// retry does what an operator does after an upgrade.
func retry(t *testing.T, h *landfall.Host, want int) {
	t.Helper()
	letters := h.DeadLetters()
	if len(letters) != want {
		t.Fatalf("dead letters %+v, want %d", letters, want)
	}
	for _, d := range letters {
		if err := h.Retry(t.Context(), d); err != nil {
			t.Fatal(err)
		}
	}
	if err := h.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left := h.DeadLetters(); len(left) > 0 {
		t.Errorf("left after the retry: %+v", left)
	}
}

// TestUpgradeWithANewPolicy: it answers what happened before it was there.
func TestUpgradeWithANewPolicy(t *testing.T) {
	s := memory.New()
	h, end := version(t, s, shop(), warehouse())
	send(t, h, Place{})
	send(t, h, Place{})
	end()
	_, end = version(t, s, shop(packing()), warehouse())
	end()
	if n := stored(t, s, "Warehouse", "Packed"); n != 2 {
		t.Errorf("%d were packed, want 2", n)
	}
}

// TestUpgradeWithANewEvent: old code that meets it cannot load the aggregate, and
// keeps what it cannot read as a dead letter, which new code answers.
func TestUpgradeWithANewEvent(t *testing.T) {
	s := memory.New()
	h, _ := version(t, s, newerShop(packing()), warehouse())
	send(t, h, Place{})
	send(t, h, Gift{})
	if err := h.Close(); err != nil { // before the policy has answered
		t.Fatal(err)
	}
	h, end := version(t, s, shop(packing()), warehouse())
	if _, err := h.Dispatch(t.Context(), landfall.To("1", Place{})); !errors.Is(err, landfall.ErrUnreadable) {
		t.Errorf("old code dispatches: %v", err)
	}
	end()
	h, end = version(t, s, newerShop(packing()), warehouse())
	send(t, h, Place{})
	retry(t, h, 1)
	end()
	if n := stored(t, s, "Warehouse", "Packed"); n != 2 {
		t.Errorf("%d were packed, want 2", n)
	}
}

// TestUpgradeOfTheSenderFirst: a command that its receiver does not know yet waits
// there as a dead letter. The two are in processes of their own, because one
// process would refuse the wiring.
func TestUpgradeOfTheSenderFirst(t *testing.T) {
	bus, here, there := inprocess.New(), memory.New(), memory.New()
	run := func(s store.Store, m landfall.Module) *landfall.Host {
		road := bus.Connect()
		config := quiet()
		config.Store, config.Modules, config.Transport, config.Retry = s, []landfall.Module{m}, road, landfall.Retry{Attempts: 1}
		h, err := landfall.Open(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := errors.Join(h.Close(), road.Close()); err != nil {
				t.Error(err)
			}
		})
		h.Start()
		return h
	}
	sender := run(here, shop(landfall.When("WrapPolicy", func(Placed, landfall.Metadata) []landfall.Command { return []landfall.Command{Wrap{}} },
		landfall.SendsTo("Warehouse", Wrap{}))))
	receiver := run(there, warehouse())
	send(t, sender, Place{})
	for begun := time.Now(); len(receiver.DeadLetters()) == 0 && time.Since(begun) < 20*time.Second; {
		time.Sleep(time.Millisecond)
	}
	if err := receiver.Close(); err != nil {
		t.Fatal(err)
	}
	retry(t, run(there, warehouse(landfall.Perform("Wrapper", packed[Wrap], landfall.Emits(Packed{})))), 1)
	if n := stored(t, there, "Warehouse", "Packed"); n != 1 {
		t.Errorf("%d were wrapped, want 1", n)
	}
}
