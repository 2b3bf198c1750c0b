package check

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

var nearDuplicate = &Check{
	Code: "S107", Name: "near-duplicate",
	Doc:        "Two names are almost the same: another spelling, another order of words, singular and plural, or words that mean the same. They may be one thing noted twice.",
	Severities: [3]diag.Severity{diag.Warning, diag.Warning, diag.Warning},
	Run: func(p *Pass) {
		for _, twin := range Duplicates(p.Storm, p.Config.Duplicate) {
			a, b := twin.First, twin.Second
			d := p.report(b.At(), []*model.Meta{&b.Meta, &a.Meta, &b.Module.Meta},
				"the %ss %s and %s look like the same (%.0f%%: %s)", b.Kind, ast.Quote(a.Name), ast.Quote(b.Name), twin.Score*100, twin.Why)
			d.Related = []diag.Related{related(a.At(), "the other")}
			d.Help = "ask whether they mean the same; then merge them, or find names that tell them apart"
			d.Fixes = mergeInto(a, b)
		}
	},
}

// mergeInto offers to use the first name everywhere, when the second says
// nothing of its own.
func mergeInto(a, b *model.Element) []diag.Fix {
	if b.HasData || len(b.Handles) > 0 || len(b.Declared) > 1 ||
		b.Policy != nil || b.View != nil || a.Module != b.Module {
		return nil
	}
	fix := diag.Fix{Message: fmt.Sprintf("call both %s", ast.Quote(a.Name))}
	for _, m := range b.Mentions {
		if m.Role == model.Declaration {
			fix.Edits = append(fix.Edits, replace(b.Place, ""))
			continue
		}
		fix.Edits = append(fix.Edits, replace(m.Place, ast.Quote(a.Name)))
	}
	return []diag.Fix{fix}
}
