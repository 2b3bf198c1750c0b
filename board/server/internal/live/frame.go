package live

import (
	"strconv"

	"github.com/landfall-go/landfall/board/wire"
)

// frame is one tick, written once for all, and once for each who sees more.
type frame struct {
	seq  uint64
	ops  []*op
	tail []byte
	all  []byte
	own  map[string][]byte
}

func newFrame(seq uint64, ops []*op, here []wire.Online, gone []string) *frame {
	f := &frame{seq: seq, ops: ops, own: map[string][]byte{}}
	if len(here) > 0 {
		f.tail = append(append(f.tail, `,"here":`...), encode(here)...)
	}
	if len(gone) > 0 {
		f.tail = append(append(f.tail, `,"gone":`...), encode(gone)...)
	}
	for _, o := range ops {
		for person := range o.own {
			f.own[person] = nil
		}
	}
	f.all = f.write("")
	for person := range f.own {
		f.own[person] = f.write(person)
	}
	return f
}

// of returns the frame for a person, or nil when there is nothing to tell.
func (f *frame) of(person string) []byte {
	if own, ok := f.own[person]; ok {
		return own
	}
	return f.all
}

func (f *frame) write(person string) []byte {
	var seen [][]byte
	size := len(f.tail) + 64
	for _, o := range f.ops {
		if text := o.of(person); text != nil {
			seen = append(seen, text)
			size += len(text) + 1
		}
	}
	if len(f.ops) == 0 && len(f.tail) == 0 {
		return nil
	}
	out := append(make([]byte, 0, size), `{"t":"tick","seq":`...)
	out = strconv.AppendUint(out, f.seq, 10)
	if len(seen) > 0 {
		out = append(out, `,"ops":[`...)
		out = appendJoined(out, seen)
		out = append(out, ']')
	}
	out = append(out, f.tail...)
	return append(out, '}')
}

func appendJoined(out []byte, parts [][]byte) []byte {
	for i, p := range parts {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, p...)
	}
	return out
}
