package cli

import (
	"bytes"
	"testing"

	"github.com/landfall-go/landfall/storm"
)

// TestColours paints on a terminal: the place, the severity and the caret.
func TestColours(t *testing.T) {
	src := storm.Parse(storm.File{Path: "a.storm", Text: []byte("hotspot \"?\" on X\n")})
	var b bytes.Buffer
	p := (&command{}).printer(&b, src)
	if p.colour {
		t.Error("colours where there is no terminal")
	}
	p.colour = true
	p.diagnostic(src.Diagnostics[0])
	want := "\x1b[1ma.storm:1:16:\x1b[0m \x1b[1;31merror E102:\x1b[0m there is no element X\n" +
		"    hotspot \"?\" on X\n" +
		"                   \x1b[1;31m^\x1b[0m\n" +
		"  help: mention it in a line of flow, or declare it\n"
	if got := b.String(); got != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
}

// TestHarmless: a file of somebody else does not paint on the terminal.
func TestHarmless(t *testing.T) {
	src := storm.Parse(storm.File{Path: "a.storm", Text: []byte("hotspot \"?\" on X // \x1b[2J\a\u202eevil\r\n")})
	var b bytes.Buffer
	p := (&command{}).printer(&b, src)
	for _, d := range src.Diagnostics {
		p.diagnostic(d)
	}
	if b.Len() == 0 || bytes.ContainsAny(b.Bytes(), "\x1b\a\r\u202e") {
		t.Errorf("it prints %q", b.String())
	}
}

func TestColumns(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "\t": 4, "日本": 4, "e\u0301": 1, "💥": 2, "한": 2} {
		if got := columns([]rune(text)); got != want {
			t.Errorf("%q takes %d columns, want %d", text, got, want)
		}
	}
}
