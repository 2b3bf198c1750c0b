package landfall_test

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	TakeStep   struct{}
	StepTaken  struct{ N int }
	TopReached struct{}
)

type Ladder struct{ Step int }

func (l Ladder) Up(TakeStep) ([]landfall.Event, error) {
	if l.Step == 3 {
		return []landfall.Event{TopReached{}}, nil
	}
	return []landfall.Event{StepTaken{l.Step + 1}}, nil
}

func (l *Ladder) Apply(event landfall.Event) {
	if e, ok := event.(StepTaken); ok {
		l.Step = e.N
	}
}

// A dispatcher runs a queue of commands in order, and settles what each causes
// before the next. It may stop at an event.
func ExampleDispatcher() {
	ctx := context.Background()
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(),
		Modules: []landfall.Module{landfall.NewModule("Shelves",
			landfall.Handle(Ladder.Up, landfall.Emits(StepTaken{}, TopReached{})),
		)},
	})
	check(err)
	defer host.Close()

	queue := landfall.NewDispatcher(host)
	for range 6 {
		queue.Submit(landfall.To("ladder", TakeStep{}))
	}
	report, err := queue.Run(ctx, TopReached{})
	check(err)
	fmt.Println(len(report.Results), "commands, stopped by", report.StoppedBy.Type, "with", report.Left, "left")

	// Output:
	// 4 commands, stopped by TopReached with 2 left
}
