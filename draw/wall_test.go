package draw_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm/ast"
)

func someWall() *draw.Wall {
	note := func(id string, kind ast.Kind, text string, x, y float64) draw.WallNote {
		return draw.WallNote{ID: id, Kind: kind, Text: text, Box: draw.Rect{X: x, Y: y, W: 112, H: 112}}
	}
	w := &draw.Wall{
		Title: "A wall",
		Notes: []draw.WallNote{
			note("a", ast.Command, "Place order", -500, 40), note("b", ast.Event, "Order placed", -300, 40),
			note("c", ast.Hotspot, "Who <pays>?", -300, 200), note("d", ast.Event, "Ünïcødé 𝄞 and more", 900, 700),
		},
		Links:  []draw.WallLink{{From: 0, To: 1, Verb: "leads to"}, {From: 0, To: 0, Verb: "leads to"}},
		Frames: []draw.WallFrame{{ID: "f", Name: "Ordering", Team: "Sales", Box: draw.Rect{X: -540, Y: -20, W: 500, H: 400}}},
		Lines:  []draw.WallLine{{Box: draw.Rect{X: 100, Y: -100, W: 8, H: 900}, Text: "then"}},
		Lanes:  []draw.WallLane{{Box: draw.Rect{X: -600, Y: 400, W: 2000, H: 300}, Text: "Sales"}},
		Labels: []draw.WallLabel{{Box: draw.Rect{X: 300, Y: 300, W: 240, H: 40}, Text: "Free\ntext"}},
	}
	w.Notes[1].Pivotal = true
	return w
}

// Notes lie to one another as they do on the wall, and everything is in the picture.
func TestWallScene(t *testing.T) {
	w := someWall()
	s := w.Scene()
	if dx, dy := s.Notes[3].Box.X-s.Notes[0].Box.X, s.Notes[3].Box.Y-s.Notes[0].Box.Y; dx != 1400 || dy != 660 {
		t.Errorf("the notes are %v and %v apart", dx, dy)
	}
	for i := range w.Notes {
		b := s.Notes[i].Box
		if b.X < 0 || b.Y < 0 || b.X+b.W > s.Width || b.Y+b.H > s.Height {
			t.Errorf("%s is not in the picture: %+v", s.Notes[i].ID, b)
		}
	}
	if len(s.Links) != 1 || s.Links[0].Points[0].X != s.Notes[0].Box.X+112 || s.Links[0].Points[1].X != s.Notes[1].Box.X {
		t.Errorf("the link does not go from edge to edge: %+v", s.Links)
	}
	svg := string(s.SVG(draw.Light))
	for _, want := range []string{"Order", "Who", "&lt;pays&gt;?", "Ordering", "Team Sales", "Sales", "Free", "then"} {
		if !strings.Contains(svg, want) {
			t.Errorf("the picture does not have %q", want)
		}
	}
	if _, err := s.PNG(draw.Dark, 1); err != nil {
		t.Error(err)
	}
}

func TestEmptyWallScene(t *testing.T) {
	s := (&draw.Wall{}).Scene()
	if s.Width <= 0 || s.Height <= 0 {
		t.Errorf("%v x %v", s.Width, s.Height)
	}
	if _, err := s.PDF(draw.Light, draw.OnePage); err != nil {
		t.Error(err)
	}
}

func TestPDF(t *testing.T) {
	s := someWall().Scene()
	for _, c := range []struct {
		size  draw.PageSize
		pages int
	}{{draw.OnePage, 1}, {draw.A4, 4}, {draw.A3, 4}} {
		a, err := s.PDF(draw.Light, c.size)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := s.PDF(draw.Light, c.size)
		if !bytes.Equal(a, b) {
			t.Errorf("%q: the same picture is another file", c.size)
		}
		if !bytes.HasPrefix(a, []byte("%PDF-")) || !bytes.Contains(a, []byte(fmt.Sprintf("/Count %d\n", c.pages))) {
			t.Errorf("%q: not %d pages: %s", c.size, c.pages, a[bytes.Index(a, []byte("/Count")):][:12])
		}
	}
	if _, err := s.PDF(draw.Light, "letter"); err == nil {
		t.Error("an unknown size is taken")
	}
	large := &draw.Wall{}
	for i := range 400 {
		large.Notes = append(large.Notes, draw.WallNote{ID: fmt.Sprint(i), Kind: ast.Event, Text: "x", Box: draw.Rect{X: float64(i%20) * 2000, Y: float64(i/20) * 2000, W: 112, H: 112}})
	}
	data, err := large.Scene().PDF(draw.Light, draw.A4)
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(data, []byte("/Type /Page\n")); n == 0 || n > draw.MaxPages {
		t.Errorf("%d pages", n)
	}
}
