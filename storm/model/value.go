package model

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/landfall-go/landfall/storm/ast"
)

var decimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// Fits reports whether a value of a scenario is one of a basic type.
func Fits(t Basic, v *Value) bool {
	switch t {
	case Text:
		return v.Kind == ast.Text
	case ID:
		return v.Kind == ast.Text || v.Kind == ast.Word || v.Kind == ast.Number
	case Bool:
		return v.Kind == ast.Word && (v.Text == "true" || v.Text == "false")
	}
	if v.Kind != ast.Number {
		return false
	}
	switch t {
	case Int:
		_, err := strconv.ParseInt(v.Text, 10, 64)
		return err == nil
	case Decimal:
		return decimal.MatchString(v.Text)
	case Duration:
		_, ok := ast.ParseDuration(v.Text)
		return ok
	case Date:
		_, err := time.Parse(time.DateOnly, v.Text)
		return err == nil
	case Time:
		_, err := time.Parse(time.RFC3339Nano, v.Text)
		return err == nil
	}
	return false
}

// Sample returns a value of a basic type as a scenario writes it.
func Sample(t Basic) string {
	switch t {
	case Int:
		return "12"
	case Decimal:
		return "12.50"
	case Bool:
		return "true or false"
	case Time:
		return "2026-05-10T08:00:00Z"
	case Date:
		return "2026-05-10"
	case Duration:
		return "30d, 12h or 1h30m"
	case ID:
		return `a text in quotes or a word, such as "rover-1"`
	}
	return "a text in quotes"
}

// String returns the value as a scenario writes it, on one line.
func (v *Value) String() string {
	var b strings.Builder
	v.write(&b)
	return b.String()
}

func (v *Value) write(b *strings.Builder) {
	switch v.Kind {
	case ast.Text:
		b.WriteString(ast.QuoteText(v.Text))
	case ast.Object:
		b.WriteByte('{')
		for i, p := range v.Pairs {
			b.WriteString([]string{" ", ", "}[min(i, 1)] + p.Name + " ")
			p.Value.write(b)
		}
		b.WriteString([]string{"}", " }"}[min(len(v.Pairs), 1)])
	case ast.Array:
		b.WriteByte('[')
		for i, item := range v.Items {
			if i > 0 {
				b.WriteString(", ")
			}
			item.write(b)
		}
		b.WriteByte(']')
	default:
		b.WriteString(v.Text)
	}
}
