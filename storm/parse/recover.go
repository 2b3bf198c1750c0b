package parse

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
)

// recover skips what is left of a statement that could not be read: the rest of
// its line, and all of any braces that open on it.
func (p *parser) recover(start ast.Pos) {
	depth := 0
	for p.tok.kind != eof {
		switch p.tok.kind {
		case leftBrace, leftBracket:
			depth++
		case rightBrace, rightBracket:
			if depth == 0 && p.tok.kind == rightBrace {
				return
			}
			depth = max(0, depth-1)
		}
		if p.tok.line && depth == 0 && p.tok.Start != start && p.tok.kind != rightBrace {
			return
		}
		if p.tok.line && depth > 0 && p.topLevel() {
			return
		}
		p.advance()
		if depth == 0 && p.tok.line {
			return
		}
	}
}

// topLevel reports whether the current token begins a module or a storm at the
// left margin, where none can stand inside of braces.
func (p *parser) topLevel() bool {
	return p.tok.line && p.tok.kind == ident && p.tok.Start.Column == 1 &&
		(p.tok.text == "module" || p.tok.text == "storm")
}

// escapes reports whether the block ends without its brace: what comes belongs
// to the file.
func (p *parser) escapes() bool { return p.topLevel() }

// close reads the brace that ends what opened at open.
func (p *parser) close(open ast.Span) {
	if p.got(rightBrace) {
		return
	}
	at := ast.Span{Start: p.prev, End: p.prev}
	d := p.errorAt("E013", open, "this brace is never closed")
	d.Related = []diag.Related{{Place: ast.Place{File: p.path, Span: at}, Message: "} is missing here at the latest"}}
	d.Fixes = []diag.Fix{p.fix("close it", at, "\n}")}
}

// surplus reports a closing brace that closes nothing, and steps over it.
func (p *parser) surplus() {
	d := p.errorAt("E013", p.tok.Span, "this brace closes nothing")
	d.Fixes = []diag.Fix{p.fix("leave it out", p.tok.Span, "")}
	p.advance()
}

// surprise reports what stands on the line after a statement.
func (p *parser) surprise() bool {
	if p.tok.kind == unknown {
		p.advance()
		if p.atEnd() {
			return true
		}
		return p.surprise()
	}
	found := p.describe()
	d := p.errorAt("E006", p.tok.Span, fmt.Sprintf("expected the end of the line, found %s", found))
	switch p.tok.kind {
	case arrow:
		d.Help = "links are written as lines of flow, policies and projections: Actor -> Command -> Event"
	case ident, text:
		d.Help = "a name of several words stands in quotes, and names in a list have commas between them"
	}
	return false
}

// places say where each statement may stand: a bit for each scope.
const (
	file     = 1 << inFile
	mod      = 1 << inModule
	handler  = 1 << inHandler
	anywhere = file | mod
)

var places = map[string]int{
	"storm": file, "level": file, "module": file,
	"team": mod, "publishes": mod, "state": handler,
	"section": anywhere, "pivotal": anywhere, "lane": anywhere, "flow": anywhere,
	"scenario": anywhere, "every": anywhere, "actor": anywhere, "command": anywhere,
	"aggregate": anywhere, "system": anywhere, "event": anywhere, "policy": anywhere,
	"projection": anywhere, "value": anywhere, "enum": anywhere, "term": anywhere,
	"hotspot": anywhere | handler, "opportunity": anywhere | handler,
	"rule": anywhere | handler, "note": anywhere | handler,
}

var scopeNames = [...]string{"outside of any module", "in a module", "in an aggregate or a system"}

// allowed reports a statement that cannot stand here.
func (p *parser) allowed(word string, in scope) bool {
	where, starts := places[word]
	if where&(1<<in) != 0 {
		return true
	}
	if !starts {
		d := p.errorAt("E005", p.tok.Span, fmt.Sprintf("no statement begins with %s", word))
		d.Help = "as a name, a word of the language stands in quotes"
		d.Fixes = []diag.Fix{p.fix("put it in quotes", p.tok.Span, ast.QuoteText(word))}
		return false
	}
	d := p.errorAt("E014", p.tok.Span, fmt.Sprintf("%s cannot stand %s", word, scopeNames[in]))
	switch {
	case where&handler != 0:
		d.Help = "it belongs into the braces of an aggregate"
	case where == mod:
		d.Help = "it belongs into the braces of a module"
	case where == file:
		d.Help = "it belongs outside of all braces; modules do not lie in one another"
	default:
		d.Help = "it belongs beside the aggregate, into the module's braces; in here are lines of flow, state, and stickies"
	}
	return false
}
