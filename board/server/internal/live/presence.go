package live

import (
	"maps"
	"slices"
	"time"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// here is the source of those who are on this server.
const here = ""

// presence is where people are. It needs the board's lock.
type presence struct {
	people  map[string]*present
	pending map[string]*wire.Presence // what browsers are still to be told
	gone    map[string]bool
	servers map[string]time.Time // when each other server was last heard
}

// present is one person who is online.
type present struct {
	at      wire.Presence
	sources map[string]int // seats on this server, and other servers
}

func (p *presence) init() {
	p.people, p.pending, p.gone = map[string]*present{}, map[string]*wire.Presence{}, map[string]bool{}
	p.servers = map[string]time.Time{}
}

func (p *presence) dirty() bool { return len(p.pending) > 0 || len(p.gone) > 0 }

// enter adds a source of a person.
func (p *presence) enter(person, source string) {
	who := p.people[person]
	if who == nil {
		who = &present{sources: map[string]int{}}
		p.people[person] = who
		p.say(person, wire.Presence{})
	}
	who.sources[source]++
	delete(p.gone, person)
}

// exit takes a source away; with the last of them the person is gone.
func (p *presence) exit(person, source string) {
	who := p.people[person]
	if who == nil {
		return
	}
	if who.sources[source]--; who.sources[source] <= 0 {
		delete(who.sources, source)
	}
	if len(who.sources) == 0 {
		delete(p.people, person)
		delete(p.pending, person)
		p.gone[person] = true
	}
}

// say takes up where a person is now; what is left out stays as it was.
func (p *presence) say(person string, at wire.Presence) {
	who := p.people[person]
	if who == nil {
		return
	}
	merge(&who.at, at)
	if p.pending[person] == nil {
		p.pending[person] = &wire.Presence{}
	}
	merge(p.pending[person], at)
}

func merge(into *wire.Presence, from wire.Presence) {
	set(&into.X, from.X)
	set(&into.Y, from.Y)
	set(&into.Select, from.Select)
	set(&into.Editing, from.Editing)
	set(&into.Draft, from.Draft)
	set(&into.Drag, from.Drag)
}

func set[T any](into **T, from *T) {
	if from != nil {
		*into = from
	}
}

// take returns what browsers are to be told since the last take. mine are those
// on this server, of whom other servers are to be told.
func (p *presence) take(w *session.Wall) (now, mine []wire.Online, gone []string) {
	for person, at := range p.pending {
		who := p.people[person]
		o := wire.Online{P: person, Presence: seen(w, *at, who.at)}
		now = append(now, o)
		if who.sources[here] > 0 {
			mine = append(mine, o)
		}
	}
	gone = slices.Sorted(maps.Keys(p.gone))
	clear(p.pending)
	clear(p.gone)
	return now, mine, gone
}

// all returns everyone with where they are.
func (p *presence) all(w *session.Wall, from func(*present) bool) []wire.Online {
	online := []wire.Online{}
	for _, person := range slices.Sorted(maps.Keys(p.people)) {
		if who := p.people[person]; from(who) {
			online = append(online, wire.Online{P: person, Presence: seen(w, who.at, who.at)})
		}
	}
	return online
}

// seen takes out what tells of private notes. A note that is not known yet may be
// one. now is where the person is in all, of which at may be a part.
func seen(w *session.Wall, at, now wire.Presence) wire.Presence {
	if at.Select != nil {
		visible := onlyVisible(w, *at.Select)
		at.Select = &visible
	}
	if at.Drag != nil {
		at.Drag = &wire.Drag{IDs: onlyVisible(w, at.Drag.IDs), DX: at.Drag.DX, DY: at.Drag.DY}
	}
	if (at.Editing != nil || at.Draft != nil) && now.Editing != nil && *now.Editing != "" && !visible(w, *now.Editing) {
		at.Editing, at.Draft = nil, nil
	}
	if at.Draft != nil && *at.Draft != "" && (now.Editing == nil || *now.Editing == "") {
		at.Draft = nil // of nothing
	}
	return at
}

func onlyVisible(w *session.Wall, ids []string) []string {
	kept := make([]string, 0, len(ids))
	for _, id := range ids {
		if visible(w, id) {
			kept = append(kept, id)
		}
	}
	return kept
}

func visible(w *session.Wall, id string) bool {
	i := w.Item(id)
	return i != nil && w.Author(i) == ""
}
