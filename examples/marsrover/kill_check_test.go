package main

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/sqlite"
)

// The checker knows the rules of the kata and the promises of the runtime, and
// reads nothing but the logs and the projections' documents. It shares no code
// with what it checks but the stores' own reading and the naming of ids.

// ack is a command that was acknowledged.
type ack struct {
	event             string
	position, version uint64
}

// evidence is what the logs hold.
type evidence struct {
	rovers, notifications []store.Record
}

// readEvidence reads both logs from one database.
func readEvidence(db string) (evidence, error) { return readEvidenceOf(db, db) }

// readEvidenceOf reads the logs from a database each.
func readEvidenceOf(rovers, notifications string) (ev evidence, err error) {
	if ev.rovers, err = readDatabase(rovers, "Rover"); err != nil {
		return ev, err
	}
	ev.notifications, err = readDatabase(notifications, "Notification")
	return ev, err
}

func readDatabase(db, module string) ([]store.Record, error) {
	var s store.Store
	var err error
	if strings.HasPrefix(db, "postgres://") {
		s, err = postgres.Open(context.Background(), db)
	} else {
		s, err = sqlite.Open(context.Background(), db)
	}
	if err != nil {
		return nil, err
	}
	defer s.Close()
	return readLog(s, module)
}

func readLog(s store.Store, module string) ([]store.Record, error) {
	log, err := s.Log(context.Background(), module)
	if err != nil {
		return nil, err
	}
	var records []store.Record
	for {
		n := len(records)
		if records, err = log.Read(context.Background(), uint64(n), 4096, records); err != nil || len(records) == n {
			return records, err
		}
	}
}

// mistakes gathers what is wrong.
type mistakes []string

func (m *mistakes) add(format string, args ...any) { *m = append(*m, fmt.Sprintf(format, args...)) }

// check looks at what must hold at any time, in the middle of the work too.
func (ev evidence) check(acks map[string]ack) (wrong mistakes) {
	ev.acknowledged(&wrong, acks)
	ev.followTheRules(&wrong, acks)
	return append(wrong, ev.kept()...)
}

// kept looks at what must hold of the logs at any time, whoever drives.
func (ev evidence) kept() (wrong mistakes) {
	inOrder(&wrong, "Rover", ev.rovers)
	inOrder(&wrong, "Notification", ev.notifications)
	ev.delivered(&wrong)
	return wrong
}

// What the modules send each other lies in their logs between the events.
const (
	sentTo       = ">Notification/"
	sentType     = ">Notification.NotifyObstacle"
	receivedFrom = "<Rover/"
	receivedType = "<NotifyObstacle"
)

// events are the records of a log that are no messages.
func events(records []store.Record) []*store.Record {
	var own []*store.Record
	for i := range records {
		if !strings.HasPrefix(records[i].Stream, sentTo) && !strings.HasPrefix(records[i].Stream, receivedFrom) {
			own = append(own, &records[i])
		}
	}
	return own
}

// sent is a command on its way from a log to the other.
type sent struct {
	command     landfall.ID
	rover, data string
}

// outgoing are the commands that Rover has sent, in their order.
func (ev evidence) outgoing(wrong *mistakes) (all []sent) {
	for i := range ev.rovers {
		r := &ev.rovers[i]
		id, ok := strings.CutPrefix(r.Stream, sentTo)
		if !ok {
			continue
		}
		var extra map[string]string
		var s sent
		err := json.Unmarshal(r.Metadata, &extra)
		if err == nil {
			err = s.command.UnmarshalText([]byte(extra["landfall.command"]))
		}
		if err != nil || r.Type != sentType {
			wrong.add("position %d: the command %s to %s has no id: %v", r.Position, r.Type, id, err)
		}
		s.rover, s.data = id, string(r.Data)
		all = append(all, s)
	}
	return all
}

