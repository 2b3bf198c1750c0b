package edit

import (
	"fmt"
	"slices"
	"strings"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/storm/parse"
)

// Add puts a new note on the board: an element, a module or a sticky.
type Add struct {
	Kind   ast.Kind
	Name   string   // of a sticky, its text
	Module string   // "" for outside of all modules
	Doc    string   // its doc comment
	After  string   // the id of the element that it comes right after; "" for the end
	Before bool     // right before that element, and not after it
	Bare   bool     // an event as a line that is nothing but its name
	As     string   // the statement that declared it once, with its data; its links are left out
	On     []string // of a sticky, the ids of what it is on
}

func (g Add) do(s *session) error {
	if strings.TrimSpace(g.Name) == "" {
		return fmt.Errorf("a %s without a name: %w", g.Kind, ErrKind)
	}
	if err := s.apply(s.kindsBeforeName(g.Name, g.Kind)...); err != nil {
		return err
	}
	m, err := s.module(g.Module)
	if err != nil && g.Kind != ast.Module {
		return err
	}
	st, err := g.stmt(s, m)
	if err != nil {
		return err
	}
	st.Head().Lead = docComment(g.Doc)
	if g.Kind == ast.Module {
		return s.putAtEnd(st)
	}
	if g.After != "" {
		sp, err := s.home(g.After)
		if err != nil {
			return err
		}
		if sp = s.outOfHandler(sp); s.moduleOf(sp) == m {
			return s.next(sp, st, g.Before)
		}
	}
	return s.put(m, st)
}

// stmt returns the statement that stands for the new note.
func (g Add) stmt(s *session, m *model.Module) (ast.Stmt, error) {
	switch {
	case g.Kind == ast.Module:
		if s.src.Model.Module(g.Name) != nil {
			return nil, fmt.Errorf("module %s: %w", g.Name, ErrTaken)
		}
		return &ast.ModuleDecl{Name: ast.Name{Text: g.Name}, Body: &ast.Block{}}, nil
	case g.Kind.IsSticky():
		return g.sticky(s, m)
	case g.Kind.IsElement():
		if other := s.rival(nil, g.Kind, g.Name, m); other != nil {
			return nil, fmt.Errorf("%s: %w", other, ErrTaken)
		}
		if g.Bare && g.Kind == ast.Event && g.again() == nil {
			return &ast.FlowLine{Steps: []ast.Refs{{{Ref: ast.Ref{Name: ast.Name{Text: g.Name}}}}}}, nil
		}
		if d := g.again(); d != nil {
			return d, nil
		}
		return &ast.Decl{Kind: g.Kind, Name: ast.Name{Text: g.Name}}, nil
	}
	return nil, fmt.Errorf("a note of no kind: %w", ErrKind)
}

// again returns the declaration that As has, or nil when that is none of the element.
func (g Add) again() *ast.Decl {
	if g.As == "" {
		return nil
	}
	file, diags := parse.File("", []byte(g.As))
	if len(diags) > 0 || len(file.Stmts) != 1 {
		return nil
	}
	d, ok := file.Stmts[0].(*ast.Decl)
	if !ok || d.Kind != g.Kind || d.Name.Text != g.Name {
		return nil
	}
	d.From, d.To, d.Unless, d.Using = nil, nil, nil, nil
	if d.Body != nil {
		d.Body.Stmts = slices.DeleteFunc(d.Body.Stmts, func(st ast.Stmt) bool { _, ok := st.(*ast.State); return !ok })
		d.Body.End, d.Body.Open = nil, nil
		if len(d.Body.Stmts) == 0 {
			d.Body = nil
		}
	}
	d.Comments = ast.Comments{}
	return d
}

// Declaration returns the statement that declares an element with its data, as it stands
// in the text, for Add.As; "" when no statement says more than its name.
func Declaration(src *storm.Source, id string) string {
	e := src.Model.Element(id)
	if e == nil {
		return ""
	}
	s := &session{src: src}
	sp := s.declOf(e)
	if sp == nil || !sp.stmt().(*ast.Decl).HasContent() {
		return ""
	}
	span := sp.stmt().Range()
	return string(sp.file.Text[span.Start.Offset:span.End.Offset])
}

func (g Add) sticky(s *session, m *model.Module) (ast.Stmt, error) {
	st := &ast.Sticky{Kind: g.Kind, Text: ast.Name{Text: g.Name}}
	for _, id := range g.On {
		r, err := s.targetRef(id, m)
		if err != nil {
			return nil, err
		}
		st.On = append(st.On, ast.Item{Ref: r})
	}
	return st, nil
}

