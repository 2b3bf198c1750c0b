package importer

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// Sizes of stickies where the format has none: an ordinary one, a wide one, and
// one of half the height.
const (
	noteWidth  = 120
	noteHeight = 100
)

func sizeOf(k ast.Kind) (w, h float64) {
	switch k {
	case ast.System, ast.Policy, ast.Aggregate:
		return 2 * noteWidth, noteHeight
	case ast.Actor:
		return noteWidth, noteHeight / 2
	}
	return noteWidth, noteHeight
}

// readStickies reads a board of free stickies: an object with a list of
// stickies, and lists of verticals, lanes, labels and themes.
func readStickies(doc any) *board {
	o := asObject(doc)
	if inner := o.object("board"); inner.isList("stickies") {
		o = inner
	}
	if !o.isList("stickies") {
		return nil
	}
	b := newBoard(Stickies)
	b.name = o.text("name", "title")
	b.level = levelOf(o.text("sessionMode", "mode", "level"))
	for _, t := range append(o.list("themes"), o.list("frames")...) {
		b.addTheme(t)
	}
	for _, s := range o.list("stickies") {
		b.addSticky(s)
	}
	for _, v := range o.list("verticals") {
		b.addVertical(v)
	}
	for _, l := range o.list("lanes") {
		y, _ := l.number("y", "y1")
		b.lanes = append(b.lanes, &lane{id: l.text("id"), y: y, label: cleanName(l.text("label", "name", "text"))})
	}
	for _, l := range o.list("labels") {
		x, y := l.numberOr(0, "x"), l.numberOr(0, "y")
		b.addLabel(&label{id: l.text("id"), text: l.text("text", "label", "name"), box: box{x: x, y: y}})
	}
	return b
}

func (b *board) addTheme(t object) {
	a := &area{id: t.text("id"), name: cleanName(t.text("name", "label", "text", "title"))}
	a.box = box{t.numberOr(0, "x"), t.numberOr(0, "y"), t.numberOr(0, "width", "w"), t.numberOr(0, "height", "h")}
	if a.name == "" {
		b.report.left(a.id, "an area without a name")
		return
	}
	b.areas = append(b.areas, a)
}

func (b *board) addSticky(s object) {
	word := s.text("kind", "type")
	n := &note{id: s.text("id"), text: s.text("text", "label", "name", "content"), kind: kindOf(word)}
	n.laneID = s.text("laneId", "lane")
	n.pivotal = s.truth("isPivotal") || s.truth("pivotal")
	w, h := sizeOf(n.kind)
	x, okX := s.number("x")
	y, okY := s.number("y")
	n.box = box{x, y, s.numberOr(w, "width", "w"), s.numberOr(h, "height", "h")}
	n.placed = okX && okY
	if n.kind == ast.NoKind {
		n.hue = hueOf(s.text("color", "colour", "fillColor", "backgroundColor"))
	}
	if b.add(n, "a sticky") == nil {
		return
	}
	if !n.placed {
		b.report.decide(n.id, "%s has no position: it comes last", ast.QuoteText(n.text))
	}
	if n.kind == ast.NoKind && n.hue == noHue {
		b.report.unknown(n.id, "%s: kind %s", ast.QuoteText(n.text), ast.QuoteText(word))
	}
}

func (b *board) addVertical(v object) {
	x, ok := v.number("x", "x1")
	if !ok {
		b.report.left(v.text("id"), "a vertical line without a position")
		return
	}
	l := &line{id: v.text("id"), x: x, label: cleanName(v.text("label", "text", "name")), event: v.text("pivotalEventId")}
	l.y1, l.y2 = v.numberOr(0, "y1"), v.numberOr(0, "y2")
	if l.y1 > l.y2 {
		l.y1, l.y2 = l.y2, l.y1
	}
	b.lines = append(b.lines, l)
}

// readSnapshot reads the snapshot of a canvas with the shapes of such a board:
// what the tool itself exports. Its records are those of tldraw's store.
func readSnapshot(doc any) *board {
	o := asObject(doc)
	store := o
	for _, key := range []string{"document", "snapshot"} {
		if inner := o.object(key); inner != nil {
			store = inner
			break
		}
	}
	records := store.list("store")
	if records == nil {
		records = store.list("records")
	}
	if records == nil || !hasShapes(records) {
		return nil
	}
	b := newBoard(Snapshot)
	at := map[string]object{}
	for _, r := range records {
		at[r.text("id")] = r
	}
	for _, r := range records {
		switch {
		case r.text("typeName") == "document":
			b.name = r.text("name")
		case r.text("typeName") == "shape":
			b.addShape(r, at)
		}
	}
	return b
}

func hasShapes(records []object) bool {
	for _, r := range records {
		if r.text("typeName") == "shape" {
			return true
		}
	}
	return false
}

func (b *board) addShape(r object, at map[string]object) {
	x, y := absolute(r, at)
	props := r.object("props")
	flat := object{"id": r.text("id"), "x": x, "y": y}
	for k, v := range props {
		flat[k] = v
	}
	if rich := props.object("richText"); rich != nil {
		flat["text"] = plainText(rich)
	}
	h := props.numberOr(0, "h", "height")
	switch kind := r.text("type"); {
	case kind == "vertical-line":
		flat["y1"], flat["y2"] = y, y+h
		b.addVertical(flat)
	case kind == "horizontal-lane":
		b.lanes = append(b.lanes, &lane{id: flat.text("id"), y: y, label: cleanName(flat.text("label", "text", "name"))})
	case kind == "label" || kind == "text":
		b.addLabel(&label{id: flat.text("id"), text: flat.text("text"), box: box{x: x, y: y}})
	case kind == "theme-area" || kind == "frame":
		b.addTheme(flat)
	case kindOf(kind) != ast.NoKind && strings.HasSuffix(kind, "sticky"), kind == "note", kind == "geo":
		if kind == "note" || kind == "geo" {
			kind = ""
		}
		flat["kind"] = kind
		b.addSticky(flat)
	default:
		b.report.left(r.text("id"), "a shape of type %s", ast.QuoteText(r.text("type")))
	}
}

// absolute returns where a shape lies on the page; its own position counts from
// the shape that it lies in.
func absolute(r object, at map[string]object) (x, y float64) {
	for depth := 0; r != nil && depth < 64; depth++ {
		x += r.numberOr(0, "x")
		y += r.numberOr(0, "y")
		r = at[r.text("parentId")]
	}
	return x, y
}

// plainText returns the text of a document of paragraphs.
func plainText(o object) string {
	if o.text("type") == "text" {
		return o.text("text")
	}
	var b strings.Builder
	for _, c := range o.list("content") {
		b.WriteString(plainText(c))
		if c.text("type") == "paragraph" {
			b.WriteByte('\n')
		}
	}
	return b.String()
}
