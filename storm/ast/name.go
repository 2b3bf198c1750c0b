package ast

import (
	"strings"
	"unicode"
)

// reserved holds the words that cannot stand as names without quotes.
var reserved = map[string]bool{
	"storm": true, "level": true, "team": true, "section": true,
	"publishes": true, "pivotal": true, "lane": true, "flow": true,
	"scenario": true, "every": true, "state": true, "on": true, "was": true,
	"after": true, "unless": true, "using": true, "resolved": true,
	"given": true, "when": true, "then": true, "nothing": true, "rejected": true,
	"actor": true, "command": true, "aggregate": true, "system": true,
	"event": true, "policy": true, "projection": true, "value": true,
	"enum": true, "term": true, "module": true, "hotspot": true,
	"opportunity": true, "rule": true, "note": true,
}

// IsReserved reports whether the word has a meaning in the language, so that it
// needs quotes to be the name of an element or a module. Fields and members of
// enums may have any identifier as their name.
func IsReserved(word string) bool { return reserved[word] }

// IsIdentifier reports whether the text is an identifier: a letter or an
// underscore, then letters, marks, digits and underscores.
func IsIdentifier(text string) bool {
	for i, r := range text {
		if !isLetter(r) && (i == 0 || !isDigit(r)) {
			return false
		}
	}
	return text != ""
}

func isLetter(r rune) bool {
	return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || r == '_' ||
		r >= 0x80 && unicode.IsLetter(r)
}

func isDigit(r rune) bool {
	return '0' <= r && r <= '9' || r >= 0x80 && (unicode.IsDigit(r) || unicode.IsMark(r))
}

// IsIdentifierPart reports whether the character can stand in an identifier,
// at its start when first is set.
func IsIdentifierPart(r rune, first bool) bool {
	return isLetter(r) || !first && isDigit(r)
}

// Quote returns a name as a storm file spells it: as it is when it is an
// identifier and no word of the language, else in quotes.
func Quote(name string) string {
	if IsIdentifier(name) && !IsReserved(name) {
		return name
	}
	return QuoteText(name)
}

// QuoteText returns a text in quotes. Inside, \" is a quote, \\ a backslash,
// \n a line break, \r a carriage return and \t a tab; all else is as it is.
func QuoteText(text string) string {
	var b strings.Builder
	b.Grow(len(text) + 2)
	b.WriteByte('"')
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '"', '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '\n':
			b.WriteString(`\n`)
		case '\r':
			b.WriteString(`\r`)
		case '\t':
			b.WriteString(`\t`)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// Unquote returns the text of what QuoteText or Quote returned.
func Unquote(quoted string) string {
	if len(quoted) < 2 || quoted[0] != '"' || quoted[len(quoted)-1] != '"' {
		return quoted
	}
	return unescape.Replace(quoted[1 : len(quoted)-1])
}

var unescape = strings.NewReplacer(`\"`, `"`, `\\`, `\`, `\n`, "\n", `\r`, "\r", `\t`, "\t")

// QuoteType returns the name of a type without a module as the type of a field
// spells it. No word of the language can stand there, so only what is no
// identifier has quotes.
func QuoteType(name string) string {
	if IsIdentifier(name) {
		return name
	}
	return QuoteText(name)
}

// SplitPath splits a qualified name, as model.Element.Path spells it, into the
// names of the module and of the element. A name alone has the module "".
func SplitPath(path string) (module, name string) {
	first, rest := cutName(path)
	if !strings.HasPrefix(rest, ".") {
		return "", first
	}
	second, _ := cutName(rest[1:])
	return first, second
}

// cutName reads a name at the start of a path, and takes its quotes off.
func cutName(path string) (name, rest string) {
	if !strings.HasPrefix(path, `"`) {
		if i := strings.IndexByte(path, '.'); i >= 0 {
			return path[:i], path[i:]
		}
		return path, ""
	}
	for i := 1; i < len(path); i++ {
		switch path[i] {
		case '\\':
			i++
		case '"':
			return Unquote(path[:i+1]), path[i+1:]
		}
	}
	return path, ""
}
