package ast

import "fmt"

// Pos is a point in a file. The zero Pos is no point.
type Pos struct {
	Offset int32 `json:"offset"` // bytes from the start of the file, from 0
	Line   int32 `json:"line"`   // from 1
	Column int32 `json:"column"` // characters from the start of the line, from 1
}

// IsValid reports whether the point exists.
func (p Pos) IsValid() bool { return p.Line > 0 }

// String returns "line:column", or "-" for no point.
func (p Pos) String() string {
	if !p.IsValid() {
		return "-"
	}
	return fmt.Sprintf("%d:%d", p.Line, p.Column)
}

// Span is a range of a file: from Start up to, but not including, End.
type Span struct {
	Start Pos `json:"start"`
	End   Pos `json:"end"`
}

// Range returns the span itself; it makes everything that embeds a Span a
// [Node].
func (s Span) Range() Span { return s }

// IsValid reports whether the span lies in a file.
func (s Span) IsValid() bool { return s.Start.IsValid() }

// Len returns the number of bytes in the span.
func (s Span) Len() int { return int(s.End.Offset - s.Start.Offset) }

// Contains reports whether the byte offset lies in the span, its end included,
// as for a cursor that stands after the last character.
func (s Span) Contains(offset int) bool {
	return int(s.Start.Offset) <= offset && offset <= int(s.End.Offset)
}

// Covers reports whether the whole of o lies in s.
func (s Span) Covers(o Span) bool {
	return s.Start.Offset <= o.Start.Offset && o.End.Offset <= s.End.Offset
}

// Place is a span of a named file. The zero Place is nowhere, which is where
// the parts of a storm lie that was not read from text.
type Place struct {
	File string `json:"file"`
	Span
}

// String returns "file:line:column".
func (p Place) String() string {
	if !p.IsValid() {
		return p.File
	}
	if p.File == "" {
		return p.Start.String()
	}
	return p.File + ":" + p.Start.String()
}
