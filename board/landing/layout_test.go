package landing_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
)

// moved returns a bench with the rover, of which some notes were moved by hand.
func moved(t *testing.T) (*bench, string) {
	t.Helper()
	data, err := os.ReadFile("../../examples/marsrover/marsrover.storm")
	if err != nil {
		t.Fatal(err)
	}
	b := newBench(t)
	b.open([]storm.File{{Path: "a.storm", Text: data}})
	b.play(`move event:Rover.ObstacleFound 7000,7000
add text0001 text "A label" 100,5000
add line0001 line "" 7116,6900
add lane0001 lane "Upper" 0,4000
add secret01 event "Secret" 0,0
private secret01
`)
	return b, b.texts()["a.storm"]
}

// A wall that is opened from the text and the layout alone is the wall that was landed.
func TestLayoutBringsTheWallBack(t *testing.T) {
	b, text := moved(t)
	layout, err := landing.DecodeLayout(landing.LayoutOf(b.wall).Encode())
	if err != nil {
		t.Fatal(err)
	}
	again := newBench(t)
	state, step := landing.Open(again.wall, []storm.File{{Path: "a.storm", Text: []byte(text)}}, layout, landing.WithIDs(counter()))
	again.take(state, step)
	again.settle()
	if len(again.wall.Notes) != len(b.wall.Notes)-1 {
		t.Errorf("%d notes, and not %d without the private one", len(again.wall.Notes), len(b.wall.Notes)-1)
	}
	for id, n := range again.wall.Notes {
		was := *b.wall.Notes[id]
		was.Pivotal = was.Pivotal || n.Pivotal // the line at it is the reason
		if diff := cmp.Diff(&was, n); diff != "" {
			t.Errorf("%s (-landed +opened):\n%s", id, diff)
		}
	}
	if again.texts()["a.storm"] != text {
		t.Errorf("the text changes when it is opened:\n%s", again.texts()["a.storm"])
	}
	if got := again.state.Notes(`line:event:Rover.ObstacleFound`); len(got) != 1 {
		t.Errorf("the line does not stand at its event: %v", got)
	}
}

// Places survive a rename of the element by hand that the text remembers.
func TestLayoutSurvivesARename(t *testing.T) {
	b, text := moved(t)
	id := b.state.Notes("event:Rover.ObstacleFound")[0]
	text = strings.ReplaceAll(text, "ObstacleFound", "RockFound")
	text = strings.Replace(text, "event RockFound ", "event RockFound was ObstacleFound ", 1)
	if !strings.Contains(text, " was ObstacleFound") {
		t.Fatal("the storm has no declaration of the event")
	}
	again := newBench(t)
	state, step := landing.Open(again.wall, []storm.File{{Path: "a.storm", Text: []byte(text)}}, landing.LayoutOf(b.wall))
	again.take(state, step)
	if n := again.wall.Notes[id]; n == nil || n.X != 7000 || n.Element != "event:Rover.RockFound" {
		t.Errorf("%+v", n)
	}
}

// A change of one note is a change of one line.
func TestLayoutIsALineForEachNote(t *testing.T) {
	b, _ := moved(t)
	before := string(landing.LayoutOf(b.wall).Encode())
	b.set(b.id("event:Rover.ObstacleFound"), "x", 1234)
	after := string(landing.LayoutOf(b.wall).Encode())
	x, y := strings.Split(before, "\n"), strings.Split(after, "\n")
	changed := 0
	for i := range x {
		if x[i] != y[i] {
			changed++
		}
	}
	if len(x) != len(y) || changed != 1 {
		t.Errorf("%d lines changed", changed)
	}
	if strings.Contains(before, "Secret") {
		t.Error("what is written alone is in the layout")
	}
}

func TestDecodeLayoutRefuses(t *testing.T) {
	for _, data := range []string{"", "{", "[]", `{"version": 2}`, `{"version": 1, "items": [1]}`, `{"version": 1, "items": [{"type":"note","x":"1"}]}`} {
		if _, err := landing.DecodeLayout([]byte(data)); !errors.Is(err, landing.ErrLayout) {
			t.Errorf("%q: %v", data, err)
		}
	}
	l, err := landing.DecodeLayout([]byte(`{"version": 1, "items": [
{"type":"note","id":"a","kind":"event","x":1,"y":1,"w":1,"h":1},
{"type":"note","id":"aaaa","kind":"event","x":1,"y":1,"w":0,"h":1},
{"type":"note","id":"bbbb","kind":"wish","x":1,"y":1,"w":1,"h":1},
{"type":"note","id":"cccc","kind":"event","x":99999999,"y":1,"w":1,"h":1},
{"type":"person","id":"dddd"},
{"type":"note","id":"eeee","kind":"event","x":1,"y":1,"w":1,"h":1}]}`))
	if err != nil || len(l.Notes) != 1 || l.Notes[0].ID != "eeee" {
		t.Errorf("%+v %v", l, err)
	}
}

func FuzzDecodeLayout(f *testing.F) {
	f.Add([]byte(`{"version": 1, "items": [{"type":"note","id":"eeee","kind":"event","x":1,"y":1,"w":1,"h":1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := landing.DecodeLayout(data)
		if err != nil {
			return
		}
		again, err := landing.DecodeLayout(l.Encode())
		if err != nil || len(again.Notes) != len(l.Notes) {
			t.Fatalf("%v: %s", err, l.Encode())
		}
	})
}

// Whoever changes what: a note that only one side changed is as that side has it.
func TestMergeLayouts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) *landing.Layout {
			l := &landing.Layout{}
			for _, id := range []string{"aaaa", "bbbb", "cccc", "dddd"} {
				if x := rapid.IntRange(0, 3).Draw(t, label+id); x > 0 {
					l.Notes = append(l.Notes, &session.Note{Type: session.NoteItem, ID: id, Kind: session.KindEvent, X: x, W: 1, H: 1})
				}
			}
			return l
		}
		base, mine, theirs := draw("base"), draw("mine"), draw("theirs")
		at := func(l *landing.Layout, id string) int {
			for _, n := range l.Notes {
				if n.ID == id {
					return n.X
				}
			}
			return 0
		}
		got := landing.MergeLayouts(base, mine, theirs)
		for _, id := range []string{"aaaa", "bbbb", "cccc", "dddd"} {
			b, m, th := at(base, id), at(mine, id), at(theirs, id)
			want := m
			if m == b || m == 0 && th != b { // what somebody moves is not taken away
				want = th
			}
			if at(got, id) != want {
				t.Fatalf("%s: base %d, mine %d, theirs %d: merged %d, want %d", id, b, m, th, at(got, id), want)
			}
		}
	})
}
