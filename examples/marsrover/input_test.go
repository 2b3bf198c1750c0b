package main

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// FuzzFlags gives the flags any text. What they accept, the rover accepts, or a
// message says which flag is at fault; what they refuse has a place.
func FuzzFlags(f *testing.F) {
	f.Add("10x10", "0,0,N", "2,2")
	f.Add("0x4", "9,9,Q", "2.2")
	f.Add("4x", "é,1,N", "\xff,1")
	f.Add("1x1", "0,0,W", "0,0")
	f.Fuzz(func(t *testing.T, size, place, obstacle string) {
		world := rover.World{Width: 10, Height: 10}
		var at startFlag
		var obstacles obstaclesFlag
		for text, err := range map[string]error{
			size: worldFlag{&world}.Set(size), place: at.Set(place), obstacle: obstacles.Set(obstacle),
		} {
			if err != nil && !strings.Contains(err.Error(), "place") {
				t.Errorf("%q: %v", text, err)
			}
			if err != nil {
				return
			}
		}
		command, err := start(world, at, obstacles)
		var bad *badInput
		if err != nil && !(errors.As(err, &bad) && strings.HasPrefix(err.Error(), "--")) {
			t.Errorf("%q %q %q: %v", size, place, obstacle, err)
		}
		if err == nil && (command.Point != at.point || command.World.Width != world.Width || len(command.World.Obstacles) != 1) {
			t.Errorf("%q %q %q: %+v", size, place, obstacle, command)
		}
	})
}

func TestALongTextIsShownAroundAPlace(t *testing.T) {
	long := strings.Repeat("M", 200)
	for place := 1; place <= 200; place++ {
		short := shorten(long[:place-1]+"é"+long[place:], place)
		if !strings.Contains(short, "é") || utf8.RuneCountInString(short) > 46 {
			t.Fatalf("place %d: %s", place, short)
		}
	}
}
