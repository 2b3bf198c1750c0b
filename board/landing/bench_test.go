package landing_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
)

// bench is a wall with its text, as a server holds them.
type bench struct {
	t     tester
	wall  *session.Wall
	base  *session.Wall // as it was when text and wall were in step
	state *landing.State
	dirty []string
	ids   int  // of the last item that a step made
	loose bool // the wall has what no board would take
}

// tester is a test, or one of the many that a property is tried with.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func newBench(t tester) *bench {
	b := &bench{t: t, wall: session.NewWall()}
	b.wall.Apply(session.Changes(session.BoardOpened{Name: "Test"}))
	b.base = b.wall.Clone()
	return b
}

// next makes ids that are the same in each run.
func (b *bench) next() string {
	b.ids++
	return fmt.Sprintf("made%04d", b.ids)
}

// counter makes ids that are the same in each run.
func counter() func() string {
	n := 0
	return func() string { n++; return fmt.Sprintf("made%04d", n) }
}

func (b *bench) open(files []storm.File) {
	state, step := landing.Open(b.wall, files, nil, landing.WithIDs(b.next))
	b.take(state, step)
	b.settle()
}

// take makes a step, as the server does: the board must accept it.
func (b *bench) take(state *landing.State, step landing.Step) {
	b.t.Helper()
	event := session.BroughtInStep(step.Event(b.wall))
	if !b.loose && !step.IsEmpty() {
		events, err := b.board().BringInStep(step.Event(b.wall))
		if err != nil {
			b.t.Fatalf("the board refuses %s: %v", encode(step.Changes), err)
		}
		event = events[0].(session.BroughtInStep)
	}
	b.wall.Apply(session.Changes(event))
	for _, f := range step.Files {
		if got := b.wall.Files[session.FileID(f.Path)].Text; got != f.Text {
			b.t.Fatalf("the edit of %s leads to\n%s\nand not to\n%s", f.Path, got, f.Text)
		}
	}
	b.state = state
	switch {
	case state.Broken() != nil:
	case state.Waiting():
		b.base.Apply(step.Changes)
		b.base.Files = maps.Clone(b.wall.Files)
	default:
		b.base = b.wall.Clone()
	}
}

// was returns the items that changed after text and wall were in step, as they were.
func (b *bench) was() map[string]session.Item {
	out := map[string]session.Item{}
	for _, i := range slices.Concat(b.base.Items(), b.wall.Items()) {
		if was := b.base.Item(i.ItemID()); was != b.wall.Item(i.ItemID()) {
			out[i.ItemID()] = was
		}
	}
	return out
}

// crash forgets all but the wall and the text, as when the server is killed.
func (b *bench) crash() {
	b.t.Helper()
	b.dirty = []string{}
	state, step := landing.Open(b.wall, wallFiles(b.wall), nil, landing.WithIDs(b.next), landing.Since(b.was()))
	b.take(state, step)
	b.settle()
}

func wallFiles(wall *session.Wall) []storm.File {
	var out []storm.File
	for _, f := range wall.Files {
		out = append(out, storm.File{Path: f.Path, Text: []byte(f.Text)})
	}
	return out
}

// board returns a board with the wall.
func (b *bench) board() *session.Board {
	var board session.Board
	board.Apply(session.BoardOpened{Name: "Test"})
	var all session.BroughtInStep
	for _, item := range b.wall.Items() {
		change := session.Change{ID: item.ItemID()}
		if item.ItemType() == session.BoardItem {
			change.Set = properties("name", b.wall.Board.Name)
			all.Changes = append(all.Changes, change)
			continue
		}
		if err := json.Unmarshal(encode(item), &change.Set); err != nil {
			b.t.Fatal(err)
		}
		all.Changes = append(all.Changes, change)
	}
	board.Apply(all)
	return &board
}

// settle lets the text follow the wall.
func (b *bench) settle() {
	b.t.Helper()
	for range 2 {
		state, step := b.state.FollowWall(b.wall, b.dirty)
		b.take(state, step)
		b.dirty = []string{}
		if !state.Waiting() || state.Broken() != nil {
			return
		}
	}
}

// follow changes the text of a file by hand.
func (b *bench) follow(path, text string) {
	b.t.Helper()
	state, step := b.state.FollowText(b.wall, storm.File{Path: path, Text: []byte(text)})
	b.take(state, step)
	b.settle()
}

func (b *bench) paths() []string {
	var out []string
	for _, f := range b.wall.Files {
		out = append(out, f.Path)
	}
	slices.Sort(out)
	return out
}

func (b *bench) texts() map[string]string {
	out := map[string]string{}
	for _, f := range b.wall.Files {
		out[f.Path] = f.Text
	}
	return out
}

// id returns the id of a note: as it is, or of the first that stands for an element.
func (b *bench) id(ref string) string {
	if b.wall.Item(ref) == nil {
		if notes := b.state.Notes(ref); len(notes) > 0 {
			return notes[0]
		}
	}
	return ref
}

func (b *bench) set(id string, pairs ...any) {
	b.wall.Apply([]session.Change{{ID: id, Set: properties(pairs...)}})
	b.dirty = append(b.dirty, id)
}

