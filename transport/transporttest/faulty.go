package transporttest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/landfall-go/landfall/transport"
)

// Faults says how often a Faulty transport does wrong: probabilities from 0 to 1,
// decided for each message or call by a source of random numbers with the seed.
type Faults struct {
	Seed uint64
	// Drop, Duplicate, Reorder and Delay are about messages that are published:
	// they get lost, come twice, change places with the one before, or come up to
	// MaxDelay later.
	Drop, Duplicate, Reorder, Delay float64
	// MaxDelay is the longest delay; zero stands for 10 ms.
	MaxDelay time.Duration
	// DropHeads is how many announcements get lost.
	DropHeads float64
	// FailPublish is how many calls of Publish return ErrUnavailable, half of
	// them after the messages went out.
	FailPublish float64
	// FailCalls is how many calls return ErrUnavailable, half of them after they
	// were answered.
	FailCalls float64
}

// Faulty is a transport that does wrong on purpose, over another that does not.
// It is safe for concurrent use.
type Faulty struct {
	inner   transport.Transport
	ctx     context.Context
	cancel  context.CancelFunc
	running sync.WaitGroup

	mu      sync.Mutex
	faults  Faults
	random  *rand.Rand
	cut     bool
	changed chan struct{} // closed when cut changes
	closed  bool
	links   map[*link]struct{}
}

var _ transport.Transport = (*Faulty)(nil)

// NewFaulty returns a transport over inner, which it closes.
func NewFaulty(inner transport.Transport, faults Faults) *Faulty {
	f := &Faulty{inner: inner, changed: make(chan struct{}), links: make(map[*link]struct{})}
	f.ctx, f.cancel = context.WithCancel(context.Background())
	f.Set(faults)
	return f
}

// Set changes the faults from now on.
func (f *Faulty) Set(faults Faults) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if faults.MaxDelay == 0 {
		faults.MaxDelay = 10 * time.Millisecond
	}
	f.faults, f.random = faults, rand.New(rand.NewPCG(faults.Seed, 1))
}

// Cut cuts the connection off from the road: nothing goes out, nothing comes in,
// and what is being taken or answered is not heard of. Its own process sees
// ErrUnavailable.
func (f *Faulty) Cut() { f.connect(false) }

// Heal joins the connection and the road again.
func (f *Faulty) Heal() { f.connect(true) }

func (f *Faulty) connect(online bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.cut == !online || f.closed {
		return
	}
	f.cut = !online
	close(f.changed)
	f.changed = make(chan struct{})
	for l := range f.links {
		f.running.Go(l.follow)
	}
}

// state returns whether the connection is cut, and a channel that is closed when
// that changes.
func (f *Faulty) state() (cut bool, changed <-chan struct{}) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.cut, f.changed
}

// happens decides whether something of a probability happens.
func (f *Faulty) happens(probability func(Faults) float64) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.random.Float64() < probability(f.faults)
}

// fail returns ErrUnavailable while the connection is cut.
func (f *Faulty) fail() error {
	if cut, _ := f.state(); cut {
		return fmt.Errorf("%w: the connection is cut", transport.ErrUnavailable)
	}
	return nil
}

// Publish implements transport.Transport.
func (f *Faulty) Publish(ctx context.Context, topic transport.Topic, messages []transport.Message) error {
	if err := transport.CheckPublish(topic, messages); err != nil {
		return err
	}
	if err := f.fail(); err != nil {
		return err
	}
	failed := fmt.Errorf("%w: a fault on purpose", transport.ErrUnavailable)
	fails := f.happens(func(faults Faults) float64 { return faults.FailPublish })
	if fails && f.happens(half) {
		return failed
	}
	now, later := f.disturb(messages)
	for delay, m := range later {
		f.after(delay, func() { _ = f.inner.Publish(f.ctx, topic, m) })
	}
	if err := f.inner.Publish(ctx, topic, now); err != nil {
		return err
	}
	if fails {
		return failed
	}
	return nil
}

func half(Faults) float64 { return 0.5 }

// disturb returns what goes out now and what goes out later.
func (f *Faulty) disturb(messages []transport.Message) (now []transport.Message, later map[time.Duration][]transport.Message) {
	f.mu.Lock()
	defer f.mu.Unlock()
	later = make(map[time.Duration][]transport.Message)
	for _, m := range messages {
		drop, double, swap, late := f.random.Float64() < f.faults.Drop, f.random.Float64() < f.faults.Duplicate,
			f.random.Float64() < f.faults.Reorder, f.random.Float64() < f.faults.Delay
		if drop {
			continue
		}
		if late || double {
			delay := time.Duration(f.random.Int64N(int64(f.faults.MaxDelay)))
			later[delay] = append(later[delay], m)
		}
		if late {
			continue
		}
		now = append(now, m)
		if n := len(now); swap && n > 1 {
			now[n-1], now[n-2] = now[n-2], now[n-1]
		}
	}
	return now, later
}

