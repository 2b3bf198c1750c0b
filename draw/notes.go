package draw

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/model"
)

// drawNotes draws what stands at each spot.
func (c *composer) drawNotes() {
	c.notes = make([]int, len(c.spots))
	for i, s := range c.spots {
		box := c.layout.Boxes[i]
		c.notes[i] = len(c.scene.Notes)
		switch {
		case s.cell.sticky != nil:
			c.add(stickyNote(s.cell.sticky, box))
		case s.cell.timer != nil:
			c.add(timerNote(s.cell.timer, box))
		case len(s.cell.actors) > 0:
			c.drawIssuers(s, box)
		default:
			c.drawElement(s.cell.element, box)
		}
	}
}

// add adds a note and makes its id unique.
func (c *composer) add(n Note) {
	c.ids[n.ID]++
	if k := c.ids[n.ID]; k > 1 {
		n.ID = fmt.Sprintf("%s#%d", n.ID, k)
	}
	c.scene.Notes = append(c.scene.Notes, n)
}

// drawElement draws an element's note. Whom a projection informs, and how long
// a policy waits, stand on a small note at its foot.
func (c *composer) drawElement(e *model.Element, box Rect) {
	chip := chipOf(e)
	if chip != nil {
		box.H -= chipHeight + 2
		chip.Box = Rect{X: box.X, Y: box.Y + box.H + 2, W: box.W, H: chipHeight}
		chip.write(chip.Tip, 12, 6)
	}
	n := elementNote(e, box, c.published[e])
	if c.data {
		n.list(dataOf(e))
	}
	c.add(n)
	if chip != nil {
		c.add(*chip)
	}
}

// chipOf returns the small note at the foot of an element's note, or nil. Its
// tip is what is to be written on it.
func chipOf(e *model.Element) *Note {
	switch {
	case e.View != nil && len(e.View.Informs) > 0:
		chip := &Note{ID: "informs:" + e.ID(), Paper: ActorPaper, Person: true, Tip: labels(e.View.Informs)}
		if len(e.View.Informs) == 1 {
			chip.Element = e.View.Informs[0].ID()
		}
		return chip
	case e.Policy != nil && e.Policy.After != "":
		return &Note{ID: "after:" + e.ID(), Paper: TimerPaper, Clock: true, Tip: "after " + e.Policy.After}
	}
	return nil
}

// drawIssuers draws the small notes of those who issue a command, beside it.
func (c *composer) drawIssuers(s spot, box Rect) {
	list := s.cell.actors
	gaps := float64(len(list)-1) * 4
	side := min(box.W, (box.H-gaps)/float64(len(list)))
	y := box.Y + (box.H-side*float64(len(list))-gaps)/2
	for _, a := range list {
		c.add(elementNote(a, Rect{X: box.X, Y: y, W: box.W, H: side}, false))
		y += side + 4
	}
}
