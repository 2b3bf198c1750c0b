package landfall

import (
	"context"
	"encoding/json"
	"hash/fnv"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

const memberDocuments = "members"

const (
	// beatEvery is how often an instance says that it lives.
	beatEvery = 500 * time.Millisecond
	// leaseTime is how long an instance may work after it said so last. The
	// others wait somewhat longer before they take over.
	leaseTime    = 2 * time.Second
	takeoverTime = 3 * time.Second
	// buryTime is when the document of a dead instance is deleted.
	buryTime = time.Minute
)

// members shares the work of a module among the instances that run it on a
// shared store: each consumer is one instance's to run. Who lives is told by
// documents that each instance writes again and again; who runs what follows
// from the names of the living alone.
//
// An instance that does not know a piece of work, because it is of an older or a
// newer version of the module, says so by not naming it, and does not get it.
//
// It makes the work even, and spares conflicts. It is not what keeps two from
// doing the same: that is the expectation on the consumer's position, which
// holds also when an instance was paused and does not know what has happened.
//
// Without a shared store it is nil, and everything is the host's own.
type members struct {
	m      *module
	id     string
	living atomic.Pointer[[]member]
	until  atomic.Int64 // of the lease, in nanoseconds since start
	start  time.Time

	beat   int64
	seen   map[string]*seenMember
	able   []string // what this instance can do
	needed sync.Map // what one must be able to for the work of a name, if it is not that name

	mu      sync.Mutex
	changed chan struct{} // closed when living changes
}

type memberDocument struct {
	Beat int64 `json:"beat"`
	// Able is what the instance can do: the names of its work, and for its
	// projections their shapes.
	Able []string `json:"able"`
}

// member is an instance that lives.
type member struct {
	id   string
	able []string // in order
}

func (m *member) can(what string) bool {
	_, can := slices.BinarySearch(m.able, what)
	return can
}

type seenMember struct {
	beat int64
	at   time.Time
}

func newMembers(m *module) *members {
	id := uuid.NewString()
	s := &members{m: m, id: id, start: time.Now(), seen: map[string]*seenMember{}, changed: make(chan struct{})}
	s.living.Store(&[]member{})
	return s
}

// know notes what this instance can do, before it runs.
func (s *members) know(m *module) {
	if s == nil {
		return
	}
	s.able = append(s.able, "timers")
	for _, p := range m.projections {
		s.able = append(s.able, p.ability(p.spec.shape))
	}
	for _, c := range m.consumers() {
		s.able = append(s.able, c.name)
	}
	for _, topic := range m.topics() {
		s.able = append(s.able, inboxName(topic))
	}
	slices.Sort(s.able)
}

// need says what one must be able to for the work of the name.
func (s *members) need(name, what string) {
	if s != nil {
		s.needed.Store(name, what)
	}
}

// anyCan says whether somebody who lives can do it.
func (s *members) anyCan(what string) bool {
	return slices.ContainsFunc(*s.living.Load(), func(m member) bool { return m.can(what) })
}

// owns says whether the work of the name is this instance's now.
func (s *members) owns(name string) bool {
	if s == nil {
		return true
	}
	return time.Since(s.start) < time.Duration(s.until.Load()) && s.owner(name) == s.id
}

// owner returns the instance with the greatest number for the name (rendezvous
// hashing), of those that can do the work: when one comes or goes, only its own
// share moves.
func (s *members) owner(name string) (owner string) {
	what := name
	if other, ok := s.needed.Load(name); ok {
		what = other.(string)
	}
	var most uint64
	for _, m := range *s.living.Load() {
		if !m.can(what) {
			continue
		}
		hash := fnv.New64a()
		_, _ = hash.Write([]byte(m.id + "/" + name)) // never fails
		if n := mix(hash.Sum64()); n > most || owner == "" {
			owner, most = m.id, n
		}
	}
	return owner
}

// mix spreads the bits of a number (the finalizer of MurmurHash3), because those
// of FNV depend too much on the last byte.
func mix(n uint64) uint64 {
	n = (n ^ n>>33) * 0xff51afd7ed558ccd
	n = (n ^ n>>33) * 0xc4ceb9fe1a85ec53
	return n ^ n>>33
}

// await returns true when the work of the name is this instance's, and false
// when the context has ended.
func (s *members) await(ctx context.Context, name string) bool {
	for !s.owns(name) {
		if !s.wait(ctx) {
			return false
		}
	}
	return ctx.Err() == nil
}

// lost returns when the work of the name is no longer this instance's, or the
// context has ended.
func (s *members) lost(ctx context.Context, name string) {
	if s == nil {
		<-ctx.Done()
		return
	}
	for s.owns(name) && s.wait(ctx) {
	}
}

// wait returns when something may have changed.
func (s *members) wait(ctx context.Context) bool {
	s.mu.Lock()
	changed := s.changed
	s.mu.Unlock()
	timer := time.NewTimer(beatEvery)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C: // a lease may have run out
	case <-ctx.Done():
		return false
	}
	return true
}