// incoming are the commands that Notification has received, in their order.
func (ev evidence) incoming(wrong *mistakes) (all []sent) {
	for i := range ev.notifications {
		r := &ev.notifications[i]
		id, ok := strings.CutPrefix(r.Stream, receivedFrom)
		if !ok {
			continue
		}
		if r.Type != receivedType {
			wrong.add("notification %d is %s", r.Position, r.Type)
		}
		all = append(all, sent{r.Trigger, id, string(r.Data)})
	}
	return all
}

// delivered wants that what was received is what was sent, each once and in
// order, and that an obstacle was not answered before it was found.
func (ev evidence) delivered(wrong *mistakes) {
	out, in := ev.outgoing(wrong), ev.incoming(wrong)
	if len(in) > len(out) {
		wrong.add("%d commands were received, and only %d sent", len(in), len(out))
		return
	}
	for i := range in {
		if in[i] != out[i] {
			wrong.add("the command that was received as number %d is %+v, sent was %+v", i+1, in[i], out[i])
		}
	}
	times := map[landfall.ID]int{}
	for _, s := range out {
		if times[s.command]++; times[s.command] > 1 {
			wrong.add("the command %s was sent twice", s.command)
		}
	}
}

// inOrder wants positions and versions without gaps, and each event once.
func inOrder(wrong *mistakes, module string, records []store.Record) {
	versions := map[string]uint64{}
	seen := map[landfall.ID]bool{}
	for i, r := range records {
		if r.Position != uint64(i)+1 {
			wrong.add("%s: position %d follows %d", module, r.Position, i)
		}
		if versions[r.Stream]++; r.Version != versions[r.Stream] {
			wrong.add("%s: %s has version %d where %d is due", module, r.Stream, r.Version, versions[r.Stream])
		}
		if seen[r.ID] {
			wrong.add("%s: the event %s is there twice", module, r.ID)
		}
		seen[r.ID] = true
	}
}

// acknowledged wants the events of every acknowledged command, where they were
// acknowledged.
func (ev evidence) acknowledged(wrong *mistakes, acks map[string]ack) {
	times := map[landfall.ID]int{}
	for i := range ev.rovers {
		times[ev.rovers[i].Command()]++
	}
	for key, a := range acks {
		if a.position == 0 || a.position > uint64(len(ev.rovers)) {
			wrong.add("%s was acknowledged at position %d; the log ends at %d", key, a.position, len(ev.rovers))
			continue
		}
		command := store.KeyedCommandID(key)
		r := ev.rovers[a.position-1]
		if r.Command() != command || r.Type != a.event || r.Version != a.version {
			wrong.add("%s was acknowledged as %+v; there is %s %s version %d", key, a, r.Stream, r.Type, r.Version)
		}
		if times[command] != 1 {
			wrong.add("%s has %d events", key, times[command])
		}
	}
}

// walker is a rover by the checker's own rules.
type walker struct {
	x, y, quarter int
	sent          int // commands from outside that took effect
	found, off    int
}

// wire is every event's data in one.
type wire struct {
	Point, Coordinate struct{ X, Y int }
	Direction         string
}

// followTheRules replays the commands of each rover and wants the events that
// they lead to, those of one command after the last acknowledged at most.
func (ev evidence) followTheRules(wrong *mistakes, acks map[string]ack) {
	walkers := map[string]*walker{}
	for _, r := range events(ev.rovers) {
		id, ok := strings.CutPrefix(r.Stream, "MarsRover/")
		if !ok {
			wrong.add("an event of %s", r.Stream)
			continue
		}
		w := walkers[id]
		if w == nil {
			w = &walker{}
			walkers[id] = w
		}
		if problem := w.take(id, r); problem != "" {
			wrong.add("position %d: %s: %s", r.Position, id, problem)
		}
	}
	for id, w := range walkers {
		if _, known := acks[key(id, w.sent-2)]; w.sent > 1 && !known {
			wrong.add("%s has carried out %d commands, two more than were acknowledged", id, w.sent)
		}
	}
}