// play makes the gestures of a script; a line "then" lets the text follow.
func (b *bench) play(script string) {
	for line := range strings.Lines(script) {
		words := golden.Words(strings.TrimSpace(line))
		if words[0] == "then" {
			b.settle()
			continue
		}
		b.gesture(words)
	}
	b.settle()
}

func (b *bench) gesture(words []string) {
	arg := func(i int) string {
		if i < len(words) {
			return ast.Unquote(words[i])
		}
		return ""
	}
	ref := func(i int) string { return b.id(words[i]) }
	switch words[0] {
	case "add": // add ID KIND "text" X,Y [in FRAME]
		x, y := point(arg(4))
		w, h := landing.Size(session.Kind(arg(2)))
		frame := ""
		if len(words) > 6 {
			frame = ref(6)
		}
		b.set(arg(1), "type", "note", "kind", arg(2), "text", arg(3), "x", x, "y", y, "w", w, "h", h, "module", frame)
	case "board":
		b.set("board", "name", arg(1))
	case "text":
		b.set(ref(1), "text", arg(2))
	case "move":
		x, y := point(arg(2))
		frame := b.wall.Notes[ref(1)].Module
		if len(words) > 4 {
			frame = ref(4)
		} else if len(words) > 3 { // out
			frame = ""
		}
		b.set(ref(1), "x", x, "y", y, "module", frame)
	case "kind":
		b.set(ref(1), "kind", arg(2))
	case "private":
		b.set(ref(1), "private", arg(2) != "not")
	case "pivotal":
		b.set(ref(1), "pivotal", arg(2) != "not")
	case "doc", "answer", "team":
		b.set(ref(1), words[0], arg(2))
	case "on":
		on := []string{}
		for i := 2; i < len(words); i++ {
			on = append(on, ref(i))
		}
		b.set(ref(1), "on", on)
	case "link":
		verb := session.VerbOf(b.wall.Notes[ref(2)].Kind, b.wall.Notes[ref(3)].Kind)
		b.loose = b.loose || verb == ""
		b.set(arg(1), "type", "link", "from", ref(2), "to", ref(3), "verb", verb)
	case "unlink":
		from, to := ref(1), ref(2)
		for id, l := range b.wall.Links {
			if l.From == from && l.To == to {
				b.remove(id)
			}
		}
	case "remove":
		b.remove(ref(1))
	case "merge": // merge INTO FROM
		into, from := ref(1), ref(2)
		b.set(into, "was", []string{b.wall.Notes[from].Text})
		b.remove(from)
	default:
		b.t.Fatalf("no such gesture: %v", words)
	}
}

func (b *bench) remove(id string) {
	for _, l := range slices.Clone(b.wall.LinksOf(id)) {
		b.remove(l)
	}
	for _, n := range b.wall.Notes {
		if n.Module == id {
			b.set(n.ID, "module", "")
		}
		if slices.Contains(n.On, id) {
			b.set(n.ID, "on", slices.DeleteFunc(slices.Clone(n.On), func(on string) bool { return on == id }))
		}
	}
	b.wall.Apply([]session.Change{{ID: id, Gone: true}})
	b.dirty = append(b.dirty, id)
}

// notes shows the wall: notes with what they stand for, and links.
func (b *bench) notes() string {
	var lines []string
	if name := b.wall.Board.Name; name != b.state.Model().Name && b.state.Model().Name != "" {
		lines = append(lines, "board "+strconv.Quote(name))
	}
	for _, n := range b.wall.Notes {
		line := fmt.Sprintf("%s %s", n.Kind, strconv.Quote(n.Text))
		for _, p := range []struct{ name, value string }{
			{"is", n.Element}, {"in", b.name(n.Module)}, {"doc", n.Doc}, {"answer", n.Answer}, {"team", n.Team},
		} {
			if p.value != "" {
				line += fmt.Sprintf(" %s %s", p.name, p.value)
			}
		}
		for _, on := range n.On {
			line += " on " + b.name(on)
		}
		if n.Pivotal {
			line += " pivotal"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	var links []string
	for _, l := range b.wall.Links {
		links = append(links, fmt.Sprintf("%s -> %s", b.name(l.From), b.name(l.To)))
	}
	slices.Sort(links)
	return strings.Join(append(lines, links...), "\n") + "\n"
}

func (b *bench) name(id string) string {
	if n := b.wall.Notes[id]; n != nil {
		return strconv.Quote(n.Text)
	}
	return id
}

// problems shows what the text could not take.
func (b *bench) problems() string {
	var out strings.Builder
	for _, p := range b.state.Problems(b.wall) {
		if strings.HasPrefix(p.Code, "W") {
			fmt.Fprintf(&out, "%s %s\n", p.Code, p.Message)
		}
	}
	return out.String()
}

func point(text string) (x, y int) {
	a, b, _ := strings.Cut(text, ",")
	x, _ = strconv.Atoi(a)
	y, _ = strconv.Atoi(b)
	return x, y
}

// properties makes properties of names and values in turn.
func properties(pairs ...any) session.Properties {
	var out session.Properties
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, session.Property{Name: pairs[i].(string), Value: encode(pairs[i+1])})
	}
	return out
}

func encode(value any) json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return raw
}
