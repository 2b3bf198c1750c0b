package live

import (
	"strings"
	"testing"
)

func taken(l *Line) (string, bool) {
	frames, more := l.Take(nil)
	var texts []string
	for _, f := range frames {
		texts = append(texts, string(f))
	}
	return strings.Join(texts, " "), more
}

// TestLine keeps the order, and of what is only good when it is the latest, the
// latest.
func TestLine(t *testing.T) {
	l := NewLine(100)
	l.Latest([]byte("old"))
	l.Send([]byte("a"))
	l.Latest([]byte("new"))
	l.Send([]byte("b"))
	<-l.Wake()
	if got, more := taken(l); got != "new a b" || !more {
		t.Errorf("got %q, %v", got, more)
	}
	l.Send([]byte("c"))
	l.Bye("stopping", "so long")
	l.Send([]byte("too late"))
	if got, more := taken(l); got != `c {"t":"bye","reason":"stopping","message":"so long"}` || more {
		t.Errorf("got %q, %v", got, more)
	}
}

// TestLineBehind drops what waits when it is too much.
func TestLineBehind(t *testing.T) {
	for name, frame := range map[string]string{"bytes": strings.Repeat("x", 40), "frames": ""} {
		l := NewLine(100)
		for range 2 * maxFrames {
			l.Send([]byte(frame))
		}
		if got, more := taken(l); got != `{"t":"reload"}` || more {
			t.Errorf("%s: got %q, %v", name, got, more)
		}
	}
	l := NewLine(100)
	l.Send([]byte(strings.Repeat("x", 1000))) // one alone may be larger
	if got, more := taken(l); len(got) != 1000 || !more {
		t.Errorf("got %d bytes, %v", len(got), more)
	}
}
