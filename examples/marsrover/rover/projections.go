package rover

import (
	"strconv"

	"github.com/landfall-go/landfall"
)

// Start is the document of MarsRoverStart, one for each rover that was started,
// under its id.
type Start struct {
	Coordinate string `json:"coordinate"`
}

// Started notes where the rover was started.
func (s *Start) Started(e MarsRoverStarted, _ landfall.Metadata) {
	s.Coordinate = Coordinate(e.Point, e.Direction)
}

func projectMarsRoverStart() landfall.Part {
	return landfall.Project("MarsRoverStart", landfall.On((*Start).Started))
}

// Path is the document of MarsRoverPath: a page of the coordinates that a rover
// has stood at, the start included. Pages keep a document small, however far a
// rover is driven.
type Path struct {
	Coordinates []string `json:"coordinates"`
}

// pageLength is how many events of a rover go on one page.
const pageLength = 100

// PagePrefix is what the keys of a rover's pages start with; their order is
// that of the path.
func PagePrefix(id landfall.AggregateID) string { return string(id) + "/" }

func page(m landfall.Metadata) string {
	const zeros = "000000000" // so that the order of the keys is that of the numbers
	number := strconv.FormatUint((m.Version-1)/pageLength, 10)
	return string(m.Aggregate) + "/" + zeros[min(len(number), len(zeros)):] + number
}

func startPage(_ MarsRoverStarted, m landfall.Metadata) string { return page(m) }
func movePage(_ MarsRoverMoved, m landfall.Metadata) string    { return page(m) }

// Started begins the path.
func (p *Path) Started(e MarsRoverStarted, _ landfall.Metadata) {
	p.Coordinates = append(p.Coordinates, Coordinate(e.Point, e.Direction))
}

// Moved goes on with the path.
func (p *Path) Moved(e MarsRoverMoved, _ landfall.Metadata) {
	p.Coordinates = append(p.Coordinates, Coordinate(e.Point, e.Direction))
}

func projectMarsRoverPath() landfall.Part {
	return landfall.Project("MarsRoverPath", landfall.OnKey(startPage, (*Path).Started), landfall.OnKey(movePage, (*Path).Moved))
}

// Obstacles is the document of the projection of that name: what a rover has
// found, under its id.
type Obstacles struct {
	Points []Point `json:"points"`
}

// Found notes an obstacle.
func (o *Obstacles) Found(e ObstacleFound, _ landfall.Metadata) {
	o.Points = append(o.Points, e.Coordinate)
}

func projectObstacles() landfall.Part {
	return landfall.Project("Obstacles", landfall.On((*Obstacles).Found))
}
