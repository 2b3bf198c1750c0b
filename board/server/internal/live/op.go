package live

import (
	"strconv"

	"github.com/landfall-go/landfall/board/session"
)

// op is one operation, written once for all whom it is for.
type op struct {
	seq    uint64
	public []byte            // what everyone sees, or nil
	own    map[string][]byte // what these people see in its place
}

// of returns what a person sees of the operation, or nil.
func (o *op) of(person string) []byte {
	if own, ok := o.own[person]; ok {
		return own
	}
	return o.public
}

// heard is an event as the board's stream tells it.
type heard struct {
	seq  uint64
	id   string
	by   string
	at   int64
	what string
}

// head begins an operation as JSON; its changes and a brace follow.
func (h *heard) head() []byte {
	b := make([]byte, 0, 128)
	b = append(b, `{"seq":`...)
	b = strconv.AppendUint(b, h.seq, 10)
	b = append(b, `,"id":"`...)
	b = append(b, h.id...)
	b = append(b, `","by":`...)
	b = strconv.AppendQuote(b, h.by)
	b = append(b, `,"at":`...)
	b = strconv.AppendInt(b, h.at, 10)
	b = append(b, `,"what":"`...)
	b = append(b, h.what...)
	return append(b, `","changes":`...)
}

func (h *heard) write(changes []session.Change) []byte {
	if changes == nil {
		changes = []session.Change{}
	}
	b := append(h.head(), encode(changes)...)
	return append(b, '}')
}

// share puts changes on the wall, and writes down what everyone sees of them.
func (h *heard) share(w *session.Wall, changes []session.Change) (o *op, concealed bool) {
	o = &op{seq: h.seq}
	s := w.Share(changes)
	sayRevealed(s.Public, changes)
	if len(s.Alone) == 0 {
		o.public = h.write(s.Public)
		return o, false
	}
	o.own = map[string][]byte{}
	if len(s.Public) > 0 {
		o.public = h.write(s.Public)
	} else if h.by != "" { // whoever gave the command is told that it was done
		o.own[h.by] = h.write(nil)
	}
	for person := range s.Alone {
		o.own[person] = h.write(s.For(person))
	}
	return o, true
}

// sayRevealed adds to notes that are told to all as a whole, because they are
// private no longer, that they are not: their author knows them as private.
func sayRevealed(public, changes []session.Change) {
	for _, c := range changes {
		private := c.Set.Get("private")
		if private == nil {
			continue
		}
		for i := range public {
			if p := &public[i]; p.ID == c.ID && p.Set.Type() == session.NoteItem && p.Set.Get("private") == nil {
				p.Set = append(p.Set[:len(p.Set):len(p.Set)], session.Property{Name: "private", Value: private})
			}
		}
	}
}
