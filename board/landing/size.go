package landing

import "github.com/landfall-go/landfall/board/session"

// Size returns how large a new note of a kind is, in pixels.
func Size(kind session.Kind) (w, h int) {
	switch kind {
	case session.KindActor:
		return 76, 76
	case session.KindAggregate:
		return 128, 112
	case session.KindPolicy:
		return 144, 112
	case session.KindSystem:
		return 164, 112
	case session.KindHotspot:
		return 94, 94
	case session.KindOpportunity, session.KindRule, session.KindNote:
		return 104, 96
	case session.KindValue:
		return 104, 76
	case session.KindTerm:
		return 144, 76
	case session.KindText:
		return 240, 40
	case session.KindModule:
		return 720, 480
	case session.KindLine:
		return 8, 1200
	case session.KindLane:
		return 2400, 320
	}
	return 112, 112
}

// The distances between notes that are put on the wall.
const (
	gap       = 24 // to the next note in a row
	step      = 56 // to the next in a flow, with room for an arrow
	frameHead = 48 // room for a frame's name
)

// rect is a place on the wall.
type rect struct{ x, y, w, h int }

func rectOf(n *session.Note) rect { return rect{n.X, n.Y, n.W, n.H} }

func (r rect) overlaps(o rect) bool {
	return r.x < o.x+o.w && o.x < r.x+r.w && r.y < o.y+o.h && o.y < r.y+r.h
}

func (r rect) union(o rect) rect {
	if r.w == 0 && r.h == 0 {
		return o
	}
	x, y := min(r.x, o.x), min(r.y, o.y)
	return rect{x, y, max(r.x+r.w, o.x+o.w) - x, max(r.y+r.h, o.y+o.h) - y}
}
