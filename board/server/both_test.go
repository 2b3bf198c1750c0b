package server

import (
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/landing/disk"
	"github.com/landfall-go/landfall/board/server/internal/live"
	"github.com/landfall-go/landfall/board/session"
)

// TestBothAtOnce renames an event on the disk and on the wall in the same moment: before the
// text has followed the wall. Neither may be lost without anybody being asked.
func TestBothAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s.storm")
	base := "storm \"S\"\n\nOrderAccepted\n\nOrderShipped\n"
	if err := os.WriteFile(path, []byte(base), 0o644); err != nil {
		t.Fatal(err)
	}
	place, err := disk.At(path)
	if err != nil {
		t.Fatal(err)
	}
	x := &text{name: "S", file: "s.storm", at: path, place: place, logger: slog.New(slog.DiscardHandler), ready: make(chan struct{})}
	w := session.NewWall()
	w.Apply(session.Changes(session.BoardOpened{Name: "S"}))
	landed := map[string]string{}
	// settle brings text and wall in step, as the board does.
	settle := func(dirty ...string) {
		t.Helper()
		for range 10 {
			step, err := x.InStep(t.Context(), w.Clone(), live.News{Dirty: dirty, Landed: maps.Clone(landed)})
			if err != nil {
				t.Fatal(err)
			}
			w.Apply(session.Changes(session.BroughtInStep(step.Bring)))
			step.Accept()
			for _, f := range step.Landed {
				landed[f.Path] = f.Text
			}
			dirty = []string{}
			if len(step.Bring.Files) == 0 && len(step.Bring.Changes) == 0 {
				return
			}
		}
		t.Fatal("text and wall do not come in step")
	}
	settle()
	var id string
	for _, n := range w.Notes {
		if n.Text == "Order Accepted" {
			id = n.ID
		}
	}
	theirs := strings.Replace(base, "OrderAccepted", "OrderBooked", 1)
	if err := os.WriteFile(path, []byte(theirs), 0o644); err != nil {
		t.Fatal(err)
	}
	x.news = append(x.news, news{path: "s.storm", text: theirs, base: base, known: true, onDisk: true})
	w.Apply(session.Changes(session.NoteRewritten{ID: id, Text: "Order Confirmed"}))
	settle(id)
	mine := w.Files[session.FileID("s.storm")].Text
	if want := strings.Replace(base, "OrderAccepted", "OrderConfirmed", 1); mine != want || w.Notes[id].Text != "Order Confirmed" {
		t.Errorf("the wall says %q, its text:\n%s", w.Notes[id].Text, mine)
	}
	got, err := place.Land([]disk.Draft{{Path: "s.storm", Base: landed["s.storm"], Text: mine}}, landing.LayoutOf(w), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Conflicts) != 1 {
		t.Errorf("nobody is asked: %+v", got)
	}
	// What does not touch is merged all the same.
	other := strings.Replace(theirs, "OrderShipped", "OrderSent", 1)
	x.news = append(x.news, news{path: "s.storm", text: strings.Replace(base, "OrderShipped", "OrderSent", 1), base: base, known: true, onDisk: true})
	w.Apply(session.Changes(session.NoteRewritten{ID: id, Text: "Order Affirmed"}))
	settle(id)
	if text := w.Files[session.FileID("s.storm")].Text; !strings.Contains(text, "OrderAffirmed") || !strings.Contains(text, "OrderSent") {
		t.Errorf("the text is\n%s\nafter the disk had\n%s", text, other)
	}
}
