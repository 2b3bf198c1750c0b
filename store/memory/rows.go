package memory

import (
	"sync/atomic"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// row is a record without pointers, so that the garbage collector never walks
// the log. Its texts are numbers of names, its bytes lie in the arena.
type row struct {
	id, trigger, correlation uuid.UUID
	time                     int64 // nanoseconds since 1970
	version                  uint64
	bytes                    span // metadata, then data
	metadata, data           uint32
	stream, kind, actor      uint32
}

func (r *row) command() uuid.UUID { return store.CommandOf(r.id) }

// rows lie in chunks that never move, so that a reader needs no lock: what it
// found once stays as it is.
type rows struct {
	chunks atomic.Pointer[[]*chunk]
}

const (
	chunkBits = 8
	chunkSize = 1 << chunkBits
)

type chunk [chunkSize]row

// at returns the row at a position that exists.
func (r *rows) at(position uint64) *row {
	i := position - 1
	return &(*r.chunks.Load())[i>>chunkBits][i&(chunkSize-1)]
}

// next returns the place of the row at the position, which is the next one.
func (r *rows) next(position uint64) *row {
	if chunks := *r.chunks.Load(); (position-1)>>chunkBits == uint64(len(chunks)) {
		r.grow(chunks)
	}
	return r.at(position)
}

func (r *rows) grow(chunks []*chunk) {
	chunks = append(chunks, new(chunk))
	r.chunks.Store(&chunks)
}

// span is a place in the arena: the block, then the offset in it.
type span uint64

// arena keeps bytes in blocks that never move.
type arena struct {
	blocks atomic.Pointer[[][]byte]
	free   int // the offset of what is free in the last block
}

const (
	firstBlock = 1 << 12
	lastBlock  = 1 << 20
)

// put copies both into the arena, one after the other.
func (a *arena) put(metadata, data []byte) span {
	n := len(metadata) + len(data)
	blocks := *a.blocks.Load()
	if len(blocks) == 0 || n > len(blocks[len(blocks)-1])-a.free {
		blocks = a.grow(blocks, n)
	}
	last := len(blocks) - 1
	at := span(last)<<32 | span(a.free)
	copy(blocks[last][a.free:], metadata)
	copy(blocks[last][a.free+len(metadata):], data)
	a.free += n
	return at
}

func (a *arena) grow(blocks [][]byte, n int) [][]byte {
	size := firstBlock
	if len(blocks) > 0 {
		size = min(2*len(blocks[len(blocks)-1]), lastBlock)
	}
	blocks = append(blocks, make([]byte, max(size, n)))
	a.blocks.Store(&blocks)
	a.free = 0
	return blocks
}

// get returns n bytes.
func (a *arena) get(at span, n uint32) []byte {
	from := uint64(at & (1<<32 - 1))
	to := from + uint64(n)
	return (*a.blocks.Load())[at>>32][from:to:to]
}

// names numbers texts, from zero, which is the empty one.
type names struct {
	ids   map[string]uint32
	texts atomic.Pointer[[]string]

	// The last one that was asked for, which is often the next one too.
	last   string
	lastID uint32
}

func (n *names) id(text string) uint32 {
	if text == n.last {
		return n.lastID
	}
	id, ok := n.ids[text]
	if !ok && text != "" {
		id = n.add(text)
	}
	n.last, n.lastID = text, id
	return id
}

func (n *names) add(text string) uint32 {
	texts := append(*n.texts.Load(), text)
	id := uint32(len(texts) - 1)
	n.texts.Store(&texts)
	n.ids[text] = id
	return id
}

func (n *names) text(id uint32) string { return (*n.texts.Load())[id] }
