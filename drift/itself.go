package drift

import (
	"fmt"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/model"
)

// itself holds a module of the code against its own declarations.
func (c *comparison) itself(m *Module) {
	for _, t := range c.things[m] {
		switch {
		case t.command != nil && t.command.partial:
		case t.command != nil:
			c.construct(t, t.command.Builds, t.command.Emits, UndeclaredEmit, NeverEmitted, ast.Event)
		case t.policies != nil:
			for _, p := range t.policies {
				if p.partial {
					continue
				}
				var sends []Ref
				for _, s := range p.Sends {
					sends = append(sends, s.Ref)
				}
				c.construct(t, p.Builds, sends, UndeclaredSend, NeverSent, ast.Command)
			}
		case t.aggregate != nil:
			c.idle(t)
		}
	}
}

// construct compares what a function constructs with what its wiring declares.
func (c *comparison) construct(t *thing, builds Builds, declared []Ref, undeclared, never diag.Code, kind ast.Kind) {
	id, at, subject := c.sides(t)
	for _, r := range builds.Messages {
		if slices.ContainsFunc(declared, func(d Ref) bool { return d.key() == r.key() }) {
			continue
		}
		place := at
		if e := c.elementOf(t.module, kind, r, nil); e != nil && kind == ast.Event && c.backs[t] != nil {
			if _, lines := c.facts.leadsTo(c.backs[t]); lines[e] != nil {
				place = mentionIn(e, lines[e].Place, model.Emitted)
			}
		}
		option := "landfall.Emits"
		if kind == ast.Command {
			option = "landfall.Sends"
		}
		d := c.report(undeclared, id, place, r.Place, "%s constructs the %s %s, which its %s does not declare", subject, kind, r.GoName, option)
		d.mend(c.declareRef(t, r, option)).mend(Mend{Message: "or do not construct it; the runtime refuses what is not declared"})
	}
	for _, u := range builds.Unread {
		c.report(Unfollowed, id, at, u.Place, "cannot read what %s leads to: %s", subject, u.Why).
			mend(Mend{Message: "construct the messages where they can be seen, or silence it there: //landfall:ignore D002 and why"})
	}
	if len(builds.Unread) > 0 {
		return
	}
	for _, r := range declared {
		if !slices.ContainsFunc(builds.Messages, func(b Ref) bool { return b.key() == r.key() }) && !c.isReported(r.Place) {
			c.report(never, id, at, r.Place, "%s declares the %s %s, but constructs it nowhere", subject, kind, r.GoName).
				mend(Mend{Message: "construct it, or take it out of the wiring and of the storm"})
		}
	}
}

// isReported reports whether the storm does not have what is declared there.
func (c *comparison) isReported(at ast.Place) bool {
	return slices.ContainsFunc(c.found, func(d Difference) bool {
		return (d.Code == EmitsMore || d.Code == SendsMore) && d.Go == at
	})
}

// sides returns the id of a thing, its place in the storm and its name in a
// sentence.
func (c *comparison) sides(t *thing) (id string, at ast.Place, subject string) {
	subject = "the decision on " + t.name
	switch {
	case t.policies != nil:
		subject = "the policy " + t.name
	case t.command != nil && t.command.External:
		subject = "the system " + t.command.Handler + " on " + t.name
	}
	if e := c.backs[t]; e != nil {
		at = e.At()
		if lines := c.facts.handling[e]; len(lines) > 0 {
			at = lines[0].Place
		}
		return e.ID(), at, subject
	}
	s := c.stormModule(t.module)
	return c.idOf(s, t), s.At(), subject
}

func (c *comparison) declareRef(t *thing, r Ref, option string) Mend {
	at := ast.Place{}
	switch {
	case t.command != nil:
		at = t.command.insert
	case len(t.policies) == 1:
		at = t.policies[0].insert
	}
	return declareMessage(at, t.module, &thing{name: r.GoName, key: r.key()}, option)
}

func (c *comparison) idle(t *thing) {
	for _, idle := range t.aggregate.Idle {
		id := ast.Command.String() + ":" + ast.Quote(t.module.Name) + "." + ast.Quote(idle.Command.GoName)
		at := c.stormModule(t.module).At()
		if e := c.backs[t]; e != nil {
			at = e.At()
		}
		c.report(IdleDecision, id, at, idle.Place, "%s.%s decides on %s, but nothing wires it", t.name, idle.Method, idle.Command.GoName).
			mend(Mend{Message: fmt.Sprintf("wire it: landfall.Handle(%s.%s, landfall.Emits(…)), or remove it", t.name, idle.Method)})
	}
}

// crossings reports the messages that cross modules by a Go import.
func (c *comparison) crossings() {
	for _, x := range c.code.Crossings {
		at, id := ast.Place{}, x.Kind.String()+":"+ast.Quote(x.To)+"."+ast.Quote(x.Message.GoName)
		for _, m := range c.code.Modules {
			if m.Name != x.To {
				continue
			}
			for _, t := range c.things[m] {
				if e := c.backs[t]; e != nil && t.key == x.Message.key() {
					at, id = e.At(), e.ID()
				}
			}
		}
		pkg := x.Message.Package
		d := c.report(GoImport, id, at, x.Place, "the code of module %s uses the Go type of the %s %s of module %s; modules share nothing but messages",
			ast.Quote(x.From), x.Kind, x.Message.GoName, ast.Quote(x.To))
		if x.Kind == ast.Command {
			d.mend(Mend{Message: fmt.Sprintf("declare an own type %s in module %s, wire landfall.SendsTo(%q, %s{}), and drop the import of %s",
				x.Message.GoName, x.From, x.To, x.Message.GoName, pkg)})
		} else {
			d.mend(Mend{Message: fmt.Sprintf("declare an own type %s in module %s with the fields that it needs, wire landfall.HearsFrom(%q, %s{}), and drop the import of %s",
				x.Message.GoName, x.From, x.To, x.Message.GoName, pkg)})
		}
	}
}
