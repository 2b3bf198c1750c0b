package importer

import (
	"html"
	"regexp"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// miroTypes are the types of the items of a Miro board. True are those that
// tell a Miro board from other JSON.
var miroTypes = map[string]bool{
	"sticky_note": true, "sticker": true, "app_card": true, "connector": true, "doc_format": true,
	"mindmap_node": true, "card": false, "shape": false, "text": false, "frame": false, "image": false,
	"embed": false, "document": false, "line": false, "preview": false, "emoji": false, "stencil": false,
	"tag": false, "group": false,
}

// readMiro reads what Miro's REST interface returns: one answer of it, a list
// of answers or of items, or an object with lists of items and of connectors.
func readMiro(doc any) *board {
	g := &gathering{}
	g.gather(doc, 0)
	if !g.sure && !answer(doc) {
		return nil
	}
	b := newBoard(Miro)
	o := asObject(doc)
	b.name = o.text("name", "boardName", "title")
	if b.name == "" {
		b.name = o.object("board").text("name")
	}
	m := &miro{board: b, frames: map[string]object{}, notes: map[string]*note{}}
	m.read(g.items)
	return b
}

// answer reports whether a document is an answer of Miro's without any items.
func answer(doc any) bool {
	o := asObject(doc)
	_, sized := o.number("size", "total")
	list, isList := o["data"].([]any)
	return isList && len(list) == 0 && sized
}

// gathering collects the items in a document.
type gathering struct {
	items []object
	seen  map[string]bool
	sure  bool
}

func (g *gathering) gather(v any, depth int) {
	if depth > 6 {
		return
	}
	switch v := v.(type) {
	case []any:
		for _, item := range v {
			g.gather(item, depth+1)
		}
	case map[string]any:
		g.item(object(v), depth)
	}
}

func (g *gathering) item(o object, depth int) {
	kind := o.text("type")
	known, isItem := miroTypes[kind]
	if kind == "" && (o.object("startItem") != nil || o.object("endItem") != nil) {
		known, isItem, kind = true, true, "connector"
	}
	if isItem && (o["id"] != nil || o["data"] != nil || o["position"] != nil) {
		g.sure = g.sure || known
		id := o.text("id")
		if g.seen == nil {
			g.seen = map[string]bool{}
		}
		if id == "" || !g.seen[id] {
			g.seen[id] = true
			g.items = append(g.items, o)
		}
		return
	}
	for _, key := range []string{"data", "items", "widgets", "sticky_notes", "stickyNotes", "frames", "shapes", "texts", "connectors", "board"} {
		if o[key] != nil {
			g.gather(o[key], depth+1)
		}
	}
}

type miro struct {
	*board
	frames map[string]object
	notes  map[string]*note
}

func (m *miro) read(items []object) {
	for _, o := range items {
		if o.text("type") == "frame" {
			m.frames[o.text("id")] = o
		}
	}
	for _, o := range items {
		m.item(o)
	}
	for _, o := range items {
		if kind := o.text("type"); kind == "connector" || kind == "line" || o.object("startItem") != nil {
			m.connector(o)
		}
	}
}

func (m *miro) item(o object) {
	id, text := o.text("id"), content(o)
	switch kind := o.text("type"); kind {
	case "sticky_note", "sticker":
		m.sticky(o, text)
	case "shape":
		m.shape(o, text)
	case "card", "app_card", "mindmap_node", "preview", "stencil":
		if m.free(o, text, ast.NoKind, kind) != nil {
			m.report.unknown(id, "%s: a %s", ast.QuoteText(cleanName(text)), strings.ReplaceAll(kind, "_", " "))
		}
	case "text":
		m.addLabel(&label{id: id, text: text, box: m.box(o)})
	case "frame":
		a := m.box(o)
		m.addTheme(object{"id": id, "name": text, "x": a.x, "y": a.y, "width": a.w, "height": a.h})
	case "connector", "line", "":
	case "tag", "group":
		if text != "" {
			m.free(o, text, ast.Note, kind)
			m.report.unknown(id, "%s: a %s", ast.QuoteText(cleanName(text)), kind)
		}
	default:
		m.report.left(id, "an item of type %s", ast.QuoteText(kind))
	}
}

// colourOf returns the colour of an item's ground.
func colourOf(o object) hue {
	style := o.object("style")
	if opacity, ok := style.number("fillOpacity", "backgroundOpacity"); ok && opacity == 0 {
		return noHue
	}
	return hueOf(style.text("fillColor", "backgroundColor", "color"))
}

func (m *miro) free(o object, text string, kind ast.Kind, what string) *note {
	n := &note{id: o.text("id"), text: text, kind: kind, box: m.box(o)}
	n.placed = placed(o)
	rotation, _ := o.object("geometry").number("rotation")
	if rotation == 0 {
		rotation = o.numberOr(0, "rotation")
	}
	n.turned = rotation != 0
	if m.add(n, "a "+strings.ReplaceAll(what, "_", " ")) == nil {
		return nil
	}
	m.notes[n.id] = n
	return n
}

func (m *miro) sticky(o object, text string) {
	n := m.free(o, text, ast.NoKind, "sticky note")
	if n == nil {
		return
	}
	if n.hue = colourOf(o); n.hue == noHue {
		m.report.unknown(n.id, "%s: no colour that is known (%s)", ast.QuoteText(n.text),
			ast.QuoteText(o.object("style").text("fillColor", "backgroundColor")))
	}
}

// shape reads a shape: a coloured one with a text is a sticky, a tall thin one
// without is a boundary in time.
func (m *miro) shape(o object, text string) {
	b := m.box(o)
	switch hue := colourOf(o); {
	case cleanName(text) != "" && (hue == noHue || hue == grey):
		m.addLabel(&label{id: o.text("id"), text: text, box: b})
	case cleanName(text) != "":
		m.free(o, text, ast.NoKind, "shape").hue = hue
	case b.h >= noteHeight && b.w <= b.h/6:
		m.addVertical(object{"id": o.text("id"), "x": b.x + b.w/2, "y1": b.y, "y2": b.y + b.h})
	case b.w >= 3*noteWidth && b.h <= b.w/12:
		m.lanes = append(m.lanes, &lane{id: o.text("id"), y: b.y + b.h/2})
	default:
		m.report.left(o.text("id"), "a shape without a text")
	}
}

func placed(o object) bool {
	_, inside := o.object("position").number("x")
	_, outside := o.number("x")
	return inside || outside
}

// box returns where an item lies on the canvas. Miro's positions are those of
// the middle of an item; in a frame they count from its corner.
func (m *miro) box(o object) box {
	p, g := o.object("position"), o.object("geometry")
	if p == nil {
		p = o
	}
	if g == nil {
		g = o
	}
	b := box{p.numberOr(0, "x"), p.numberOr(0, "y"), g.numberOr(0, "width"), g.numberOr(0, "height")}
	if b.w == 0 && b.h != 0 {
		b.w = b.h
	} else if b.h == 0 && b.w != 0 && o.text("type") != "text" {
		b.h = b.w
	}
	if o.object("position").text("origin") != "top_left" {
		b.x -= b.w / 2
		b.y -= b.h / 2
	}
	parent := o.object("parent").text("id")
	if parent == "" {
		parent = o.text("parentId")
	}
	frame := m.frames[parent]
	if frame == nil || parent == o.text("id") || p.text("relativeTo") == "canvas_center" {
		return b
	}
	corner := m.box(object{"id": parent, "type": "frame", "position": frame["position"], "geometry": frame["geometry"],
		"x": frame["x"], "y": frame["y"], "width": frame["width"], "height": frame["height"]})
	b.x += corner.x
	b.y += corner.y
	return b
}

func (m *miro) connector(o object) {
	id := o.text("id")
	from := m.notes[endOf(o, "startItem", "startWidget", "start")]
	to := m.notes[endOf(o, "endItem", "endWidget", "end")]
	var captions []string
	for _, c := range o.list("captions") {
		if text := cleanName(plainHTML(c.text("content", "text"))); text != "" {
			captions = append(captions, text)
		}
	}
	text := strings.Join(captions, ", ")
	if from == nil || to == nil || from == to {
		if text == "" {
			m.report.left(id, "a connector that does not lead from a note to another")
			return
		}
		m.add(&note{id: id, text: text, kind: ast.Note}, "a connector")
		m.report.unknown(id, "%s: written on a connector that does not lead from a note to another", ast.QuoteText(text))
		return
	}
	m.links = append(m.links, &link{id: id, from: from, to: to, text: text})
}

// endOf returns the id of the item at an end of a connector.
func endOf(o object, keys ...string) string {
	for _, key := range keys {
		if id := o.object(key).text("id", "item"); id != "" {
			return id
		}
		if id := o.text(key); id != "" {
			return id
		}
	}
	return o.text(keys[0] + "Id")
}

// content returns the text of an item.
func content(o object) string {
	data := o.object("data")
	for _, in := range []object{data, o, o.object("nodeView").object("data"), data.object("nodeView").object("data")} {
		if text := in.text("content", "plainText", "text", "title"); text != "" {
			return plainHTML(text)
		}
	}
	return ""
}

var (
	breaks = regexp.MustCompile(`(?i)<br\s*/?>|</(p|div|li|h[1-6])>`)
	tags   = regexp.MustCompile(`<[a-zA-Z/!][^<>]*>`)
)

// plainHTML returns the text of the few tags that Miro puts around it.
func plainHTML(text string) string {
	if !strings.ContainsAny(text, "<&") {
		return text
	}
	text = breaks.ReplaceAllString(text, "\n")
	text = tags.ReplaceAllString(text, "")
	return clean(html.UnescapeString(text))
}
