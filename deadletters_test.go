package landfall_test

import (
	"context"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	ring    struct{}
	rang    struct{}
	press   struct{}
	pressed struct{}
	button  struct{ Presses int }
)

func (b button) Press(press) ([]landfall.Event, error) { return []landfall.Event{pressed{}}, nil }
func (b *button) Apply(landfall.Event)                 { b.Presses++ }

// TestDeadLettersAreSeenDuringACallOutside: somebody who looks at night does not
// wait for a system that hangs.
func TestDeadLettersAreSeenDuringACallOutside(t *testing.T) {
	called, answer := make(chan struct{}), make(chan struct{})
	h := open(t, memory.New(), landfall.NewModule("Door",
		landfall.Handle(button.Press, landfall.Emits(pressed{})),
		landfall.When("RingPolicy", func(pressed, landfall.Metadata) []landfall.Command { return []landfall.Command{ring{}} }, landfall.Sends(ring{})),
		landfall.Perform("Bell", func(context.Context, ring, landfall.ID) ([]landfall.Event, error) {
			close(called)
			<-answer
			return []landfall.Event{rang{}}, nil
		}, landfall.Emits(rang{})),
	))
	h.Start()
	if _, err := h.Dispatch(t.Context(), landfall.To("front", press{})); err != nil {
		t.Fatal(err)
	}
	<-called
	seen := make(chan []landfall.DeadLetter)
	go func() { seen <- h.DeadLetters() }()
	if letters := <-seen; len(letters) != 0 {
		t.Errorf("%+v", letters)
	}
	close(answer)
	if err := h.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
}
