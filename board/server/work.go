package server

import (
	"context"
	"math"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"github.com/landfall-go/landfall/board/wire"
)

// unit is what work is counted in, of one processor.
const unit = 5 * time.Millisecond

// What is asked for over HTTP costs work. These are the costs on a small board; they
// grow with it (live.Board.Scale).
const (
	costState  = 1
	costFigure = 4 // what is worked out of the whole wall
	costLand   = 10
	costWrite  = 2 // a document of the catalog
	// perUnit and bytesPerUnit are how many operations, and bytes of them, are read for
	// a unit.
	perUnit      = 200
	bytesPerUnit = 100_000
)

// turn waits until pictures may be drawn, or files be read, for a person: that is done
// for one at a time, because it takes memory. done lets the next one begin, and charges
// the person for the time that it took.
func (s *Server) turn(ctx context.Context, person string) (done func(), err error) {
	leave, err := s.drawers.enter(person)
	if err != nil {
		return nil, err
	}
	select {
	case s.drawing <- struct{}{}:
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
	begin := time.Now()
	return func() {
		s.work.spend(person, int(time.Since(begin)/unit))
		<-s.drawing
		leave()
	}, nil
}

// figure does what takes a processor, for no more at once than half of the processors
// can do: however many ask, those who write on the wall do not wait for them.
func (s *Server) figure(ctx context.Context, do func()) error {
	select {
	case s.figuring <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-s.figuring }()
	do()
	return nil
}

// maxDrawings is how many exports and imports of one person wait at once.
const maxDrawings = 3

// buckets are token buckets, by whom they belong to. A bucket may be overdrawn once,
// by what is dearer than what is in it: how dear something is shows only on the way.
type buckets[K comparable] struct {
	every rate.Limit // tokens a second
	burst int
	mu    sync.Mutex
	by    map[K]*rate.Limiter
}

func newBuckets[K comparable](every float64, burst int) *buckets[K] {
	return &buckets[K]{every: rate.Limit(every), burst: burst, by: map[K]*rate.Limiter{}}
}

// take takes tokens, unless the bucket is empty; then it says how long there will be
// none.
func (b *buckets[K]) take(k K, tokens int) (wait time.Duration) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, l := time.Now(), b.of(k)
	if left := l.TokensAt(now); left < 1 {
		return time.Duration((1 - left) / float64(b.every) * float64(time.Second))
	}
	l.ReserveN(now, min(tokens, b.burst))
	return 0
}

// spend takes tokens for what is being done already, whether they are there or not.
func (b *buckets[K]) spend(k K, tokens int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.of(k).ReserveN(time.Now(), min(tokens, b.burst))
}

// shared returns the bucket for all who take from it one after the other, and wait.
func (b *buckets[K]) shared(k K) *rate.Limiter {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.of(k)
}

// maxBuckets bounds how many buckets are remembered.
const maxBuckets = 10_000

func (b *buckets[K]) of(k K) *rate.Limiter {
	l := b.by[k]
	if l == nil {
		b.forget()
		l = rate.NewLimiter(b.every, b.burst)
		b.by[k] = l
	}
	return l
}

// forget makes room: buckets that are full are as good as new ones.
func (b *buckets[K]) forget() {
	if len(b.by) < maxBuckets {
		return
	}
	for k, l := range b.by {
		if l.Tokens() >= float64(b.burst) {
			delete(b.by, k)
		}
	}
	if len(b.by) >= maxBuckets { // forget all rather than remember too many
		clear(b.by)
	}
}

// charge takes work from a person, or refuses them until they may ask again.
func (s *Server) charge(person string, units int) error {
	return tooFast(s.work.take(person, units), "you ask for more than the server has time for; it goes on in a moment")
}

// tooFast is the refusal of whoever has to wait, or nil.
func tooFast(wait time.Duration, message string) error {
	if wait <= 0 {
		return nil
	}
	return &later{&failure{http.StatusTooManyRequests, wire.TooFast, message}, wait}
}

// later is a failure that is over after a while.
type later struct {
	*failure
	after time.Duration
}

// Unwrap returns the failure, which says how it is answered.
func (l *later) Unwrap() error { return l.failure }

// seconds is a wait as the header Retry-After has it.
func seconds(wait time.Duration) int { return int(math.Ceil(wait.Seconds())) }

// queue counts who waits for the one place where pictures are drawn and files are read.
type queue struct {
	mu sync.Mutex
	by map[string]int
}

// enter lets a person wait, unless they do so too often already.
func (q *queue) enter(person string) (leave func(), err error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.by[person] >= maxDrawings {
		return nil, tooFast(2*time.Second, "what you asked for before is still being made; wait for it")
	}
	if q.by == nil {
		q.by = map[string]int{}
	}
	q.by[person]++
	return func() {
		q.mu.Lock()
		defer q.mu.Unlock()
		if q.by[person]--; q.by[person] <= 0 {
			delete(q.by, person)
		}
	}, nil
}
