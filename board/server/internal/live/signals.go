package live

import (
	"encoding/json"
	"time"

	"github.com/landfall-go/landfall/board/wire"
)

// Signals carry what is kept nowhere between the servers that run a board.
type Signals interface {
	// Send sends to all the other servers; it does not wait for them.
	Send(data []byte) error
	// Receive calls fn with what others send, until stop.
	Receive(fn func(data []byte)) (stop func(), err error)
}

// silence is how long a server may say nothing before its people are gone.
const silence = 16 * time.Second

// signal is what a server tells the others about the people on it.
type signal struct {
	From string        `json:"from"`
	Here []wire.Online `json:"here,omitempty"`
	Gone []string      `json:"gone,omitempty"`
	// All says that Here are all people on the server.
	All bool `json:"all,omitempty"`
}

// maxSignal bounds what another server may say.
const maxSignal = 4 << 20

// join listens to the other servers, and tells them who is here.
func (b *Board) join() error {
	stop, err := b.config.Signals.Receive(b.receive)
	if err != nil {
		return err
	}
	b.stopSignals = stop
	return nil
}

// leave tells the other servers that nobody is here any more.
func (b *Board) leave() {
	b.signal(signal{All: true})
	b.stopSignals()
}

// announce tells who is here, and forgets the people of servers that are silent.
func (b *Board) announce() {
	if b.config.Signals == nil {
		return
	}
	b.mu.Lock()
	s := signal{All: true, Here: b.present.all(b.wall, func(p *present) bool { return p.sources[here] > 0 })}
	for server, heard := range b.present.servers {
		if time.Since(heard) > silence {
			b.present.drop(server, nil)
			delete(b.present.servers, server)
		}
	}
	b.mu.Unlock()
	b.signal(s)
}

func (b *Board) signal(s signal) {
	if b.config.Signals == nil {
		return
	}
	s.From = b.name
	if err := b.config.Signals.Send(encode(s)); err != nil && b.ctx.Err() == nil {
		b.logger.Debug("cursors do not reach the other servers", "error", err)
	}
}

// receive takes up what another server says.
func (b *Board) receive(data []byte) {
	var s signal
	if len(data) > maxSignal || json.Unmarshal(data, &s) != nil || s.From == "" || s.From == b.name {
		return
	}
	b.mu.Lock()
	b.present.servers[s.From] = time.Now()
	for _, o := range s.Here {
		if who := b.present.people[o.P]; who == nil || who.sources[s.From] == 0 {
			b.present.enter(o.P, s.From)
		}
		b.present.say(o.P, o.Presence)
	}
	for _, person := range s.Gone {
		b.present.exit(person, s.From)
	}
	if s.All {
		b.present.drop(s.From, s.Here)
	}
	b.mu.Unlock()
	b.poke()
}

// drop takes away the people of a server, but for those in still.
func (p *presence) drop(server string, still []wire.Online) {
	there := map[string]bool{}
	for _, o := range still {
		there[o.P] = true
	}
	for person, who := range p.people {
		if who.sources[server] > 0 && !there[person] {
			p.exit(person, server)
		}
	}
}
