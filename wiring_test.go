package landfall_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/memory"
)

type (
	number         int
	loose          struct{ Any any }
	calling        struct{ Call func() }
	hiding         struct{ hidden int } //lint:ignore U1000 the field is there to be found
	nested         struct{ Inner []map[string]hiding }
	generic[T any] struct{ Value T }

	older  struct{ A int }
	oldest struct{ A int }
)

func nothing[A, C any](A, C) ([]landfall.Event, error) { return nil, nil }

func silent[E any](E, landfall.Metadata) []landfall.Command { return nil }

func still[D, E any](*D, E, landfall.Metadata) {}

func outside[C any](context.Context, C, landfall.ID) ([]landfall.Event, error) { return nil, nil }

type noTables struct{}

func (noTables) Create(context.Context, any, int) error                     { return nil }
func (noTables) Apply(context.Context, any, int, []landfall.Recorded) error { return nil }
func (noTables) Drop(context.Context, any, int) error                       { return nil }

// TestWiringMistakes has every mistake reported, all of them at once. The texts
// are in testdata/wiring; LANDFALL_UPDATE=1 go test writes them.
func TestWiringMistakes(t *testing.T) {
	deposit := landfall.Handle(Account.Deposit, landfall.Emits(Deposited{}))
	type (
		Deposit   struct{ Other int } // a second type of the name
		Deposited struct{ Other int }
		Account   struct{ otherAccount }
	)
	other := landfall.Handle(nothing[otherAccount, Withdraw], landfall.Emits(Withdrawn{}))
	module := func(parts ...landfall.Part) []landfall.Module {
		return []landfall.Module{landfall.NewModule("M", parts...)}
	}
	for name, modules := range map[string][]landfall.Module{
		"no-modules":  nil,
		"no-parts":    module(),
		"module-name": {landfall.NewModule("Mars Rover", deposit)},
		"empty-part":  module(deposit, landfall.Part{}),
		"two-modules": {landfall.NewModule("M", deposit), landfall.NewModule("M", other)},
		"command-of-two-modules": {
			landfall.NewModule("M", deposit), landfall.NewModule("N", deposit),
		},

		"message-types": module(
			landfall.Handle(nothing[otherAccount, number], landfall.Emits(number(1))),
			landfall.Handle(nothing[otherAccount, loose], landfall.Emits(calling{})),
			landfall.Handle(nothing[otherAccount, hiding], landfall.Emits(nested{}, &older{}, nil, struct{ A int }{})),
			landfall.Handle(nothing[otherAccount, generic[int]], landfall.Emits(older{})),
		),
		"state-type": module(
			landfall.Handle(nothing[hidingAccount, Withdraw], landfall.Emits(Withdrawn{})),
		),
		"options": module(
			landfall.Handle(nothing[otherAccount, Withdraw], landfall.Sends(Withdraw{}), landfall.After(1), landfall.Emits(Withdrawn{})),
			landfall.Perform("Letterbox", outside[Post], landfall.Hears(Posted{}), landfall.Emits(Posted{}), landfall.Timeout(-1)),
			landfall.When("P", silent[Posted], landfall.Emits(Posted{}), landfall.Timeout(1), landfall.Sends(Post{})),
			landfall.ProjectInto("Q", noTables{}, landfall.Unless(Posted{}), landfall.Hears(Posted{})),
		),
		"handlers": module(
			deposit, deposit, other,
			landfall.Handle(nothing[otherAccount, Deposit], landfall.Emits(Deposited{})),
			landfall.Handle(nothing[otherAccount, Thank]),
			landfall.Handle(nothing[otherAccount, Post], landfall.Emits()),
		),
		"aggregates":     module(deposit, landfall.Handle(nothing[Account, Withdraw], landfall.Emits(Withdrawn{}))),
		"aggregate-name": module(landfall.Named[otherAccount]("other/account"), other),
		"systems": module(
			deposit,
			landfall.Perform("Account", outside[Withdraw], landfall.Emits(Withdrawn{})),
			landfall.Perform("the mail", outside[Post], landfall.Emits(Posted{})),
			landfall.Perform("Silent", outside[Thank]),
		),
		"policies": module(
			deposit,
			landfall.When("", silent[Withdrawn]),
			landfall.When("P", silent[Withdrawn], landfall.Sends(Withdraw{}, nil), landfall.After(-time.Second)),
			landfall.When("P", silent[Posted], landfall.SendsTo("M", Post{}), landfall.Unless(Posted{})),
			landfall.When("Q", silent[Posted], landfall.SendsTo("N", Post{})),
		),
		"other-modules": {
			landfall.NewModule("M", deposit,
				landfall.When("P", silent[depositedAlias], landfall.SendsTo("N", Post{}, Thank{}), landfall.SendsTo("Mail", Post{})),
			),
			landfall.NewModule("N", landfall.Perform("Letterbox", outside[Post], landfall.Emits(Posted{}))),
		},
		"projections": module(
			deposit,
			landfall.When("P", silent[depositedAlias], landfall.Sends(depositAlias{})),
			landfall.Project("P", landfall.On(still[Statement, depositedAlias])),
			landfall.Project("no folds"),
			landfall.Project("OnlyRemoves", landfall.Removes(func(depositedAlias, landfall.Metadata) string { return "" })),
			landfall.Project("TwoDocuments", landfall.On(still[Statement, depositedAlias]), landfall.On(still[older, depositedAlias])),
			landfall.Project("Unheard", landfall.On(still[Statement, Posted])),
			landfall.Project("Lossy", landfall.On(still[hiding, depositedAlias])),
			landfall.ProjectInto("NoTables", nil, landfall.Hears(depositedAlias{})),
			landfall.ProjectInto("NoEvents", noTables{}),
			landfall.ProjectInto("Unheard2", noTables{}, landfall.Hears(Posted{})),
		),
		"names": module(
			deposit,
			landfall.Named[Posted]("Letter"),
			landfall.Named[depositedAlias](""),
			landfall.Renamed[Posted]("Letter"),
			landfall.Renamed[depositedAlias]("Deposited"),
			landfall.Renamed[depositAlias]("Deposit"),
			landfall.Retired("Deposited", "Gone"),
		),
		"one-name": module(
			deposit, other,
			landfall.Named[Withdrawn]("Deposited"),
			landfall.Named[Withdraw]("Deposit"),
		),
		"upcasts": module(
			deposit,
			landfall.Upcast("Paid", func(older) depositedAlias { return depositedAlias{} }),
			landfall.Upcast("Paid", func(older) depositedAlias { return depositedAlias{} }),
			landfall.Upcast("Deposited", func(older) depositedAlias { return depositedAlias{} }),
			landfall.Upcast("Lost", func(older) Posted { return Posted{} }),
			landfall.Retired("Paid"),
		),
		"messages-between-modules": module(
			deposit,
			landfall.Publishes(),
			landfall.Publishes(Posted{}),
			landfall.HearsFrom("M", Posted{}),
			landfall.HearsFrom("not a name", Withdrawn{}),
			landfall.HearsFrom("Mail"),
			landfall.HearsFrom("Mail", Deposited{}),
			landfall.Publishes(Withdrawn{}),
		),
		"names-of-messages": module(
			landfall.Named[Withdrawn]("<Withdrawn"),
			other,
		),
		"upcasts-in-a-circle": module(
			deposit,
			landfall.Upcast("Paid", func(older) oldest { return oldest{} }),
			landfall.Upcast("PaidIn", func(oldest) older { return older{} }),
		),
		"upcasts-that-fork": module(
			deposit,
			landfall.Upcast("Paid", func(older) depositedAlias { return depositedAlias{1} }),
			landfall.Upcast("PaidIn", func(older) depositedAlias { return depositedAlias{2} }),
			landfall.Upcast("PaidOnce", func(oldest) older { return older{} }),
		),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := landfall.Describe(modules...)
			if !errors.Is(err, landfall.ErrWiring) {
				t.Fatalf("got %v, want ErrWiring", err)
			}
			golden(t, filepath.Join("testdata", "wiring", name+".txt"), err.Error()+"\n")
			h, opened := landfall.Open(ctx, landfall.Config{Store: memory.New(), Modules: modules})
			if h != nil || opened == nil || opened.Error() != err.Error() {
				t.Errorf("Open says %v, and Describe %v", opened, err)
			}
		})
	}
}

