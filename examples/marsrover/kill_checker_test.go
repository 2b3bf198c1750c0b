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
	find := func(records []store.Record, kind string, nth int) int {
		for i := range records {
			if records[i].Type != kind {
				continue
			}
			if nth--; nth == 0 {
				return i
			}
		}
		t.Fatalf("there is no %s", kind)
		return 0
	}
	at := func(kind string) int { return find(ev.rovers, kind, 1) }
	there := func(kind string, nth int) int { return find(ev.notifications, kind, nth) }
	if wrong := slices.Concat(ev.check(acks), ev.settled(printed), differ(shown, ev.fold())); len(wrong) > 0 {
		t.Fatalf("nothing is broken, but it sees %q", wrong)
	}
	lastMove := slices.IndexFunc(ev.rovers, func(r store.Record) bool { return r.Trigger != landfall.ID{} }) - 1
	for _, c := range []struct {
		name string
		harm func(*evidence)
		sees string
	}{
		{"the last events are lost", func(ev *evidence) { ev.rovers = ev.rovers[:lastMove-5] }, "the log ends at"},
		{"an event is lost in the middle", func(ev *evidence) { ev.rovers = slices.Delete(ev.rovers, 5, 6) }, "position 7 follows 5"},
		{"an event is there twice", func(ev *evidence) { ev.rovers[9] = ev.rovers[8] }, "is there twice"},
		{"a version is missing", func(ev *evidence) { ev.rovers[lastMove].Version++ }, "is due"},
		{"a command took effect again", func(ev *evidence) { ev.rovers[lastMove].ID = store.EventID(ev.rovers[5].Command(), 1) }, "has 2 events"},
		{"a rover jumps", func(ev *evidence) {
			ev.rovers[at("MarsRoverMoved")].Data = []byte(`{"point":{"x":7,"y":7},"direction":"N"}`)
		}, "by the rules it is"},
		{"a rover is not turned off", func(ev *evidence) {
			ev.rovers = slices.Delete(ev.rovers, at("MarsRoverTurnedOff"), at("MarsRoverTurnedOff")+1)
		}, "turned it off 0 times"},
		{"nobody is told", func(ev *evidence) {
			ev.notifications = slices.Delete(ev.notifications, there("ObstacleNotified", 1), there("ObstacleNotified", 1)+1)
		}, "was notified 0 times"},
		{"people are told twice", func(ev *evidence) {
			ev.notifications = append(ev.notifications, ev.notifications[there("ObstacleNotified", 1)])
		}, "was notified 2 times"},
		{"people are told of nothing", func(ev *evidence) {
			ev.notifications[there("ObstacleNotified", 1)].Trigger = landfall.ID{1}
		}, "was notified 0 times"},
		{"a message was never printed", func(ev *evidence) {
			ev.notifications[there("ObstacleNotified", 1)].Data = []byte(`{"message":"hello"}`)
		}, "never printed"},
		{"a command is lost on the way", func(ev *evidence) {
			ev.notifications = slices.Delete(ev.notifications, there(receivedType, 1), there(receivedType, 1)+1)
		}, "4 commands were sent, 3 received"},
		{"a command is received twice", func(ev *evidence) {
			ev.notifications = append(ev.notifications, ev.notifications[there(receivedType, 1)])
		}, "5 commands were received, and only 4 sent"},
		{"commands overtake each other", func(ev *evidence) {
			one, other := &ev.notifications[there(receivedType, 1)], &ev.notifications[there(receivedType, 2)]
			*one, *other = *other, *one
		}, "the command that was received as number 2"},
		{"a command is another one when it arrives", func(ev *evidence) {
			ev.notifications[there(receivedType, 3)].Data = []byte(`{"message":"hello"}`)
		}, "the command that was received as number 3"},
		{"a command is sent twice", func(ev *evidence) {
			ev.rovers = append(ev.rovers, ev.rovers[at(sentType)])
		}, "was sent twice"},
		{"a command takes effect again", func(ev *evidence) {
			again := ev.notifications[there("ObstacleNotified", 1)]
			again.ID[0]++
			again.Trigger = landfall.ID{1}
			ev.notifications = append(ev.notifications, again)
		}, "notifications for 5"},
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
