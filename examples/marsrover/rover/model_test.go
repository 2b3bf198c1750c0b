package rover_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	. "github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store/memory"
)

// walk is the model: the rules of the kata once more, told with a grid of
// characters and a heading in degrees, and with nothing of the rover's code.
type walk struct {
	grid    []string // rows from the top; '#' is an obstacle
	x, y    int
	degrees int
	path    []string
	hit     string
	left    int
}

func (w *walk) here() string {
	return fmt.Sprintf("%d:%d:%s", w.x, w.y, map[int]string{0: "N", 90: "E", 180: "S", 270: "W"}[w.degrees])
}

func (w *walk) drive(letters string) {
	w.path = []string{w.here()}
	for i, letter := range letters {
		switch letter {
		case 'R':
			w.degrees = (w.degrees + 90) % 360
		case 'L':
			w.degrees = (w.degrees + 270) % 360
		case 'M':
			if !w.step() {
				w.left = len(letters) - i - 1
				return
			}
		}
		w.path = append(w.path, w.here())
	}
}

// step is false before an obstacle.
func (w *walk) step() bool {
	height, width := len(w.grid), len(w.grid[0])
	x, y := w.x, w.y
	switch w.degrees {
	case 0:
		if y++; y == height {
			y = 0
		}
	case 90:
		if x++; x == width {
			x = 0
		}
	case 180:
		if y--; y < 0 {
			y = height - 1
		}
	case 270:
		if x--; x < 0 {
			x = width - 1
		}
	}
	if w.grid[height-1-y][x] == '#' {
		w.hit = fmt.Sprintf("%d:%d", x, y)
		return false
	}
	w.x, w.y = x, y
	return true
}

func (w *walk) coordinate() string {
	if w.hit != "" {
		return "O:" + w.here()
	}
	return w.here()
}

func (w *walk) status() string {
	switch {
	case w.hit != "":
		return "TURNED_OFF"
	case len(w.path) > 1:
		return "MOVING"
	}
	return "STARTED"
}

// drawWalk draws a grid, a start that is free, and where to face.
func drawWalk(t *rapid.T) *walk {
	width, height := rapid.IntRange(1, 6).Draw(t, "width"), rapid.IntRange(1, 6).Draw(t, "height")
	w := &walk{
		x: rapid.IntRange(0, width-1).Draw(t, "x"), y: rapid.IntRange(0, height-1).Draw(t, "y"),
		degrees: 90 * rapid.IntRange(0, 3).Draw(t, "quarter"),
	}
	for y := height - 1; y >= 0; y-- {
		row := rapid.StringOfN(rapid.SampledFrom([]rune("....#")), width, width, width).Draw(t, "row")
		if y == w.y {
			row = row[:w.x] + "." + row[w.x+1:]
		}
		w.grid = append(w.grid, row)
	}
	return w
}

func (w *walk) start() StartMarsRover {
	c := StartMarsRover{
		Point: Point{w.x, w.y}, Direction: Direction("NESW"[w.degrees/90 : w.degrees/90+1]),
		World: World{Width: len(w.grid[0]), Height: len(w.grid)},
	}
	for i, row := range w.grid {
		for x, square := range row {
			if square == '#' {
				c.World.Obstacles = append(c.World.Obstacles, Point{x, len(w.grid) - 1 - i})
			}
		}
	}
	return c
}

// TestTheRoverDoesWhatTheModelDoes drives rovers through the whole runtime.
func TestTheRoverDoesWhatTheModelDoes(t *testing.T) {
	ctx := context.Background()
	var console bytes.Buffer
	host, err := landfall.Open(ctx, landfall.Config{
		Store: memory.New(), Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		Modules: []landfall.Module{Module(), notification.Module(notification.Console{Out: &console})},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	rapid.Check(t, func(t *rapid.T) {
		model := drawWalk(t)
		letters := rapid.StringOfN(rapid.SampledFrom([]rune("RLMMM")), 0, 60, -1).Draw(t, "commands")
		console.Reset()
		id := landfall.NewAggregateID()
		report := driveRover(t, host, id, model.start(), letters)
		model.drive(letters)
		if report.Left != model.left {
			t.Errorf("%d commands left, the model says %d", report.Left, model.left)
		}
		compare(t, host, id, model)
		told := ""
		if model.hit != "" {
			told = fmt.Sprintf("Rover %s hit obstacle\n", id)
		}
		if console.String() != told {
			t.Errorf("the console printed %q, the model says %q", console.String(), told)
		}
	})
}

func driveRover(t *rapid.T, host *landfall.Host, id landfall.AggregateID, start StartMarsRover, letters string) landfall.Report {
	commands, err := Sequence(letters)
	if err != nil {
		t.Fatal(err)
	}
	dispatcher := landfall.NewDispatcher(host)
	dispatcher.Submit(landfall.To(id, start))
	for _, c := range commands {
		dispatcher.Submit(landfall.To(id, c))
	}
	report, err := dispatcher.Run(context.Background(), ObstacleFound{})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func compare(t *rapid.T, host *landfall.Host, id landfall.AggregateID, model *walk) {
	ctx := context.Background()
	rovers, err := landfall.RepositoryOf[MarsRover](host)
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := rovers.Load(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	if loaded.State.Coordinate() != model.coordinate() || loaded.State.Status.String() != model.status() {
		t.Errorf("the rover is %s at %s, the model says %s at %s",
			loaded.State.Status, loaded.State.Coordinate(), model.status(), model.coordinate())
	}
	paths, err := landfall.ViewOf[Path](host, "MarsRoverPath")
	if err != nil {
		t.Fatal(err)
	}
	var path []string
	for page, err := range paths.All(ctx, PagePrefix(id)) {
		if err != nil {
			t.Fatal(err)
		}
		path = append(path, page.Document.Coordinates...)
	}
	if !slices.Equal(path, model.path) {
		t.Errorf("path %s\nmodel %s", strings.Join(path, " "), strings.Join(model.path, " "))
	}
	obstacles, err := landfall.ViewOf[Obstacles](host, "Obstacles")
	if err != nil {
		t.Fatal(err)
	}
	found, err := obstacles.Get(ctx, string(id))
	if model.hit == "" && err == nil || model.hit != "" && (err != nil || len(found.Points) != 1 || found.Points[0].String() != model.hit) {
		t.Errorf("obstacles %v (%v), the model says %q", found.Points, err, model.hit)
	}
}
