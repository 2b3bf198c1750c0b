package check

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// silence holds the checks that are silenced in a storm, by code.
type silence struct {
	byCode map[diag.Code][]*silenced
}

type silenced struct {
	model.Ignore
	meta  *model.Meta
	whole bool // on the storm itself
	used  bool
}

func silences(s *model.Storm) *silence {
	out := &silence{byCode: map[diag.Code][]*silenced{}}
	for meta := range s.Metas() {
		for _, ignore := range meta.Ignores {
			code := diag.Code(ignore.Code)
			out.byCode[code] = append(out.byCode[code], &silenced{
				Ignore: ignore, meta: meta, whole: meta == &s.Meta,
			})
		}
	}
	return out
}

// covers reports whether a finding is silenced: on a statement around its
// place, on a part that it is about, or on the storm as a whole.
func (s *silence) covers(code diag.Code, at ast.Place, about []*model.Meta) bool {
	covered := false
	for _, ignore := range s.byCode[code] {
		if ignore.whole || ignore.around(at) || ignore.on(about) {
			ignore.used = true
			covered = true
		}
	}
	return covered
}

func (i *silenced) around(at ast.Place) bool {
	return i.Scope.IsValid() && at.IsValid() && i.Scope.File == at.File && i.Scope.Covers(at.Span)
}

func (i *silenced) on(about []*model.Meta) bool {
	for _, meta := range about {
		if meta == i.meta {
			return true
		}
	}
	return false
}

// unusedSilence reports silenced checks that have nothing to say, and codes
// that do not exist.
func (p *Pass) unusedSilence() {
	for _, unused := range []*Check{unknownCode, unusedIgnore} {
		p.code, p.severity = unused.Code, p.severityOf(unused)
		if p.severity != diag.Off {
			p.reportSilence(unused)
		}
	}
}

func (p *Pass) reportSilence(which *Check) {
	for code, list := range p.silence.byCode {
		check := find(p.checks, string(code))
		for _, ignore := range list {
			switch {
			case strings.HasPrefix(string(code), "D"): // one of the comparison with code, which knows them
			case check == nil && which == unknownCode:
				p.report(ignore.Place, nil, "there is no check %s", code).
					Help = "the language reference lists the checks with their codes"
			case check != nil && which == unusedIgnore && !ignore.used && p.severityOf(check) != diag.Off:
				p.report(ignore.Place, nil, "%s (%s) has nothing to say here any more", code, check.Name).
					Fixes = []diag.Fix{dropComment(ignore.Place)}
			}
		}
	}
}

// dropComment takes a comment out. When it shares one with other codes, it is
// for a person to do.
func dropComment(at ast.Place) diag.Fix {
	return diag.Fix{Message: "remove the comment", Edits: []diag.Edit{{
		File: at.File, Start: int(at.Start.Offset), End: int(at.End.Offset),
	}}}
}

var unknownCode = &Check{
	Code: "S603", Name: "unknown-code",
	Doc:        "A comment silences a check that does not exist.",
	Severities: [3]diag.Severity{diag.Warning, diag.Warning, diag.Warning},
	Run:        func(*Pass) {},
}

var unusedIgnore = &Check{
	Code: "S602", Name: "nothing-to-silence",
	Doc:        "A comment silences a check that finds nothing there any more. It would hide the next finding.",
	Severities: [3]diag.Severity{diag.Warning, diag.Warning, diag.Warning},
	Run:        func(*Pass) {},
}
