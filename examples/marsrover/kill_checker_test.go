package main

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
)

// TestTheCheckerSees breaks each promise in what the checker is shown.
func TestTheCheckerSees(t *testing.T) {
	ev, acks, printed, shown := driveWell(t)
	at := func(kind string) int {
		i := slices.IndexFunc(ev.rovers, func(r store.Record) bool { return r.Type == kind })
		if i < 0 {
			t.Fatalf("there is no %s", kind)
		}
		return i
	}
	if wrong := slices.Concat(ev.check(acks), ev.settled(printed), differ(shown, ev.fold())); len(wrong) > 0 {
		t.Fatalf("nothing is broken, but it sees %q", wrong)
	}
	last := len(ev.rovers) - 1
	for _, c := range []struct {
		name string
		harm func(*evidence)
		sees string
	}{
		{"the last events are lost", func(ev *evidence) { ev.rovers = ev.rovers[:last-5] }, "the log ends at"},
		{"an event is lost in the middle", func(ev *evidence) { ev.rovers = slices.Delete(ev.rovers, 5, 6) }, "position 7 follows 5"},
		{"an event is there twice", func(ev *evidence) { ev.rovers[9] = ev.rovers[8] }, "is there twice"},
		{"a version is missing", func(ev *evidence) { ev.rovers[last].Version++ }, "is due"},
		{"a command took effect again", func(ev *evidence) { ev.rovers[last].ID = store.EventID(ev.rovers[5].Command(), 1) }, "has 2 events"},
		{"a rover jumps", func(ev *evidence) {
			ev.rovers[at("MarsRoverMoved")].Data = []byte(`{"point":{"x":7,"y":7},"direction":"N"}`)
		}, "by the rules it is"},
		{"a rover is not turned off", func(ev *evidence) {
			ev.rovers = slices.Delete(ev.rovers, at("MarsRoverTurnedOff"), at("MarsRoverTurnedOff")+1)
		}, "turned it off 0 times"},
		{"nobody is told", func(ev *evidence) { ev.notifications = ev.notifications[1:] }, "was notified 0 times"},
		{"people are told twice", func(ev *evidence) { ev.notifications = append(ev.notifications, ev.notifications[0]) }, "was notified 2 times"},
		{"people are told of nothing", func(ev *evidence) { ev.notifications[0].Trigger = landfall.ID{1} }, "was notified 0 times"},
		{"a message was never printed", func(ev *evidence) { ev.notifications[0].Data = []byte(`{"message":"hello"}`) }, "never printed"},
	} {
		broken := evidence{slices.Clone(ev.rovers), slices.Clone(ev.notifications)}
		c.harm(&broken)
		wrong := slices.Concat(broken.check(acks), broken.settled(printed))
		if !strings.Contains(strings.Join(wrong, "\n"), c.sees) {
			t.Errorf("%s: it sees %q", c.name, wrong)
		}
	}
	t.Run("projections", func(t *testing.T) { seesProjections(t, ev, shown) })
}

func seesProjections(t *testing.T, ev evidence, shown documents) {
	for name, harm := range map[string]func(documents){
		"MarsRoverStart": func(d documents) { d.starts["rover-000.0"] = "0:0:N" },
		"MarsRoverPath":  func(d documents) { d.paths["rover-000.0/000000000"] = nil },
		"Obstacles":      func(d documents) { d.obstacles["rover-009.0"] = "[1:1]" },
	} {
		d := ev.fold()
		harm(d)
		if wrong := differ(d, ev.fold()); len(wrong) != 1 || !strings.HasPrefix(wrong[0], name) {
			t.Errorf("%s: it sees %q", name, wrong)
		}
	}
	if wrong := differ(documents{}, shown); len(wrong) == 0 {
		t.Error("it does not see that all documents are gone")
	}
}

// driveWell drives three rovers, with nothing in the way.
func driveWell(t *testing.T) (evidence, map[string]ack, map[string]int, documents) {
	t.Helper()
	db := filepath.Join(t.TempDir(), "rovers.db")
	var console bytes.Buffer
	s, host, err := running(db, &console)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	defer host.Close()
	h := &harness{t: t, acks: map[string]ack{}, plan: make([]slot, 3)}
	for i := range h.plan {
		h.plan[i].number = i
	}
	for range 60 {
		for i := range h.plan {
			before := h.plan[i]
			moved := before
			if err := driveSlot(host, &moved); err != nil {
				t.Fatal(err)
			}
			result, err := host.Dispatch(t.Context(), landfall.Message{
				To: landfall.AggregateID(before.rover()), Command: order(before.rover(), before.next), Key: key(before.rover(), before.next),
			})
			if err != nil || !result.Repeated {
				t.Fatalf("a repeat: %+v, %v", result, err)
			}
			e := result.Events[0]
			h.acks[key(before.rover(), before.next)] = ack{e.Type, e.Position, e.Version}
			h.plan[i] = moved
		}
	}
	if err := host.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	printed := map[string]int{}
	for line := range strings.Lines(console.String()) {
		printed[strings.TrimSpace(line)]++
	}
	shown, err := readDocuments(host)
	if err != nil {
		t.Fatal(err)
	}
	var ev evidence
	for module, into := range map[string]*[]store.Record{"Rover": &ev.rovers, "Notification": &ev.notifications} {
		if *into, err = readLog(s, module); err != nil {
			t.Fatal(err)
		}
	}
	return ev, h.acks, printed, shown
}
