package exporter

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/model"
)

// prefix begins the names of all that Landfall has on a server.
const prefix = "landfall"

// The names that transport/nats uses on a server, as its Names gives them with
// its default prefix. A test of the command line holds the two together.

func eventSubject(module, event string) string {
	return prefix + "." + module + ".events." + token(event)
}
func eventStream(module string) string       { return prefix + "_" + module + "_events" }
func eventHeads(module string) string        { return prefix + "." + module + ".heads" }
func commandSubject(to, from string) string  { return prefix + "." + to + ".commands." + from }
func commandStream(to string) string         { return prefix + "_" + to + "_commands" }
func commandHeads(to, from string) string    { return prefix + "." + to + ".heads." + from }
func callSubject(module, call string) string { return prefix + "." + module + ".calls." + call }

// source is the source of what a module sends.
func source(module string) string { return "/" + prefix + "/" + module }

// RuntimeName returns the name under which a module runs, and which is part of
// its subjects.
func RuntimeName(s *model.Storm, m *model.Module) string {
	switch {
	case !m.IsFree():
		return model.Identifier(m.Name)
	case len(model.Words(s.Name)) == 0:
		return "App"
	}
	return model.Identifier(model.GoName(0, s.Name))
}

// token makes a name one token of a subject.
func token(name string) string {
	return percent(name, func(c byte) bool { return c == '_' || c == '-' || isAlphanumeric(c) })
}

func isAlphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

// percent replaces bytes by "%" and two hexadecimal digits, but for some.
func percent(text string, stays func(byte) bool) string {
	var b strings.Builder
	for i := range len(text) {
		if stays(text[i]) {
			b.WriteByte(text[i])
		} else {
			fmt.Fprintf(&b, "%%%02X", text[i])
		}
	}
	return b.String()
}
