package landing_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
)

// drawWall draws a wall with frames, notes in them, and notes anywhere.
func drawWall(t *rapid.T) *session.Wall {
	w := session.NewWall()
	put := func(id, kind, module string, x, y, width, height int) {
		w.Apply([]session.Change{{ID: id, Set: properties("type", "note", "kind", kind, "text", id, "x", x, "y", y, "w", width, "h", height, "module", module)}})
	}
	at := func(label string) int { return rapid.IntRange(-30, 30).Draw(t, label) * 40 }
	frames := rapid.IntRange(0, 2).Draw(t, "frames")
	for i := range frames {
		put(fmt.Sprintf("frame%d", i), "module", "", at("x"), at("y"), 700, 500)
	}
	for i := range rapid.IntRange(0, 25).Draw(t, "notes") {
		module := ""
		if frames > 0 && rapid.Bool().Draw(t, "inside") {
			module = fmt.Sprintf("frame%d", rapid.IntRange(0, frames-1).Draw(t, "frame"))
		}
		kind := rapid.SampledFrom([]string{"event", "command", "actor", "hotspot", "text", "aggregate"}).Draw(t, "kind")
		width, height := landing.Size(session.Kind(kind))
		if kind == "aggregate" {
			height = rapid.IntRange(height, 900).Draw(t, "height")
		}
		put(fmt.Sprintf("note%02d", i), kind, module, at("x"), at("y"), width, height)
	}
	for i := range rapid.IntRange(0, 3).Draw(t, "lines") {
		x := 10 * rapid.IntRange(-130, 130).Draw(t, "x of the line")
		put(fmt.Sprintf("line%d", i), "line", "", x, at("y")-400, 8, 300*rapid.IntRange(1, 12).Draw(t, "height of the line"))
	}
	return w
}

func tidied(w *session.Wall, ids []string) *session.Wall {
	after := w.Clone()
	for _, p := range landing.Tidy(w, ids) {
		after.Apply([]session.Change{{ID: p.ID, Set: properties("x", p.X, "y", p.Y, "w", p.W, "h", p.H, "module", p.Module)}})
	}
	return after
}

func TestTidyKeepsOrderAndOverlapsNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := drawWall(t)
		after := tidied(before, nil)
		for _, a := range after.Notes {
			for _, b := range after.Notes {
				if a.ID == b.ID || a.Module != b.Module {
					continue
				}
				x, y := before.Notes[a.ID], before.Notes[b.ID]
				lines := a.Kind == session.KindLine || b.Kind == session.KindLine
				if x.X < y.X && a.X > b.X && !lines {
					t.Fatalf("%s was left of %s, and is not", a.ID, b.ID)
				}
				if x.Y == y.Y && x.H == y.H && !lines && a.Kind != session.KindModule && b.Kind != session.KindModule && a.Y != b.Y {
					t.Fatalf("%s and %s were in one row", a.ID, b.ID)
				}
				if !lines && a.X < b.X+b.W && b.X < a.X+a.W && a.Y < b.Y+b.H && b.Y < a.Y+a.H {
					t.Fatalf("%s and %s overlap", a.ID, b.ID)
				}
			}
			if f := after.Notes[a.Module]; f != nil && (a.X < f.X || a.Y < f.Y || a.X+a.W > f.X+f.W || a.Y+a.H > f.Y+f.H) {
				t.Fatalf("%s is not in its frame", a.ID)
			}
		}
		checkLines(t, before, after)
		if again := landing.Tidy(after, nil); len(again) > 0 {
			for _, n := range after.Items() {
				t.Logf("%s now %s", encode(before.Item(n.ItemID())), encode(n))
			}
			t.Fatalf("to tidy again moves %+v", again)
		}
	})
}

// On a wall where nothing lies on anything else, lines also stay behind what they stood behind,
// and before what they stood before.
func TestTidyKeepsLinesInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := session.NewWall()
		put := func(id, kind string, x, y, w, h int) {
			before.Apply([]session.Change{{ID: id, Set: properties("type", "note", "kind", kind, "text", id, "x", x, "y", y, "w", w, "h", h)}})
		}
		for row := range rapid.IntRange(1, 4).Draw(t, "rows") {
			x := 0
			for i := range rapid.IntRange(1, 8).Draw(t, "notes") {
				kind := rapid.SampledFrom([]string{"event", "event", "command", "policy", "system", "actor"}).Draw(t, "kind")
				w, h := landing.Size(session.Kind(kind))
				x += rapid.IntRange(24, 150).Draw(t, "gap")
				put(fmt.Sprintf("note%d%d", row, i), kind, x, row*200, w, h)
				x += w
			}
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
			put(fmt.Sprintf("line%d", i), "line", 400*i+rapid.IntRange(0, 250).Draw(t, "x"), -200, 8, 1200)
		}
		after := tidied(before, nil)
		checkLines(t, before, after)
		if again := landing.Tidy(after, nil); len(again) > 0 {
			t.Fatalf("to tidy again moves %+v", again)
		}
		for _, a := range before.Notes {
			for _, b := range before.Notes {
				if a.X < b.X && after.Notes[a.ID].X > after.Notes[b.ID].X {
					for id := range before.Notes {
						t.Logf("%s now %s", encode(before.Item(id)), encode(after.Item(id)))
					}
					t.Fatalf("%s was left of %s, and is not", a.ID, b.ID)
				}
			}
		}
	})
}

