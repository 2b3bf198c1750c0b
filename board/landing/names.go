package landing

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// kindOf returns the kind in the storm of a note, NoKind for what is on the wall
// alone.
func kindOf(n *session.Note) ast.Kind { return ast.KindOf(string(n.Kind)) }

// lands reports whether a note is in the text: it has a kind of the storm and a
// text, and everyone may see it.
func lands(n *session.Note) bool {
	return !n.Private && kindOf(n) != ast.NoKind && spelled(n) != ""
}

// spelled returns what the text of a note is in the storm: a name is one line, a
// sticky may have several. What cannot be seen is left out.
func spelled(n *session.Note) string {
	if kindOf(n).IsSticky() {
		lines := strings.Split(seen(strings.ReplaceAll(n.Text, "\r\n", "\n")), "\n")
		for i := range lines {
			lines[i] = strings.TrimSpace(lines[i])
		}
		return strings.TrimSpace(strings.Join(lines, "\n"))
	}
	return strings.Join(strings.Fields(seen(n.Text)), " ")
}

// seen returns a text without what cannot be seen, or cannot stand in a file.
func seen(text string) string {
	if plain(text) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\r', r == '\u2028', r == '\u2029':
			return '\n'
		case r == '\t':
			return ' '
		case unicode.IsControl(r), r == '\u200b', r == '\ufeff':
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, string(utf8.RuneError)))
}

func plain(text string) bool {
	for i := range len(text) {
		if c := text[i]; c < ' ' && c != '\n' || c >= 0x7f {
			return false
		}
	}
	return true
}

// reads reports whether a note with the text says the name: as it is, or with the
// spaces with which an identifier is shown.
func reads(name, text string) bool {
	if name == text {
		return true
	}
	if len(name) == 0 || len(text) <= len(name) || name[0] != text[0] {
		return false
	}
	return model.Label(name) == text
}

// nameLike returns how a text is spelled as the new name of an element: as people
// wrote it, but as an identifier where the old name is one of several words and the
// note then shows the same.
func nameLike(text, old string) string {
	if old == "" || !ast.IsIdentifier(old) || !strings.Contains(model.Label(old), " ") {
		return text
	}
	if name := strings.ReplaceAll(text, " ", ""); ast.IsIdentifier(name) && !ast.IsReserved(name) && model.Label(name) == text {
		return name
	}
	return text
}

// elementID returns the id of an element.
func elementID(kind ast.Kind, module, name string) string {
	if module == "" {
		return kind.String() + ":" + ast.Quote(name)
	}
	return kind.String() + ":" + ast.Quote(module) + "." + ast.Quote(name)
}

// stickyID returns the id of a sticky.
func stickyID(kind ast.Kind, module, text string) string {
	if module == "" {
		return kind.String() + ":" + ast.QuoteText(text)
	}
	return kind.String() + ":" + ast.Quote(module) + "." + ast.QuoteText(text)
}

func moduleID(name string) string { return "module:" + ast.Quote(name) }

// moduleName returns the name in the id of a module.
func moduleName(id string) string { return ast.Unquote(strings.TrimPrefix(id, "module:")) }

// kindIn returns the kind in an id.
func kindIn(id string) ast.Kind {
	word, _, _ := strings.Cut(id, ":")
	return ast.KindOf(word)
}

// shown reports whether notes stand for elements of the kind on the wall.
func shown(kind ast.Kind) bool { return kind.IsElement() && kind != ast.Enum }

// fits reports whether a text fits on a note. What does not is in the text only.
func fits(text string) bool { return clip(text, session.MaxText) == text }
