package rover

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/landfall-go/landfall"
)

// String writes the point as "x:y".
func (p Point) String() string { return strconv.Itoa(p.X) + ":" + strconv.Itoa(p.Y) }

// Coordinate writes a point and a direction as "x:y:D".
func Coordinate(p Point, d Direction) string {
	return strconv.Itoa(p.X) + ":" + strconv.Itoa(p.Y) + ":" + string(d)
}

// The directions, as people say them. Clockwise they follow each other in this
// order.
const (
	N = DirectionN
	E = DirectionE
	S = DirectionS
	W = DirectionW
)

const clockwise = "NESW"

func (d Direction) right() Direction { return d.turn(1) }
func (d Direction) left() Direction  { return d.turn(3) }

func (d Direction) turn(quarters int) Direction {
	i := (strings.Index(clockwise, string(d)) + quarters) % 4
	return Direction(clockwise[i : i+1])
}

// Status is what a rover is doing.
type Status int

// The statuses of a rover. One that was never started is Created.
const (
	Created Status = iota
	Started
	Moving
	ObstacleStopped
	TurnedOff
)

var statuses = [...]string{"CREATED", "STARTED", "MOVING", "OBSTACLE_FOUND", "TURNED_OFF"}

// String returns the status as people write it, such as "OBSTACLE_FOUND".
func (s Status) String() string {
	if s < 0 || int(s) >= len(statuses) {
		return fmt.Sprintf("Status(%d)", int(s))
	}
	return statuses[s]
}

// MarshalText writes the status as String does.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (s *Status) UnmarshalText(text []byte) error {
	i := slices.Index(statuses[:], string(text))
	if i < 0 {
		return fmt.Errorf("%q is no status of a rover", text)
	}
	*s = Status(i)
	return nil
}

// String writes the world as people do, such as "10x10 with obstacles at 2:2".
func (w World) String() string {
	size := strconv.Itoa(w.Width) + "x" + strconv.Itoa(w.Height)
	if len(w.Obstacles) == 0 {
		return size
	}
	at := make([]string, len(w.Obstacles))
	for i, o := range w.Obstacles {
		at[i] = o.String()
	}
	return size + " with obstacles at " + strings.Join(at, " ")
}

// check says why a rover cannot be put there.
func (w World) check(start Point) error {
	if w.Width < 1 || w.Height < 1 {
		return landfall.Reject("a world of %d x %d has no squares", w.Width, w.Height)
	}
	for _, o := range w.Obstacles {
		if !w.holds(o) {
			return landfall.Reject("the obstacle at %s lies outside of the world of %d x %d", o, w.Width, w.Height)
		}
	}
	if !w.holds(start) {
		return landfall.Reject("the start at %s lies outside of the world of %d x %d", start, w.Width, w.Height)
	}
	if w.blocked(start) {
		return landfall.Reject("the start at %s lies on an obstacle", start)
	}
	return nil
}

func (w World) holds(p Point) bool { return p.X >= 0 && p.X < w.Width && p.Y >= 0 && p.Y < w.Height }

func (w World) blocked(p Point) bool { return slices.Contains(w.Obstacles, p) }

// ahead returns the square before a rover, beyond an edge the one at the
// opposite edge.
func (w World) ahead(p Point, d Direction) Point {
	switch d {
	case N:
		p.Y++
	case E:
		p.X++
	case S:
		p.Y--
	case W:
		p.X--
	}
	if w.Width > 0 && w.Height > 0 { // a rover that was never started has no world
		p.X, p.Y = (p.X+w.Width)%w.Width, (p.Y+w.Height)%w.Height
	}
	return p
}
