package rover_test

import (
	"testing"

	"github.com/landfall-go/landfall"
	. "github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/landfalltest"
)

var (
	// wall is a world with one obstacle.
	wall    = World{Width: 4, Height: 4, Obstacles: []Point{{2, 2}}}
	before  = MarsRoverStarted{Point: Point{2, 1}, Direction: N, World: wall}
	driven  = MarsRoverMoved{Point: Point{2, 1}, Direction: N}
	found   = ObstacleFound{Coordinate: Point{2, 2}}
	off     = MarsRoverTurnedOff{}
	nowhere = World{Width: 1, Height: 1}
)

func TestTheRover(t *testing.T) {
	landfalltest.Run(t, Module(),
		landfalltest.Scenario{Name: "starts", When: StartMarsRover(before), Then: []any{before}},
		landfalltest.Scenario{Name: "starts once", Given: given(before), When: StartMarsRover(before), Rejected: "the rover was started before"},

		landfalltest.Scenario{Name: "turns right", Given: given(before), When: TurnRight{}, Then: []any{MarsRoverMoved{Point{2, 1}, E}}},
		landfalltest.Scenario{Name: "turns left", Given: given(before), When: TurnLeft{}, Then: []any{MarsRoverMoved{Point{2, 1}, W}}},
		landfalltest.Scenario{Name: "turns right from the west", Given: given(before, MarsRoverMoved{Point{2, 1}, W}), When: TurnRight{}, Then: []any{MarsRoverMoved{Point{2, 1}, N}}},
		landfalltest.Scenario{Name: "moves east", Given: given(before, MarsRoverMoved{Point{2, 1}, E}), When: Move{}, Then: []any{MarsRoverMoved{Point{3, 1}, E}}},

		landfalltest.Scenario{Name: "wraps at the upper edge", Given: given(before, MarsRoverMoved{Point{1, 3}, N}), When: Move{}, Then: []any{MarsRoverMoved{Point{1, 0}, N}}},
		landfalltest.Scenario{Name: "wraps at the lower edge", Given: given(before, MarsRoverMoved{Point{1, 0}, S}), When: Move{}, Then: []any{MarsRoverMoved{Point{1, 3}, S}}},
		landfalltest.Scenario{Name: "wraps at the right edge", Given: given(before, MarsRoverMoved{Point{3, 1}, E}), When: Move{}, Then: []any{MarsRoverMoved{Point{0, 1}, E}}},
		landfalltest.Scenario{Name: "wraps at the left edge", Given: given(before, MarsRoverMoved{Point{0, 1}, W}), When: Move{}, Then: []any{MarsRoverMoved{Point{3, 1}, W}}},
		landfalltest.Scenario{
			Name: "moves on a world of one square", Given: given(MarsRoverStarted{World: nowhere, Direction: N}), When: Move{},
			Then: []any{MarsRoverMoved{Point{0, 0}, N}},
		},

		landfalltest.Scenario{Name: "stops at an obstacle", Given: given(before), When: Move{}, Then: []any{found}},
		landfalltest.Scenario{Name: "stands still before an obstacle", Given: given(before, found), When: Move{}, Rejected: "the rover has found an obstacle and is about to be turned off"},
		landfalltest.Scenario{Name: "turns off", Given: given(before, found), When: TurnOff{}, Then: []any{off}},
		landfalltest.Scenario{Name: "turns off once", Given: given(before, off), When: TurnOff{}, Rejected: "the rover is off"},
		landfalltest.Scenario{Name: "does not move when it is off", Given: given(before, off), When: Move{}, Rejected: "the rover is off"},
		landfalltest.Scenario{Name: "does not turn when it is off", Given: given(before, off), When: TurnLeft{}, Rejected: "the rover is off"},
		landfalltest.Scenario{Name: "does not move before it is started", When: Move{}, Rejected: "the rover was never started"},
		landfalltest.Scenario{Name: "does not turn before it is started", When: TurnRight{}, Rejected: "the rover was never started"},
		landfalltest.Scenario{Name: "is not turned off before it is started", When: TurnOff{}, Rejected: "the rover was never started"},
	)
}

func TestARoverIsNotStartedWhereItCannotStand(t *testing.T) {
	start := func(p Point, d Direction, w World) StartMarsRover { return StartMarsRover{p, d, w} }
	landfalltest.Run(t, Module(),
		landfalltest.Scenario{Name: "a world of no height", When: start(Point{}, N, World{Width: 4}), Rejected: "a world of 4 x 0 has no squares"},
		landfalltest.Scenario{Name: "outside of the world", When: start(Point{4, 0}, N, wall), Rejected: "the start at 4:0 lies outside of the world of 4 x 4"},
		landfalltest.Scenario{Name: "below the world", When: start(Point{0, -1}, N, wall), Rejected: "the start at 0:-1 lies outside of the world of 4 x 4"},
		landfalltest.Scenario{Name: "on an obstacle", When: start(Point{2, 2}, N, wall), Rejected: "the start at 2:2 lies on an obstacle"},
		landfalltest.Scenario{
			Name: "an obstacle outside of the world", When: start(Point{}, N, World{Width: 2, Height: 2, Obstacles: []Point{{2, 0}}}),
			Rejected: "the obstacle at 2:0 lies outside of the world of 2 x 2",
		},
		landfalltest.Scenario{Name: "facing nowhere", When: start(Point{}, "Q", wall), Rejected: `the direction "Q" is none of N, E, S, W`},
		landfalltest.Scenario{Name: "facing two ways", When: start(Point{}, "NE", wall), Rejected: `the direction "NE" is none of N, E, S, W`},
	)
}

func TestAnObstacleIsAnswered(t *testing.T) {
	landfalltest.Run(t, Module(), landfalltest.Scenario{
		Name: "people are told before the rover is turned off", Given: given(before), ID: "7", When: found,
		Then: []any{NotifyObstacle{Message: "Rover 7 hit obstacle"}, TurnOff{}},
	})
}

func TestProjections(t *testing.T) {
	history := given(before, MarsRoverMoved{Point{2, 1}, E}, driven, found, off)
	landfalltest.Run(t, Module(),
		landfalltest.Scenario{
			Name: "where a rover was started", Given: history, ID: "7",
			Shows: map[string]any{"7": Start{Coordinate: "2:1:N"}},
		},
		landfalltest.Scenario{
			Name: "where it has stood", Given: history, ID: "7",
			Shows: map[string]any{"7/000000000": Path{Coordinates: []string{"2:1:N", "2:1:E", "2:1:N"}}},
		},
		landfalltest.Scenario{
			Name: "what it has found", Given: history, ID: "7",
			Shows: map[string]any{"7": Obstacles{Points: []Point{{2, 2}}}},
		},
	)
}

func TestALongPathGoesOverPages(t *testing.T) {
	long := given(before)
	for range 100 {
		long = append(long, driven)
	}
	first := Path{}
	for range 100 {
		first.Coordinates = append(first.Coordinates, "2:1:N")
	}
	landfalltest.Run(t, Module(), landfalltest.Scenario{
		Name: "a hundred on each", Given: long, ID: "7",
		Shows: map[string]any{"7/000000000": first, "7/000000001": Path{Coordinates: []string{"2:1:N"}}},
	})
}

func given(events ...landfall.Event) []landfall.Event { return events }
