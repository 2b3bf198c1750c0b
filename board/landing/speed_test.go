package landing_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/landing"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm"
)

// bigStorm returns the text of a storm with about so many notes: half of them orange
// notes, half in flows.
func bigStorm(notes int) string {
	var b strings.Builder
	b.WriteString("storm \"Big\"\n\n")
	for i := range notes / 2 {
		fmt.Fprintf(&b, "\"Thing number %d happened\"\n", i)
	}
	for i := range notes / 10 {
		if i%50 == 0 {
			if i > 0 {
				b.WriteString("}\n")
			}
			fmt.Fprintf(&b, "module M%d {\n  actor Someone%d\n", i/50, i)
		}
		fmt.Fprintf(&b, "  aggregate Thing%d {\n    Open%d -> Opened%d\n  }\n  policy Close%dWhenOpened : Opened%d -> Shut%d\n", i, i, i, i, i, i)
	}
	b.WriteString("}\n")
	return b.String()
}

func big(b *testing.B, notes int) *bench {
	bn := newBench(b)
	bn.loose = true
	bn.open([]storm.File{{Path: "big.storm", Text: []byte(bigStorm(notes))}})
	return bn
}

// BenchmarkOneNote is a note that is renamed, added, moved and linked on a wall of so
// many.
func BenchmarkOneNote(b *testing.B) {
	for _, notes := range []int{500, 2000, 5000} {
		bn := big(b, notes)
		id := bn.id(`event:"Thing number 7 happened"`)
		b.Run(fmt.Sprintf("rename/notes=%d", notes), func(b *testing.B) {
			for i := range b.N {
				bn.set(id, "text", fmt.Sprintf("Thing was renamed %d", i))
				bn.step(b)
			}
		})
		b.Run(fmt.Sprintf("move/notes=%d", notes), func(b *testing.B) {
			for i := range b.N {
				bn.set(id, "x", i%1000, "y", 10_000+i)
				bn.step(b)
			}
		})
		b.Run(fmt.Sprintf("add/notes=%d", notes), func(b *testing.B) {
			for i := range b.N {
				id := fmt.Sprintf("more%d", i)
				bn.set(id, "type", "note", "kind", "event", "text", "More "+id, "x", 5000, "y", 5000, "w", 112, "h", 112)
				bn.step(b)
				bn.remove(id)
				b.StopTimer()
				bn.step(b)
				b.StartTimer()
			}
		})
		b.Run(fmt.Sprintf("link/notes=%d", notes), func(b *testing.B) {
			bn.set("more0000", "type", "note", "kind", "policy", "text", "Whatever", "x", 5000, "y", 5000, "w", 112, "h", 112)
			bn.step(b)
			for range b.N {
				bn.set("link0000", "type", "link", "from", id, "to", "more0000", "verb", "triggers")
				bn.step(b)
				b.StopTimer()
				bn.remove("link0000")
				bn.step(b)
				b.StartTimer()
			}
		})
	}
}

// BenchmarkManyNotes is a list of so many lines that is pasted onto a wall of 2,000
// notes, and taken away again.
func BenchmarkManyNotes(b *testing.B) {
	for _, many := range []int{10, 100, 500} {
		bn := big(b, 2000)
		b.Run(fmt.Sprintf("paste/notes=%d", many), func(b *testing.B) {
			for range b.N {
				for k := range many {
					bn.set(fmt.Sprintf("more%d", k), "type", "note", "kind", "event", "text", fmt.Sprintf("Pasted %d", k), "x", 5000, "y", 5000+k*130, "w", 112, "h", 112)
				}
				bn.step(b)
				b.StopTimer()
				for k := range many {
					bn.remove(fmt.Sprintf("more%d", k))
				}
				bn.step(b)
				b.StartTimer()
			}
		})
	}
}

// BenchmarkBusy is a step after what a hundred people did in a second on a wall of
// 2,000 notes.
func BenchmarkBusy(b *testing.B) {
	bn := big(b, 2000)
	n := 0
	note := func() string {
		n++
		return bn.id(fmt.Sprintf("event:%q", fmt.Sprintf("Thing number %d happened", n*7%900)))
	}
	policy := func(i int) string { return bn.id(fmt.Sprintf("policy:M%d.Close%dWhenOpened", i/50, i)) }
	up := 0
	for i := range b.N {
		b.StopTimer()
		for k := range 300 {
			bn.set(note(), "x", (i*977+k*131)%20_000, "y", (i*13+k*479)%10_000)
		}
		for k := range 100 {
			bn.set(fmt.Sprintf("fresh%d", k), "type", "note", "kind", "event", "text", fmt.Sprintf("Fresh thing %d in round %d", k, i), "x", k*200, "y", 8000+i, "w", 112, "h", 112)
		}
		for k := range 25 {
			link := fmt.Sprintf("link-%d", k)
			if i%2 == 0 {
				bn.set(link, "type", "link", "from", note(), "to", policy(k*3), "verb", "triggers")
			} else {
				bn.remove(link)
			}
			bn.remove(fmt.Sprintf("other%d", up-k))
			bn.set(fmt.Sprintf("other%d", up+25-k), "type", "note", "kind", "event", "text", fmt.Sprintf("Other thing %d", up+25-k), "x", k*200, "y", 9000, "w", 112, "h", 112)
		}
		up += 25
		b.StartTimer()
		bn.step(b)
	}
}

// BenchmarkText is a letter that is typed into the text of a wall of 2,000 notes.
func BenchmarkText(b *testing.B) {
	bn := big(b, 2000)
	text := bn.texts()["big.storm"]
	for i := range b.N {
		next := strings.Replace(text, "Thing number 7 happened", fmt.Sprintf("Thing number 7 happened %d", i), 1)
		state, step := bn.state.FollowText(bn.wall, storm.File{Path: "big.storm", Text: []byte(next)})
		bn.take(state, step)
	}
}

// BenchmarkOpen is a wall that is laid out anew.
func BenchmarkOpen(b *testing.B) {
	for _, notes := range []int{2000, 5000} {
		b.Run(fmt.Sprintf("notes=%d", notes), func(b *testing.B) {
			files := []storm.File{{Path: "big.storm", Text: []byte(bigStorm(notes))}}
			for range b.N {
				landing.Open(session.NewWall(), files, nil)
			}
		})
	}
}

// BenchmarkProblems is a check of a wall of 2,000 notes.
func BenchmarkProblems(b *testing.B) {
	bn := big(b, 2000)
	for range b.N {
		bn.state.Problems(bn.wall)
	}
}

func (b *bench) step(t testing.TB) {
	state, step := b.state.FollowWall(b.wall, b.dirty)
	b.take(state, step)
	b.dirty = []string{}
}
