package draw_test

import (
	"math"
	"os"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
)

// places returns where each note lies: in its frame if it has one.
func places(s *draw.Scene) map[string]draw.Point {
	out := map[string]draw.Point{}
	for _, n := range s.Notes {
		if strings.HasPrefix(n.ID, "legend:") {
			continue
		}
		at := draw.Point{X: n.Box.X, Y: n.Box.Y}
		for _, f := range s.Frames {
			if covers(f.Box, n.Box) {
				at = draw.Point{X: n.Box.X - f.Box.X, Y: n.Box.Y - f.Box.Y}
			}
		}
		out[n.ID] = at
	}
	return out
}

// moved returns the part of the notes that lie elsewhere than before, by more
// than the width that a few more links take.
func moved(before, after map[string]draw.Point) float64 {
	n := 0
	for id, a := range before {
		if b, ok := after[id]; ok && math.Hypot(a.X-b.X, a.Y-b.Y) > 4*9 {
			n++
		}
	}
	return float64(n) / float64(len(before))
}

func TestASmallEditMovesLittle(t *testing.T) {
	shop, hospital := "testdata/bookshop.storm", "testdata/hospital.storm"
	for _, edit := range []struct {
		name, file, at, more string
		most                 float64
	}{
		{"a command", shop, "    Customer -> Checkout -> BasketCheckedOut\n", "    Customer -> EmptyBasket -> BasketEmptied\n", 0.1},
		{"an event", shop, "    ConfirmOrder -> OrderConfirmed", " | OrderQueued", 0.1},
		{"a policy", shop, "  policy GiveUp", "  policy TellTheBank : PaymentFailed -> RefundCard\n", 0.1},
		{"a policy across modules", shop, "  policy AnswerLoss", "  policy AnswerReturn : Shipping.ParcelReturned -> SendMail\n", 0.1},
		{"a projection", shop, "  projection PackingList", "  projection RestockingList : BooksRestocked\n", 0.1},
		{"a hotspot", shop, "  hotspot \"What is a bundle?\"", "  hotspot \"How many?\" on RestockBooks\n", 0.1},
		{"a loose hotspot", shop, "  hotspot \"What is a bundle?\"", "  hotspot \"How many?\"\n", 0.1},
		{"an event of a big picture", hospital, "\"Patient called\"\n", "\"Patient did not answer\"\n", 0.1},
		{"a hotspot of a big picture", hospital, "\"Patient arrived\"\n", "hotspot \"Which door?\"\n", 0.1},
		{"the first event of a big picture", hospital, "\"Ambulance called\"\n", "\"Accident happened\"\n", 0.1},
	} {
		t.Run(edit.name, func(t *testing.T) {
			text, err := os.ReadFile(edit.file)
			if err != nil {
				t.Fatal(err)
			}
			changed := strings.Replace(string(text), edit.at, edit.more+edit.at, 1)
			if strings.HasSuffix(edit.at, "\n") || strings.HasPrefix(edit.more, " |") {
				changed = strings.Replace(string(text), edit.at, edit.at+edit.more, 1)
			}
			before := layout(t, storm.Parse(storm.File{Path: "a.storm", Text: text}).Model, draw.Options{})
			src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(changed)})
			if len(src.Diagnostics) > 0 || changed == string(text) {
				t.Fatal("the edit is wrong", src.Diagnostics)
			}
			after := layout(t, src.Model, draw.Options{})
			part := moved(places(before), places(after))
			t.Logf("%.0f%% moved", 100*part)
			if part > edit.most {
				t.Errorf("%.0f%% of the notes moved", 100*part)
			}
		})
	}
}
