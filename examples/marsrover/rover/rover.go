package rover

import "github.com/landfall-go/landfall"

// MarsRover is the aggregate: where a rover is, and what may happen to it.
type MarsRover struct {
	Status    Status    `json:"status"`
	Point     Point     `json:"point"`
	Direction Direction `json:"direction"`
	World     World     `json:"world"`
	// Blocked says that the rover has found an obstacle.
	Blocked bool `json:"blocked"`
}

// Coordinate writes where the rover stands, such as "1:2:N", with "O:" before
// it once it has hit an obstacle.
func (r MarsRover) Coordinate() string {
	at := Coordinate(r.Point, r.Direction)
	if r.Blocked {
		return "O:" + at
	}
	return at
}

// Start puts the rover on its world.
func (r MarsRover) Start(c StartMarsRover) ([]landfall.Event, error) {
	if r.Status != Created {
		return nil, landfall.Reject("the rover was started before")
	}
	if err := c.Validate(); err != nil {
		return nil, err
	}
	if err := c.World.check(c.Point); err != nil {
		return nil, err
	}
	return []landfall.Event{MarsRoverStarted(c)}, nil
}

// TurnRight turns the rover clockwise.
func (r MarsRover) TurnRight(TurnRight) ([]landfall.Event, error) {
	return r.answer(MarsRoverMoved{r.Point, r.Direction.right()})
}

// TurnLeft turns the rover counterclockwise.
func (r MarsRover) TurnLeft(TurnLeft) ([]landfall.Event, error) {
	return r.answer(MarsRoverMoved{r.Point, r.Direction.left()})
}

// Move takes the rover one square ahead, or finds an obstacle there.
func (r MarsRover) Move(Move) ([]landfall.Event, error) {
	ahead := r.World.ahead(r.Point, r.Direction)
	if r.World.blocked(ahead) {
		return r.answer(ObstacleFound{ahead})
	}
	return r.answer(MarsRoverMoved{ahead, r.Direction})
}

// TurnOff ends the rover's work.
func (r MarsRover) TurnOff(TurnOff) ([]landfall.Event, error) {
	switch r.Status {
	case Created:
		return nil, landfall.Reject("the rover was never started")
	case TurnedOff:
		return nil, landfall.Reject("the rover is off")
	}
	return []landfall.Event{MarsRoverTurnedOff{}}, nil
}

// answer lets the event happen, provided that the rover can be driven.
func (r MarsRover) answer(e landfall.Event) ([]landfall.Event, error) {
	switch r.Status {
	case Created:
		return nil, landfall.Reject("the rover was never started")
	case ObstacleStopped:
		return nil, landfall.Reject("the rover has found an obstacle and is about to be turned off")
	case TurnedOff:
		return nil, landfall.Reject("the rover is off")
	}
	return []landfall.Event{e}, nil
}

// Apply changes the rover to what it is after the event.
func (r *MarsRover) Apply(event landfall.Event) {
	switch e := event.(type) {
	case MarsRoverStarted:
		r.Status, r.Point, r.Direction, r.World = Started, e.Point, e.Direction, e.World
	case MarsRoverMoved:
		r.Status, r.Point, r.Direction = Moving, e.Point, e.Direction
	case ObstacleFound:
		r.Status, r.Blocked = ObstacleStopped, true
	case MarsRoverTurnedOff:
		r.Status = TurnedOff
	}
}
