package draw

import (
	"cmp"
	"slices"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// traffic is the messages that run between parties: modules or teams.
type traffic struct {
	parties []*party
	cargo   []*cargo
}

// party is a module, or a team with its modules.
type party struct {
	id      string
	name    string
	modules []*model.Module
	accent  int
	outside bool // what lies outside of all modules
}

// cargo is a message that one party sends to others.
type cargo struct {
	message *model.Element
	from    *party
	to      []*party
}

// modulesTraffic returns the messages between modules.
func modulesTraffic(s *model.Storm) *traffic {
	accents := accentsOf(s)
	return newTraffic(s, func(m *model.Module) *party {
		if m.IsFree() {
			return &party{id: "outside", name: "Outside of modules", accent: -1, outside: true}
		}
		return &party{id: "module:" + ast.Quote(m.Name), name: model.Label(m.Name), accent: accents[m]}
	})
}

// teamsTraffic returns the messages between teams. Modules without a team
// belong to nobody.
func teamsTraffic(s *model.Storm) *traffic {
	accents := accentsOf(s)
	teams := map[string]*party{}
	return newTraffic(s, func(m *model.Module) *party {
		p := teams[m.Team]
		switch {
		case p != nil:
		case m.Team == "":
			p = &party{id: "nobody", name: "No team", accent: -1, outside: true}
		default:
			p = &party{id: "team:" + ast.QuoteText(m.Team), name: m.Team, accent: accents[m]}
		}
		teams[m.Team] = p
		return p
	})
}

func newTraffic(s *model.Storm, partyOf func(*model.Module) *party) *traffic {
	t := &traffic{}
	of := map[*model.Module]*party{}
	for m := range s.All() {
		p := partyOf(m)
		of[m] = p
		p.modules = append(p.modules, m)
		if !slices.Contains(t.parties, p) {
			t.parties = append(t.parties, p)
		}
	}
	byMessage := map[*model.Element]map[*party]*cargo{}
	send := func(message *model.Element, from, to *model.Module) {
		if of[from] == of[to] {
			return
		}
		if byMessage[message] == nil {
			byMessage[message] = map[*party]*cargo{}
		}
		c := byMessage[message][of[from]]
		if c == nil {
			c = &cargo{message: message, from: of[from]}
			byMessage[message][of[from]] = c
			t.cargo = append(t.cargo, c)
		}
		if !slices.Contains(c.to, of[to]) {
			c.to = append(c.to, of[to])
		}
	}
	for e := range s.Elements() {
		listen(e, send)
	}
	t.sort()
	return t
}

// listen sends on whatever a policy or a projection hears from, or sends to,
// another module.
func listen(e *model.Element, send func(message *model.Element, from, to *model.Module)) {
	if q := e.Policy; q != nil {
		for _, on := range slices.Concat(slices.Concat(q.On...), q.Unless, q.Using) {
			send(on, on.Module, e.Module)
		}
		for c := range q.Invokes.All() {
			send(c, e.Module, c.Module)
		}
	}
	if v := e.View; v != nil {
		for _, on := range v.UpdatedBy {
			send(on, on.Module, e.Module)
		}
	}
}

// sort puts the cargo into the order of its senders, leaves out the outside
// when nothing comes from there or goes there, and sorts receivers.
func (t *traffic) sort() {
	at := map[*party]int{}
	busy := map[*party]bool{}
	for i, p := range t.parties {
		at[p] = i
	}
	for _, c := range t.cargo {
		busy[c.from] = true
		for _, p := range c.to {
			busy[p] = true
		}
		slices.SortFunc(c.to, func(a, b *party) int { return cmp.Compare(at[a], at[b]) })
	}
	slices.SortStableFunc(t.cargo, func(a, b *cargo) int {
		return cmp.Or(cmp.Compare(at[a.from], at[b.from]), cmp.Compare(at[a.to[0]], at[b.to[0]]))
	})
	t.parties = slices.DeleteFunc(t.parties, func(p *party) bool { return p.outside && !busy[p] })
}

// sent returns what a party sends.
func (t *traffic) sent(p *party) []*cargo {
	var out []*cargo
	for _, c := range t.cargo {
		if c.from == p {
			out = append(out, c)
		}
	}
	return out
}

// heard returns how many messages a party hears.
func (t *traffic) heard(p *party) int {
	n := 0
	for _, c := range t.cargo {
		if slices.Contains(c.to, p) {
			n++
		}
	}
	return n
}

// columns gives each party its column: behind all that send to it and come
// before it in the file.
func (t *traffic) columns() map[*party]int {
	at := map[*party]int{}
	for i, p := range t.parties {
		at[p] = i
	}
	column := map[*party]int{}
	for _, p := range t.parties {
		for _, c := range t.cargo {
			if at[c.from] < at[p] && slices.Contains(c.to, p) {
				column[p] = max(column[p], column[c.from]+1)
			}
		}
	}
	return column
}