func (w *walker) take(id string, r *store.Record) string {
	var e wire
	if err := json.Unmarshal(r.Data, &e); err != nil {
		return err.Error()
	}
	if r.Trigger != (landfall.ID{}) {
		w.off++
		if r.Type != "MarsRoverTurnedOff" || w.off != 1 || w.found != 1 {
			return "a policy led to " + r.Type
		}
		return ""
	}
	if command := store.KeyedCommandID(key(id, w.sent)); r.Command() != command {
		return fmt.Sprintf("%s is not of command %d", r.Type, w.sent)
	}
	if w.found+w.off > 0 {
		return r.Type + " after an obstacle"
	}
	kind, want := w.expect(order(id, w.sent))
	w.sent++
	got := fmt.Sprintf("%d:%d:%s", e.Point.X, e.Point.Y, e.Direction)
	if kind == "ObstacleFound" {
		got = fmt.Sprintf("%d:%d", e.Coordinate.X, e.Coordinate.Y)
	}
	if r.Type != kind || got != want {
		return fmt.Sprintf("%s %s, by the rules it is %s %s", r.Type, got, kind, want)
	}
	return ""
}

// expect carries out a command.
func (w *walker) expect(command landfall.Command) (event, data string) {
	x, y := w.x, w.y
	event = "MarsRoverMoved"
	switch c := command.(type) {
	case rover.StartMarsRover:
		event = "MarsRoverStarted"
		x, y, w.quarter = c.Point.X, c.Point.Y, strings.Index("NESW", string(c.Direction))
	case rover.TurnRight:
		w.quarter = (w.quarter + 1) % 4
	case rover.TurnLeft:
		w.quarter = (w.quarter + 3) % 4
	case rover.Move:
		x += [4]int{0, 1, 0, -1}[w.quarter]
		y += [4]int{1, 0, -1, 0}[w.quarter]
		x, y = (x+8)%8, (y+8)%8
		for _, o := range [][2]int{{1, 6}, {3, 3}, {6, 0}, {6, 5}} {
			if o == [2]int{x, y} {
				w.found++
				return "ObstacleFound", fmt.Sprintf("%d:%d", x, y)
			}
		}
	}
	w.x, w.y = x, y
	return event, fmt.Sprintf("%d:%d:%s", x, y, "NESW"[w.quarter:w.quarter+1])
}

// answers counts how obstacles were answered.
type answers struct{ found, sent, received, notified, turnedOff int }

func (ev evidence) answers() (a answers) {
	for _, r := range ev.rovers {
		switch r.Type {
		case "ObstacleFound":
			a.found++
		case "MarsRoverTurnedOff":
			a.turnedOff++
		}
	}
	a.notified = len(events(ev.notifications))
	a.sent = len(ev.rovers) - len(events(ev.rovers))
	a.received = len(ev.notifications) - a.notified
	return a
}

// settled looks at what must hold when everything was answered: for every
// obstacle there is one notification, which was printed, and one turning off. It
// cannot know what was printed when that is nil.
func (ev evidence) settled(printed map[string]int) (wrong mistakes) {
	notified, off := map[landfall.ID]int{}, map[landfall.ID]int{}
	performed := map[landfall.ID]int{}
	for _, r := range events(ev.notifications) {
		notified[r.Trigger]++
		performed[r.Command()]++
		var e struct{ Message string }
		if err := json.Unmarshal(r.Data, &e); err != nil || r.Type != "ObstacleNotified" {
			wrong.add("notification %d is %s %s", r.Position, r.Type, r.Data)
		}
		if printed != nil && printed[e.Message] == 0 {
			wrong.add("%q is recorded, but was never printed", e.Message)
		}
	}
	for i := range ev.rovers {
		if r := &ev.rovers[i]; r.Type == "MarsRoverTurnedOff" {
			off[r.Trigger]++
		}
	}
	out, in := ev.outgoing(&wrong), ev.incoming(&wrong)
	if len(in) != len(out) {
		wrong.add("%d commands were sent, %d received", len(out), len(in))
	}
	for _, s := range in {
		if performed[s.command] != 1 {
			wrong.add("the command %s for %s took effect %d times", s.command, s.rover, performed[s.command])
		}
	}
	found := 0
	for i := range ev.rovers {
		r := &ev.rovers[i]
		if r.Type != "ObstacleFound" {
			continue
		}
		found++
		if notified[r.ID] != 1 || off[r.ID] != 1 {
			wrong.add("the obstacle of %s was notified %d times, and turned it off %d times", r.Stream, notified[r.ID], off[r.ID])
		}
	}
	if len(notified) != found || len(off) != found {
		wrong.add("%d obstacles, but notifications for %d and turning off for %d", found, len(notified), len(off))
	}
	return wrong
}

