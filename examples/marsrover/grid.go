package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// ways are the sides of a square that a path crosses.
type ways int

const (
	north ways = 1 << iota
	east
	south
	west
)

// lines are the characters for a path through a square, by its ways.
var lines = [16]string{
	0: "·", north: "╵", east: "╶", south: "╷", west: "╴",
	north | south: "│", east | west: "─", north | east: "└", north | west: "┘", south | east: "┌", south | west: "┐",
	north | south | east: "├", north | south | west: "┤", north | east | west: "┴", south | east | west: "┬",
	north | east | south | west: "┼",
}

var (
	leaving  = map[rover.Direction]ways{rover.N: north, rover.E: east, rover.S: south, rover.W: west}
	entering = map[rover.Direction]ways{rover.N: south, rover.E: west, rover.S: north, rover.W: east}
	arrows   = map[rover.Direction]string{rover.N: "▲", rover.E: "►", rover.S: "▼", rover.W: "◄"}
)

// Colours of the terminal.
const (
	dim    = "2"
	red    = "1;31"
	green  = "1;32"
	yellow = "33"
	cyan   = "36"
)

// text draws the picture with characters.
func (p *picture) text(colours bool) string {
	paint := func(colour, text string) string {
		if !colours {
			return text
		}
		return "\x1b[" + colour + "m" + text + "\x1b[0m"
	}
	crossed := p.crossed()
	label := len(strconv.Itoa(p.corner.Y + p.height - 1))
	var b strings.Builder
	for y := p.corner.Y + p.height - 1; y >= p.corner.Y; y-- {
		row := paint(dim, fmt.Sprintf("%*d", label, y)) + p.gap(crossed, rover.Point{X: p.corner.X, Y: y}, west, paint)
		for x := p.corner.X; x < p.corner.X+p.width; x++ {
			at := rover.Point{X: x, Y: y}
			row += p.square(crossed, at, paint) + p.gap(crossed, at, east, paint)
		}
		b.WriteString(strings.TrimRight(row, " ") + "\n")
	}
	b.WriteString(strings.Repeat(" ", label+1) + paint(dim, p.columns()) + "\n")
	if !p.whole() {
		fmt.Fprintf(&b, "(The squares %d:%d to %d:%d of a world of %d x %d.)\n",
			p.corner.X, p.corner.Y, p.corner.X+p.width-1, p.corner.Y+p.height-1, p.world.Width, p.world.Height)
	}
	return b.String()
}

// crossed tells for each square which of its sides the path crosses.
func (p *picture) crossed() map[rover.Point]ways {
	crossed := map[rover.Point]ways{}
	for _, s := range p.steps {
		crossed[s.from] |= leaving[s.heading]
		crossed[s.to] |= entering[s.heading]
	}
	return crossed
}

func (p *picture) square(crossed map[rover.Point]ways, at rover.Point, paint func(colour, text string) string) string {
	switch {
	case at == p.at && p.off:
		return paint(red, arrows[p.facing])
	case at == p.at:
		return paint(green, arrows[p.facing])
	case p.found[at]:
		return paint(red, "▣")
	case p.rocks[at]:
		return paint(yellow, "■")
	case at == p.start:
		return paint(cyan, "○")
	case crossed[at] == 0:
		return paint(dim, lines[0])
	}
	return paint(cyan, lines[crossed[at]])
}

// gap is what stands beside a square on its side.
func (p *picture) gap(crossed map[rover.Point]ways, at rover.Point, side ways, paint func(colour, text string) string) string {
	if crossed[at]&side == 0 {
		return " "
	}
	return paint(cyan, "─")
}

// columns numbers the squares from left to right, in a large world every fifth.
func (p *picture) columns() string {
	every := 1
	if p.corner.X+p.width > 10 {
		every = 5
	}
	var b strings.Builder
	for x := range p.width {
		if (p.corner.X+x)%every == 0 && (x == 0 || b.Len() < 2*x) {
			b.WriteString(strings.Repeat(" ", 2*x-b.Len()) + strconv.Itoa(p.corner.X+x))
		}
	}
	return b.String()
}
