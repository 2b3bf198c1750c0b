package edit

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// Merge makes one element of two of the same kind: what the storm says of the
// first is said of the second from now on. Their data, lines of flow and lists
// are put together; where both say something else, as with the time of a
// policy, the second one's stays.
type Merge struct {
	From, Into string
	KeepOld    bool // note the name of the first with was
}

func (g Merge) do(s *session) error {
	from, err := s.element(g.From)
	if err != nil {
		return err
	}
	into, err := s.element(g.Into)
	if err != nil || from == into {
		return err
	}
	if from.Kind != into.Kind {
		return fmt.Errorf("%s and %s: %w", from, into, ErrKind)
	}
	oldName := from.Name
	if other := formerRival(from.Kind, g.former(from), into.Module, from, into); other != nil {
		return fmt.Errorf("%s: %w", other, ErrTaken)
	}
	if from.Module != into.Module {
		if from, into, err = s.bringTogether(from, into); err != nil {
			return err
		}
	}
	fromID := from.ID()
	if err := s.redirect(from, into); err != nil {
		return err
	}
	if from = s.src.Model.Element(fromID); from != nil {
		if err := s.mergeDecls(from, s.src.Model.Element(g.Into), oldName, g.KeepOld); err != nil {
			return err
		}
	} else if g.KeepOld && oldName != into.Name {
		if err := s.former(g.Into, oldName, true); err != nil {
			return err
		}
	}
	for id := range s.renamed {
		if s.renamed[id] == fromID {
			delete(s.renamed, id)
		}
	}
	s.renamed[g.From] = g.Into
	return s.dropRepeats(g.Into)
}

// former returns the names that the merged element will have had.
func (g Merge) former(from *model.Element) []string {
	if g.KeepOld {
		return append(slices.Clip(from.Was), from.Name)
	}
	return from.Was
}

// bringTogether moves an element into the module of the other, under a name that
// is free there.
func (s *session) bringTogether(from, into *model.Element) (*model.Element, *model.Element, error) {
	name := from.Name
	for n := 2; s.nameInUse(name); n++ {
		name = from.Name + strconv.Itoa(n)
	}
	intoID := into.ID()
	rename := Rename{ID: from.ID(), To: name}
	if err := rename.do(s); err != nil {
		return nil, nil, err
	}
	moved := *from
	moved.Name = name
	into = s.src.Model.Element(intoID)
	if err := s.assign([]*model.Element{s.src.Model.Element(moved.ID())}, into.Module); err != nil {
		return nil, nil, err
	}
	delete(s.renamed, moved.ID())
	moved.Module = into.Module
	if s.src.Model.Element(moved.ID()) == nil {
		// It was mentioned only where its module went without saying.
		return nil, nil, fmt.Errorf("%s: %w", from, ErrUnknown)
	}
	return s.src.Model.Element(moved.ID()), s.src.Model.Element(intoID), nil
}

func (s *session) nameInUse(name string) bool {
	for e := range s.src.Model.Elements() {
		if e.Name == name {
			return true
		}
	}
	return false
}

// mergeDecls puts the declarations of two elements together.
func (s *session) mergeDecls(from, into *model.Element, oldName string, keep bool) error {
	former := slices.Clone(from.Was)
	if keep && oldName != into.Name {
		former = slices.Insert(former, 0, oldName)
	}
	former = slices.DeleteFunc(former, func(n string) bool { return n == into.Name || slices.Contains(into.Was, n) })
	source := s.declOf(from)
	if source == nil && len(former) == 0 {
		return s.dropDecls(from, nil)
	}
	target := s.declOf(into)
	if target == nil {
		if err := s.declare(into); err != nil {
			return err
		}
		from, into = s.src.Model.Element(from.ID()), s.src.Model.Element(into.ID())
		target = s.declOf(into)
	}
	d, span := target.stmt().(*ast.Decl), target.printed()
	for _, n := range former {
		d.Was = append(slices.Clip(d.Was), ast.Name{Text: n})
	}
	var edits []diag.Edit
	for _, at := range from.Declared {
		if other, ok := s.spotAt(at).stmt().(*ast.Decl); ok {
			mergeInto(d, other)
		}
	}
	edits = append(edits, target.replaceIn(span, d))
	return s.dropDecls(from, edits)
}

// declare writes a declaration for an element: in place of the line that is
// nothing but its name, or at the end of its module.
func (s *session) declare(e *model.Element) error {
	d := &ast.Decl{Kind: e.Kind, Name: ast.Name{Text: e.Name}}
	for _, at := range e.Declared {
		sp := s.spotAt(at)
		if line, ok := sp.stmt().(*ast.FlowLine); ok && len(line.Steps[0]) == 1 {
			return s.apply(sp.replaceBy(d))
		}
	}
	return s.put(e.Module, d)
}

// dropDecls removes the declarations of an element, together with other edits.
func (s *session) dropDecls(e *model.Element, edits []diag.Edit) error {
	for _, at := range e.Declared {
		sp := s.spotAt(at)
		line, ok := sp.stmt().(*ast.FlowLine)
		if !ok {
			edits = append(edits, sp.remove())
			continue
		}
		line.Steps[0] = withoutAt(line.Steps[0], model.Mention{Place: at})
		edits = append(edits, sp.unless(len(line.Steps[0]) == 0))
	}
	return s.apply(edits...)
}

