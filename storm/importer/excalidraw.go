package importer

import (
	"math"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// readExcalidraw reads a drawing of Excalidraw: a file, or what is copied from
// its canvas. Stickies are filled shapes with a text in them.
func readExcalidraw(doc any) *board {
	o := asObject(doc)
	kind := o.text("type")
	if !strings.HasPrefix(kind, "excalidraw") && !looksDrawn(o.list("elements")) {
		return nil
	}
	b := newBoard(Excalidraw)
	b.name = o.object("appState").text("name")
	d := &drawing{board: b, texts: map[string]object{}, notes: map[string]*note{}, used: map[string]bool{}}
	for _, e := range o.list("elements") {
		if !e.truth("isDeleted") {
			d.elements = append(d.elements, e)
		}
	}
	d.read()
	return b
}

func looksDrawn(elements []object) bool {
	for _, e := range elements {
		if _, ok := e.number("x"); ok && (isShape(e) || e.text("type") == "text") {
			return true
		}
	}
	return false
}

type drawing struct {
	*board
	elements []object
	texts    map[string]object // bound to a shape, by the shape's id
	notes    map[string]*note  // by the id of the shape or the text
	used     map[string]bool   // texts that belong to a shape
}

func isShape(e object) bool {
	switch e.text("type") {
	case "rectangle", "diamond", "ellipse":
		return true
	}
	return false
}

func boxOf(e object) box {
	b := box{e.numberOr(0, "x"), e.numberOr(0, "y"), e.numberOr(0, "width"), e.numberOr(0, "height")}
	if b.w < 0 {
		b.x, b.w = b.x+b.w, -b.w
	}
	if b.h < 0 {
		b.y, b.h = b.y+b.h, -b.h
	}
	return b
}

func (d *drawing) read() {
	d.bind()
	for _, e := range d.elements {
		switch {
		case isShape(e):
			d.shape(e)
		case strings.HasSuffix(e.text("type"), "frame"):
			d.addTheme(object{"id": e.text("id"), "name": e.text("name"), "x": boxOf(e).x, "y": boxOf(e).y,
				"width": boxOf(e).w, "height": boxOf(e).h})
		}
	}
	for _, e := range d.elements {
		if e.text("type") == "text" && !d.used[e.text("id")] {
			d.addLabel(&label{id: e.text("id"), text: textOf(e), box: boxOf(e)})
		}
	}
	for _, e := range d.elements {
		switch e.text("type") {
		case "arrow":
			d.arrow(e)
		case "line":
			d.line(e)
		case "text", "rectangle", "diamond", "ellipse", "frame", "magicframe":
		default:
			d.report.left(e.text("id"), "an element of type %s", ast.QuoteText(e.text("type")))
		}
	}
}

// textOf returns the text of an element, in any of the forms in which programs
// write it.
func textOf(e object) string {
	if t := e.text("originalText", "rawText", "text"); t != "" {
		return t
	}
	if t := e.object("text").text("text"); t != "" {
		return t
	}
	return e.object("label").text("text")
}

// bind finds the text of each shape: the one that is bound to it, one of its
// group, or one that lies in it.
func (d *drawing) bind() {
	groups := map[string][]object{}
	for _, e := range d.elements {
		if e.text("type") != "text" {
			continue
		}
		if id := e.text("containerId"); id != "" {
			d.give(id, e)
			continue
		}
		if g := group(e); g != "" {
			groups[g] = append(groups[g], e)
		}
	}
	for _, e := range d.elements {
		id := e.text("id")
		if !isShape(e) || d.texts[id] != nil || textOf(e) != "" {
			continue
		}
		if list := groups[group(e)]; len(list) == 1 && !d.used[list[0].text("id")] {
			d.give(id, list[0])
		}
	}
	d.bindByPlace()
}

func (d *drawing) give(shape string, t object) {
	if d.texts[shape] == nil {
		d.texts[shape] = t
		d.used[t.text("id")] = true
	}
}

// group returns the innermost group of an element.
func group(e object) string {
	list, _ := e["groupIds"].([]any)
	if len(list) == 0 {
		return ""
	}
	id, _ := list[0].(string)
	return id
}

// bindByPlace gives the texts that lie on a sticky without a text to it.
func (d *drawing) bindByPlace() {
	var bare []object
	for _, e := range d.elements {
		if isShape(e) && d.texts[e.text("id")] == nil && textOf(e) == "" && d.fill(e) != noHue {
			bare = append(bare, e)
		}
	}
	if len(bare) == 0 {
		return
	}
	for _, t := range d.elements {
		if t.text("type") != "text" || d.used[t.text("id")] {
			continue
		}
		x, y := boxOf(t).middle()
		var best object
		for _, e := range bare {
			if boxOf(e).holds(x, y) && (best == nil || boxOf(e).w < boxOf(best).w) {
				best = e
			}
		}
		if best != nil {
			d.give(best.text("id"), t)
		}
	}
}

// fill returns the hue of a shape: of its ground, or else of its outline.
func (d *drawing) fill(e object) hue {
	if h := hueOf(e.text("backgroundColor")); h != noHue {
		return h
	}
	if h := hueOf(e.text("strokeColor")); h != grey {
		return h
	}
	return noHue
}

func (d *drawing) shape(e object) {
	id := e.text("id")
	text := textOf(e)
	if t := d.texts[id]; t != nil {
		text = textOf(t)
	}
	if d.encloses(e) {
		a := boxOf(e)
		d.addTheme(object{"id": id, "name": text, "x": a.x, "y": a.y, "width": a.w, "height": a.h})
		return
	}
	n := &note{id: id, text: text, box: boxOf(e), placed: true, hue: d.fill(e)}
	n.turned = math.Abs(math.Sin(e.numberOr(0, "angle"))) > 0.02
	if d.add(n, "a shape") == nil {
		return
	}
	d.notes[id] = n
	if t := d.texts[id]; t != nil {
		d.notes[t.text("id")] = n
	}
	if n.hue == noHue {
		d.report.unknown(id, "%s: a shape without a colour", ast.QuoteText(n.text))
	}
}

// encloses reports whether at least two other shapes lie in a shape.
func (d *drawing) encloses(e object) bool {
	a := boxOf(e)
	if a.w*a.h < 4*noteWidth*noteHeight {
		return false
	}
	inside := 0
	for _, o := range d.elements {
		if !isShape(o) || o.text("id") == e.text("id") {
			continue
		}
		other := boxOf(o)
		if a.holds(other.x, other.y) && a.holds(other.x+other.w, other.y+other.h) {
			if inside++; inside == 2 {
				return true
			}
		}
	}
	return false
}

// ends returns the first and the last point of a line.
func ends(e object) (x1, y1, x2, y2 float64) {
	x1, y1 = e.numberOr(0, "x"), e.numberOr(0, "y")
	x2, y2 = x1+e.numberOr(0, "width"), y1+e.numberOr(0, "height")
	points, _ := e["points"].([]any)
	if len(points) < 2 {
		return x1, y1, x2, y2
	}
	at := func(p any) (x, y float64) {
		pair, _ := p.([]any)
		if len(pair) < 2 {
			return 0, 0
		}
		x, _ = pair[0].(float64)
		y, _ = pair[1].(float64)
		return x, y
	}
	fx, fy := at(points[0])
	lx, ly := at(points[len(points)-1])
	return x1 + fx, y1 + fy, x1 + lx, y1 + ly
}

// arrow makes a link of an arrow from sticky to sticky.
func (d *drawing) arrow(e object) {
	id := e.text("id")
	x1, y1, x2, y2 := ends(e)
	from := d.end(e.object("startBinding"), e.object("start"), x1, y1)
	to := d.end(e.object("endBinding"), e.object("end"), x2, y2)
	text := textOf(e)
	if t := d.texts[id]; t != nil {
		text = textOf(t)
	}
	if from == nil || to == nil || from == to {
		d.loose(e, text)
		return
	}
	if e.text("startArrowhead") != "" && e.text("endArrowhead") == "" && e["endArrowhead"] == nil {
		from, to = to, from
	}
	d.links = append(d.links, &link{id: id, from: from, to: to, text: cleanName(text)})
}

// loose reports an arrow that does not lead from one note to another. What is
// written on it is kept.
func (d *drawing) loose(e object, text string) {
	id := e.text("id")
	if cleanName(text) == "" {
		d.report.left(id, "an arrow that does not lead from a note to another")
		return
	}
	x, y := boxOf(e).middle()
	n := d.add(&note{id: id, text: text, kind: ast.Note, box: box{x: x, y: y}, placed: true}, "an arrow")
	d.report.unknown(id, "%s: written on an arrow that does not lead from a note to another", ast.QuoteText(n.text))
}

// end returns the note at the end of an arrow: the one that it is bound to, or
// the one that it points at.
func (d *drawing) end(binding, start object, x, y float64) *note {
	if n := d.notes[binding.text("elementId")]; n != nil {
		return n
	}
	if n := d.notes[start.text("id")]; n != nil {
		return n
	}
	const reach = 16
	for _, n := range d.board.notes {
		near := box{n.box.x - reach, n.box.y - reach, n.box.w + 2*reach, n.box.h + 2*reach}
		if near.holds(x, y) {
			return n
		}
	}
	return nil
}

// line reads a line as a boundary in time or between lanes, by the way it goes.
func (d *drawing) line(e object) {
	id := e.text("id")
	x1, y1, x2, y2 := ends(e)
	dx, dy := math.Abs(x2-x1), math.Abs(y2-y1)
	label := cleanName(textOf(e))
	switch {
	case dy >= noteHeight && dx <= dy/6:
		d.addVertical(object{"id": id, "x": (x1 + x2) / 2, "y1": y1, "y2": y2, "label": label})
	case dx >= 3*noteWidth && dy <= dx/12:
		d.lanes = append(d.lanes, &lane{id: id, y: (y1 + y2) / 2, label: label})
	default:
		d.report.left(id, "a line that is neither upright nor level")
	}
}
