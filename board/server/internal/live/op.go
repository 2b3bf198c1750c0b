package live

import (
	"strconv"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// op is one operation, written once for all whom it is for.
type op struct {
	seq    uint64
	public []byte            // what everyone sees, or nil
	own    map[string][]byte // what these people see in its place
	size   int               // bytes of all that when it was kept
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
	kept []string // what an undo left as it is; only whoever undid is told
}

// hear makes an event known by what it says of itself; of most that is nothing
// that is not in their changes.
func (h *heard) hear(event landfall.Event) {
	switch e := event.(type) {
	case session.StepUndone:
		h.kept = e.Kept
	case session.StepRedone:
		h.kept = e.Kept
	}
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
	return append(appendChanges(h.head(), changes), '}')
}

// appendChanges writes changes as encode would. All operations are written so, and what
// they set is JSON already.
func appendChanges(b []byte, changes []session.Change) []byte {
	b = append(b, '[')
	for i := range changes {
		c := &changes[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = appendID(append(b, `{"id":`...), c.ID)
		if len(c.Set) > 0 {
			b = append(b, `,"set":{`...)
			for k, p := range c.Set {
				if k > 0 {
					b = append(b, ',')
				}
				b = append(strconv.AppendQuote(b, p.Name), ':') // letters only
				b = append(b, p.Value...)
			}
			b = append(b, '}')
		}
		if c.Gone {
			b = append(b, `,"gone":true`...)
		}
		if c.Edit != nil {
			b = append(append(b, `,"edit":`...), encode(c.Edit)...)
		}
		b = append(b, '}')
	}
	return append(b, ']')
}

func appendID(b []byte, id string) []byte {
	for i := range len(id) {
		if c := id[i]; c < ' ' || c > '~' || c == '"' || c == '\\' {
			return append(b, encode(id)...) // the path of a file
		}
	}
	return append(append(append(b, '"'), id...), '"')
}

// writeKept is write for whoever undid.
func (h *heard) writeKept(changes []session.Change) []byte {
	b := h.write(changes)
	if len(h.kept) == 0 {
		return b
	}
	b = append(b[:len(b)-1], `,"kept":`...)
	return append(append(b, encode(h.kept)...), '}')
}

// plain is an operation that all see alike, but for what an undo left.
func (h *heard) plain(changes []session.Change) *op {
	o := &op{seq: h.seq, public: h.write(changes)}
	if len(h.kept) > 0 && h.by != "" {
		o.own = map[string][]byte{h.by: h.writeKept(changes)}
	}
	return o
}

// share puts changes on the wall, and writes down what everyone sees of them.
func (h *heard) share(w *session.Wall, changes []session.Change) (o *op, concealed bool) {
	s := w.Share(changes)
	sayRevealed(s.Public, changes)
	if len(s.Alone) == 0 {
		return h.plain(s.Public), false
	}
	o = &op{seq: h.seq, own: map[string][]byte{}}
	if len(s.Public) > 0 {
		o.public = h.write(s.Public)
	}
	if h.by != "" { // whoever gave the command is told that it was done
		o.own[h.by] = h.writeKept(s.For(h.by))
	}
	for person := range s.Alone {
		if person != h.by {
			o.own[person] = h.write(s.For(person))
		}
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
