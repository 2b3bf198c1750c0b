package importer

import (
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// pairs finds out which of a handler's commands leads to which of its events.
// A board says it where a command leads to an event, where only one command
// leads into a note of the handler, and where there is only one command at all.
// Else the words decide: Book Cargo leads to Cargo Booked. What they leave open
// stays open.
func (f *flow) pairs(h *element) {
	open := f.known(h)
	if len(open) == 0 || len(h.handles) == 0 {
		return
	}
	if len(h.handles) == 1 {
		for _, e := range open {
			h.handles[0].leadsTo = addNew(h.handles[0].leadsTo, e)
		}
		return
	}
	words := make([][]string, len(h.handles))
	for i, c := range h.handles {
		words[i] = lowerWords(c.name)
	}
	for _, e := range open {
		c := bestMatch(words, lowerWords(e.name))
		if c < 0 {
			f.board.report.decide(f.id(e), "%s emits %s, but which command leads to it is not known: it is left open",
				ast.QuoteText(h.name), ast.QuoteText(e.name))
			continue
		}
		h.handles[c].leadsTo = addNew(h.handles[c].leadsTo, e)
		f.board.report.decide(f.id(e), "%s leads to %s, by their words; the board says only that both are at %s",
			ast.QuoteText(h.handles[c].name), ast.QuoteText(e.name), ast.QuoteText(h.name))
	}
}

func (f *flow) id(e *element) string { return e.notes[0].id }

// known pairs what the board itself pairs, and returns the events of a handler
// that are left.
func (f *flow) known(h *element) []*element {
	for _, p := range h.fed {
		p.command.leadsTo = addNew(p.command.leadsTo, p.event)
	}
	var open []*element
	for _, e := range h.emits {
		if !slices.ContainsFunc(h.handles, func(c *element) bool { return slices.Contains(c.leadsTo, e) }) {
			open = append(open, e)
		}
	}
	return open
}

func lowerWords(name string) []string {
	words := model.Words(name)
	for i := range words {
		words[i] = strings.ToLower(words[i])
	}
	return words
}

// bestMatch returns the index of the command that shares the most telling words
// with an event, or -1 when there is none, or more than one. A word that
// several commands have tells less.
func bestMatch(commands [][]string, event []string) int {
	best, second, at := 0.0, 0.0, -1
	for i, c := range commands {
		score := 0.0
		for _, w := range event {
			if !hasStem(c, w) {
				continue
			}
			sharing := 0
			for _, other := range commands {
				if hasStem(other, w) {
					sharing++
				}
			}
			if sharing < len(commands) {
				score += 1 / float64(sharing)
			}
		}
		switch {
		case score > best:
			best, second, at = score, best, i
		case score > second:
			second = score
		}
	}
	if best == 0 || best-second < 0.01 {
		return -1
	}
	return at
}

func hasStem(words []string, w string) bool {
	return slices.ContainsFunc(words, func(o string) bool { return sameStem(o, w) })
}

// sameStem reports whether two words are forms of one: load and loaded, receipt
// and received.
func sameStem(a, b string) bool {
	if a == b {
		return true
	}
	if len(a) < 3 || len(b) < 3 {
		return false
	}
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	short := min(len(a), len(b))
	return n >= 3 && n >= short-1 && max(len(a), len(b))-short <= 4 || n >= 5 && float64(n) >= 0.7*float64(short)
}
