package model

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
)

// Words splits a name into its words: at whatever is neither letter nor digit,
// and in identifiers where a capital begins a word. "HTTPServerStarted" has the
// words HTTP, Server and Started; an apostrophe does not split.
func Words(name string) []string {
	if words, ok := plainWords(name); ok {
		return words
	}
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, string(word))
			word = word[:0]
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case r == '\'' || r == '’':
			continue
		case !isWord(r):
			flush()
			continue
		case unicode.IsUpper(r) && startsWord(runes, i):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return words
}

// plainWords is Words for names of ASCII letters, digits and spaces, whose words
// are pieces of the name.
func plainWords(name string) ([]string, bool) {
	var words []string
	start := -1
	for i := range len(name) {
		c := name[i]
		switch {
		case c >= utf8.RuneSelf || c == '\'':
			return nil, false
		case !isASCIIWord(c):
			if start >= 0 {
				words = append(words, name[start:i])
			}
			start = -1
			continue
		case start < 0:
			start = i
			continue
		case 'A' <= c && c <= 'Z' && startsASCIIWord(name, i):
			words = append(words, name[start:i])
			start = i
		}
	}
	if start >= 0 {
		words = append(words, name[start:])
	}
	return words, true
}

func isASCIIWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}

func startsASCIIWord(name string, i int) bool {
	before := name[i-1]
	if before < 'A' || before > 'Z' {
		return true
	}
	return i+1 < len(name) && 'a' <= name[i+1] && name[i+1] <= 'z'
}

func isWord(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r)
}

// startsWord reports whether the capital at i begins a word: after a small
// letter or a digit, or before a small letter at the end of an acronym.
func startsWord(runes []rune, i int) bool {
	if i == 0 {
		return false
	}
	before := runes[i-1]
	if unicode.IsLower(before) || unicode.IsDigit(before) {
		return true
	}
	return unicode.IsUpper(before) && i+1 < len(runes) && unicode.IsLower(runes[i+1])
}

// Label returns a name as people read it: an identifier's words with spaces
// between, any other name as it is.
func Label(name string) string {
	if !ast.IsIdentifier(name) {
		return name
	}
	return strings.Join(Words(name), " ")
}

// GoName returns the exported Go name of the element. It depends on the kind
// and the name alone, so it is the same whatever else the storm says. Two
// elements of a module with one Go name are reported by the checker.
func (e *Element) GoName() string { return GoName(e.Kind, e.Name) }

// GoName returns the exported Go name for a name. The kind goes before it where
// the name alone gives none: when it begins with a digit or with a letter that
// has no capital. A name without any letter or digit gives the kind with a
// short digest of the name.
func GoName(kind ast.Kind, name string) string {
	var b strings.Builder
	for _, word := range Words(name) {
		first, size := utf8.DecodeRuneInString(word)
		b.WriteRune(unicode.ToUpper(first))
		b.WriteString(word[size:])
	}
	out := strings.Map(dropMarks, b.String())
	if first, _ := utf8.DecodeRuneInString(out); out != "" && unicode.IsUpper(first) {
		return out
	}
	prefix := exported(kind.String())
	if out == "" {
		sum := sha256.Sum256([]byte(name))
		return prefix + hex.EncodeToString(sum[:3])
	}
	return prefix + out
}

// dropMarks leaves out what Go does not allow in identifiers.
func dropMarks(r rune) rune {
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return r
	}
	return -1
}

func exported(word string) string {
	if word == "" {
		return "X"
	}
	return strings.ToUpper(word[:1]) + word[1:]
}
