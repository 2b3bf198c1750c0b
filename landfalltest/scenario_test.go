package landfalltest_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/landfalltest"
)

var update = flag.Bool("update", false, "rewrite the expected texts in testdata")

const month = 30 * 24 * time.Hour

// TestScenarios holds the library to examples of all kinds.
func TestScenarios(t *testing.T) {
	lent := Lent{"Ann"}
	landfalltest.Run(t, library(),
		landfalltest.Scenario{
			Name: "a decision on a new aggregate",
			When: Acquire{"Dune"},
			Then: []any{Acquired{"Dune"}},
		},
		landfalltest.Scenario{
			Name:  "a decision after events",
			Given: []landfall.Event{Acquired{"Dune"}, lent},
			When:  Return{},
			Then:  []any{Returned{"Ann"}},
		},
		landfalltest.Scenario{
			Name:  "a rejection",
			Given: []landfall.Event{lent}, When: Lend{"Bob"}, Rejected: "Ann has the book",
		},
		landfalltest.Scenario{
			Name:  "a rejection for any reason",
			Given: []landfall.Event{lent}, When: Lend{"Bob"}, Rejected: landfalltest.AnyReason,
		},
		landfalltest.Scenario{
			Name:  "a decision that nothing happens",
			Given: []landfall.Event{lent}, When: Lend{"Ann"},
		},
		landfalltest.Scenario{
			Name:  "what happened to another aggregate does not count",
			Given: []landfall.Event{landfall.Recorded{Metadata: landfall.Metadata{Aggregate: "other"}, Event: lent}},
			When:  Lend{"Bob"}, Then: []any{Lent{"Bob"}},
		},
		landfalltest.Scenario{
			Name:  "a command to another aggregate",
			Given: []landfall.Event{landfall.Recorded{Metadata: landfall.Metadata{Aggregate: "other"}, Event: lent}},
			When:  landfall.To("other", Lend{"Bob"}), Rejected: "Ann has the book",
		},
		landfalltest.Scenario{
			Name: "an external system",
			When: Announce{"closed today"}, Then: []any{Announced{"closed today"}},
		},
		landfalltest.Scenario{
			Name: "a policy sends to the aggregate of the event",
			When: Reminded{"Ann"}, Then: []any{Announce{"Ann is late"}},
		},
		landfalltest.Scenario{
			Name: "a policy sends to another module and another address",
			When: Reminded{"Ann"}, Then: []any{landfall.To("Ann", SendBill{"Ann"})},
		},
		landfalltest.Scenario{
			Name: "several policies, in the order of the wiring",
			When: Reminded{"Ann"}, Then: []any{landfall.To("Ann", SendBill{"Ann"}), Announce{"Ann is late"}},
		},
		landfalltest.Scenario{
			Name: "a policy waits",
			When: lent, Then: []any{landfalltest.After(month, Remind{"Ann"})},
		},
		landfalltest.Scenario{
			Name:  "a policy withdraws",
			Given: []landfall.Event{lent},
			When:  Returned{"Ann"}, Then: []any{landfalltest.Withdraws(Remind{"Ann"})},
		},
		landfalltest.Scenario{
			Name:  "a policy has withdrawn before",
			Given: []landfall.Event{lent, Returned{"Ann"}},
			When:  Returned{"Ann"}, Part: "ReminderPolicy",
		},
		landfalltest.Scenario{
			Name:  "what was due has been sent, and cannot be withdrawn",
			Given: []landfall.Event{lent},
			When:  landfall.Recorded{Metadata: landfall.Metadata{Time: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC)}, Event: Returned{"Ann"}},
			Part:  "ReminderPolicy",
		},
		landfalltest.Scenario{Name: "no policy answers", When: Acquired{"Dune"}},
		landfalltest.Scenario{
			Name: "a projection", ID: "b-1",
			Given: []landfall.Event{Acquired{"Dune"}, lent, Lent{"Bob"}},
			Shows: map[string]any{"b-1": Shelf{"Dune", []string{"Ann", "Bob"}}},
		},
		landfalltest.Scenario{
			Name: "a projection under keys of its own, with removal", ID: "b-1",
			Given: []landfall.Event{lent, Lent{"Bob"}, Returned{"Ann"}},
			Shows: map[string]any{"Bob": &Desk{[]string{"b-1"}}},
		},
		landfalltest.Scenario{
			Name:  "no documents",
			Given: []landfall.Event{Announced{"closed"}},
			Shows: map[string]any{}, Part: "Desks",
		},
		landfalltest.Scenario{
			Name:  "a projection shows what a command leads to",
			Given: []landfall.Event{Acquired{"Dune"}},
			When:  Lend{"Ann"}, Then: []any{lent},
			Shows: map[string]any{"1": Shelf{"Dune", []string{"Ann"}}, "Ann": Desk{[]string{"1"}}},
		},
	)
}

