package landfall_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	Reserve  struct{ Reader string }
	Reserved struct{ Reader string }

	SendNotice struct{ To string }
	NoticeSent struct{ To string }
)

type Reservation struct{}

func (Reservation) Reserve(c Reserve) ([]landfall.Event, error) {
	return []landfall.Event{Reserved(c)}, nil
}
func (*Reservation) Apply(landfall.Event) {}

func NotifyReader(e Reserved, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{SendNotice{To: e.Reader}}
}

// An event that a policy cannot answer is tried again, then becomes a dead
// letter. It holds back the later events of its own aggregate for this policy,
// and nothing else, until somebody retries or skips it.
func ExampleHost_Retry() {
	ctx := context.Background()
	mailDown := true
	host, err := landfall.Open(ctx, landfall.Config{
		Store:  memory.New(),
		Logger: slog.New(slog.DiscardHandler),
		Retry:  landfall.Retry{Attempts: 3, First: time.Millisecond},
		Modules: []landfall.Module{landfall.NewModule("Reservations",
			landfall.Handle(Reservation.Reserve, landfall.Emits(Reserved{})),
			landfall.When("NoticePolicy", NotifyReader, landfall.Sends(SendNotice{})),
			landfall.Perform("MailServer", func(_ context.Context, c SendNotice, _ landfall.ID) ([]landfall.Event, error) {
				if mailDown {
					return nil, errors.New("no connection")
				}
				fmt.Println("notice to", c.To)
				return []landfall.Event{NoticeSent(c)}, nil
			}, landfall.Emits(NoticeSent{})),
		)},
	})
	check(err)
	defer host.Close()
	_, err = host.Dispatch(ctx, landfall.To("Dune", Reserve{Reader: "Ann"}))
	check(err)
	check(host.Settle(ctx))

	letter := host.DeadLetters()[0]
	fmt.Println(letter.Consumer, "gave up on", letter.Type, "of", letter.Aggregate, "after", letter.Attempts, "attempts")
	fmt.Println(letter.Error)

	mailDown = false
	check(host.Retry(ctx, letter)) // or host.Skip
	check(host.Settle(ctx))

	// Output:
	// NoticePolicy gave up on Reserved of Dune after 3 attempts
	// SendNotice by MailServer: no connection
	// notice to Ann
}
