package landfall_test

import (
	"errors"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

func TestDispatcherRunsAQueue(t *testing.T) {
	h := open(t, memory.New(), bank(statements(), thanks()))
	d := landfall.NewDispatcher(h)
	d.Submit(landfall.To("a", Deposit{1}), landfall.To("a", Deposit{2}))
	d.Submit(landfall.To("a", Withdraw{3}), landfall.To("a", Deposit{4}))
	report, err := d.Run(ctx, Withdrawn{})
	if err != nil || len(report.Results) != 3 || report.Left != 1 || report.StoppedBy == nil || report.StoppedBy.Event != (Withdrawn{3}) {
		t.Errorf("%+v, %v", report, err)
	}
	if s := documents[Statement](t, h, "Statements")["a"]; s.Balance != 0 || s.Moves != 3 {
		t.Errorf("what the queue caused has not settled: %+v", s)
	}
	if a := load(t, h, "a"); a.Thanks != 2 {
		t.Errorf("%d thanks, want 2", a.Thanks)
	}
	report, err = d.Run(ctx)
	if err != nil || len(report.Results) != 0 || report.Left != 0 {
		t.Errorf("the rest of the queue was not dropped: %+v, %v", report, err)
	}
}

func TestDispatcherStopsAtARejection(t *testing.T) {
	h := open(t, memory.New(), bank())
	d := landfall.NewDispatcher(h)
	d.Submit(landfall.To("a", Deposit{1}), landfall.To("a", Withdraw{9}), landfall.To("a", Deposit{2}))
	report, err := d.Run(ctx)
	if !errors.Is(err, landfall.ErrRejected) || len(report.Results) != 1 || report.Left != 2 || report.StoppedBy != nil {
		t.Errorf("%+v, %v", report, err)
	}
}