// TestTheStormsOwnScenarios holds the rover to the scenarios of its storm.
func TestTheStormsOwnScenarios(t *testing.T) {
	landfalltest.Run(t, rover.Module(),
		landfalltest.Scenario{
			Name: "stops at an obstacle",
			Given: []landfall.Event{rover.MarsRoverStarted{
				Point: rover.Point{X: 2, Y: 1}, Direction: rover.N,
				World: rover.World{Width: 4, Height: 4, Obstacles: []rover.Point{{X: 2, Y: 2}}},
			}},
			When: rover.Move{},
			Then: []any{rover.ObstacleFound{Coordinate: rover.Point{X: 2, Y: 2}}},
		},
		landfalltest.Scenario{
			Name: "an obstacle turns the rover off",
			When: rover.ObstacleFound{Coordinate: rover.Point{X: 2, Y: 2}},
			Then: []any{rover.TurnOff{}},
		},
	)
}

// TestFailures shows what a scenario says that does not hold. The texts are in
// testdata; go test -update writes them.
func TestFailures(t *testing.T) {
	for _, test := range []struct {
		file     string
		module   landfall.Module
		scenario landfalltest.Scenario
	}{
		{"other-events", library(), landfalltest.Scenario{
			Name:  "lends to Ann",
			Given: []landfall.Event{Acquired{"Dune"}, landfall.Recorded{Metadata: landfall.Metadata{Aggregate: "b-2"}, Event: Lent{"Bob"}}},
			When:  Lend{"Ann"}, Then: []any{Lent{"Bob"}, Returned{"Bob"}},
		}},
		{"rejected", library(), landfalltest.Scenario{
			Name: "lends twice", Given: []landfall.Event{Lent{"Ann"}}, When: Lend{"Bob"}, Then: []any{Lent{"Bob"}},
		}},
		{"not-rejected", library(), landfalltest.Scenario{
			Name: "lends twice", When: landfall.To("b-1", Lend{"Bob"}), Rejected: "Ann has the book",
		}},
		{"other-reason", library(), landfalltest.Scenario{
			Name: "lends twice", Given: []landfall.Event{Lent{"Ann"}}, When: Lend{"Bob"}, Rejected: "the book is lent",
		}},
		{"rejected-with-events", library(), landfalltest.Scenario{
			Name: "both", Given: []landfall.Event{Lent{"Ann"}}, When: Lend{"Bob"}, Then: []any{Lent{"Bob"}}, Rejected: landfalltest.AnyReason,
		}},
		{"other-command", library(), landfalltest.Scenario{
			Name: "bills Bob", When: Reminded{"Ann"}, Then: []any{landfall.To("Bob", SendBill{"Bob"})},
		}},
		{"no-command", library(), landfalltest.Scenario{
			Name: "nobody is told", When: Reminded{"Ann"}, Part: "AnnouncePolicy",
		}},
		{"too-early", library(), landfalltest.Scenario{
			Name: "reminds at once", When: Lent{"Ann"}, Then: []any{Remind{"Ann"}},
		}},
		{"no-policy", library(), landfalltest.Scenario{
			Name: "no policy", When: Acquired{"Dune"}, Then: []any{Remind{"Ann"}},
		}},
		{"other-policy", library(), landfalltest.Scenario{
			Name: "no policy declares it", When: Lent{"Ann"}, Then: []any{Announce{"Ann"}},
		}},
		{"named-policy", library(), landfalltest.Scenario{
			Name: "not that one", When: Lent{"Ann"}, Then: []any{Remind{"Ann"}}, Part: "BillingPolicy",
		}},
		{"other-document", library(), landfalltest.Scenario{
			Name: "shows readers", Given: []landfall.Event{Lent{"Ann"}, Lent{"Bob"}},
			Shows: map[string]any{"1": Shelf{"Dune", []string{"Ann"}}, "2": Shelf{}},
		}},
		{"no-projection", library(), landfalltest.Scenario{Name: "shows books", Shows: map[string]any{"1": Book{}}}},
		{"which-projection", ledger(), landfalltest.Scenario{Name: "shows notes", Shows: map[string]any{"1": Note{}}}},
		{"no-documents", library(), landfalltest.Scenario{Name: "shows nothing", Shows: map[string]any{}}},
		{"unknown-when", library(), landfalltest.Scenario{Name: "unknown", When: SendBill{"Ann"}}},
		{"unknown-given", library(), landfalltest.Scenario{Name: "unknown", Given: []landfall.Event{Ticked{}}, When: Lend{}}},
		{"empty", library(), landfalltest.Scenario{Name: "empty"}},
		{"no-when", library(), landfalltest.Scenario{Name: "no when", Given: []landfall.Event{Lent{"Ann"}}, Then: []any{Remind{}}, Shows: map[string]any{"Ann": Desk{}}}},
		{"rejected-event", library(), landfalltest.Scenario{Name: "rejects an event", When: Lent{"Ann"}, Rejected: "no"}},
		{"system-fails", library(), landfalltest.Scenario{Name: "the board is off", When: Announce{}, Then: []any{Announced{}}}},

		{"impure-state", ledger(), landfalltest.Scenario{
			Name: "scribbles", Given: []landfall.Event{Scribbled{1}}, When: Scribble{}, Then: []any{Scribbled{7}},
		}},
		{"impure-command", ledger(), landfalltest.Scenario{Name: "renames", When: Rename{[]string{"old"}}}},
		{"undeclared-event", ledger(), landfalltest.Scenario{Name: "smuggles", When: Smuggle{}, Then: []any{Crashed{}}}},
		{"panics", ledger(), landfalltest.Scenario{Name: "crashes", When: Crash{}}},
		{"apply-panics", ledger(), landfalltest.Scenario{Name: "crashes", Given: []landfall.Event{Crashed{}}, When: Fail{}}},
		{"fails", ledger(), landfalltest.Scenario{Name: "fails", When: Fail{}}},
		{"lossy", ledger(), landfalltest.Scenario{Name: "forgets", When: Forget{}, Then: []any{Secret{"rose"}, Forgot{"Ann"}}}},
		{"lossy-state", ledger(), landfalltest.Scenario{Name: "forgets", Given: []landfall.Event{Forgot{"Ann"}}, When: Recall{}, Then: []any{Forgot{"Bob"}}}},
		{"undeclared-command", ledger(), landfalltest.Scenario{Name: "undeclared", When: Scribbled{1}, Part: "Undeclared"}},
		{"policy-panics", ledger(), landfalltest.Scenario{Name: "broken", When: Scribbled{1}, Part: "Broken"}},
		{"lossy-document", ledger(), landfalltest.Scenario{
			Name: "notes", Given: []landfall.Event{Scribbled{1}, Scribbled{2}},
			Shows: map[string]any{"1": Note{"klk", "l"}}, Part: "Notes",
		}},
		{"fold-panics", ledger(), landfalltest.Scenario{
			Name: "notes", Given: []landfall.Event{Forgot{"Ann"}}, Shows: map[string]any{}, Part: "MoreNotes",
		}},
		{"wiring", landfall.NewModule("Empty"), landfalltest.Scenario{Name: "wiring", When: Clock{}}},
	} {
		t.Run(test.file, func(t *testing.T) {
			err := test.scenario.Check(test.module)
			if err == nil {
				t.Fatal("the scenario holds, but must not")
			}
			golden(t, filepath.Join("testdata", test.file+".txt"), err.Error()+"\n")
		})
	}
}

// TestRandomAnswersAreFound cannot show its text, which is random.
func TestRandomAnswersAreFound(t *testing.T) {
	for _, s := range []landfalltest.Scenario{
		{Name: "decision", When: Clock{}, Then: []any{Ticked{1}}},
		{Name: "policy", When: Scribbled{1}, Then: []any{Rename{}}, Part: "Random"},
	} {
		err := s.Check(ledger())
		if err == nil || !strings.Contains(err.Error(), "is not pure: asked twice, it gives two answers") {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-expected +actual):\n%s", file, d)
	}
}
