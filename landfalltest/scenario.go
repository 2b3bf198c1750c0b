package landfalltest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/internal/inspect"
)

// Scenario is one example of what a module does. The zero value of every field
// but When and Shows is useful; one of these two is needed.
type Scenario struct {
	// Name says what the example shows, such as "stops at an obstacle".
	Name string

	// ID is the aggregate that all of it is about where nothing else is said;
	// empty means "1".
	ID landfall.AggregateID

	// Part names the policy or the projection that the scenario is about. It is
	// needed where the types of Then and Shows do not say it, and narrows the
	// scenario to that one where several would answer.
	Part string

	// Given are the events that have happened, the oldest first. Each happened
	// to the aggregate ID, a second after the one before. A
	// [landfall.Recorded] says otherwise: its fields are taken as they are,
	// and what is zero is filled in.
	Given []landfall.Event

	// When is the command that is issued, or the event that happens, after
	// what is given. A [landfall.Message] or a [landfall.Recorded] says more,
	// as for Given.
	When any

	// Then is what follows, all of it and in order.
	//
	// After a command it is the events of the decision. None means that
	// nothing happens.
	//
	// After an event it is the commands of the policies that declare to send
	// one of these commands, or of the one that Part names; none means that
	// no policy sends any. A command goes to the aggregate of the event,
	// [landfall.To] says another. [After] and [Withdraws] stand for commands
	// that wait for their time.
	Then []any

	// Rejected is the reason for which the command is refused; [AnyReason]
	// leaves it open. Empty means that it is not refused.
	Rejected string

	// Shows are the documents of a projection after all this, by their keys,
	// all that there are. The projection is the one with documents of this
	// type; Part names it where there are several, or none is expected.
	Shows map[string]any
}

// AnyReason stands for any reason in Scenario.Rejected.
const AnyReason = "*"

// defaultID is the aggregate of scenarios that name none.
const defaultID landfall.AggregateID = "1"

// After stands in Scenario.Then for a command that a policy sends when the time
// has passed.
func After(d time.Duration, c landfall.Command) any { return after{d, c} }

// Withdraws stands in Scenario.Then for a command that a policy held back, and
// that will not be sent because of the event.
func Withdraws(c landfall.Command) any { return withdraws{c} }

type after struct {
	Delay   time.Duration
	Command any
}

type withdraws struct{ Command any }

// Run runs each scenario as a subtest.
func Run(t *testing.T, m landfall.Module, scenarios ...Scenario) {
	t.Helper()
	for _, s := range scenarios {
		s.Run(t, m)
	}
}

// Run runs the scenario as a subtest under its name, and fails it with the
// message of [Scenario.Check].
func (s Scenario) Run(t *testing.T, m landfall.Module) bool {
	t.Helper()
	return t.Run(s.Name, func(t *testing.T) {
		t.Helper()
		if err := s.Check(m); err != nil {
			t.Error(err)
		}
	})
}

// Check returns nil when the module does what the scenario says, and otherwise
// an error that shows the scenario and all differences, over several lines. It
// is safe for concurrent use as far as the module's functions are.
func (s Scenario) Check(m landfall.Module) error {
	wired, err := inspect.Of(m)
	if err != nil {
		return err
	}
	if s.ID == "" {
		s.ID = defaultID
	}
	c := &check{scenario: s, module: wired, story: s.story()}
	c.run()
	if len(c.mistakes) == 0 {
		return nil
	}
	return errors.New(c.report())
}

// check is a scenario under way.
type check struct {
	scenario Scenario
	module   *inspect.Module
	story    string // the scenario in words, from before anything ran
	history  history
	mistakes []string
}

func (c *check) mistake(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(c.mistakes, text) { // parts are asked twice
		c.mistakes = append(c.mistakes, text)
	}
}

func (c *check) run() {
	s := &c.scenario
	if s.When == nil && s.Shows == nil {
		c.mistake("the scenario has neither When nor Shows, so there is nothing to check")
		return
	}
	for _, e := range s.Given {
		c.given(e)
	}
	if len(c.mistakes) > 0 {
		return
	}
	if s.When != nil {
		c.when()
	} else if len(s.Then) > 0 || s.Rejected != "" {
		c.mistake("the scenario says what follows, but not When")
	}
	if s.Shows != nil && len(c.mistakes) == 0 {
		c.shows()
	}
}

func (c *check) when() {
	message, event := c.address()
	if h := c.handler(message.Command); h != nil {
		c.decides(h, message)
		return
	}
	if recorded := c.given(event); recorded != nil {
		c.answers(recorded)
	}
}

// address returns When both ways: as a command and as an event.
func (c *check) address() (landfall.Message, landfall.Event) {
	switch when := c.scenario.When.(type) {
	case landfall.Message:
		if when.To == "" {
			when.To = c.scenario.ID
		}
		return when, when.Command
	default:
		return landfall.To(c.scenario.ID, when), when
	}
}

// story tells what is given and what happens then.
func (s *Scenario) story() string {
	var b strings.Builder
	for i, e := range s.Given {
		fmt.Fprintf(&b, "  %-5s %s\n", word(i, "given", "and"), show(e))
	}
	if s.When != nil {
		fmt.Fprintf(&b, "  when  %s\n", show(s.When))
	}
	return b.String()
}

// report shows the scenario and what is wrong with it.
func (c *check) report() string {
	var b strings.Builder
	fmt.Fprintf(&b, "module %s: %s\n%s", c.module.Name, c.scenario.Name, c.story)
	for _, m := range c.mistakes {
		b.WriteString("  ✗ " + strings.ReplaceAll(strings.TrimRight(m, "\n"), "\n", "\n    ") + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

func word(i int, first, later string) string {
	if i == 0 {
		return first
	}
	return later
}
