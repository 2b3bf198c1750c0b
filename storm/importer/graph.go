package importer

import (
	"fmt"
	"sort"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// verbs maps the words for relations, in small letters without anything else,
// to links.
var verbs = map[string]model.Verb{
	"issues": model.Issues, "issuedby": model.Issues,
	"handledby": model.HandedTo, "handles": model.HandedTo, "invokedon": model.HandedTo,
	"emits": model.Emits, "emittedby": model.Emits,
	"produces": model.LeadsTo, "leadsto": model.LeadsTo, "results": model.LeadsTo,
	"triggers": model.Triggers, "triggeredby": model.Triggers,
	"invokes":     model.Invokes,
	"updates":     model.Updates,
	"informs":     model.Informs,
	"supports":    model.Supports,
	"annotates":   annotates,
	"highlights":  annotates,
	"constrains":  annotates,
	"constrained": annotates, "constrainedby": annotates,
}

// annotates is the link of a sticky to what it is on.
const annotates model.Verb = "annotates"

// readGraph reads a typed graph: nodes with types, edges with relations, and
// contexts.
func readGraph(doc any) *board {
	o := asObject(doc)
	if inner := o.object("model"); inner.isList("nodes") {
		o = inner
	}
	if !o.isList("nodes") || !o.isList("edges") && !o.isList("contexts") {
		return nil
	}
	b := newBoard(Graph)
	meta := o.object("meta")
	b.name = meta.text("name", "title")
	if b.name == "" {
		b.name = o.text("name", "title")
	}
	b.level = levelOf(meta.text("level"))
	b.addDoc(meta.text("description"))
	g := &graph{board: b, contexts: map[string]*module{}, nodes: map[string]*note{}}
	g.readContexts(o.list("contexts"))
	g.readRelationships(o.list("contextRelationships"))
	for _, n := range o.list("nodes") {
		g.readNode(n)
	}
	g.positions(o.list("nodes"))
	for _, e := range o.list("edges") {
		g.readEdge(e)
	}
	return b
}

func (b *board) addDoc(text string) {
	if text = clean(text); text != "" {
		b.doc = append(b.doc, strings.Split(text, "\n")...)
	}
}

type graph struct {
	*board
	contexts map[string]*module
	nodes    map[string]*note
}

func (g *graph) readContexts(list []object) {
	sort.SliceStable(list, func(i, j int) bool {
		return list[i].numberOr(0, "order") < list[j].numberOr(0, "order")
	})
	for _, c := range list {
		id := c.text("id")
		name := cleanName(c.text("name", "label"))
		if name == "" {
			name = cleanName(id)
		}
		if name == "" {
			g.report.left("", "a context without a name")
			continue
		}
		m := g.module(id, name)
		if m.id != id {
			g.report.decide(id, "the contexts %s and %s have one name, %s, and are one module", m.id, id, ast.QuoteText(name))
		}
		g.contexts[id] = m
		m.addDoc(c.text("description"))
		if kind := c.text("classification"); kind != "" {
			m.addDoc("Subdomain: " + kind + ".")
		}
		m.addDoc(properties(c.object("properties")))
	}
}

func (m *module) addDoc(text string) {
	if text = clean(text); text != "" {
		m.doc = append(m.doc, strings.Split(text, "\n")...)
	}
}

// readRelationships notes how contexts relate at both of them: upstream and
// downstream.
func (g *graph) readRelationships(list []object) {
	for _, r := range list {
		id := r.text("id")
		up, down := g.contexts[r.text("source")], g.contexts[r.text("target")]
		if up == nil || down == nil {
			g.report.left(id, "a relationship between contexts with an end that is not there: %s to %s",
				ast.QuoteText(r.text("source")), ast.QuoteText(r.text("target")))
			continue
		}
		kind := spaced(r.text("type"))
		up.addDoc(fmt.Sprintf("Upstream of %s: %s.", down.name, kind))
		down.addDoc(fmt.Sprintf("Downstream of %s: %s.", up.name, kind))
	}
}

// spaced returns a word of a program as words: customerSupplier is "customer
// supplier".
func spaced(word string) string {
	if word == "" {
		return "related"
	}
	if len(word) <= 3 {
		return strings.ToUpper(word)
	}
	return strings.ToLower(strings.Join(model.Words(word), " "))
}

func (g *graph) readNode(o object) {
	word := o.text("type", "kind")
	n := &note{id: o.text("id"), text: o.text("label", "name", "text", "title"), kind: kindOf(word)}
	if n.text == "" {
		n.text = o.object("data").text("label", "name", "text")
	}
	if n.text == "" && n.id != "" && n.kind != ast.NoKind {
		n.text = n.id
		g.report.decide(n.id, "%s without a label: its id is its name", n.kind)
	}
	n.order, n.timed = o.number("order")
	g.nodeProperties(n, o.object("properties"))
	if id := o.text("context"); id != "" {
		n.module = g.contexts[id]
		if n.module == nil {
			g.contexts[id] = g.module(id, cleanName(id))
			n.module = g.contexts[id]
			g.report.decide(id, "a context that is used, but not listed: it is a module of that name")
		}
	}
	if g.add(n, "a node") == nil {
		return
	}
	if n.kind == ast.NoKind {
		g.report.unknown(n.id, "%s: type %s", ast.QuoteText(n.text), ast.QuoteText(word))
	}
	if _, twice := g.nodes[n.id]; twice && n.id != "" {
		g.report.decide(n.id, "an id that two nodes have: links go to the first")
		return
	}
	g.nodes[n.id] = n
}

// nodeProperties takes the properties that the language has a place for; the
// others are kept as comments.
func (g *graph) nodeProperties(n *note, p object) {
	rest := object{}
	for k, v := range p {
		rest[k] = v
	}
	take := func(key string) string {
		text := p.text(key)
		delete(rest, key)
		return text
	}
	for _, line := range strings.Split(clean(take("description")), "\n") {
		if line != "" {
			n.doc = append(n.doc, line)
		}
	}
	if n.kind == ast.Event {
		n.pivotal = take("pivotal") == "true"
	}
	if n.kind == ast.Policy {
		n.exclusive = take("dispatch") == "exclusive"
	}
	if n.kind == ast.Hotspot {
		state, answer, when := take("state"), take("resolution"), take("resolvedAt")
		if state == "resolved" {
			n.resolved = clean(answer)
			if n.resolved == "" {
				n.resolved = strings.TrimSpace("resolved " + when)
			}
		} else if answer != "" {
			rest["resolution"] = answer
		}
	}
	if text := properties(rest); text != "" {
		n.doc = append(n.doc, strings.Split(text, "\n")...)
	}
}

// properties writes properties as lines of text, in the order of their names.
func properties(p object) string {
	var lines []string
	for key, v := range p {
		if text := written(v); text != "" {
			lines = append(lines, spacedKey(key)+": "+text)
		}
	}
	sort.Strings(lines)
	return strings.Join(lines, "\n")
}

func spacedKey(key string) string {
	return strings.ToLower(strings.Join(model.Words(cleanName(key)), " "))
}

// written writes a value of JSON as a text for people.
func written(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		var all []string
		for _, item := range v {
			if text := written(item); text != "" {
				all = append(all, text)
			}
		}
		return strings.Join(all, ", ")
	case map[string]any:
		o := object(v)
		if name := o.text("name"); name != "" && len(o) == 2 && o["value"] != nil {
			return cleanName(name) + " = " + written(o["value"])
		}
		return strings.ReplaceAll(properties(o), "\n", ", ")
	}
	return cleanName(object{"v": v}.text("v"))
}

// positions takes the places of nodes, where an older form of the format has
// them in place of an order.
func (g *graph) positions(list []object) {
	for _, n := range g.notes {
		if n.timed {
			return
		}
	}
	for _, o := range list {
		p := o.object("position")
		if x, ok := p.number("x"); ok && g.nodes[o.text("id")] != nil {
			n := g.nodes[o.text("id")]
			n.order, n.timed = x, n.kind == ast.Event
		}
	}
}

func (g *graph) readEdge(o object) {
	id := o.text("id")
	source, target := o.text("source", "from"), o.text("target", "to")
	from, to := g.nodes[source], g.nodes[target]
	if from == nil || to == nil {
		missing := source
		if from != nil {
			missing = target
		}
		g.report.left(id, "a link from %s to %s: there is no node %s",
			ast.QuoteText(source), ast.QuoteText(target), ast.QuoteText(missing))
		return
	}
	word := o.text("relation", "type", "label")
	l := &link{id: id, from: from, to: to, relation: word}
	l.verb = verbs[strings.ToLower(strings.Join(model.Words(word), ""))]
	g.links = append(g.links, l)
}
