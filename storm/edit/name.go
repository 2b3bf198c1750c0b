package edit

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
)

// NameStorm gives the storm its name, or another one.
type NameStorm struct{ To string }

func (g NameStorm) do(s *session) error {
	if strings.TrimSpace(g.To) == "" {
		return fmt.Errorf("an empty name of the storm: %w", ErrKind)
	}
	if s.src.Model.Name == g.To {
		return nil
	}
	file := s.freeFile()
	header := &ast.Header{Kind: ast.HeaderStorm, Name: ast.Name{Text: g.To, Quoted: true}}
	if file == nil {
		return s.putFree(header)
	}
	for _, st := range file.Tree.Stmts {
		if h, ok := st.(*ast.Header); ok && h.Kind == ast.HeaderStorm {
			return s.apply(diag.Edit{File: file.Path, Start: int(h.Name.Start.Offset), End: int(h.Name.End.Offset), New: ast.QuoteText(g.To)})
		}
	}
	return s.apply(first(file.Path, file.Text, format.Stmt(header, 0)))
}

// first puts a line at the start of a file, with an empty one behind it: a comment that
// stands there stays with what it is about.
func first(path string, text []byte, line string) diag.Edit {
	newline, at := newlineOf(text), len(text)-len(strings.TrimPrefix(string(text), "\ufeff"))
	line = strings.TrimSuffix(line, "\n") + newline
	if len(text) > at {
		line += newline
	}
	return diag.Edit{File: path, Start: at, End: at, New: line}
}
