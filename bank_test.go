package landfall_test

import (
	"context"
	"fmt"

	"github.com/landfall-go/landfall"
)

// The tests of the runtime keep accounts: small, and every mistake shows in a
// sum.

type (
	Deposit   struct{ Amount int }
	Withdraw  struct{ Amount int }
	Deposited struct{ Amount int }
	Withdrawn struct{ Amount int }

	// Thank is what a policy sends to the account that a deposit was made to.
	Thank   struct{ For int }
	Thanked struct{ For int }

	// Post sends a letter; it is the other module's command.
	Post   struct{ Text string }
	Posted struct{ Text string }
)

type Account struct {
	Balance int
	Thanks  int
}

func (a Account) Deposit(c Deposit) ([]landfall.Event, error) {
	if c.Amount <= 0 {
		return nil, landfall.Reject("%d is no amount to deposit", c.Amount)
	}
	return []landfall.Event{Deposited(c)}, nil
}

func (a Account) Withdraw(c Withdraw) ([]landfall.Event, error) {
	switch {
	case c.Amount == 0:
		return nil, nil
	case c.Amount > a.Balance:
		return nil, landfall.Reject("the balance is %d", a.Balance)
	}
	return []landfall.Event{Withdrawn(c)}, nil
}

func (a Account) Thank(c Thank) ([]landfall.Event, error) {
	return []landfall.Event{Thanked(c)}, nil
}

func (a *Account) Apply(event landfall.Event) {
	switch e := event.(type) {
	case Deposited:
		a.Balance += e.Amount
	case Withdrawn:
		a.Balance -= e.Amount
	case Thanked:
		a.Thanks++
	}
}

// Statement is the document that the bank shows of an account.
type Statement struct {
	Balance int
	Moves   int
	// Steps are the amounts in order, so that a lost, doubled or swapped
	// event shows.
	Steps []int
}

func (s *Statement) Deposited(e Deposited, _ landfall.Metadata) { s.move(e.Amount) }
func (s *Statement) Withdrawn(e Withdrawn, _ landfall.Metadata) { s.move(-e.Amount) }

func (s *Statement) move(amount int) {
	s.Balance += amount
	s.Moves++
	s.Steps = append(s.Steps, amount)
}

// bank is the module Bank with more parts, if any.
func bank(more ...landfall.Part) landfall.Module {
	return landfall.NewModule("Bank", append([]landfall.Part{
		landfall.Handle(Account.Deposit, landfall.Emits(Deposited{})),
		landfall.Handle(Account.Withdraw, landfall.Emits(Withdrawn{})),
		landfall.Handle(Account.Thank, landfall.Emits(Thanked{})),
	}, more...)...)
}

// statements is the projection of the bank.
func statements() landfall.Part {
	return landfall.Project("Statements", landfall.On((*Statement).Deposited), landfall.On((*Statement).Withdrawn))
}

// thanks is the policy that thanks for every deposit.
func thanks(more ...landfall.Option) landfall.Part {
	return landfall.When("ThankPolicy", func(e Deposited, _ landfall.Metadata) []landfall.Command {
		return []landfall.Command{Thank{e.Amount}}
	}, append([]landfall.Option{landfall.Sends(Thank{})}, more...)...)
}

// mail is the module Mail, whose letters go to the given function.
func mail(deliver func(ctx context.Context, c Post, id landfall.ID) error, options ...landfall.Option) landfall.Module {
	return landfall.NewModule("Mail",
		landfall.Perform("Letterbox", func(ctx context.Context, c Post, id landfall.ID) ([]landfall.Event, error) {
			if err := deliver(ctx, c, id); err != nil {
				return nil, err
			}
			return []landfall.Event{Posted(c)}, nil
		}, append(options, landfall.Emits(Posted{}))...),
	)
}

// account names the n-th account.
func account(n int) landfall.AggregateID { return landfall.AggregateID(fmt.Sprintf("account-%d", n)) }
