package main

import (
	"strconv"
	"strings"

	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// picture is a part of a world, with a rover and its path.
type picture struct {
	world rover.World
	// The part that is shown: its lower left square, and its size.
	corner        rover.Point
	width, height int

	start  rover.Point
	steps  []step
	at     rover.Point
	facing rover.Direction
	off    bool
	rocks  map[rover.Point]bool
	found  map[rover.Point]bool
}

// step is a move from one square to the next.
type step struct {
	from, to rover.Point
	heading  rover.Direction
}

// window bounds the part of a world that is shown.
type window struct{ width, height int }

var (
	terminalWindow = window{33, 21}
	svgWindow      = window{41, 41}
)

func pictureOf(r report, most window) picture {
	p := picture{
		world: r.state.World, at: r.state.Point, facing: r.state.Direction, off: r.state.Status == rover.TurnedOff,
		rocks: map[rover.Point]bool{}, found: map[rover.Point]bool{},
	}
	for _, o := range p.world.Obstacles {
		p.rocks[o] = true
	}
	for _, o := range r.Obstacles {
		p.found[o] = true
	}
	p.follow(r.Path)
	p.corner.X, p.width = around(p.at.X, most.width, p.world.Width)
	p.corner.Y, p.height = around(p.at.Y, most.height, p.world.Height)
	return p
}

// around places a stretch of squares so that it has the rover in the middle,
// as far as the world goes.
func around(at, most, size int) (first, length int) {
	length = min(most, size)
	return min(max(at-length/2, 0), size-length), length
}

// follow turns a path's coordinates into moves; a turn is none.
func (p *picture) follow(path []string) {
	var last rover.Point
	var facing rover.Direction
	for i, coordinate := range path {
		at, heading := place(coordinate)
		switch {
		case i == 0:
			p.start = at
		case heading == facing:
			p.steps = append(p.steps, step{last, at, heading})
		}
		last, facing = at, heading
	}
}

// place reads a coordinate such as "1:2:N" of the path's projection.
func place(coordinate string) (rover.Point, rover.Direction) {
	x, rest, _ := strings.Cut(coordinate, ":")
	y, direction, _ := strings.Cut(rest, ":")
	var p rover.Point
	p.X, _ = strconv.Atoi(x)
	p.Y, _ = strconv.Atoi(y)
	return p, rover.Direction(direction)
}

// shows says whether a square lies in the part that is shown.
func (p *picture) shows(at rover.Point) bool {
	x, y := at.X-p.corner.X, at.Y-p.corner.Y
	return x >= 0 && x < p.width && y >= 0 && y < p.height
}

// whole says that all of the world is shown.
func (p *picture) whole() bool { return p.width == p.world.Width && p.height == p.world.Height }
