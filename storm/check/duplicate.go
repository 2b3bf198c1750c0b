package check

import (
	"cmp"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/spell"
)

// Twin is a pair of elements of one kind and one module with almost the same
// name.
type Twin struct {
	First, Second *model.Element // in the order of the storm
	Score         float64        // 1 when only case, spaces or signs differ
	Why           string         // what differs
}

// What the ways in which names differ leave of the score.
const (
	orderScore    = 0.97
	formScore     = 0.93
	synonymScore  = 0.85
	shortestWord  = 5 // letters of a word in which one may be a slip
	fewestLetters = 7 // letters of a name in which one may be a slip
)

// Duplicates returns the pairs of near-duplicate names with at least the score,
// each element with the first that it resembles, in the order of the storm. Its
// time grows with the number of names, not with that of pairs.
func Duplicates(s *model.Storm, least float64) []Twin {
	var out []Twin
	for m := range s.All() {
		for _, kind := range []ast.Kind{ast.Actor, ast.Command, ast.Aggregate, ast.System, ast.Event, ast.Policy, ast.Projection, ast.Value, ast.Enum, ast.Term} {
			elements := m.Of(kind)
			if len(elements) > 1 {
				out = append(out, twinsAmong(elements, least)...)
			}
		}
	}
	return out
}

// reading is a name as it is compared.
type reading struct {
	element *model.Element
	letters string   // without case, spaces and signs
	words   []string // without case
	stems   []string // sorted, without filler words
	key     string   // the stems in a row
}

func read(e *model.Element) *reading {
	r := &reading{element: e}
	for _, w := range model.Words(e.Name) {
		w = strings.ToLower(w)
		r.words = append(r.words, w)
		if !filler[w] {
			r.stems = append(r.stems, stem(w))
		}
	}
	r.letters = strings.Join(r.words, "")
	slices.Sort(r.stems)
	r.key = strings.Join(r.stems, " ")
	return r
}

var filler = set("a an the of to for in on at by with from was is are be been being has have had will")

// twinsAmong finds the twins among elements of one kind. Names that differ in
// form share a key; names that differ in spelling share all words but one, and
// that one is near a word in use.
func twinsAmong(elements []*model.Element, least float64) []Twin {
	readings := make([]*reading, len(elements))
	first := map[string]*reading{}
	found := map[*reading]*reading{}
	for i, e := range elements {
		r := read(e)
		readings[i] = r
		for _, key := range []string{"=" + r.letters, r.key, "~" + meaning(r.stems)} {
			if key == "" || key == "~" {
				continue
			}
			if other := first[key]; other == nil {
				first[key] = r
			} else if found[r] == nil && other != r {
				found[r] = other
			}
		}
	}
	near := newNeighbours(readings)
	var out []Twin
	for _, r := range readings {
		other := found[r]
		if other == nil {
			other = near.slip(r, first)
		}
		if other == nil {
			continue
		}
		if t := compare(other, r); t.Score >= least {
			out = append(out, t)
		}
	}
	return out
}

// compare scores two readings.
func compare(a, b *reading) Twin {
	if later(a.element, b.element) {
		a, b = b, a
	}
	t := Twin{First: a.element, Second: b.element, Score: 1, Why: "the same letters"}
	if a.letters == b.letters {
		return t
	}
	var why []string
	if slices.Equal(a.stems, b.stems) {
		if sorted(a.words) == sorted(b.words) {
			t.Score, why = orderScore, append(why, "the order of words")
		} else {
			t.Score, why = formScore, append(why, "the form of words")
		}
	} else if meaning(a.stems) == meaning(b.stems) {
		t.Score, why = synonymScore, append(why, "words that mean the same")
	} else {
		letters := max(len([]rune(a.letters)), len([]rune(b.letters)))
		slips := spell.Distance(strings.Join(a.stems, ""), strings.Join(b.stems, ""))
		t.Score, why = 1-float64(slips)/float64(letters), append(why, "the spelling")
	}
	t.Why = strings.Join(why, ", ")
	return t
}

func later(a, b *model.Element) bool {
	x, y := a.At(), b.At()
	return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Start.Offset, y.Start.Offset)) > 0
}

func sorted(words []string) string {
	words = slices.Clone(words)
	slices.Sort(words)
	return strings.Join(words, " ")
}

// synonyms are words that sessions use for one another. The first of a group
// stands for all.
var synonyms = groups(`
customer client purchaser buyer shopper
vendor supplier seller
employee worker staff
purchase buy
item article
invoice bill
delivery shipment
deliver ship
remove delete erase
create make
cancel abort revoke annul
start begin
finish complete end conclude
send dispatch
receive get obtain
approve accept confirm
reject decline refuse deny
notify inform alert
email mail
picture image photo
price cost
user member
verify validate check
modify change update edit
`)

func groups(text string) map[string]string {
	out := map[string]string{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		for _, w := range words {
			out[stem(w)] = stem(words[0])
		}
	}
	return out
}

// meaning returns stems with the first of its group for each word.
func meaning(stems []string) string {
	changed := false
	out := stems
	for i, s := range stems {
		if m := synonyms[s]; m != "" && m != s {
			if !changed {
				out = slices.Clone(stems)
				changed = true
			}
			out[i] = m
		}
	}
	if changed {
		slices.Sort(out)
	}
	return strings.Join(out, " ")
}

// Likeness is a pair of names that are almost the same.
type Likeness struct {
	First, Second int     // their places in the list
	Score         float64 // 1 when only case, spaces or signs differ
	Why           string  // what differs
}

// Alike returns the pairs of near-duplicates with at least the score among names of
// things of one kind, each with the first that it resembles. Names that are the same are
// alike, too. Its time grows with the number of names, not with that of pairs.
func Alike(names []string, least float64) []Likeness {
	elements := make([]*model.Element, len(names))
	index := make(map[*model.Element]int, len(names))
	for i, name := range names {
		e := &model.Element{Name: name}
		e.Place.Start.Offset = int32(i) // their order is that of the list
		elements[i] = e
		index[e] = i
	}
	var out []Likeness
	for _, t := range twinsAmong(elements, least) {
		out = append(out, Likeness{index[t.First], index[t.Second], t.Score, t.Why})
	}
	return out
}
