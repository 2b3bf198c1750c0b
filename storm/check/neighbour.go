package check

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/spell"
)

// neighbours finds names that differ in one letter of one word. It knows which
// words in use are a slip apart: words that become the same when a letter is
// left out of one or both.
type neighbours struct {
	near map[string][]string

	// The words so far, in lists of those that have a shape in common. A shape
	// is the hash of a word with or without one of its letters; words that share
	// one are compared, so that a clash of hashes does no harm.
	words []string
	heads map[uint64]int32 // the last entry of a shape's list, from 1
	lists []entry
}

type entry struct{ word, before int32 }

func newNeighbours(readings []*reading) *neighbours {
	n := &neighbours{near: map[string][]string{}, heads: map[uint64]int32{}, lists: make([]entry, 1)}
	seen := map[string]bool{}
	for _, r := range readings {
		for _, w := range r.stems {
			if !seen[w] && slippery(w) {
				seen[w] = true
				n.add(w)
			}
		}
	}
	return n
}

// mostNear bounds the words that are looked at for one shape; only made-up
// names have more.
const mostNear = 16

func (n *neighbours) add(word string) {
	me := int32(len(n.words))
	n.words = append(n.words, word)
	n.meet(word, me, hash(word, ""))
	for i := 0; i < len(word); {
		_, size := utf8.DecodeRuneInString(word[i:])
		n.meet(word, me, hash(word[:i], word[i+size:]))
		i += size
	}
}

// meet compares a word with those of a shape, and adds it to them.
func (n *neighbours) meet(word string, me int32, shape uint64) {
	head := n.heads[shape]
	steps := 0
	for at := head; at != 0 && steps < mostNear; at = n.lists[at].before {
		steps++
		other := n.words[n.lists[at].word]
		if other == word || slices.Contains(n.near[word], other) || spell.Within([]rune(word), []rune(other), 1) != 1 {
			continue
		}
		n.near[word] = append(n.near[word], other)
		n.near[other] = append(n.near[other], word)
	}
	n.lists = append(n.lists, entry{me, head})
	n.heads[shape] = int32(len(n.lists) - 1)
}

// hash is FNV-1a over two pieces of text.
func hash(a, b string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(a) {
		h = (h ^ uint64(a[i])) * 1099511628211
	}
	for i := range len(b) {
		h = (h ^ uint64(b[i])) * 1099511628211
	}
	return h
}

// slippery reports whether another letter in the word may be a slip: it is long
// enough, and no number that tells things apart.
func slippery(word string) bool {
	return len(word) >= shortestWord-1 && !strings.ContainsFunc(word, unicode.IsDigit)
}

// slip returns an earlier name that differs in one letter.
func (n *neighbours) slip(r *reading, first map[string]*reading) *reading {
	if len(r.letters) < fewestLetters {
		return nil
	}
	for i, w := range r.stems {
		for _, other := range n.near[w] {
			stems := slices.Clone(r.stems)
			stems[i] = other
			slices.Sort(stems)
			match := first[strings.Join(stems, " ")]
			if match != nil && match != r && later(r.element, match.element) {
				return match
			}
		}
	}
	return nil
}
