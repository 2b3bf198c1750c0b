package session

import (
	"encoding/json"
	"slices"

	"github.com/landfall-go/landfall"
)

// Open begins a board; its host does it when the board is made.
func (b Board) Open(c OpenBoard) ([]landfall.Event, error) {
	if b.Wall().Board != nil {
		return nil, nil
	}
	if err := checkName("The board's name", c.Name); err != nil {
		return nil, err
	}
	return one(BoardOpened(c))
}

// NameBoard gives the board another name.
func (b Board) NameBoard(c NameBoard) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if err := checkName("The board's name", c.Name); err != nil || b.Wall().Board.Name == c.Name {
		return nil, err
	}
	return one(BoardNamed(c))
}

// checkRenamed refuses properties of the board that are not its name.
func checkRenamed(p Properties) error {
	for _, x := range p {
		var name string
		if err := json.Unmarshal(x.Value, &name); err != nil || x.Name != "name" {
			return landfall.Reject("The storm can give the board a name, and nothing else.")
		}
		if err := checkName("The board's name", name); err != nil {
			return err
		}
	}
	return nil
}

// Join makes a person known to the board, or makes known what has changed about
// them: their name, colour or role.
func (b Board) Join(c JoinBoard) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	p := c.Person
	if !personID.MatchString(p.ID) || p.ID == BoardID {
		return nil, landfall.Reject("%.50q is no id of a person.", p.ID)
	}
	if err := checkName("The name", p.Name); err != nil {
		return nil, err
	}
	if err := checkLine("The color", p.Color, maxColor); err != nil {
		return nil, err
	}
	switch i := b.Wall().Item(p.ID).(type) {
	case nil:
		if len(b.Wall().People) >= MaxPeople {
			return nil, landfall.Reject("The board knows %d people, and no more.", MaxPeople)
		}
	case *Person:
		if *i == (Person{PersonItem, p.ID, p.Name, p.Color, p.Role}) {
			return nil, nil
		}
	default:
		return nil, landfall.Reject("The id %s is in use already.", p.ID)
	}
	return one(PersonJoined(c))
}

// SetGoals says what the session is for.
func (b Board) SetGoals(c SetGoals) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if len(c.Goals) > MaxGoals {
		return nil, landfall.Reject("A session has at most %d goals.", MaxGoals)
	}
	for _, g := range c.Goals {
		if err := checkText("A goal", g, MaxGoal); err != nil {
			return nil, err
		}
	}
	if slices.Equal(c.Goals, b.Wall().Board.Goals) {
		return nil, nil
	}
	return one(GoalsSet(c))
}

// StartPhase leads the session on, or back.
func (b Board) StartPhase(c StartPhase) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	left := b.Wall().Board.Phase
	if left == c.Phase {
		return nil, nil
	}
	return one(PhaseStarted{Phase: c.Phase, Left: left, By: c.By, At: c.At})
}

// SetTimer lets the timer run for so many seconds; none stops it.
func (b Board) SetTimer(c SetTimer) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if c.Seconds < 0 || c.Seconds > MaxTimer {
		return nil, landfall.Reject("The timer runs for at most a day.")
	}
	e := TimerSet{By: c.By, At: c.At}
	if c.Seconds > 0 {
		e.Ends = c.At + c.Seconds*1000
	}
	if e.Ends == b.Wall().Board.TimerEnds {
		return nil, nil
	}
	return one(e)
}