// run says again and again that this instance lives, and looks who else does.
func (s *members) run(ctx context.Context) {
	failures := 0
	for {
		err := s.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			if failures++; failures == 1 || failures%20 == 0 {
				s.m.logger.Warn("the module's instances cannot be seen, and nothing is answered here meanwhile", "attempt", failures, "error", err)
			}
		} else {
			failures = 0
		}
		if sleep(ctx, beatEvery) != nil {
			return
		}
	}
}

func (s *members) once(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, leaseTime)
	defer cancel()
	begun := time.Since(s.start)
	s.beat++
	data, err := json.Marshal(memberDocument{s.beat, s.able})
	if err != nil {
		return err
	}
	log := s.m.log
	if err := log.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: memberDocuments, Key: s.id, Data: data}}, Lazy: true}); err != nil {
		return err
	}
	docs, err := log.List(ctx, memberDocuments, store.Query{Limit: store.MaxList})
	if err != nil {
		return err
	}
	living, dead := s.look(docs)
	changed := !slices.EqualFunc(living, *s.living.Load(), func(a, b member) bool { return a.id == b.id && slices.Equal(a.able, b.able) })
	s.living.Store(&living)
	// Before the lease goes on: one that was paused must not go on with a
	// projection that others have built anew.
	if err := s.m.noticeRebuilds(ctx); err != nil {
		return err
	}
	s.until.Store(int64(begun + leaseTime))
	if changed {
		s.tell()
	}
	for _, id := range dead {
		if err := log.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: memberDocuments, Key: id}}, Lazy: true}); err != nil {
			return err
		}
		delete(s.seen, id)
	}
	return nil
}

// look returns who lives, in order, and who has been dead for long. Clocks are
// not compared: a member lives when its number has changed lately.
func (s *members) look(docs []store.Document) (living []member, dead []string) {
	now := time.Now()
	for _, doc := range docs {
		var stored memberDocument
		if json.Unmarshal(doc.Data, &stored) != nil {
			continue
		}
		seen := s.seen[doc.Key]
		if seen == nil || seen.beat != stored.Beat {
			seen = &seenMember{stored.Beat, now}
			s.seen[doc.Key] = seen
		}
		switch silent := now.Sub(seen.at); {
		case doc.Key == s.id || silent < takeoverTime:
			living = append(living, member{doc.Key, stored.Able})
		case silent > buryTime:
			dead = append(dead, doc.Key)
		}
	}
	return living, dead
}

func (s *members) tell() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.changed)
	s.changed = make(chan struct{})
}

// leave lets the others take over at once.
func (s *members) leave(ctx context.Context) error {
	if s == nil {
		return nil
	}
	s.until.Store(0)
	return s.m.log.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: memberDocuments, Key: s.id}}, Lazy: true})
}
