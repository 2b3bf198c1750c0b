package grid_test

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/draw/internal/grid"
)

func board(cols, rows int) *grid.Board {
	b := &grid.Board{}
	for range cols {
		b.Cols = append(b.Cols, grid.Col{Width: 100, Gap: 20})
	}
	for range rows {
		b.Rows = append(b.Rows, grid.Row{Height: 50, Gap: 20})
	}
	return b
}

func (b cell) item() grid.Item { return grid.Item{Col: b.col, Row: b.row, Span: b.span, W: 80, H: 40} }

type cell struct{ col, row, span int }

func TestLinksTakeTheSimplestWay(t *testing.T) {
	for _, c := range []struct {
		name  string
		items []cell
		link  grid.Link
		want  int // points
	}{
		{"beside each other", []cell{{0, 0, 1}, {1, 0, 1}}, grid.Link{To: 1}, 2},
		{"over an empty cell", []cell{{0, 0, 1}, {2, 0, 1}}, grid.Link{To: 1}, 2},
		{"to another row", []cell{{0, 0, 1}, {1, 2, 1}}, grid.Link{To: 1}, 4},
		{"around a box", []cell{{0, 0, 1}, {2, 0, 1}, {1, 0, 1}}, grid.Link{To: 1}, 6},
		{"around a high box", []cell{{0, 1, 1}, {2, 1, 1}, {1, 0, 3}}, grid.Link{To: 1}, 6},
		{"back", []cell{{2, 0, 1}, {0, 0, 1}}, grid.Link{To: 1}, 6},
		{"down", []cell{{0, 0, 1}, {0, 1, 1}}, grid.Link{To: 1, Down: true}, 2},
		{"down past a box", []cell{{0, 0, 1}, {0, 2, 1}, {0, 1, 1}}, grid.Link{To: 1, Down: true, Right: true}, 4},
	} {
		b := board(3, 3)
		for _, x := range c.items {
			b.Items = append(b.Items, x.item())
		}
		b.Links = []grid.Link{c.link}
		if got := b.Lay().Paths[0]; len(got) != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Links of one source share their way, those of different sources do not lie
// on each other.
func TestLinksSideBySide(t *testing.T) {
	b := board(2, 4)
	for row := range 4 {
		b.Items = append(b.Items, cell{0, row, 1}.item(), cell{1, row, 1}.item())
	}
	b.Links = []grid.Link{{From: 0, To: 5}, {From: 0, To: 7}, {From: 2, To: 7}}
	l := b.Lay()
	if l.Paths[0][1].X != l.Paths[1][1].X {
		t.Errorf("links of one box go apart: %v, %v", l.Paths[0], l.Paths[1])
	}
	if math.Abs(l.Paths[1][1].X-l.Paths[2][1].X) < grid.LanePitch {
		t.Errorf("links of two boxes lie on each other: %v, %v", l.Paths[1], l.Paths[2])
	}
}

func TestChannelsGrowWithTheirLinks(t *testing.T) {
	b := board(2, 40)
	for row := range 40 {
		b.Items = append(b.Items, cell{0, row, 1}.item(), cell{1, row, 1}.item())
		b.Links = append(b.Links, grid.Link{From: 2 * row, To: 2*((row+20)%40) + 1})
	}
	l := b.Lay()
	gap := l.Cols[1] - l.Cols[0] - 100
	if gap < 20*grid.LanePitch || gap > 45*grid.LanePitch {
		t.Errorf("the channel is %v wide", gap)
	}
}

func TestBarsStandInTheirChannel(t *testing.T) {
	b := board(2, 2)
	b.Items = []grid.Item{cell{0, 0, 1}.item(), cell{1, 1, 1}.item()}
	b.Links = []grid.Link{{From: 0, To: 1}}
	b.Bars = []grid.Bar{{Channel: 1, From: 0, To: 1}}
	l := b.Lay()
	if x := l.Bars[0]; x <= l.Cols[0]+100 || x >= l.Cols[1] || math.Abs(x-l.Paths[0][1].X) < grid.LanePitch {
		t.Errorf("the bar is at %v, the link at %v, columns at %v", x, l.Paths[0], l.Cols)
	}
}

// No link runs through a box, whatever the board.
func TestNoLinkRunsThroughABox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cols, rows := rapid.IntRange(1, 7).Draw(t, "cols"), rapid.IntRange(1, 7).Draw(t, "rows")
		b := board(cols, rows)
		used := map[[2]int]bool{}
		for range rapid.IntRange(1, 20).Draw(t, "items") {
			c := cell{rapid.IntRange(0, cols-1).Draw(t, "col"), rapid.IntRange(0, rows-1).Draw(t, "row"), rapid.IntRange(1, 3).Draw(t, "span")}
			free := c.row+c.span <= rows
			for r := range c.span {
				free = free && !used[[2]int{c.col, c.row + r}]
			}
			if !free {
				continue
			}
			for r := range c.span {
				used[[2]int{c.col, c.row + r}] = true
			}
			b.Items = append(b.Items, c.item())
		}
		if len(b.Items) < 2 {
			return
		}
		for range rapid.IntRange(1, 25).Draw(t, "links") {
			l := grid.Link{
				From: rapid.IntRange(0, len(b.Items)-1).Draw(t, "from"), To: rapid.IntRange(0, len(b.Items)-1).Draw(t, "to"),
				FromRow: rapid.IntRange(0, rows-1).Draw(t, "fromRow"), ToRow: rapid.IntRange(0, rows-1).Draw(t, "toRow"),
				Class: rapid.IntRange(0, 1).Draw(t, "class"), Right: rapid.Bool().Draw(t, "right"), Down: rapid.Bool().Draw(t, "down"),
			}
			if l.From != l.To {
				b.Links = append(b.Links, l)
			}
		}
		l := b.Lay()
		for i, path := range l.Paths {
			for j := 1; j < len(path); j++ {
				checkPiece(t, l, i, path[j-1], path[j])
			}
		}
		if !reflect.DeepEqual(l, b.Lay()) {
			t.Fatal("the same board was laid out in two ways")
		}
	})
}

func checkPiece(t *rapid.T, l *grid.Layout, link int, a, b grid.Point) {
	const eps = 0.01
	if a.X != b.X && a.Y != b.Y {
		t.Fatalf("link %d runs aslant from %v to %v", link, a, b)
	}
	for i, box := range l.Boxes {
		if min(a.X, b.X) < box.X+box.W-eps && max(a.X, b.X) > box.X+eps && min(a.Y, b.Y) < box.Y+box.H-eps && max(a.Y, b.Y) > box.Y+eps {
			t.Fatalf("link %d runs through box %d from %v to %v: %v", link, i, a, b, box)
		}
	}
	if min(a.X, b.X) < -eps || min(a.Y, b.Y) < -eps || max(a.X, b.X) > l.Width+eps || max(a.Y, b.Y) > l.Height+eps {
		t.Fatalf("link %d leaves the board from %v to %v", link, a, b)
	}
}
