package gen

import (
	"strings"

	"github.com/landfall-go/landfall/storm/model"
)

// docOf returns the doc comment of something: what the storm says, with the Go
// name before it unless it begins with that, or else the summary.
func docOf(name, stormName, doc, summary string) string {
	doc = strings.TrimSpace(doc)
	if doc == "" {
		return summary
	}
	first, rest, _ := strings.Cut(doc, " ")
	if first == name || first == stormName {
		return strings.TrimSpace(name + " " + rest)
	}
	return name + ": " + doc
}

// list joins names as people do: A, B and C.
func list(names []string, last string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	n := len(names) - 1
	return strings.Join(names[:n], ", ") + " " + last + " " + names[n]
}

// goNames returns the names of elements in the module's package.
func (m *module) goNames(elements []*model.Element) []string {
	var names []string
	for _, e := range elements {
		if name, ok := m.names[e]; ok {
			names = append(names, name)
			continue
		}
		names = append(names, e.GoName())
	}
	return names
}

// outcome says what a choice leads to: A and B, or C.
func (m *module) outcome(c model.Choice) string {
	var groups []string
	joined := false
	for _, group := range c {
		names := m.goNames(group)
		joined = joined || len(names) > 1
		groups = append(groups, list(names, "and"))
	}
	if joined && len(groups) > 1 {
		return strings.Join(groups, ", or ")
	}
	return list(groups, "or")
}

// label returns a name as it is written in a sentence: productId is "product
// id".
func label(name string) string {
	return strings.ToLower(strings.Join(model.Words(name), " "))
}

func sentences(parts ...string) string {
	var out []string
	for _, p := range parts {
		if p != "" {
			out = append(out, p+".")
		}
	}
	return strings.Join(out, " ")
}
