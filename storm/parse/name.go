package parse

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/spell"
)

// name reads a name on the current line.
func (p *parser) name(what string) (ast.Name, bool) {
	if p.tok.line {
		return ast.Name{}, p.expected(what)
	}
	return p.anyName(what)
}

// anyName reads a name on this line or the next.
func (p *parser) anyName(what string) (ast.Name, bool) {
	switch p.tok.kind {
	case text:
		return p.notEmpty(what)
	case ident:
		if ast.IsReserved(p.tok.text) {
			return ast.Name{}, p.reserved(what)
		}
		name := ast.Name{Text: p.tok.text, Span: p.tok.Span}
		p.advance()
		return name, true
	case number:
		return p.numberName()
	}
	return ast.Name{}, p.expected(what)
}

// numberName reads what begins with a digit but is meant as a name.
func (p *parser) numberName() (ast.Name, bool) {
	name := ast.Name{Text: p.tok.text, Quoted: true, Span: p.tok.Span}
	p.advance()
	d := p.errorAt("E007", name.Span, "a name that begins with a digit stands in quotes")
	d.Fixes = []diag.Fix{p.fix("put it in quotes", name.Span, ast.QuoteText(name.Text))}
	return name, true
}

func (p *parser) reserved(what string) bool {
	word := p.tok.text
	d := p.errorAt("E007", p.tok.Span, fmt.Sprintf("expected %s, found the word %s of the language", what, word))
	d.Help = "a name that is also a word of the language stands in quotes"
	d.Fixes = []diag.Fix{p.fix("put it in quotes", p.tok.Span, ast.QuoteText(word))}
	return false
}

// title reads a name that is shown but not referred to: a word or a text.
func (p *parser) title() (ast.Name, bool) {
	if p.tok.kind == ident && !p.tok.line {
		name := ast.Name{Text: p.tok.text, Span: p.tok.Span}
		p.advance()
		return name, true
	}
	return p.name("a name in quotes")
}

// quoted reads a text in quotes on the current line.
func (p *parser) quoted(what string) (ast.Name, bool) {
	if p.tok.kind == text && !p.tok.line {
		return p.notEmpty(what)
	}
	if p.tok.kind != ident || p.tok.line {
		return ast.Name{}, p.expected(what + ", in quotes")
	}
	// Words without quotes up to the end of the line are one mistake.
	start := p.tok.Start
	for !p.atEnd() {
		p.advance()
	}
	span := p.spanFrom(start)
	written := p.lex.src[span.Start.Offset:span.End.Offset]
	d := p.errorAt("E006", span, "expected "+what+", in quotes")
	d.Fixes = []diag.Fix{p.fix("put it in quotes", span, ast.QuoteText(written))}
	return ast.Name{Text: written, Quoted: true, Span: span}, false
}

func (p *parser) notEmpty(what string) (ast.Name, bool) {
	name := ast.Name{Text: p.tok.text, Quoted: true, Span: p.tok.Span}
	p.advance()
	if strings.TrimSpace(name.Text) == "" {
		p.errorAt("E007", name.Span, "expected "+what+", found an empty text")
		return name, false
	}
	return name, true
}

// fieldName reads an identifier, which may be a word of the language.
func (p *parser) fieldName(what string) (ast.Name, bool) {
	if p.tok.kind != ident {
		return ast.Name{}, p.expected(what)
	}
	name := ast.Name{Text: p.tok.text, Span: p.tok.Span}
	p.advance()
	return name, true
}

// expected reports what was expected and what was found. It returns false.
func (p *parser) expected(what string) bool {
	if p.tok.kind == unknown {
		return false // reported by the lexer
	}
	at := p.tok.Span
	found := p.describe()
	if p.tok.line || p.tok.kind == eof {
		// What is missing is missing at the end of what was written.
		if at, found = (ast.Span{Start: p.prev, End: p.prev}), "the end of the line"; !p.prev.IsValid() {
			at = p.tok.Span
		}
	}
	p.errorAt("E006", at, fmt.Sprintf("expected %s, found %s", what, found))
	return false
}

func (p *parser) describe() string {
	switch p.tok.kind {
	case eof:
		return "the end of the file"
	case ident, number:
		return p.tok.text
	case text:
		return ast.QuoteText(p.tok.text)
	}
	return p.lex.src[p.tok.Start.Offset:p.tok.End.Offset]
}

// starters are the words that begin statements.
var starters = []string{
	"actor", "aggregate", "command", "enum", "event", "every", "flow", "hotspot",
	"lane", "level", "module", "note", "opportunity", "pivotal", "policy",
	"projection", "publishes", "rule", "scenario", "section", "state", "storm",
	"system", "team", "term", "value",
}

// synonyms are words that people write for those of the language.
var synonyms = map[string]string{
	"context": "module", "boundedcontext": "module", "bounded_context": "module",
	"entity": "aggregate", "saga": "policy", "process": "policy", "rules": "rule",
	"readmodel": "projection", "read_model": "projection", "view": "projection",
	"person": "actor", "user": "actor", "role": "actor", "external": "system",
	"question": "hotspot", "problem": "hotspot", "risk": "hotspot",
	"constraint": "rule", "invariant": "rule", "type": "value", "record": "value",
	"struct": "value", "domainevent": "event", "test": "scenario",
	"example": "scenario", "timer": "every", "swimlane": "lane", "glossary": "term",
	"comment": "note", "idea": "opportunity", "publish": "publishes",
}

// misspelt reports a line that begins with two names in a row, of which the
// first was meant as a word of the language.
func (p *parser) misspelt(in scope) bool {
	if p.peek.line || (p.peek.kind != ident && p.peek.kind != text && p.peek.kind != leftBrace) {
		return false
	}
	word := p.tok.text
	meant, ok := synonyms[strings.ToLower(word)]
	if !ok {
		meant = spell.Nearest(word, starters)
	}
	if p.peek.kind == leftBrace {
		if meant != "state" || in != inHandler {
			return false
		}
	}
	d := p.errorAt("E005", p.tok.Span, "no statement begins with "+word)
	if meant == "" {
		d.Help = "a name of several words stands in quotes; a line of flow has arrows: Actor -> Command -> Event"
		return true
	}
	d.Message += fmt.Sprintf("; did you mean %s?", meant)
	d.Fixes = []diag.Fix{p.fix("write "+meant, p.tok.Span, meant)}
	return true
}
