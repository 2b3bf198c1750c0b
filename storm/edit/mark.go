package edit

import (
	"fmt"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// Pivot says that an event is pivotal, or that it is not. The word stands right
// behind the event, or in the list of its module where there is one.
type Pivot struct {
	ID      string
	Pivotal bool
}

func (g Pivot) do(s *session) error {
	e, err := s.element(g.ID)
	if err != nil || e.Pivotal == g.Pivotal {
		return err
	}
	if e.Kind != ast.Event {
		return fmt.Errorf("%s as pivotal: %w", e.Kind.Article(), ErrKind)
	}
	if !g.Pivotal {
		return s.removeMentions(g.ID, func(m model.Mention) bool { return m.Role == model.PivotalEvent })
	}
	home, err := s.home(g.ID)
	if err != nil {
		return err
	}
	home = s.outOfHandler(home)
	in := s.moduleOf(home)
	ref, err := s.mention(e, in)
	if err != nil {
		return err
	}
	list := &ast.List{Kind: ast.ListPivotal, Items: ast.Refs{{Ref: ref}}}
	if in.IsFree() || in != e.Module {
		return s.next(home, list, false)
	}
	for _, body := range in.Bodies {
		owner := s.ownerOf(body)
		if owner == nil {
			continue
		}
		block := blockOf(owner.stmt())
		for i, st := range block.Stmts {
			if st, ok := st.(*ast.List); ok && st.Kind == ast.ListPivotal {
				sp := &spot{file: owner.file, owner: owner.stmt(), block: block, stmts: block.Stmts, index: i}
				st.Items = append(st.Items[:len(st.Items):len(st.Items)], list.Items[0])
				return s.apply(s.reprint(sp))
			}
		}
	}
	return s.next(home, list, false)
}

// SetTeam says which team a module belongs to; with "" to none.
type SetTeam struct {
	Module string // its name
	Team   string
}

func (g SetTeam) do(s *session) error {
	m, err := s.module(g.Module)
	if err != nil || m.Team == g.Team {
		return err
	}
	if m.IsFree() {
		return fmt.Errorf("a team outside of modules: %w", ErrKind)
	}
	for _, body := range m.Bodies {
		owner := s.ownerOf(body)
		if owner == nil {
			continue
		}
		block := blockOf(owner.stmt())
		for i, st := range block.Stmts {
			if h, ok := st.(*ast.Header); ok && h.Kind == ast.HeaderTeam {
				sp := &spot{file: owner.file, owner: owner.stmt(), block: block, stmts: block.Stmts, index: i}
				if g.Team == "" {
					return s.apply(sp.remove())
				}
				return s.apply(sp.edit(int(h.Name.Start.Offset), int(h.Name.End.Offset), ast.QuoteText(g.Team)))
			}
		}
	}
	return s.putFirst(m, &ast.Header{Kind: ast.HeaderTeam, Name: ast.Name{Text: g.Team, Quoted: true}})
}

// putFirst adds a statement at the start of a module.
func (s *session) putFirst(m *model.Module, st ast.Stmt) error {
	for _, body := range m.Bodies {
		owner := s.ownerOf(body)
		if owner == nil {
			continue
		}
		block := blockOf(owner.stmt())
		if len(block.Stmts) == 0 {
			break
		}
		first := &spot{file: owner.file, owner: owner.stmt(), block: block, stmts: block.Stmts}
		return s.next(first, st, true)
	}
	return s.put(m, st)
}

// Attach puts a sticky on other things than before: elements, modules, or
// nothing.
type Attach struct {
	ID string
	On []string // ids of elements, and "module:" with the name
}

func (g Attach) do(s *session) error {
	sticky := s.src.Model.Sticky(g.ID)
	if sticky == nil {
		return fmt.Errorf("%s: %w", g.ID, ErrUnknown)
	}
	sp := s.spotAt(sticky.Place)
	st := sp.stmt().(*ast.Sticky)
	var on ast.Refs
	for _, id := range g.On {
		ref, err := s.targetRef(id, s.moduleOf(sp))
		if err != nil {
			return err
		}
		on = append(on, ast.Item{Ref: ref})
	}
	st.On = on
	return s.apply(s.reprint(sp))
}