// targetRef returns how a sticky names what it is on.
func (s *session) targetRef(id string, in *model.Module) (ast.Ref, error) {
	if name, ok := strings.CutPrefix(id, "module:"); ok {
		m, err := s.module(ast.Unquote(name))
		if err != nil {
			return ast.Ref{}, err
		}
		return ast.Ref{Kind: ast.Module, Name: ast.Name{Text: m.Name}}, nil
	}
	e, err := s.element(id)
	if err != nil {
		return ast.Ref{}, err
	}
	r, err := s.mention(e, in)
	if err == nil && s.src.Model.Ambiguous(e, in) {
		r.Kind = e.Kind
	}
	return r, err
}

func docComment(doc string) []ast.Comment {
	if doc == "" {
		return nil
	}
	var out []ast.Comment
	for line := range strings.SplitSeq(doc, "\n") {
		out = append(out, ast.Comment{Text: strings.TrimRight("// "+line, " \t\r")})
	}
	return out
}

// putAtEnd adds a statement at the end of the file that has the storm's name.
func (s *session) putAtEnd(st ast.Stmt) error {
	file := s.freeFile()
	if file == nil || len(file.Tree.Stmts) == 0 {
		return s.putFree(st)
	}
	st.Head().Blank = len(st.Head().Lead) == 0
	if !st.Head().Blank {
		st.Head().Lead[0].Blank = true
	}
	sp := &spot{file: file, stmts: file.Tree.Stmts, index: len(file.Tree.Stmts) - 1}
	_, end := sp.extent()
	return s.apply(sp.insertAt(end, sp.newline()+sp.print(st)))
}

// home returns the statement that declares an element, or else the one that
// mentions it first.
func (s *session) home(id string) (*spot, error) {
	e, err := s.element(id)
	if err != nil {
		return nil, err
	}
	if sp := s.spotAt(e.At()); sp != nil {
		return sp, nil
	}
	return nil, fmt.Errorf("%s: %w", id, ErrUnknown)
}

// inTime returns the statement that an element has its place in time by: the
// one that mentions it first.
func (s *session) inTime(id string) (*spot, error) {
	e, err := s.element(id)
	if err != nil {
		return nil, err
	}
	if sp := s.spotAt(e.Mentions[0].Place); sp != nil {
		return sp, nil
	}
	return nil, fmt.Errorf("%s: %w", id, ErrUnknown)
}

// Move puts the statement that mentions an element first right after, or
// before, that of another: earlier or later in time. Both must be in the same
// module.
type Move struct {
	ID     string
	Target string // the id of the other element
	Before bool   // before the other, and not after it
}

func (g Move) do(s *session) error {
	from, err := s.inTime(g.ID)
	if err != nil {
		return err
	}
	to, err := s.inTime(g.Target)
	if err != nil {
		return err
	}
	if from.file == to.file && from.stmt() == to.stmt() {
		return nil
	}
	// A declaration cannot go among the lines of an aggregate, nor a line of
	// flow out of it: then the aggregates themselves are what is moved to.
	if _, isDecl := from.stmt().(*ast.Decl); isDecl || from.owner != to.owner {
		to = s.outOfHandler(to)
		if !isDecl {
			from = s.outOfHandler(from)
		}
	}
	if s.moduleOf(from) != s.moduleOf(to) {
		return fmt.Errorf("%s and %s are in different modules: %w", g.ID, g.Target, ErrKind)
	}
	if from.stmt() == to.stmt() {
		return nil
	}
	return s.relocate(from, to, g.Before)
}

// outOfHandler returns the aggregate or system that a statement stands in, or
// the statement itself.
func (s *session) outOfHandler(sp *spot) *spot {
	owner, ok := sp.owner.(*ast.Decl)
	if !ok {
		return sp
	}
	at := ast.Place{File: sp.file.Path, Span: owner.Name.Span}
	return s.spotAt(at)
}

// relocate moves a statement with its comments to another one's side.
func (s *session) relocate(from, to *spot, before bool) error {
	text := movedText(from, to.indent())
	start, end := to.extent()
	if !before {
		start = end
	}
	cut := from.remove()
	if from.file == to.file && cut.Start < start && start < cut.End {
		start = cut.End
	}
	paste := to.insertAt(start, text)
	return s.apply(cut, paste)
}

// movedText returns the lines of a statement as they stand, with another
// indentation.
func movedText(sp *spot, indent string) string {
	start, end := sp.extent()
	text := reindented(string(sp.file.Text[start:end]), sp.indent(), indent)
	return strings.ReplaceAll(text, "\n", sp.newline())
}
