package landfall_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/landfall-go/landfall"
)

// faulty is an aggregate whose decisions and Apply do what they must not.
type faulty struct{ Applied int }

type (
	misbehave struct{ How string }
	behaved   struct{ N int }
	poisonous struct{ N int }
	smuggled  struct{}
)

func (f faulty) Misbehave(c misbehave) ([]landfall.Event, error) {
	switch c.How {
	case "undeclared":
		return []landfall.Event{behaved{1}, smuggled{}}, nil
	case "nil":
		return []landfall.Event{nil}, nil
	case "pointer":
		return []landfall.Event{&behaved{1}}, nil
	case "panic":
		panic("no idea")
	case "apply":
		return []landfall.Event{behaved{1}, poisonous{2}}, nil
	case "many":
		return make([]landfall.Event, 4096), nil
	case "error":
		return nil, errors.New("out of ink")
	default:
		return []landfall.Event{behaved{f.Applied}}, nil
	}
}

func (f *faulty) Apply(e landfall.Event) {
	if _, poison := e.(poisonous); poison {
		panic("cannot apply")
	}
	f.Applied++
}

// TestAFaultyDecisionStoresNothing: and the aggregate goes on as if it had not
// been asked.
func TestAFaultyDecisionStoresNothing(t *testing.T) {
	onEachStore(t, func(t *testing.T, db *database) {
		h := open(t, db, landfall.NewModule("Faulty", landfall.Handle(faulty.Misbehave, landfall.Emits(behaved{}, poisonous{}))))
		do(t, h, "f", misbehave{})
		for _, test := range []struct {
			how, text string
			is        error
		}{
			{"undeclared", "the handler of misbehave returned landfall_test.smuggled, which it does not declare; add it to landfall.Emits", landfall.ErrInvalid},
			{"nil", "the handler of misbehave returned <nil>, which it does not declare", landfall.ErrInvalid},
			{"pointer", "the handler of misbehave returned *landfall_test.behaved, which it does not declare", landfall.ErrInvalid},
			{"panic", "the decision on misbehave panicked: no idea", nil},
			{"apply", "faulty.Apply panicked: cannot apply", nil},
			{"many", "4096 events, at most 4095 may follow from one command", landfall.ErrInvalid},
			{"error", "misbehave on faulty/f: out of ink", nil},
		} {
			_, err := h.Dispatch(ctx, landfall.To("f", misbehave{test.how}))
			if err == nil || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%s: got %v, want %q", test.how, err, test.text)
			}
			if test.is != nil && !errors.Is(err, test.is) {
				t.Errorf("%s: %v is not %v", test.how, err, test.is)
			}
		}
		if n := len(records(t, db, "Faulty")); n != 1 {
			t.Errorf("%d events, want 1", n)
		}
		if r := do(t, h, "f", misbehave{}); r.Events[0].Event != (behaved{1}) || r.Events[0].Version != 2 {
			t.Errorf("afterwards the aggregate answers %+v", r.Events[0])
		}
	})
}
