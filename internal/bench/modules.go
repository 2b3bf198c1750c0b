package bench

import (
	"fmt"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// The modules that are measured across processes: rovers that are driven, a map
// that hears where they are, and a logbook that is told.

// Seen is the rovers' MarsRoverMoved, as the map sees it.
type Seen struct {
	Point     rover.Point     `json:"point"`
	Direction rover.Direction `json:"direction"`
}

// Place is where a rover is, and how often it has moved.
type Place struct {
	Point rover.Point `json:"point"`
	Moves int         `json:"moves"`
}

// Seen is the map's fold.
func (p *Place) Seen(e Seen, _ landfall.Metadata) { p.Point, p.Moves = e.Point, p.Moves+1 }

// Moved is the fold in the rovers' own module.
func (p *Place) Moved(e rover.MarsRoverMoved, _ landfall.Metadata) {
	p.Point, p.Moves = e.Point, p.Moves+1
}

type (
	// Note has a line written into a page of the logbook.
	Note struct {
		Point rover.Point `json:"point"`
	}
	// Noted says that a line was written.
	Noted struct {
		Point rover.Point `json:"point"`
	}
	// Page is the page of one rover.
	Page struct{ Lines int }
	// Entry is a page as it is read.
	Entry struct {
		Last  rover.Point `json:"last"`
		Moves int         `json:"moves"`
	}
)

// Note writes a line.
func (p Page) Note(c Note) ([]landfall.Event, error) { return []landfall.Event{Noted(c)}, nil }

// Apply counts the line.
func (p *Page) Apply(landfall.Event) { p.Lines++ }

// Noted is the fold.
func (e *Entry) Noted(n Noted, _ landfall.Metadata) { e.Last, e.Moves = n.Point, e.Moves+1 }

func noteEach(e rover.MarsRoverMoved, _ landfall.Metadata) []landfall.Command {
	return []landfall.Command{Note{e.Point}}
}

// The names of what a process can run.
const (
	rovers0    = "rovers"                   // decisions alone: the durable rate
	publishing = "rovers that publish"      // each move is an event for others
	sending    = "rovers that send"         // each move is a command to the logbook
	mapping    = "map"                      // hears the moves, and shows them
	logging    = "logbook"                  // takes the commands, and shows what came of them
	marsRover  = "Mars Rover"               // the example, with its policies and projections
	fleet      = "rovers and their logbook" // one module: each move leads to a command, and all is shown
)

// moduleOf returns the module of that name, and the projection that shows what
// happened in it.
func moduleOf(name string) (landfall.Module, string, error) {
	drive := []landfall.Part{
		landfall.Handle(rover.MarsRover.Start, landfall.Emits(rover.MarsRoverStarted{})),
		landfall.Handle(rover.MarsRover.Move, landfall.Emits(rover.MarsRoverMoved{}, rover.ObstacleFound{})),
	}
	write := []landfall.Part{
		landfall.Handle(Page.Note, landfall.Emits(Noted{})),
		landfall.Project("Entries", landfall.On((*Entry).Noted)),
	}
	switch name {
	case rovers0:
		return landfall.NewModule("Rover", drive...), "", nil
	case publishing:
		return landfall.NewModule("Rover", append(drive, landfall.Publishes(rover.MarsRoverMoved{}))...), "", nil
	case sending:
		return landfall.NewModule("Rover", append(drive, landfall.When("NotePolicy", noteEach, landfall.SendsTo("Logbook", Note{})))...), "", nil
	case mapping:
		return landfall.NewModule("Map", landfall.Named[Seen]("MarsRoverMoved"), landfall.HearsFrom("Rover", Seen{}),
			landfall.Project("Places", landfall.On((*Place).Seen))), "Places", nil
	case logging:
		return landfall.NewModule("Logbook", write...), "Entries", nil
	case marsRover:
		return rover.Module(), "", nil
	case fleet:
		parts := append(drive, write...)
		parts = append(parts, landfall.When("NotePolicy", noteEach, landfall.Sends(Note{})), landfall.Project("Places", landfall.On((*Place).Moved)))
		return landfall.NewModule("Rover", parts...), "Entries", nil
	}
	return landfall.Module{}, "", fmt.Errorf("there is no module for %q", name)
}
