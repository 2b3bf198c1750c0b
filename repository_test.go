package landfall_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

// TestSaveExpectsAVersion, and policies and projections hear of what it saves.
func TestSaveExpectsAVersion(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, bank(statements(), thanks()))
		accounts, err := landfall.RepositoryOf[Account](h)
		if err != nil {
			t.Fatal(err)
		}
		a, err := accounts.Load(ctx, "a")
		if err != nil || a.Version != 0 || a.ID != "a" || a.State != (Account{}) {
			t.Errorf("a new account: %+v, %v", a, err)
		}
		r, err := accounts.Save(ctx, "a", 0, Deposited{5}, Withdrawn{2})
		if err != nil || len(r.Events) != 2 || r.Events[1].Version != 2 || r.Position() != 2 {
			t.Errorf("%+v, %v", r, err)
		}
		for _, version := range []uint64{0, 1, 3} {
			if _, err := accounts.Save(ctx, "a", version, Deposited{1}); !errors.Is(err, landfall.ErrConflict) {
				t.Errorf("at version %d: %v, want ErrConflict", version, err)
			}
		}
		do(t, h, "a", Withdraw{3}) // the state in memory is not the old one
		if _, err := accounts.Save(ctx, "a", 3); err != nil {
			t.Errorf("saving nothing: %v", err)
		}
		settle(t, h)
		sameStatements(t, db, h)
		sameAmounts(t, "thanks", thanked(t, db, "a"), 5)
		a, err = accounts.Load(ctx, "a")
		if err != nil || a.Version != 4 || a.State != (Account{Thanks: 1}) {
			t.Errorf("%+v, %v", a, err)
		}
	})
}

func TestSaveRefusesWhatNoHandlerDeclares(t *testing.T) {
	s := memory.New()
	h := open(t, s, bank())
	accounts, err := landfall.RepositoryOf[Account](h)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := accounts.Save(ctx, "a", 0, Deposited{1}, Posted{}); !errors.Is(err, landfall.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
	if _, err := accounts.Save(ctx, "", 0, Deposited{1}); !errors.Is(err, landfall.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
	if _, err := accounts.Load(ctx, ""); !errors.Is(err, landfall.ErrInvalid) {
		t.Errorf("got %v, want ErrInvalid", err)
	}
	if n := len(records(t, s, "Bank")); n != 0 {
		t.Errorf("%d events", n)
	}
	shut(t, h)
	if _, err := accounts.Save(ctx, "a", 0, Deposited{1}); !errors.Is(err, landfall.ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

func TestHistoryGoesThroughAllPages(t *testing.T) {
	s := memory.New()
	h := open(t, s, bank())
	const n = 600
	for i := range n {
		do(t, h, "a", Deposit{i + 1})
		do(t, h, "b", Deposit{1})
	}
	i := 0
	for e, err := range history(t, h, "a") {
		if i++; err != nil || e.Version != uint64(i) || e.Event != (Deposited{i}) || e.Aggregate != "a" {
			t.Fatalf("event %d: %+v, %v", i, e, err)
		}
	}
	if i != n {
		t.Errorf("%d events, want %d", i, n)
	}
	for range history(t, h, "a") {
		break
	}
	for range history(t, h, "nobody") {
		t.Error("nobody has a history")
	}
}

func TestRepositoryOfAnUnknownKind(t *testing.T) {
	h := open(t, memory.New(), bank())
	_, err := landfall.RepositoryOf[otherAccount](h)
	if !errors.Is(err, landfall.ErrInvalid) || !strings.Contains(err.Error(), "no module handles commands with the aggregate landfall_test.otherAccount") {
		t.Errorf("got %v", err)
	}
}

// TestALoadedStateIsTheCallersOwn.
func TestALoadedStateIsTheCallersOwn(t *testing.T) {
	h := open(t, memory.New(), bank())
	do(t, h, "a", Deposit{1})
	first := load(t, h, "a")
	do(t, h, "a", Deposit{1})
	if d := cmp.Diff(Account{Balance: 1}, first); d != "" {
		t.Errorf("it changed later\n%s", d)
	}
}
