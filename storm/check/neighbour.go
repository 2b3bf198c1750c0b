package check

import (
	"slices"
	"strings"
	"unicode"

	"github.com/landfall-go/landfall/storm/spell"
)

// neighbours finds names that differ in one letter of one word. It knows which
// words in use are a slip apart: words that become the same when a letter is
// left out of one or both.
type neighbours struct {
	near map[string][]string
}

func newNeighbours(readings []*reading) *neighbours {
	n := &neighbours{near: map[string][]string{}}
	shapes := map[string][]string{}
	seen := map[string]bool{}
	for _, r := range readings {
		for _, w := range r.stems {
			if seen[w] || !slippery(w) {
				continue
			}
			seen[w] = true
			n.add(w, shapes)
		}
	}
	return n
}

// mostNear bounds the words that are looked at for one shape; only made-up
// names have more.
const mostNear = 16

func (n *neighbours) add(word string, shapes map[string][]string) {
	done := map[string]bool{}
	for _, shape := range shapesOf(word) {
		for _, other := range shapes[shape] {
			if !done[other] && spell.Within([]rune(word), []rune(other), 1) == 1 {
				done[other] = true
				n.near[word] = append(n.near[word], other)
				n.near[other] = append(n.near[other], word)
			}
		}
		if list := shapes[shape]; len(list) < mostNear {
			shapes[shape] = append(list, word)
		}
	}
}

// shapesOf returns a word, and the word without each of its letters.
func shapesOf(word string) []string {
	out := []string{word}
	for i := range word {
		next := i + 1
		for next < len(word) && word[next]&0xC0 == 0x80 {
			next++
		}
		out = append(out, word[:i]+word[next:])
	}
	return out
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
