package live

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"time"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
)

// MaxHistory and MaxBytes are how many operations one answer holds, and of how many
// bytes in the log; one operation there is always.
const (
	MaxHistory = 5000
	MaxBytes   = 4 << 20
)

// Read is how much was read.
type Read struct{ Ops, Bytes int }

// History returns operations after a number, as a person may see them, at most so
// many and of no more than MaxBytes.
func (b *Board) History(ctx context.Context, person string, after uint64, most int) (wire.History, Read, error) {
	b.mu.Lock()
	head := b.seq
	b.mu.Unlock()
	h := wire.History{Ops: []wire.Op{}, Seq: after, Head: head}
	if most <= 0 || most > MaxHistory {
		most = MaxHistory
	}
	if after >= head {
		return h, Read{}, nil
	}
	ops, bytes, err := b.read(ctx, after, min(head, after+uint64(most)), MaxBytes)
	read := Read{Ops: len(ops), Bytes: bytes}
	if err != nil {
		return h, read, err
	}
	for _, o := range ops {
		h.Seq = o.seq
		if text := o.of(person); text != nil {
			var one wire.Op
			if err := json.Unmarshal(text, &one); err != nil {
				return h, read, err
			}
			h.Ops = append(h.Ops, one)
		}
	}
	return h, read, nil
}

// A page of the log is small at first, and while its operations are large: what is
// read at once is in memory at once.
const (
	firstPage = 8
	largePage = 1 << 20 // bytes
)

// read reads operations from the log, from after one to another, or as many of them as
// have so many bytes there, and at least one. Those with private parts are as they were
// seen when they were made.
func (b *Board) read(ctx context.Context, after, to uint64, most int) (ops []*op, bytes int, err error) {
	var records []store.Record
	for size := firstPage; after < to; {
		n := int(min(uint64(size), to-after))
		if records, err = b.log.ReadStream(ctx, stream, after, n, records[:0]); err != nil || len(records) == 0 {
			return ops, bytes, err
		}
		before := bytes
		for i := range records {
			if bytes += len(records[i].Data); bytes > most && len(ops) > 0 {
				return ops, bytes, nil
			}
			o, err := b.again(&records[i])
			if err != nil {
				return nil, bytes, err
			}
			ops = append(ops, o)
		}
		after = records[len(records)-1].Version
		if size = min(2*size, page); bytes-before > largePage {
			size = firstPage
		}
	}
	return ops, bytes, nil
}

// again writes down an operation of long ago.
func (b *Board) again(r *store.Record) (*op, error) {
	b.mu.Lock()
	known := b.concealed[r.Version]
	b.mu.Unlock()
	if known != nil {
		return known, nil
	}
	h, event, err := read(r)
	if err != nil {
		return nil, err
	}
	return h.plain(session.Changes(event)), nil
}

// imageFor is how long a state may be handed out after the wall has gone on: whoever
// gets it is told of the operations since when they connect. It keeps a hundred
// browsers that come back at once from having the wall written down for each.
const imageFor = 200 * time.Millisecond

// image is the state of the wall as all may see it.
type image struct {
	made   time.Time
	seq    uint64
	plain  []byte
	packed []byte
}

// State returns the state as a person may see it, as JSON, compressed on demand. It
// may be some milliseconds old.
func (b *Board) State(person string, compressed bool) ([]byte, error) {
	b.mu.Lock()
	own := b.owns(person)
	if !own && b.image.plain != nil && (b.image.seq == b.seq || time.Since(b.image.made) < imageFor) && (b.image.packed != nil || !compressed) {
		defer b.mu.Unlock()
		if compressed {
			return b.image.packed, nil
		}
		return b.image.plain, nil
	}
	w, seq := b.wall.Clone(), b.seq
	b.mu.Unlock()
	i := image{made: time.Now(), seq: seq}
	var err error
	if i.plain, err = state(w, seq, person); err != nil {
		return nil, err
	}
	if compressed {
		if i.packed, err = pack(i.plain); err != nil {
			return nil, err
		}
	}
	if !own {
		b.mu.Lock()
		if seq >= b.image.seq {
			b.image = i
		}
		b.mu.Unlock()
	}
	if compressed {
		return i.packed, nil
	}
	return i.plain, nil
}

// owns says whether a person has private notes.
func (b *Board) owns(person string) bool {
	for _, n := range b.wall.Notes {
		if n.Private && n.By == person {
			return true
		}
	}
	return false
}

func state(w *session.Wall, seq uint64, person string) ([]byte, error) {
	list, err := json.Marshal(w.VisibleTo(person))
	if err != nil {
		return nil, err
	}
	return encode(wire.State{Seq: seq, Items: list}), nil
}

func pack(data []byte) ([]byte, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(data); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