// On a wall with a line at each of many events that lie on one another no order can be right
// for all; each line is at its event all the same.
func TestTidyOfManyLines(t *testing.T) {
	before := session.NewWall()
	for i := range 600 {
		before.Apply([]session.Change{
			{ID: fmt.Sprintf("note%d", i), Set: properties("type", "note", "kind", "event", "text", "x", "x", i*20, "y", i%7*40, "w", 112, "h", 112)},
			{ID: fmt.Sprintf("line%d", i), Set: properties("type", "note", "kind", "line", "text", "", "x", i*20+i*37%112, "y", -300, "w", 4, "h", 900)},
		})
	}
	checkLines(t, before, tidied(before, nil))
}

// checkLines fails unless each line that stood at an event still does.
func checkLines(t rapid.TB, before, after *session.Wall) {
	for id, n := range before.Notes {
		if n.Kind == session.KindLine {
			if was, is := eventAt(before, n), eventAt(after, after.Notes[id]); was != "" && is != was {
				for id := range before.Notes {
					t.Logf("%s now %s", encode(before.Item(id)), encode(after.Item(id)))
				}
				t.Fatalf("%s stood at %s, and stands at %q", id, was, is)
			}
		}
	}
}

// eventAt returns the event that a line stands at: the nearest that is no more than 12 pixels
// away, and of several the lowest.
func eventAt(w *session.Wall, line *session.Note) string {
	best, least := "", 13
	for id, n := range w.Notes {
		away := max(n.X-line.X-line.W, line.X-n.X-n.W, 0)
		if n.Kind != session.KindEvent || away > 12 || n.Y >= line.Y+line.H || line.Y >= n.Y+n.H {
			continue
		}
		b := w.Notes[best]
		if away < least || away == least && (n.Y > b.Y || n.Y == b.Y && id < best) {
			best, least = id, away
		}
	}
	return best
}

// TestTidyKeepsLinesAtTheirEvents leaves what is pivotal as it is.
func TestTidyKeepsLinesAtTheirEvents(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm"}})
	b.play(strings.TrimSpace(`
add n001 event "Paid" 300,0
add n002 event "Sent" 900,10
add line1 line "" 350,-300
add frame module "Billing" 1500,0
add n003 event "Billed" 1900,200 in frame
add n004 event "Settled" 2040,200 in frame
add line2 line "" 2015,-300
`))
	before := b.texts()["a.storm"]
	if !strings.Contains(before, "pivotal Paid") || !strings.Contains(before, "pivotal Billed") {
		t.Fatalf("the events are not pivotal:\n%s", before)
	}
	for range 2 {
		for _, p := range landing.Tidy(b.wall, nil) {
			b.set(p.ID, "x", p.X, "y", p.Y, "w", p.W, "h", p.H)
		}
		b.settle()
		if after := b.texts()["a.storm"]; after != before {
			t.Errorf("the text is another:\n%s", after)
		}
	}
}

// A line goes with the event that it stands at, and only then, when some notes are put into order.
func TestTidyOfSomeTakesTheirLines(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm"}})
	b.play(strings.TrimSpace(`
add n001 event "Paid" 0,0
add n002 event "Sent" 900,10
add n003 event "Kept" 2000,0
add line1 line "" 950,-300
add line2 line "" 2050,-300
`))
	after := tidied(b.wall, []string{"n001", "n002", "line2"}).Notes
	if got := after["line1"].X - after["n002"].X; after["n002"].X == 900 || got != 50 {
		t.Errorf("the event lies at %d, and its line %d behind", after["n002"].X, got)
	}
	if got := after["line2"].X; got != 2050 {
		t.Errorf("the other line lies at %d", got)
	}
}

