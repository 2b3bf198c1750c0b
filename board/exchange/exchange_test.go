package exchange_test

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/board/exchange"
	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/importer"
)

var update = flag.Bool("update", false, "write the golden files")

// rover returns a wall with the rover's storm, and what a session adds to it.
func rover(t testing.TB) (*session.Wall, *landing.State) {
	t.Helper()
	text, err := os.ReadFile("../../examples/marsrover/marsrover.storm")
	if err != nil {
		t.Fatal(err)
	}
	wall := session.NewWall()
	wall.Apply(session.Changes(session.BoardOpened{Name: "Mars Rover"}))
	n := 0
	ids := func() string { n++; return "note" + strings.Repeat("0", 4-len(itoa(n))) + itoa(n) }
	state, step := landing.Open(wall, []storm.File{{Path: "marsrover.storm", Text: text}}, nil, landing.WithIDs(ids))
	wall.Apply(session.Changes(session.BroughtInStep(step.Event(wall))))
	wall.Apply(session.Changes(session.BoardNamed{Name: "Mars Rover <session>"}))
	wall.Apply(session.Changes(session.GoalsSet{Goals: []string{"Know how a rover drives", "*No* surprises"}}))
	wall.Apply(session.Changes(session.PersonJoined{Person: session.PersonData{ID: "ann", Name: "Ann", Role: session.RoleFacilitator}}))
	hotspot := state.Notes(`hotspot:Rover."What if the rover is offline when a command arrives?"`)
	if len(hotspot) == 0 {
		t.Fatal("the rover's storm has no hotspot")
	}
	wall.Apply(session.Changes(session.VotePlaced{ID: hotspot[0], Votes: []session.Vote{{Person: "ann", Votes: 3}}, By: "ann"}))
	wall.Apply(session.Changes(session.NotesAdded{By: "ann", Notes: []session.NoteData{
		{ID: "open0001", Kind: session.KindHotspot, Text: "1. Who pays | for it?", X: 10, Y: 900, W: 94, H: 94},
		{ID: "open0002", Kind: session.KindOpportunity, Text: "Drive at night", X: 200, Y: 900, W: 94, H: 94},
		{ID: "secret01", Kind: session.KindEvent, Text: "Secret thought", X: 400, Y: 900, W: 112, H: 112, Private: true},
		{ID: "label001", Kind: session.KindText, Text: "A label", X: 600, Y: 900, W: 240, H: 40},
	}}))
	wall.Apply(session.Changes(session.CommentWritten{ID: "comm0001", Note: "open0001", Text: "NASA, I think", By: "ann"}))
	return wall, state
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", name, diff)
	}
}

func TestMinutes(t *testing.T) {
	wall, state := rover(t)
	at := time.Date(2026, 5, 10, 9, 0, 0, 0, time.UTC)
	course := exchange.Course{
		Phases: []exchange.PhaseAt{{session.PhaseGoals, at}, {session.PhaseExplore, at.Add(15 * time.Minute)}, {session.PhaseTimeline, at.Add(100 * time.Minute)}},
		End:    at.Add(120 * time.Minute),
	}
	got := exchange.Minutes(wall, state.Model(), course)
	golden(t, "minutes.md", got)
	if bytes.Contains(got, []byte("Secret")) {
		t.Error("what was written alone is in the minutes")
	}
}

func TestMinutesOfNothing(t *testing.T) {
	wall := session.NewWall()
	got := string(exchange.Minutes(wall, storm.Parse().Model, exchange.Course{}))
	if !strings.HasPrefix(got, "# Minutes: a session\n\nThe wall is empty.\n") {
		t.Error(got)
	}
}

func TestPictureIsGolden(t *testing.T) {
	wall, state := rover(t)
	f, err := exchange.Export(exchange.SVG, wall, state.Source(), exchange.Options{})
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "rover.svg", f.Data)
	if bytes.Contains(f.Data, []byte("Secret")) || !bytes.Contains(f.Data, []byte("A label")) {
		t.Error("the picture does not have what it shall")
	}
	if err := xml.Unmarshal(f.Data, new(struct{})); err != nil {
		t.Error(err)
	}
}

