package landfall

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
	"time"

	"github.com/landfall-go/landfall/store"
)

// cache keeps the state of aggregates, the most recently used ones, and is the
// lock that lets one command at a time decide on an aggregate.
type cache struct {
	seed   maphash.Seed
	shards []cacheShard
}

// A shard holds at least shardSize aggregates, so that those that are used most
// find room in it whichever shards they fall into.
const (
	mostShards = 64
	shardSize  = 16
)

type cacheKey struct {
	prefix string
	id     AggregateID
}

type cacheShard struct {
	mu      sync.Mutex
	limit   int
	entries map[cacheKey]*cached
	newest  *cached
	oldest  *cached
}

// cached is an aggregate in memory. Its fields below line belong to whoever has
// the turn; those above belong to the shard.
type cached struct {
	key          cacheKey
	newer, older *cached
	users        atomic.Int32

	line     line
	stream   string
	loaded   bool
	behind   bool // another process has written since
	state    any
	version  uint64
	snapshot uint64    // version of the last snapshot
	last     time.Time // of the last event made here
	records  []store.Record
}

func newCache(limit int) *cache {
	c := &cache{seed: maphash.MakeSeed()}
	c.shards = make([]cacheShard, max(1, min(limit/shardSize, mostShards)))
	for i := range c.shards {
		c.shards[i].limit = (limit + len(c.shards) - 1) / len(c.shards)
		c.shards[i].entries = map[cacheKey]*cached{}
	}
	return c
}

func (c *cache) shard(key cacheKey) *cacheShard {
	return &c.shards[maphash.String(c.seed, string(key.id))%uint64(len(c.shards))]
}

// acquire returns the aggregate, perhaps not loaded, when the caller has the turn.
func (c *cache) acquire(prefix string, id AggregateID) *cached {
	e := c.use(prefix, id)
	if !e.line.take() {
		e.line.wait(&caller{alone: true})
	}
	return e
}

// release passes the turn on.
func (c *cache) release(e *cached) {
	e.line.pass()
	e.users.Add(-1)
}

// use returns the aggregate without the turn. It stays in the cache until its users
// are counted down.
func (c *cache) use(prefix string, id AggregateID) *cached {
	key := cacheKey{prefix, id}
	s := c.shard(key)
	s.mu.Lock()
	e := s.entries[key]
	if e == nil {
		e = &cached{key: key, stream: prefix + string(id)}
		s.entries[key] = e
		s.pushNewest(e)
		s.makeRoom()
	} else if s.newest != e {
		s.unlink(e)
		s.pushNewest(e)
	}
	e.users.Add(1)
	s.mu.Unlock()
	return e
}

// makeRoom drops the oldest aggregates that nobody uses, down to the limit.
// The newest stays: its user is about to be counted.
func (s *cacheShard) makeRoom() {
	for old := s.oldest; len(s.entries) > s.limit && old != s.newest; {
		next := old.newer
		if old.users.Load() == 0 {
			s.unlink(old)
			delete(s.entries, old.key)
		}
		old = next
	}
}

func (s *cacheShard) pushNewest(e *cached) {
	e.older, e.newer = s.newest, nil
	if s.newest != nil {
		s.newest.newer = e
	}
	s.newest = e
	if s.oldest == nil {
		s.oldest = e
	}
}

func (s *cacheShard) unlink(e *cached) {
	if e.newer != nil {
		e.newer.older = e.older
	} else {
		s.newest = e.older
	}
	if e.older != nil {
		e.older.newer = e.newer
	} else {
		s.oldest = e.newer
	}
	e.newer, e.older = nil, nil
}

// forget drops the state, because it may not be what the log says.
func (e *cached) forget() {
	e.loaded, e.behind, e.state, e.version, e.snapshot = false, false, nil, 0, 0
}

// lane returns a number that is the same for the same stream.
func (c *cache) lane(stream string) uint64 { return maphash.String(c.seed, stream) }