// TestTidyBesideRows keeps an aggregate as high as what lies beside it.
func TestTidyBesideRows(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm"}})
	b.play(strings.TrimSpace(`
add n001 command "Turn left" 0,0
add n002 command "Turn right" 5,130
add n003 command "Move" 0,300
add n004 aggregate "Rover" 130,0
add n005 event "Turned" 300,10
add n006 event "Moved" 290,310
`))
	b.set("n004", "h", 410)
	after := tidied(b.wall, nil).Notes
	rover := after["n004"]
	if rover.Y != after["n001"].Y || rover.Y+rover.H != after["n003"].Y+after["n003"].H {
		t.Errorf("the aggregate is from %d to %d", rover.Y, rover.Y+rover.H)
	}
	if after["n002"].Y-after["n001"].Y > 160 || after["n001"].Y != after["n005"].Y || after["n003"].Y != after["n006"].Y {
		t.Errorf("the rows are at %d, %d and %d", after["n001"].Y, after["n002"].Y, after["n003"].Y)
	}
	for _, id := range []string{"n005", "n006"} {
		if after[id].X < rover.X+rover.W {
			t.Errorf("%s is not beside the aggregate", id)
		}
	}
}

func TestTidyOfSomeLeavesTheOthers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		before := drawWall(t)
		var ids []string
		for id, n := range before.Notes {
			if n.Module == "" && n.Kind != session.KindModule && rapid.Bool().Draw(t, "chosen") {
				ids = append(ids, id)
			}
		}
		slices.Sort(ids)
		for _, p := range landing.Tidy(before, append([]string{}, ids...)) {
			if n := before.Notes[p.ID]; !slices.Contains(ids, p.ID) && (n.Kind != session.KindLine || !slices.Contains(ids, eventAt(before, n))) {
				t.Fatalf("%s was moved, too", p.ID)
			}
		}
	})
}

func TestDuplicates(t *testing.T) {
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm"}})
	b.play(strings.TrimSpace(`
add n001 event "Order placed" 0,0
add n002 event "order  placed" 200,0
add n003 event "Placed order" 400,0
add n004 command "Order placed" 600,0
add n005 event "Invoice sent" 800,0
add n006 event "Invoice sent" 900,0
add n007 event "Something else" 900,0
add n008 event "Bill sent" 950,0
add n009 event "" 1000,0
add n010 event "" 1000,0
add n011 text "Order placed" 1000,0
`))
	show := func() string {
		var out strings.Builder
		for _, d := range landing.Duplicates(b.wall, 0.8) {
			fmt.Fprintf(&out, "%v %.2f %s\n", d.Notes, d.Score, d.Why)
		}
		return out.String()
	}
	if got, want := show(), "[n001 n002 n003] 0.97 the order of words\n[n005 n006 n008] 0.85 words that mean the same\n"; got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	b.set("a001", "type", "apart", "a", "n008", "b", "n005")
	b.set("a002", "type", "apart", "a", "n003", "b", "n002")
	if got, want := show(), "[n001 n002] 1.00 the same letters\n[n005 n006] 1.00 the same text\n[n001 n003] 0.97 the order of words\n"; got != want {
		t.Errorf("with some kept apart: got\n%swant\n%s", got, want)
	}
}

func BenchmarkDuplicates(b *testing.B) {
	for _, notes := range []int{1000, 5000, 20000} {
		b.Run(fmt.Sprintf("notes=%d", notes), func(b *testing.B) {
			w := session.NewWall()
			var changes []session.Change
			for i := range notes {
				changes = append(changes, session.Change{ID: fmt.Sprintf("note%d", i), Set: properties("type", "note", "kind", "event", "text", fmt.Sprintf("Order number%c%c was placed", 'a'+i%26, 'a'+i/26%26), "x", i, "y", 0, "w", 1, "h", 1)})
			}
			w.Apply(changes)
			for b.Loop() {
				landing.Duplicates(w, 0.7)
			}
		})
	}
}

func BenchmarkTidy(b *testing.B) {
	for _, lines := range []int{0, 20, 1000} {
		b.Run(fmt.Sprintf("lines=%d", lines), func(b *testing.B) { benchmarkTidy(b, lines) })
	}
}

func benchmarkTidy(b *testing.B, lines int) {
	w := session.NewWall()
	var changes []session.Change
	for i := range 5000 {
		changes = append(changes, session.Change{ID: fmt.Sprintf("note%d", i), Set: properties("type", "note", "kind", "event", "text", "x", "x", i*7919%20000, "y", i*104729%4000, "w", 112, "h", 112)})
	}
	for i := range lines {
		changes = append(changes, session.Change{ID: fmt.Sprintf("line%d", i), Set: properties("type", "note", "kind", "line", "text", "", "x", i*20000/lines, "y", -500, "w", 8, "h", 6000)})
	}
	w.Apply(changes)
	for b.Loop() {
		landing.Tidy(w, nil)
	}
}
