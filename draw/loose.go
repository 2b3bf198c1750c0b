package draw

import (
	"cmp"
	"hash/fnv"
	"math"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// readLoose makes columns of the notes of a frame that no link leads to or
// from: on the wall, what people put one below the other.
func (p *plan) readLoose(f *frame) {
	notes := p.looseNotes(f)
	f.flows = len(f.steps) > 0
	if len(f.steps) <= len(notes) {
		notes = append(notes, p.freeStickies(f)...)
		f.parked = slices.DeleteFunc(f.parked, func(s *model.Sticky) bool { return len(s.On) == 0 })
	}
	slices.SortStableFunc(notes, func(a, b *looseNote) int { return cmp.Compare(a.order, b.order) })
	height := stackHeight(len(notes))
	var heads []int // the orders of the other steps
	for _, s := range f.steps {
		heads = append(heads, s.order)
	}
	slices.Sort(heads)
	for start := 0; start < len(notes); {
		end := runEnd(notes, heads, start)
		for _, column := range p.columns(notes[start:end], height) {
			p.addColumn(f, column)
		}
		start = end
	}
}

func (p *plan) looseNotes(f *frame) []*looseNote {
	var notes []*looseNote
	for i, n := range p.storm.Timeline {
		if n.Element.Module == f.module && p.isLoose(n.Element) {
			notes = append(notes, &looseNote{element: n.Element, order: 2 * i, section: n.Section, lane: f.laneOf[n.Element]})
		}
	}
	if len(p.storm.Timeline) > 0 {
		return notes
	}
	for _, e := range f.module.Elements {
		if p.isLoose(e) {
			notes = append(notes, &looseNote{element: e, order: p.order[e], lane: f.laneOf[e]})
		}
	}
	return notes
}

func (p *plan) isLoose(e *model.Element) bool {
	return onBoard(e.Kind) && !p.linked[e] && p.only.has(e)
}

// freeStickies returns the stickies that are on nothing, each in the section of
// the note before it.
func (p *plan) freeStickies(f *frame) []*looseNote {
	var notes []*looseNote
	for _, s := range f.parked {
		if len(s.On) > 0 {
			continue
		}
		n := &looseNote{sticky: s, order: p.orderAt(s.Place)}
		if i := (n.order - 1) / 2; i >= 0 && i < len(p.storm.Timeline) {
			if before := p.storm.Timeline[i]; before.Element.Module == f.module {
				n.section = before.Section
				n.lane = f.laneOf[before.Element]
			}
		}
		notes = append(notes, n)
	}
	return notes
}

// runEnd returns the end of the notes from start on that no other step of the
// frame comes between.
func runEnd(notes []*looseNote, heads []int, start int) int {
	at, _ := slices.BinarySearch(heads, notes[start].order)
	if at == len(heads) {
		return len(notes)
	}
	end := start + 1
	for end < len(notes) && notes[end].order < heads[at] {
		end++
	}
	return end
}

// stackHeight is how many of n notes stand one below the other. Few notes are
// a line; a wall of a hundred is about four times as long as it is high.
func stackHeight(n int) int {
	for i, most := range []int{8, 18, 45, 90} {
		if n <= most {
			return i + 1
		}
	}
	return 5
}

// columns breaks notes in the order of time into columns of no more than
// height rows. Where it breaks depends on the notes around the break only, and
// not on how many came before: so a note more or less changes the columns next
// to it, and not all that follow.
func (p *plan) columns(notes []*looseNote, height int) [][]*looseNote {
	var out [][]*looseNote
	for len(notes) > 0 {
		n := p.columnEnd(notes, height)
		out = append(out, notes[:n])
		notes = notes[n:]
	}
	return out
}

func (p *plan) columnEnd(notes []*looseNote, height int) int {
	rows, best, strength := 0, 1, -1
	for i, n := range notes {
		rows += p.rowsOf(n)
		if rows > height && i > 0 {
			return best
		}
		end := i + 1
		if end == len(notes) || hardBreak(n, notes[end]) {
			return end
		}
		if s := softBreak(n, notes[end]); rows >= (2*height+2)/3 && s > strength {
			best, strength = end, s
		}
	}
	return len(notes)
}

func (p *plan) rowsOf(n *looseNote) int {
	if n.element == nil {
		return 1
	}
	return 1 + len(p.stickies[n.element])
}

// hardBreak reports whether a column must end between two notes.
func hardBreak(a, b *looseNote) bool {
	return a.section != b.section || a.element != nil && a.element.Pivotal
}

// softBreak says how well a column may end between two notes: badly before a
// hotspot, which is about what stands above it, and better where the second
// begins with another word.
func softBreak(a, b *looseNote) int {
	if b.sticky != nil {
		return 0
	}
	strength := 1 + int(digest(b.element.Name)%64)
	if a.element == nil || firstWord(a.element.Name) != firstWord(b.element.Name) {
		strength += 64
	}
	return strength
}

func firstWord(name string) string {
	words := model.Words(name)
	if len(words) == 0 {
		return ""
	}
	return strings.ToLower(words[0])
}

func digest(text string) uint32 {
	h := fnv.New32a()
	h.Write([]byte(text))
	return h.Sum32()
}

func (p *plan) addColumn(f *frame, notes []*looseNote) {
	last := notes[len(notes)-1]
	p.addStep(&step{
		frame: f, order: notes[0].order, loose: notes, section: notes[0].section,
		pivotal: last.element != nil && last.element.Pivotal,
	})
}

// sequence says what comes after what where no message does: the lines of an
// aggregate stand below each other, and what comes next in the file stands to
// the right of it. A frame that would get too long goes on below.
func (p *plan) sequence(f *frame) {
	last := map[*model.Element]*step{}
	var heads []*step
	for _, s := range f.steps {
		p.describe(s)
		if before := last[s.handler]; s.handler != nil && before != nil {
			s.prev, s.beside = before, true
		} else {
			heads = append(heads, s)
		}
		if s.handler != nil {
			last[s.handler] = s
		}
	}
	p.breakIntoBands(f, heads)
	for i, s := range heads {
		if i > 0 {
			s.prev = heads[i-1]
		}
	}
	for _, s := range f.steps {
		if s.prev != nil {
			s.prev.next = append(s.prev.next, s)
		}
	}
}

// describe learns the section and the lane of a step from its notes.
func (p *plan) describe(s *step) {
	if len(s.loose) > 0 {
		return
	}
	notes := slices.Clone(s.events)
	if s.command != nil {
		notes = slices.Insert(notes, 0, s.command)
	}
	for _, e := range notes {
		s.pivotal = s.pivotal || e.Kind == ast.Event && e.Pivotal
		if s.section == nil {
			s.section = p.section[e]
		}
		if s.lane == 0 {
			s.lane = s.frame.laneOf[e]
		}
	}
	if s.lane == 0 && s.handler != nil {
		s.lane = s.frame.laneOf[s.handler]
	}
}

// Sizes of steps, roughly, to find a good shape for a frame.
const (
	handledWidth, handledHeight = 640, 420
	flowWidth, flowHeight       = 360, 150
	columnWidth, rowHeight      = 134, 140

	leastLength  = 4200 // of a band that is worth breaking
	moduleLength = 2000 // the same in a module, which has others beside it
	wallShape    = 2.4  // length of a wall over its height
)

func roughWidth(s *step) float64 {
	switch {
	case len(s.loose) > 0:
		return columnWidth
	case s.handler != nil:
		return handledWidth
	}
	return flowWidth
}

func roughArea(s *step) float64 {
	switch {
	case len(s.loose) > 0:
		return columnWidth * rowHeight * float64(len(s.loose)+1)
	case s.handler != nil:
		return handledWidth * handledHeight
	}
	return flowWidth * flowHeight
}

// breakIntoBands breaks the steps of a frame that follow each other into bands,
// each a piece of the wall as long as the others. Like columns, bands end at
// places that are good by themselves.
func (p *plan) breakIntoBands(f *frame, heads []*step) {
	area := 0.0
	for _, s := range heads {
		area += roughArea(s)
	}
	least := float64(leastLength)
	if !f.module.IsFree() {
		least = moduleLength
	}
	length := max(least, stepwise(math.Sqrt(area*wallShape)))
	for len(heads) > 0 {
		n := bandEnd(heads, length)
		for _, s := range heads[:n] {
			s.band = f.bands - 1
		}
		if heads = heads[n:]; len(heads) > 0 {
			f.bands++
		}
	}
}

// stepwise rounds up in steps of a fifth, so that a small edit seldom changes
// the shape of a wall.
func stepwise(x float64) float64 {
	return math.Pow(1.2, math.Ceil(math.Log(max(x, 1))/math.Log(1.2)))
}

// bandEnd returns how many steps the first band takes. It ends before a step
// that nothing in the frame leads to.
func bandEnd(heads []*step, length float64) int {
	used, best, strength := 0.0, 0, -1
	for i, s := range heads {
		used += roughWidth(s)
		if used > length && i > 0 {
			if best > 0 {
				return best
			}
			if !s.triggered {
				return i
			}
		}
		if i+1 == len(heads) {
			break
		}
		if heads[i+1].triggered {
			continue
		}
		if v := bandBreak(s, heads[i+1]); used >= 0.7*length && v > strength {
			best, strength = i+1, v
		}
	}
	return len(heads)
}

func bandBreak(a, b *step) int {
	switch {
	case a.section != b.section:
		return 300
	case a.pivotal:
		return 200
	}
	return int(digest(b.name()) % 100)
}

// name returns what the step is known by, whatever stands around it.
func (s *step) name() string {
	switch {
	case s.command != nil:
		return s.command.Name
	case s.timer != nil:
		return s.timer.Every
	case len(s.events) > 0:
		return s.events[0].Name
	case len(s.loose) > 0 && s.loose[0].element != nil:
		return s.loose[0].element.Name
	case len(s.loose) > 0:
		return s.loose[0].sticky.Text
	}
	return ""
}
