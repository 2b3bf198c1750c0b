package drift

import (
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// silenced returns the differences without those that are silenced where they
// stand, by a comment in the storm or in the code:
//
//	//landfall:ignore D401 the event is only for the migration
func (c *comparison) silenced() List {
	goUsed := make([]bool, len(c.code.silences))
	var out List
	for _, d := range c.found {
		if c.isSilencedInGo(d, goUsed) || c.isSilencedInStorm(d) {
			continue
		}
		out = append(out, d)
	}
	c.found = nil
	for i, s := range c.code.silences {
		_, known := kindOf(diag.Code(s.code))
		switch {
		case !known && len(s.code) > 0 && s.code[0] != 'D':
			// of another tool
		case !known:
			c.report(NoReason, "", ast.Place{}, s.place, "there is no difference %q to silence", s.code).
				mend(Mend{Message: "see the codes in docs/drift.md"})
		case s.reason == "":
			c.report(NoReason, "", ast.Place{}, s.place, "%s is silenced without a reason", s.code).
				mend(Mend{Message: "say why: //landfall:ignore " + s.code + " the reason"})
		case !goUsed[i]:
			c.report(NothingSilent, "", ast.Place{}, s.place, "%s has nothing to silence here any more", s.code).
				mend(Mend{Message: "remove the comment"})
		}
	}
	out = append(out, c.found...)
	out.sort()
	return out
}

func (c *comparison) isSilencedInGo(d Difference, used []bool) bool {
	silent := false
	for i, s := range c.code.silences {
		if s.code == string(d.Code) && s.reason != "" && s.place.File == d.Go.File && s.first <= d.Go.Start.Line && d.Go.Start.Line <= s.last {
			used[i], silent = true, true
		}
	}
	return silent
}

func (c *comparison) isSilencedInStorm(d Difference) bool {
	for meta := range c.storm.Metas() {
		for _, i := range meta.Ignores {
			if i.Code == string(d.Code) && i.Reason != "" && c.covers(meta, i, d) {
				return true
			}
		}
	}
	return false
}

func (c *comparison) covers(meta *model.Meta, i model.Ignore, d Difference) bool {
	if meta == &c.storm.Meta {
		return true
	}
	return i.Scope.IsValid() && d.Storm.IsValid() && i.Scope.File == d.Storm.File && i.Scope.Covers(d.Storm.Span)
}