type (
	depositAlias   = Deposit
	depositedAlias = Deposited
)

type otherAccount struct{}

func (*otherAccount) Apply(landfall.Event) {}

type hidingAccount struct {
	Balance int
	secret  map[string]int
}

func (a *hidingAccount) Apply(landfall.Event) { a.secret = nil }

// TestWiringIsRepeatable: a module is a value, and opening it changes nothing.
func TestWiringIsRepeatable(t *testing.T) {
	m := bank(statements(), thanks())
	first, err := landfall.Describe(m)
	if err != nil {
		t.Fatal(err)
	}
	open(t, memory.New(), m)
	second, err := landfall.Describe(m)
	if d := cmp.Diff(first, second); d != "" || err != nil {
		t.Errorf("%v (-first +second)\n%s", err, d)
	}
}

// TestNamedCommandOfAnotherModule: what is only sent can have a name too, which
// is that under which the other module handles it.
func TestNamedCommandOfAnotherModule(t *testing.T) {
	post := landfall.When("Post", func(Deposited, landfall.Metadata) []landfall.Command {
		return []landfall.Command{Post{}}
	}, landfall.SendsTo("Mail", Post{}))
	named := landfall.Named[Post]("Post a letter")
	m, err := landfall.Describe(bank(post, named), landfall.NewModule("Mail", named,
		landfall.Perform("Letterbox", func(context.Context, Post, landfall.ID) ([]landfall.Event, error) { return nil, nil }, landfall.Emits(Posted{}))))
	if err != nil {
		t.Fatal(err)
	}
	if sends := m.Modules[0].Policies[0].Sends; len(sends) != 1 || sends[0].Command != "Post a letter" {
		t.Errorf("the policy sends %+v", sends)
	}
}

func TestOpenNeedsAStore(t *testing.T) {
	_, err := landfall.Open(ctx, landfall.Config{Modules: []landfall.Module{bank()}})
	if !errors.Is(err, landfall.ErrInvalid) || !strings.Contains(err.Error(), "Config.Store is nil") {
		t.Errorf("got %v", err)
	}
}

// golden compares a text with the one in the file.
func golden(t *testing.T, file, got string) {
	t.Helper()
	if os.Getenv("LANDFALL_UPDATE") != "" {
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("%s (-want +got):\n%s", file, d)
	}
}
