package draw_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/model"
)

func TestFormatOf(t *testing.T) {
	for path, want := range map[string]draw.Format{
		"a.svg": draw.SVGFormat, "dir.dot/a.PNG": draw.PNGFormat, "x.y.mmd": draw.MermaidFormat,
		"a.dot": draw.DOTFormat, "a.md": draw.MarkdownFormat,
	} {
		if got, err := draw.FormatOf(path); got != want || err != nil {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	for _, path := range []string{"", "a", "a.svgz", ".", "a."} {
		if _, err := draw.FormatOf(path); !errors.Is(err, draw.ErrUnknown) {
			t.Errorf("%q: %v", path, err)
		}
	}
}

func TestErrorsSayWhatThereIs(t *testing.T) {
	m := load(t, "testdata/bookshop.storm")
	empty := storm.Parse(storm.File{Path: "a.storm"}).Model
	for _, c := range []struct {
		m    *model.Storm
		f    draw.Format
		o    draw.Options
		want error
		says string
	}{
		{m, "gif", draw.Options{}, draw.ErrUnknown, "svg, png, mmd, dot, md"},
		{m, draw.SVGFormat, draw.Options{View: "board"}, draw.ErrUnknown, "storm, modules, flow, aggregate, teams"},
		{m, draw.DOTFormat, draw.Options{View: "board"}, draw.ErrUnknown, "storm, modules, flow, aggregate, teams"},
		{m, draw.PNGFormat, draw.Options{Theme: "blue"}, draw.ErrUnknown, "light and dark"},
		{m, draw.MarkdownFormat, draw.Options{Theme: "blue"}, draw.ErrUnknown, "light and dark"},
		{m, draw.SVGFormat, draw.Options{View: draw.FlowView}, draw.ErrNoName, `"happy path", "a parcel is returned"`},
		{m, draw.SVGFormat, draw.Options{View: draw.FlowView, Name: "sad path"}, draw.ErrNoName, `no flow "sad path", but "happy path"`},
		{m, draw.MermaidFormat, draw.Options{View: draw.AggregateView, Name: "Cart"}, draw.ErrNoName, "Ordering.Basket"},
		{empty, draw.SVGFormat, draw.Options{View: draw.AggregateView}, draw.ErrNoName, "write one: aggregate"},
		{empty, draw.MarkdownFormat, draw.Options{View: draw.FlowView}, draw.ErrNoName, "write one: flow"},
	} {
		out, err := draw.Render(c.m, c.f, c.o)
		if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.says) || out != nil {
			t.Errorf("%s %+v: %v, which does not say %q", c.f, c.o, err, c.says)
		}
	}
}

func TestNamesAreFoundAsPeopleSayThem(t *testing.T) {
	m := load(t, "testdata/bookshop.storm")
	for _, o := range []draw.Options{
		{View: draw.FlowView, Name: "Happy Path"},
		{View: draw.AggregateView, Name: "order"},
		{View: draw.AggregateView, Name: "Ordering.Order"},
		{View: draw.AggregateView, Name: "card provider"},
	} {
		if _, err := draw.Layout(m, o); err != nil {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestNothingDrawsAsAnEmptyWall(t *testing.T) {
	for _, text := range []string{"", "storm \"Nothing yet\"", "module A", "module A {\n  value V { x int }\n}", "note \"only this\""} {
		m := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)}).Model
		for _, v := range []draw.View{draw.StormView, draw.ModulesView, draw.TeamsView} {
			for _, f := range draw.Formats {
				out, err := draw.Render(m, f, draw.Options{View: v})
				if err != nil || len(out) == 0 {
					t.Errorf("%q as %s of %s: %d bytes, %v", text, f, v, len(out), err)
				}
			}
			checkScene(t, layout(t, m, draw.Options{View: v}))
		}
	}
}

// A model that came without text has no timeline; what it says is drawn still.
func TestAModelWithoutATimeline(t *testing.T) {
	m := load(t, "testdata/hospital.storm")
	bare := &model.Storm{Name: m.Name, Free: m.Free, Modules: m.Modules}
	s := layout(t, bare, draw.Options{})
	checkScene(t, s)
	checkComplete(t, bare, s)
}

func TestSVGIsXML(t *testing.T) {
	odd := "storm \"a<b>&\\\"'\"\n\"<script>alert(1)</script> & more\"\nhotspot \"]]> -->\"\nmodule \"x\\\" onload=\\\"y\" {\n  A -> B -> C\n}\n"
	m := storm.Parse(storm.File{Path: "a.storm", Text: []byte(odd)}).Model
	out, err := draw.SVG(m, draw.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(out))
	texts := ""
	for {
		tok, err := d.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			if tok.Name.Local == "script" {
				t.Error("a name became an element")
			}
			for _, a := range tok.Attr {
				if strings.HasPrefix(a.Name.Local, "on") {
					t.Error("a name became an attribute")
				}
			}
		case xml.CharData:
			texts += string(tok) + "\n"
		}
	}
	if !strings.Contains(texts, "<script>alert(1)</script> & more") {
		t.Error("the name of the event is gone")
	}
}

