package check

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

func replace(at ast.Place, with string) diag.Edit {
	return diag.Edit{File: at.File, Start: int(at.Start.Offset), End: int(at.End.Offset), New: with}
}

func insert(file string, at ast.Pos, text string) diag.Edit {
	return diag.Edit{File: file, Start: int(at.Offset), End: int(at.Offset), New: text}
}

// rename offers a new name for an element, everywhere. It is never safe: names
// are for people to decide. There is no offer when the name is taken.
func (p *Pass) rename(e *model.Element, name string) []diag.Fix {
	if e.Module.Find(e.Kind, name) != nil || p.Storm.Free.Find(e.Kind, name) != nil {
		return nil
	}
	fix := diag.Fix{Message: "rename it to " + ast.Quote(name)}
	for _, m := range e.Mentions {
		fix.Edits = append(fix.Edits, replace(m.Place, ast.Quote(name)))
	}
	return []diag.Fix{fix}
}

// Apply applies the safe fixes of the diagnostics to a file, and returns the
// new text and how many were applied. A fix that overlaps one before it is
// left for the next run.
func Apply(path string, text []byte, list diag.List) ([]byte, int) {
	var edits []diag.Edit
	n := 0
	for _, d := range list {
		for _, fix := range d.Fixes {
			if !fix.Safe || !here(path, fix) {
				continue
			}
			trial := append(edits[:len(edits):len(edits)], fix.Edits...)
			if _, err := diag.Apply(path, text, trial); err != nil {
				continue
			}
			edits = trial
			n++
			break
		}
	}
	if n == 0 {
		return text, 0
	}
	out, err := diag.Apply(path, text, edits)
	if err != nil {
		return text, 0
	}
	return out, n
}

// here reports whether all edits of a fix are in one file.
func here(path string, fix diag.Fix) bool {
	for _, e := range fix.Edits {
		if e.File != path {
			return false
		}
	}
	return len(fix.Edits) > 0
}
