package model

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
)

// MaxIdentifier is the greatest length of an identifier.
const MaxIdentifier = 63

// Identifier returns the name under which modules, policies, projections and
// systems run: a letter, then letters, digits and underscores, all ASCII. A name
// that is one stays. What does not fit is left out, and a short digest of the
// name stands for it, so that different names stay different.
func Identifier(name string) string {
	out := name
	if !isIdentifier(out) {
		out = GoName(ast.NoKind, name)
	}
	if isIdentifier(out) && len(out) <= MaxIdentifier {
		return out
	}
	kept := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, out)
	if kept == "" || !unicode.IsLetter(rune(kept[0])) {
		kept = "X" + kept
	}
	sum := sha256.Sum256([]byte(name))
	return kept[:min(len(kept), MaxIdentifier-7)] + "_" + hex.EncodeToString(sum[:3])
}

func isIdentifier(name string) bool {
	for i, r := range name {
		letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return name != ""
}