func TestPNGShowsTheNotesInTheirColours(t *testing.T) {
	m := load(t, "../examples/marsrover")
	scene := layout(t, m, draw.Options{})
	for _, theme := range []draw.Theme{draw.Light, draw.Dark} {
		out, err := scene.PNG(theme, 1)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if img.Bounds().Dx() != int(scene.Width) || img.Bounds().Dy() != int(scene.Height) {
			t.Errorf("%v for a scene of %v x %v", img.Bounds(), scene.Width, scene.Height)
		}
		papers := map[draw.Paper]color.Color{}
		for _, n := range scene.Notes {
			at := img.At(int(n.Box.X+n.Box.W/2), int(n.Box.Y+n.Box.H-3))
			if n.Turn != 0 {
				continue
			}
			if c, ok := papers[n.Paper]; ok && c != at {
				t.Errorf("%s notes have the colours %v and %v", n.Paper, c, at)
			}
			papers[n.Paper] = at
			if !inked(img, n.Box) && len(n.Text.Lines) > 0 {
				t.Errorf("nothing is written on %s", n.ID)
			}
		}
		if len(papers) < 7 {
			t.Errorf("there are %d kinds of paper", len(papers))
		}
	}
}

// inked reports whether something dark stands in a box.
func inked(img image.Image, box draw.Rect) bool {
	for y := int(box.Y) + 2; y < int(box.Y+box.H)-2; y++ {
		for x := int(box.X) + 2; x < int(box.X+box.W)-2; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r+g+b < 3*0x4000 {
				return true
			}
		}
	}
	return false
}

// Time runs from left to right: what a policy invokes stands behind what
// triggers it, and an aggregate between its commands and events.
func TestTimeRunsFromLeftToRight(t *testing.T) {
	m := load(t, "testdata/bookshop.storm")
	s := layout(t, m, draw.Options{})
	left := map[string]float64{}
	for _, n := range s.Notes {
		if _, ok := left[n.ID]; !ok {
			left[n.ID] = n.Box.X
		}
	}
	for _, l := range s.Links {
		from, to := s.Notes[l.From], s.Notes[l.To]
		if moduleOf(from.ID) == moduleOf(to.ID) && (l.Verb == string(model.HandedTo) || l.Verb == string(model.Emits) ||
			l.Verb == string(model.Triggers) || l.Verb == string(model.Invokes)) && to.Box.X < from.Box.X+from.Box.W {
			t.Errorf("%s %s %s, which stands left of it", from.ID, l.Verb, to.ID)
		}
		if l.Verb == string(model.Updates) && math.Abs(from.Box.X-to.Box.X) < 1 && to.Box.Y < from.Box.Y {
			t.Errorf("projection %s stands above the event %s that feeds it", to.ID, from.ID)
		}
	}
	for i, e := range []string{"OrderPlaced", "OrderConfirmed"} {
		if left["event:Ordering."+e] <= left["event:Ordering.BasketCheckedOut"] {
			t.Errorf("%d: %s does not come after the basket", i, e)
		}
	}
}

// moduleOf returns the module in a note's id.
func moduleOf(id string) string {
	_, path, _ := strings.Cut(id, ":")
	module, _, _ := strings.Cut(path, ".")
	return module
}

func TestHotspotsAreTurned(t *testing.T) {
	s := layout(t, load(t, "testdata/hospital.storm"), draw.Options{})
	turned := 0
	for _, n := range s.Notes {
		if n.Paper == draw.HotspotPaper {
			turned++
			if a := math.Abs(n.Turn); a < 3 || a > 10 {
				t.Errorf("%s is turned by %v", n.ID, n.Turn)
			}
		} else if n.Turn != 0 {
			t.Errorf("%s is turned", n.ID)
		}
	}
	if turned < 6 {
		t.Errorf("%d hotspots", turned)
	}
}

func TestPivotalEventsAndSectionsAreMarked(t *testing.T) {
	s := layout(t, load(t, "testdata/hospital.storm"), draw.Options{})
	kinds := map[draw.RuleKind]int{}
	for _, r := range s.Rules {
		kinds[r.Kind]++
	}
	if kinds[draw.PivotalRule] != 3+1 || kinds[draw.SectionRule] != 6 { // one is in the legend
		t.Errorf("rules: %v", kinds)
	}
	words := ""
	for _, l := range s.Labels {
		words += l.Text + "\n"
	}
	for _, want := range []string{"Emergency Department", "Arrival", "Afterwards", "pivotal event", "hotspot"} {
		if !strings.Contains(words, want+"\n") {
			t.Errorf("there is no label %q", want)
		}
	}
}