// documents are what the projections show.
type documents struct {
	starts    map[string]string   // by rover
	paths     map[string][]string // by page
	obstacles map[string]string   // by rover
}

func readDocuments(host *landfall.Host) (documents, error) {
	d := documents{map[string]string{}, map[string][]string{}, map[string]string{}}
	err := cmp.Or(
		eachDocument(host, "MarsRoverStart", func(key string, s rover.Start) { d.starts[key] = s.Coordinate }),
		eachDocument(host, "MarsRoverPath", func(key string, p rover.Path) { d.paths[key] = p.Coordinates }),
		eachDocument(host, "Obstacles", func(key string, o rover.Obstacles) { d.obstacles[key] = fmt.Sprint(o.Points) }),
	)
	return d, err
}

func eachDocument[D any](host *landfall.Host, projection string, show func(key string, d D)) error {
	view, err := landfall.ViewOf[D](host, projection)
	if err != nil {
		return err
	}
	for d, err := range view.All(context.Background(), "") {
		if err != nil {
			return err
		}
		show(d.Key, d.Document)
	}
	return nil
}

// fold is what the projections should show, by the checker's own reading of the
// log.
func (ev evidence) fold() documents {
	d := documents{map[string]string{}, map[string][]string{}, map[string]string{}}
	for _, r := range events(ev.rovers) {
		id := strings.TrimPrefix(r.Stream, "MarsRover/")
		var e wire
		_ = json.Unmarshal(r.Data, &e) // the rules have read it before
		at := fmt.Sprintf("%d:%d:%s", e.Point.X, e.Point.Y, e.Direction)
		page := fmt.Sprintf("%s/%09d", id, (r.Version-1)/100)
		switch r.Type {
		case "MarsRoverStarted":
			d.starts[id] = at
			d.paths[page] = append(d.paths[page], at)
		case "MarsRoverMoved":
			d.paths[page] = append(d.paths[page], at)
		case "ObstacleFound":
			d.obstacles[id] = fmt.Sprintf("[%d:%d]", e.Coordinate.X, e.Coordinate.Y)
		}
	}
	return d
}

// differ says where the projections are not what they should be.
func differ(got, want documents) (wrong mistakes) {
	compareMaps(&wrong, "MarsRoverStart", got.starts, want.starts, func(a, b string) bool { return a == b })
	compareMaps(&wrong, "MarsRoverPath", got.paths, want.paths, func(a, b []string) bool { return slices.Equal(a, b) })
	compareMaps(&wrong, "Obstacles", got.obstacles, want.obstacles, func(a, b string) bool { return a == b })
	return wrong
}

func compareMaps[V any](wrong *mistakes, name string, got, want map[string]V, equal func(a, b V) bool) {
	keys := slices.Collect(maps.Keys(want))
	for key := range got {
		if _, there := want[key]; !there {
			keys = append(keys, key)
		}
	}
	for _, key := range keys {
		g, there := got[key]
		w, due := want[key]
		if there != due || !equal(g, w) {
			wrong.add("%s %s shows %v (there: %v), the log says %v (there: %v)", name, key, g, there, w, due)
		}
	}
}
