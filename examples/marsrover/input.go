package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// worldFlag is a size such as "10x10".
type worldFlag struct{ world *rover.World }

func (f worldFlag) Type() string   { return "WxH" }
func (f worldFlag) String() string { return f.world.String() }

func (f worldFlag) Set(text string) error {
	r := reader{text: text}
	width := r.size("width")
	r.literal('x')
	height := r.size("height")
	r.end()
	f.world.Width, f.world.Height = width, height
	return r.err
}

// startFlag is where a rover starts, such as "0,0,N".
type startFlag struct {
	text      string
	point     rover.Point
	direction rover.Direction
}

func (f *startFlag) Type() string   { return "X,Y,D" }
func (f *startFlag) String() string { return f.text }

func (f *startFlag) Set(text string) error {
	r := reader{text: text}
	f.text, f.point = text, r.point()
	r.literal(',')
	f.direction = r.direction()
	r.end()
	return r.err
}

// obstaclesFlag gathers obstacles such as "2,2".
type obstaclesFlag struct {
	texts  []string
	points []rover.Point
}

func (f *obstaclesFlag) Type() string   { return "X,Y" }
func (f *obstaclesFlag) String() string { return strings.Join(f.texts, " ") }

func (f *obstaclesFlag) Set(text string) error {
	r := reader{text: text}
	point := r.point()
	r.end()
	f.texts, f.points = append(f.texts, text), append(f.points, point)
	return r.err
}

// start puts what the flags say together, and refuses what the rover would
// refuse, before anything is stored.
func start(world rover.World, at startFlag, obstacles obstaclesFlag) (rover.StartMarsRover, error) {
	for i, o := range obstacles.points {
		if err := inside(world, "--obstacle", obstacles.texts[i], o); err != nil {
			return rover.StartMarsRover{}, err
		}
	}
	if err := inside(world, "--at", at.text, at.point); err != nil {
		return rover.StartMarsRover{}, err
	}
	world.Obstacles = obstacles.points
	command := rover.StartMarsRover{Point: at.point, Direction: at.direction, World: world}
	if _, err := (rover.MarsRover{}).Start(command); err != nil {
		return command, &badInput{fmt.Errorf("--at %s: %w", at.text, err)}
	}
	return command, nil
}

// inside says which number of a point lies outside of the world, and where.
func inside(w rover.World, flag, text string, p rover.Point) error {
	complain := func(name string, value, size, place int) error {
		return &badInput{fmt.Errorf("%s %s: the %s %d at place %d lies outside of the world of %d x %d, where it goes from 0 to %d",
			flag, text, name, value, place, w.Width, w.Height, size-1)}
	}
	if p.X >= w.Width {
		return complain("x", p.X, w.Width, 1)
	}
	if p.Y >= w.Height {
		return complain("y", p.Y, w.Height, strings.Index(text, ",")+2)
	}
	return nil
}

// sequence reads COMMANDS; "-" stands for the standard input.
func sequence(stdin io.Reader, text string) ([]landfall.Command, error) {
	if text == "-" {
		all, err := io.ReadAll(stdin)
		if err != nil {
			return nil, fmt.Errorf("read the commands from the standard input: %w", err)
		}
		text = string(bytes.TrimRight(all, "\r\n"))
	}
	commands, err := rover.Sequence(text)
	var wrong *rover.SequenceError
	if errors.As(err, &wrong) {
		return nil, &badInput{fmt.Errorf("commands %s: %w", shorten(text, wrong.Place), err)}
	}
	return commands, err
}

// shorten quotes a long text only around a place.
func shorten(text string, place int) string {
	characters := []rune(text)
	from, to := max(0, place-20), min(len(characters), place+20)
	if len(characters) <= 60 {
		from, to = 0, len(characters)
	}
	short := string(characters[from:to])
	if from > 0 {
		short = "…" + short
	}
	if to < len(characters) {
		short += "…"
	}
	return strconv.Quote(short)
}

// reader takes a flag's text apart and stops at the first character that does
// not fit.
type reader struct {
	text string
	at   int // in bytes
	err  error
}

// greatest is the greatest number that a flag may hold.
const greatest = 1_000_000_000

func (r *reader) place() int { return utf8.RuneCountInString(r.text[:r.at]) + 1 }

// fail names the character that stands where something else is wanted.
func (r *reader) fail(wanted string) {
	if r.err != nil {
		return
	}
	if r.at == len(r.text) {
		r.err = fmt.Errorf("it ends before place %d, where %s is wanted", r.place(), wanted)
		return
	}
	_, size := utf8.DecodeRuneInString(r.text[r.at:])
	r.err = fmt.Errorf("the character %q at place %d is wrong: %s is wanted", r.text[r.at:r.at+size], r.place(), wanted)
}

func (r *reader) literal(c byte) {
	if r.err != nil || r.at == len(r.text) || r.text[r.at] != c {
		r.fail(fmt.Sprintf("%q", string(c)))
		return
	}
	r.at++
}

func (r *reader) end() {
	if r.at < len(r.text) {
		r.fail("the end")
	}
}

func (r *reader) number(name string) int {
	begin := r.at
	for r.err == nil && r.at < len(r.text) && r.text[r.at] >= '0' && r.text[r.at] <= '9' {
		r.at++
	}
	if r.at == begin {
		r.fail("a digit")
		return 0
	}
	n, err := strconv.Atoi(r.text[begin:r.at])
	if err != nil || n > greatest {
		r.at = begin
		r.err = fmt.Errorf("the %s at place %d is too large: at most %d is allowed", name, r.place(), greatest)
	}
	return n
}

// size reads a number that is not zero.
func (r *reader) size(name string) int {
	place := r.place()
	n := r.number(name)
	if r.err == nil && n == 0 {
		r.err = fmt.Errorf("the %s 0 at place %d is wrong: a world has at least one square", name, place)
	}
	return n
}

func (r *reader) point() rover.Point {
	x := r.number("x")
	r.literal(',')
	return rover.Point{X: x, Y: r.number("y")}
}

func (r *reader) direction() rover.Direction {
	if r.err != nil || r.at == len(r.text) || !strings.Contains("NESW", r.text[r.at:r.at+1]) {
		r.fail("N, E, S or W")
		return ""
	}
	r.at++
	return rover.Direction(r.text[r.at-1 : r.at])
}
