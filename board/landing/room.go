package landing

// room knows where notes lie, so that new ones find a free place.
type room struct {
	cells map[[2]int][]rect
	all   rect
}

const cell = 256

func newRoom() *room { return &room{cells: map[[2]int][]rect{}} }

func (r *room) take(box rect) {
	r.all = r.all.union(box)
	for x := floorDiv(box.x, cell); x <= floorDiv(box.x+box.w, cell); x++ {
		for y := floorDiv(box.y, cell); y <= floorDiv(box.y+box.h, cell); y++ {
			r.cells[[2]int{x, y}] = append(r.cells[[2]int{x, y}], box)
		}
	}
}

func floorDiv(a, b int) int {
	if a < 0 {
		return (a - b + 1) / b
	}
	return a / b
}

func (r *room) free(box rect) bool {
	for x := floorDiv(box.x, cell); x <= floorDiv(box.x+box.w, cell); x++ {
		for y := floorDiv(box.y, cell); y <= floorDiv(box.y+box.h, cell); y++ {
			for _, o := range r.cells[[2]int{x, y}] {
				if o.overlaps(box) {
					return false
				}
			}
		}
	}
	return true
}

// find returns the free place next to where a note would like to lie: below it, above
// it, or further to the right.
func (r *room) find(box rect) rect {
	wide := rect{box.x - gap/2, box.y - gap/2, box.w + gap, box.h + gap}
	for column := range 60 {
		for row := range 24 {
			for _, up := range []int{1, -1} {
				try := wide
				try.x += column * (box.w + gap)
				try.y += up * row * (box.h + gap) / 2
				if (row > 0 || up > 0) && r.free(try) {
					return rect{try.x + gap/2, try.y + gap/2, box.w, box.h}
				}
			}
		}
	}
	return rect{r.all.x + r.all.w + gap, box.y, box.w, box.h}
}