func TestSelection(t *testing.T) {
	wall, state := rover(t)
	frame := state.Notes("module:Notification")
	p := exchange.Picture(wall, state.Model(), frame)
	if len(p.Frames) != 1 || len(p.Notes) == 0 || len(p.Notes) >= len(wall.Notes)/2 {
		t.Errorf("a frame with %d notes of %d", len(p.Notes), len(wall.Notes))
	}
	for _, n := range p.Notes {
		if wall.Notes[n.ID].Module != frame[0] {
			t.Errorf("%s is in the picture, too", n.Text)
		}
	}
	if p := exchange.Picture(wall, nil, []string{}); len(p.Notes)+len(p.Frames) > 0 {
		t.Error("the picture of nothing has something")
	}
}

func TestExports(t *testing.T) {
	wall, state := rover(t)
	for _, format := range exchange.Formats {
		f, err := exchange.Export(format, wall, state.Source(), exchange.Options{Scale: 0.5})
		if err != nil {
			t.Errorf("%s: %v", format, err)
			continue
		}
		if len(f.Data) == 0 || f.Type == "" || strings.ContainsAny(f.Name, `/\:*?"<>|`) || !strings.Contains(f.Name, ".") {
			t.Errorf("%s: %q %q, %d bytes", format, f.Name, f.Type, len(f.Data))
		}
		switch {
		case format == exchange.PNG:
			if _, err := png.Decode(bytes.NewReader(f.Data)); err != nil {
				t.Error(err)
			}
		case strings.HasPrefix(string(format), "pdf") && !bytes.HasPrefix(f.Data, []byte("%PDF-")):
			t.Errorf("%s is no PDF", format)
		case strings.HasSuffix(f.Name, ".zip"):
			if z, err := zip.NewReader(bytes.NewReader(f.Data), int64(len(f.Data))); err != nil || len(z.File) == 0 {
				t.Errorf("%s: %v", format, err)
			} else if r, err := z.File[0].Open(); err != nil {
				t.Error(err)
			} else if data, err := io.ReadAll(r); err != nil || len(data) == 0 {
				t.Errorf("%s: %v", format, err)
			}
		}
	}
	if _, err := exchange.Export("docx", wall, state.Source(), exchange.Options{}); !errors.Is(err, exchange.ErrFormat) {
		t.Error(err)
	}
	broken := storm.Parse(storm.File{Path: "a.storm", Text: []byte("module {{")})
	if _, err := exchange.Export(exchange.JSON, wall, broken, exchange.Options{}); !errors.Is(err, exchange.ErrUnsound) {
		t.Error(err)
	}
	if _, err := exchange.Export(exchange.SVG, wall, broken, exchange.Options{}); err != nil {
		t.Errorf("a picture of a wall whose text is broken: %v", err)
	}
	free := storm.Parse(storm.File{Path: "a.storm", Text: []byte("A\n")})
	if _, err := exchange.Export(exchange.AsyncAPI, wall, free, exchange.Options{}); !errors.Is(err, exchange.ErrNothing) {
		t.Error(err)
	}
}

// What people write stays text in the minutes, and a name in the name of a file.
func TestNothingBecomesMarkup(t *testing.T) {
	wall := session.NewWall()
	wall.Board = &session.BoardInfo{Type: session.BoardItem, ID: session.BoardID, Name: "../a\u202egpj.exe\x7f", Goals: []string{"1) first", "2. second", "12", "a &lt;b> & c", "![x](http://e/x)"}}
	src := storm.Parse(storm.File{Path: "a.storm", Text: []byte("A\n")})
	text := string(exchange.Minutes(wall, src.Model, exchange.Course{}))
	for _, want := range []string{`- 1\) first`, `- 2\. second`, "- 12\n", "- a &amp;lt;b> &amp; c", `- !\[x](http://e/x)`} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the minutes:\n%s", want, text)
		}
	}
	f, err := exchange.Export(exchange.Storm, wall, src, exchange.Options{})
	if err != nil || f.Name != "-agpj.exe-.storm" {
		t.Errorf("the file is called %q, %v", f.Name, err)
	}
}

