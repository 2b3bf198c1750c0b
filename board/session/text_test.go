package session_test

import (
	"encoding/json"
	"errors"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/board/session"
)

func TestChangeSet(t *testing.T) {
	tests := []struct{ text, changes, want string }{
		{"", `[]`, ""},
		{"", `[[0,"a"]]`, "a"},
		{"abc", `[3]`, "abc"},
		{"abc", `[1,[1],1]`, "ac"},
		{"abc", `[1,[0,"x","y",""],2]`, "ax\ny\nbc"},
		{"a🙂b", `[1,[2,"é"],1]`, "aéb"},
		{"a\nb", `[1,[1,""],1]`, "ab"},
		{"äö", `[[2,"äö"]]`, "äö"},
	}
	for _, x := range tests {
		got, err := session.ChangeSet(x.changes).Apply(x.text)
		if err != nil || got != x.want {
			t.Errorf("%q with %s is %q, %v; want %q", x.text, x.changes, got, err, x.want)
		}
	}
}

func TestChangeSetThatDoesNotFit(t *testing.T) {
	for _, x := range []struct{ text, changes string }{
		{"abc", ``}, {"abc", `null`}, {"abc", `{}`}, {"abc", `[2]`}, {"abc", `[4]`}, {"abc", `[-1,4]`}, {"abc", `[1.5,1.5]`}, {"abc", `[null,3]`},
		{"abc", `["abc"]`}, {"abc", `[[]]`}, {"abc", `[[3,1]]`}, {"abc", `[[3,null]]`}, {"abc", `[["3"]]`}, {"abc", `[[3,"a\nb"]]`}, {"abc", `[[[3]]]`},
		{"a🙂b", `[2,[0,"x"],2]`}, {"abc", `[99999999999999999999]`}, {"abc", `[2147483648]`}, {"abc", `[3] [3]`}, {"abc", `[true,3]`},
	} {
		if got, err := session.ChangeSet(x.changes).Apply(x.text); !errors.Is(err, session.ErrChangeSet) {
			t.Errorf("%q with %s is %q, %v", x.text, x.changes, got, err)
		}
	}
}

// Whatever is cut out of a text and put in its place, it is what a browser makes of
// it, which counts in units of UTF-16.
func TestChangeSetIsWhatABrowserMakesOfIt(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := []rune(rapid.StringOf(rapid.SampledFrom([]rune("ab\nä🙂"))).Draw(r, "text"))
		insert := rapid.StringOf(rapid.SampledFrom([]rune("xÜ🙃"))).Draw(r, "insert")
		from := rapid.IntRange(0, len(text)).Draw(r, "from")
		to := rapid.IntRange(from, len(text)).Draw(r, "to")
		length := func(s []rune) int { return len(utf16.Encode(s)) }
		changes, err := json.Marshal([]any{length(text[:from]), []any{length(text[from:to]), insert}, length(text[to:])})
		if err != nil {
			r.Fatal(err)
		}
		got, err := session.ChangeSet(changes).Apply(string(text))
		if want := string(text[:from]) + insert + string(text[to:]); err != nil || got != want {
			r.Fatalf("it is %q, %v; want %q", got, err, want)
		}
		if n := session.Units(string(text)); n != length(text) {
			r.Fatalf("the text has %d units, not %d", n, length(text))
		}
	})
}

func FuzzChangeSet(f *testing.F) {
	f.Add("abc", []byte(`[1,[1,"x","y"],1]`))
	f.Add("a🙂b", []byte(`[1,[2],1]`))
	f.Add("", []byte(`[[0,""]]`))
	f.Fuzz(func(t *testing.T, text string, changes []byte) {
		got, err := session.ChangeSet(changes).Apply(text)
		if err == nil && utf8.ValidString(text) && !utf8.ValidString(got) {
			t.Errorf("%q with %s is %q, which is not UTF-8", text, changes, got)
		}
	})
}

func TestPropertiesAreReadStrictly(t *testing.T) {
	for _, data := range []string{`[]`, `"a"`, `{"x":1,"x":2}`, `{"a b":1}`, `{"":1}`, `{"x":`} {
		var p session.Properties
		if err := json.Unmarshal([]byte(data), &p); err == nil {
			t.Errorf("%s is read as %+v", data, p)
		}
	}
	var p session.Properties
	if err := json.Unmarshal([]byte(`{"type":"note","x": 1,"on":["a"]}`), &p); err != nil || p.Type() != session.NoteItem || string(p.Get("on")) != `["a"]` || p.Get("y") != nil {
		t.Errorf("they are %+v, %v", p, err)
	}
}
