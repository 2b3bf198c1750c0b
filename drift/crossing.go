package drift

import (
	"cmp"
	goast "go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// owner is the module that a message belongs to.
type owner struct {
	module *Module
	kind   ast.Kind
}

// crossings finds the messages that are used in the code of another module.
// Modules share nothing but messages, and each has its own type for a message
// that it hears or sends: then either can be built without the other.
func (b *builder) crossings() {
	owners := b.owners()
	living := b.living()
	seen := map[string]bool{}
	add := func(from *Module, to owner, r Ref) {
		key := from.Name + " " + r.key()
		if !seen[key] && r.Place.IsValid() {
			seen[key] = true
			b.code.Crossings = append(b.code.Crossings, Crossing{r.Place, from.Name, to.module.Name, r, to.kind})
		}
	}
	for _, s := range b.sources {
		from := living[s.path]
		if from == nil {
			continue
		}
		b.foreign(s, from, owners, add)
	}
	for _, m := range b.code.Modules {
		for _, r := range m.mentioned() {
			if to, ok := owners[r.key()]; ok && to.module != m && !m.declares(r) && r.Package != m.Package {
				add(m, to, r)
			}
		}
	}
	slices.SortStableFunc(b.code.Crossings, func(x, y Crossing) int {
		return cmp.Or(cmp.Compare(x.Place.File, y.Place.File), cmp.Compare(x.Place.Start.Offset, y.Place.Start.Offset))
	})
}

// owners returns whose each message is: of the one module that handles or emits
// it. What several do is nobody's.
func (b *builder) owners() map[string]owner {
	all := map[string]owner{}
	put := func(key string, o owner) {
		if other, ok := all[key]; ok && other.module != o.module {
			o.module = nil
		}
		all[key] = o
	}
	for _, m := range b.code.Modules {
		for _, c := range m.Commands {
			put(c.Package+"."+c.GoName, owner{m, ast.Command})
		}
		for _, e := range m.Events {
			put(e.Package+"."+e.GoName, owner{m, ast.Event})
		}
	}
	for key, o := range all {
		if o.module == nil {
			delete(all, key)
		}
	}
	return all
}

// living returns the module of each package that is of one module alone.
func (b *builder) living() map[string]*Module {
	all := map[string]*Module{}
	put := func(path string, m *Module) {
		if other, ok := all[path]; ok && other != m {
			m = nil
		}
		all[path] = m
	}
	wires := map[string]int{}
	for _, m := range b.code.Modules {
		wires[m.Package]++
		for _, p := range m.homes {
			put(p.Path(), m)
		}
	}
	for _, m := range b.code.Modules {
		if _, ok := all[m.Package]; !ok && wires[m.Package] == 1 {
			all[m.Package] = m
		}
	}
	return all
}

// foreign finds the messages of other modules that a package names.
func (b *builder) foreign(s *source, from *Module, owners map[string]owner, add func(*Module, owner, Ref)) {
	for _, f := range s.files {
		goast.Inspect(f, func(n goast.Node) bool {
			id, ok := n.(*goast.Ident)
			if !ok {
				return true
			}
			t, ok := s.info.Uses[id].(*types.TypeName)
			if !ok || t.Pkg() == nil || t.Pkg().Path() == s.path {
				return true
			}
			key := t.Pkg().Path() + "." + t.Name()
			if to, ok := owners[key]; ok && to.module != from {
				add(from, to, Ref{GoName: t.Name(), Package: t.Pkg().Path(), Name: t.Name(), Place: b.place(id.Pos(), len(id.Name))})
			}
			return true
		})
	}
}

// mentioned returns the messages that the wiring of a module mentions but does
// not make its own.
func (m *Module) mentioned() []Ref {
	var out []Ref
	for _, p := range m.Policies {
		out = append(append(out, p.Hears), p.Unless...)
		for _, s := range p.Sends {
			out = append(out, s.Ref)
		}
	}
	for _, p := range m.Projections {
		out = append(out, p.Hears...)
	}
	return out
}

func (m *Module) declares(r Ref) bool {
	return slices.ContainsFunc(m.homes, func(p *types.Package) bool { return p.Path() == r.Package })
}

// silence is a comment that keeps a difference from being reported where it
// stands: //landfall:ignore D401 the reason.
type silence struct {
	place  ast.Place
	first  int32 // the lines that it is for
	last   int32
	code   string
	reason string
}

const ignore = "//landfall:ignore "

// findSilences reads the comments that silence differences.
func (b *builder) findSilences() {
	for _, s := range b.sources {
		for _, f := range s.files {
			for _, group := range f.Comments {
				b.silencesIn(group)
			}
		}
	}
}

func (b *builder) silencesIn(group *goast.CommentGroup) {
	for _, c := range group.List {
		text, ok := strings.CutPrefix(c.Text, ignore)
		if !ok {
			continue
		}
		code, reason, _ := strings.Cut(strings.TrimSpace(text), " ")
		at := b.place(c.Pos(), len(c.Text))
		last := b.fset.Position(group.End()).Line + 1
		b.code.silences = append(b.code.silences, silence{at, at.Start.Line, int32(last), code, strings.TrimSpace(reason)})
	}
}