// Every board that the importer reads is put on a wall, where it lay, with all that it
// says; and below what is on the wall already.
func TestImportOfRealBoards(t *testing.T) {
	paths, err := filepath.Glob("../../storm/importer/testdata/boards/*.json")
	if err != nil || len(paths) == 0 {
		t.Fatal("there are no boards", err)
	}
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		i, err := exchange.Import(session.NewWall(), path, data)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		t.Logf("%s: %d notes, %d links, %d messages", filepath.Base(path), len(i.Notes), len(i.Links), len(i.Messages))
		wall := session.NewWall()
		wall.Apply(session.Changes(session.BoardOpened{Name: "Imported"}))
		state, step := landing.Open(wall, []storm.File{{Path: "a.storm", Text: []byte(i.Text)}}, i.Layout)
		wall.Apply(session.Changes(session.BroughtInStep(step.Event(wall))))
		r, _ := importer.Read(path, data)
		lies(t, path, wall, r.Places)
		again, step := state.FollowWall(wall, nil)
		if len(step.Files) > 0 || len(step.Changes) > 0 {
			t.Errorf("%s: the text changes once it is on the wall: %d changes, %+v", path, len(step.Changes), step.Changes[:min(3, len(step.Changes))])
		}
		for e := range again.Model().Elements() {
			if e.Kind.String() != "enum" && len(again.Notes(e.ID())) == 0 {
				t.Errorf("%s: %s is not on the wall", path, e)
			}
		}
		if len(wall.Notes) < 1000 {
			below(t, path, wall, data)
		}
	}
}

// lies checks that notes lie to one another as they did on the board.
func lies(t *testing.T, path string, wall *session.Wall, p *importer.Places) {
	t.Helper()
	if p == nil {
		return
	}
	type at struct{ x, y int }
	has := map[string]map[at]bool{}
	for _, n := range wall.Notes {
		if has[n.Element] == nil {
			has[n.Element] = map[at]bool{}
		}
		has[n.Element][at{n.X, n.Y}] = true
	}
	missing := 0
	for _, n := range p.Notes {
		if !has[n.Element][at{int(n.X + 0.5), int(n.Y + 0.5)}] && !has[n.Element][at{int(n.X), int(n.Y)}] {
			missing++
		}
	}
	if missing > 0 {
		t.Errorf("%s: %d of %d notes do not lie where they did", path, missing, len(p.Notes))
	}
}

func below(t *testing.T, path string, wall *session.Wall, data []byte) {
	t.Helper()
	bottom := -1 << 30
	for _, n := range wall.Notes {
		bottom = max(bottom, n.Y+n.H)
	}
	more, err := exchange.Import(wall, path, data)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range more.Notes {
		if n.Y < bottom {
			t.Errorf("%s: %q lies over what was there", path, n.Text)
			return
		}
	}
}

func TestImportRefuses(t *testing.T) {
	for _, c := range []struct {
		name, data string
		err        error
	}{{"a.json", "{", importer.ErrFormat}, {"a.json", `{"stickies":[]}`, importer.ErrEmpty}, {"a.storm", "module {{", exchange.ErrUnsound}} {
		if _, err := exchange.Import(session.NewWall(), c.name, []byte(c.data)); !errors.Is(err, c.err) {
			t.Errorf("%s: %v", c.data, err)
		}
	}
	if i, err := exchange.Import(session.NewWall(), "a.storm", []byte("storm \"A\"\r\n\"B\"\r\n")); err != nil || len(i.Notes) != 1 || strings.Contains(i.Text, "\r") {
		t.Errorf("%+v %v", i, err)
	}
}

func BenchmarkExport(b *testing.B) {
	data, err := os.ReadFile("../../storm/importer/testdata/boards/perf-test-5000-stickies.json")
	if err != nil {
		b.Fatal(err)
	}
	i, err := exchange.Import(session.NewWall(), "perf.json", data)
	if err != nil {
		b.Fatal(err)
	}
	wall := session.NewWall()
	state, step := landing.Open(wall, []storm.File{{Path: "a.storm", Text: []byte(i.Text)}}, i.Layout)
	wall.Apply(session.Changes(session.BroughtInStep(step.Event(wall))))
	for _, f := range []exchange.Format{exchange.SVG, exchange.PNG, exchange.PDF} {
		b.Run(string(f)+"/notes=5000", func(b *testing.B) {
			for b.Loop() {
				if _, err := exchange.Export(f, wall, state.Source(), exchange.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