// mergeInto adds to a declaration what another says.
func mergeInto(d, other *ast.Decl) {
	if doc := ownComments(&other.Base); len(doc) > 0 {
		d.Lead = append(slices.Clip(d.Lead), doc...)
		if len(d.Lead) == len(doc) && d.Blank {
			d.Lead[0].Blank, d.Blank = true, false
		}
	}
	if d.Trail == nil {
		d.Trail = other.Trail
	}
	d.From = continued(d.From, other.From, d.Kind == ast.Policy)
	d.To = continued(d.To, other.To, false)
	d.Unless = continued(d.Unless, other.Unless, false)
	d.Using = continued(d.Using, other.Using, false)
	if d.After.IsZero() {
		d.After = other.After
	}
	if d.Text.IsZero() {
		d.Text = other.Text
	}
	d.Fields = mergeFields(d.Fields, other.Fields)
	d.Members = mergeMembers(d.Members, other.Members)
	d.Body = mergeBodies(d.Body, other.Body)
}

// continued returns two lists as one, where or says that the second is an
// alternative. What the first has alone already is not said again.
func continued(first, then ast.Refs, or bool) ast.Refs {
	out := slices.Clone(first)
	for i, item := range then {
		if i == 0 && len(first) > 0 {
			item.Or = or
		}
		if len(then) == 1 || !or {
			if slices.ContainsFunc(first, func(x ast.Item) bool { return sameRef(x.Ref, item.Ref) }) {
				continue
			}
		}
		out = append(out, item)
	}
	return out
}

func sameRef(a, b ast.Ref) bool { return a.Module.Text == b.Module.Text && a.Name.Text == b.Name.Text }

func mergeFields(a, b *ast.Fields) *ast.Fields {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	for _, f := range b.List {
		if !slices.ContainsFunc(a.List, func(x *ast.Field) bool { return x.Name.Text == f.Name.Text }) {
			a.List = append(a.List, f)
		}
	}
	a.Lines = a.Lines || b.Lines
	return a
}

func mergeMembers(a, b *ast.Members) *ast.Members {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	for _, m := range b.List {
		if !slices.ContainsFunc(a.List, func(x *ast.Member) bool { return x.Name.Text == m.Name.Text }) {
			a.List = append(a.List, m)
		}
	}
	a.Lines = a.Lines || b.Lines
	return a
}

// mergeBodies puts the lines of two aggregates together, and their states.
func mergeBodies(a, b *ast.Block) *ast.Block {
	if a == nil || b == nil {
		if a == nil {
			return b
		}
		return a
	}
	var state *ast.State
	for _, st := range a.Stmts {
		if x, ok := st.(*ast.State); ok {
			state = x
		}
	}
	for _, st := range b.Stmts {
		if x, ok := st.(*ast.State); ok && state != nil {
			state.Fields = mergeFields(state.Fields, x.Fields)
			continue
		}
		a.Stmts = append(a.Stmts, st)
	}
	a.End = append(a.End, b.End...)
	return a
}

// redirect lets every mention of one element mean another, but for the
// declarations. Both are in one module, so only the name differs.
func (s *session) redirect(e, other *model.Element) error {
	var edits []diag.Edit
	if mixed(s.namesakes(other.Name), other.Kind) || s.src.Model.Module(other.Name) != nil {
		edits = s.kindsBefore(e)
	}
	for _, m := range e.Mentions {
		if m.Role == model.Declaration {
			continue
		}
		if other.Module.IsFree() && s.hidden(other, m.In) {
			return fmt.Errorf("module %s has a %s %s of its own: %w", m.In.Name, other.Kind, other.Name, ErrTaken)
		}
		text := ast.Quote(other.Name)
		if m.Role == model.FieldType && m.Full == m.Place {
			text = ast.QuoteType(other.Name)
		}
		edits = append(edits, diag.Edit{
			File: m.Place.File, Start: int(m.Place.Start.Offset), End: int(m.Place.End.Offset), New: text,
		})
	}
	return s.apply(edits...)
}

// dropRepeats takes out what lists say twice since two elements are one.
func (s *session) dropRepeats(id string) error {
	for {
		e := s.src.Model.Element(id)
		if e == nil {
			return fmt.Errorf("%s: %w", id, ErrUnknown)
		}
		again := -1
		for i := 1; i < len(e.Mentions) && again < 0; i++ {
			if s.repeats(e.Mentions[i-1], e.Mentions[i]) {
				again = i
			}
		}
		if again < 0 {
			return nil
		}
		if err := s.removeMention(e, e.Mentions[again]); err != nil {
			return err
		}
	}
}

// repeats reports whether two mentions stand in one list.
func (s *session) repeats(a, b model.Mention) bool {
	if a.Role != b.Role || a.Place.File != b.Place.File || a.Role == model.Declaration || a.Role == model.Example || a.Role == model.FieldType {
		return false
	}
	x, y := s.spotAt(a.Place), s.spotAt(b.Place)
	if x == nil || y == nil || x.stmt() != y.stmt() {
		return false
	}
	if walk, ok := x.stmt().(*ast.Walk); ok {
		return adjacent(walk.Steps, a, b)
	}
	return true
}

func adjacent(steps ast.Refs, a, b model.Mention) bool {
	for i := 1; i < len(steps); i++ {
		if steps[i-1].Name.Span == a.Place.Span && steps[i].Name.Span == b.Place.Span {
			return true
		}
	}
	return false
}
