package main

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// progress tells how far a long work has come: as a bar that moves on a
// terminal, elsewhere as a line now and then.
type progress struct {
	out   io.Writer
	bar   bool
	what  string
	shown time.Time
	lines int // tenths that were told
	begun bool
}

// barPause is how long a bar stands still at least.
const barPause = 80 * time.Millisecond

// at shows that done of total are done.
func (p *progress) at(done, total uint64) {
	part := 1.0
	if total > 0 {
		part = float64(done) / float64(total)
	}
	complete := done >= total
	if p.bar {
		if now := time.Now(); complete || now.Sub(p.shown) >= barPause {
			p.shown, p.begun = now, !complete
			p.draw(part, done, total)
		}
		return
	}
	if tenth := int(part * 10); tenth > p.lines || complete && p.lines < 10 {
		p.lines = tenth
		fmt.Fprintf(p.out, "%s: %3.0f%% (%s of %s)\n", p.what, part*100, comma(done), comma(total))
	}
}

// draw moves the bar, and leaves the line when it is full.
func (p *progress) draw(part float64, done, total uint64) {
	const width = 30
	full := int(part * width)
	end := ""
	if done >= total {
		end = "\n"
	}
	fmt.Fprintf(p.out, "\r%s %s%s %3.0f%%  %s of %s\x1b[K%s", p.what, strings.Repeat("█", full),
		strings.Repeat("░", width-full), part*100, comma(done), comma(total), end)
}

// stop leaves the line of a bar that did not get to its end.
func (p *progress) stop() {
	if p.begun {
		fmt.Fprintln(p.out)
		p.begun = false
	}
}

func comma[N int | uint64](n N) string { return humanize.Comma(int64(n)) }
