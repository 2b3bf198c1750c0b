package landfall_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

// TestCausesAndConsequences walks a chain over two modules, both ways.
func TestCausesAndConsequences(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		twice := landfall.When("LetterPolicy", func(e Thanked, m landfall.Metadata) []landfall.Command {
			return []landfall.Command{landfall.To("x", Post{"dear"}), landfall.To("y", Post{"dear"}), Withdraw{e.For}}
		}, landfall.SendsTo("Mail", Post{}), landfall.Sends(Withdraw{}))
		modules := []landfall.Module{bank(thanks(), twice), mail(func(context.Context, Post, landfall.ID) error { return nil })}
		h := open(t, db, modules...)
		first := do(t, h, "a", Deposit{5})
		do(t, h, "b", Deposit{9}) // another story
		settle(t, h)

		tree, err := h.Consequences(ctx, first.Events[0].ID)
		if err != nil {
			t.Fatal(err)
		}
		want := `
Bank Deposited a
  Bank Thanked a
    Bank Withdrawn a
    Mail Posted x
    Mail Posted y
`
		if d := cmp.Diff(strings.TrimLeft(want, "\n"), outline(tree, "")); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		last := tree.Led[0].Led[2]
		causes, err := h.Causes(ctx, last.ID)
		if err != nil {
			t.Fatal(err)
		}
		var types []string
		for _, e := range causes {
			types = append(types, e.Type)
		}
		if d := cmp.Diff([]string{"Posted", "Thanked", "Deposited"}, types); d != "" {
			t.Errorf("(-want +got)\n%s", d)
		}
		if got := causes[2]; got.Command() != first.Command || got.Correlation != first.Command || causes[0].Correlation != first.Command {
			t.Errorf("the chain does not lead to the first command: %+v", causes)
		}
	})
}

func outline(c landfall.Consequence, indent string) string {
	text := fmt.Sprintln(indent+c.Module, c.Type, c.Aggregate)
	for _, led := range c.Led {
		text += outline(led, indent+"  ")
	}
	return text
}

func TestCausesOfNothing(t *testing.T) {
	h := open(t, memory.New(), bank())
	r := do(t, h, "a", Deposit{1})
	for _, id := range []landfall.ID{newID(), r.Command, {}} {
		_, err := h.Event(ctx, id)
		_, cerr := h.Consequences(ctx, id)
		if !errors.Is(err, landfall.ErrNotFound) || !errors.Is(cerr, landfall.ErrNotFound) {
			t.Errorf("%s: %v, %v, want ErrNotFound", id, err, cerr)
		}
	}
	if _, err := h.Causes(ctx, newID()); !errors.Is(err, landfall.ErrNotFound) {
		t.Errorf("got %v, want ErrNotFound", err)
	}
}

// TestAChainThatLeavesTheProgram ends with what is known of it.
func TestAChainThatLeavesTheProgram(t *testing.T) {
	h := open(t, memory.New(), bank())
	elsewhere := newID()
	r := send(t, h, landfall.Message{To: "a", Command: Deposit{1}, Trigger: elsewhere, Correlation: newID()})
	causes, err := h.Causes(ctx, r.Events[0].ID)
	if !errors.Is(err, landfall.ErrNotFound) || !strings.Contains(err.Error(), elsewhere.String()) || len(causes) != 1 {
		t.Errorf("%+v, %v", causes, err)
	}
}