// after does something later, unless the transport was closed or is cut by then.
func (f *Faulty) after(delay time.Duration, do func()) {
	f.running.Go(func() {
		select {
		case <-f.ctx.Done():
		case <-time.After(delay):
			if f.fail() == nil {
				do()
			}
		}
	})
}

// Announce implements transport.Transport.
func (f *Faulty) Announce(ctx context.Context, topic transport.Topic, head uint64) error {
	if err := transport.CheckTopic(topic); err != nil {
		return err
	}
	if err := f.fail(); err != nil {
		return err
	}
	if f.happens(func(faults Faults) float64 { return faults.DropHeads }) {
		return nil
	}
	return f.inner.Announce(ctx, topic, head)
}

// Subscribe implements transport.Transport.
func (f *Faulty) Subscribe(topic transport.Topic, name string, take func(context.Context, transport.Delivery) error) (func(), error) {
	if err := transport.CheckSubscribe(topic, name, take != nil); err != nil {
		return nil, err
	}
	return f.link(func() (func(), error) {
		return f.inner.Subscribe(topic, name, func(ctx context.Context, d transport.Delivery) error {
			if err := f.fail(); err != nil {
				return err
			}
			if err := take(ctx, d); err != nil {
				return err
			}
			return f.fail() // the road does not hear that it was taken
		})
	})
}

// Answer implements transport.Transport.
func (f *Faulty) Answer(module, operation string, answer func(context.Context, []byte) []byte) (func(), error) {
	if answer == nil {
		return f.inner.Answer(module, operation, nil)
	}
	return f.link(func() (func(), error) {
		return f.inner.Answer(module, operation, func(ctx context.Context, request []byte) []byte {
			answered := answer(ctx, request)
			if cut, changed := f.state(); cut {
				select { // the caller does not hear of it
				case <-changed:
				case <-f.ctx.Done():
				}
			}
			return answered
		})
	})
}

// Call implements transport.Transport.
func (f *Faulty) Call(ctx context.Context, module, operation string, request []byte) ([]byte, error) {
	if err := transport.CheckCall(module, operation, request); err != nil {
		return nil, err
	}
	if err := f.fail(); err != nil {
		return nil, err
	}
	failed := fmt.Errorf("%w: a fault on purpose", transport.ErrUnavailable)
	fails := f.happens(func(faults Faults) float64 { return faults.FailCalls })
	if fails && f.happens(half) {
		return nil, failed
	}
	answer, err := f.inner.Call(ctx, module, operation, request)
	if err == nil && fails {
		return nil, failed
	}
	if err == nil {
		err = f.fail()
	}
	if err != nil {
		return nil, err
	}
	return answer, nil
}

// Close implements transport.Transport.
func (f *Faulty) Close() error {
	f.mu.Lock()
	f.closed = true
	f.cancel()
	links := slices.Collect(func(yield func(*link) bool) {
		for l := range f.links {
			if !yield(l) {
				return
			}
		}
	})
	f.mu.Unlock()
	for _, l := range links {
		l.end()
	}
	f.running.Wait()
	return f.inner.Close()
}

// link is a subscription or an answer, which is on the road while the connection
// is not cut.
type link struct {
	f     *Faulty
	begin func() (stop func(), err error)

	mu    sync.Mutex
	stop  func() // nil while it is not on the road
	ended bool
}

func (f *Faulty) link(begin func() (func(), error)) (func(), error) {
	l := &link{f: f, begin: begin}
	stop, err := begin() // says whether it is allowed at all
	if err != nil {
		return nil, err
	}
	l.stop = stop
	f.mu.Lock()
	defer f.mu.Unlock()
	f.links[l] = struct{}{}
	if f.cut && !f.closed {
		f.running.Go(l.follow)
	}
	return l.end, nil
}

// follow puts the link on the road or takes it off.
func (l *link) follow() {
	l.mu.Lock()
	defer l.mu.Unlock()
	cut, _ := l.f.state()
	switch {
	case l.ended:
	case cut && l.stop != nil:
		l.stop()
		l.stop = nil
	case !cut && l.stop == nil:
		l.stop, _ = l.begin() // fails only when the road is closed
	}
}

// end takes the link off the road for good.
func (l *link) end() {
	l.f.mu.Lock()
	delete(l.f.links, l)
	l.f.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
}
