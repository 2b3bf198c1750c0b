//go:build linux

package faults

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/transport/nats"
)

// acknowledged is what the sender of a command was told.
type acknowledged struct {
	order    string
	sequence int // of the commands of one order
	command  landfall.Command
	rejected bool
	events   []told
}

type told struct {
	id                landfall.ID
	kind              string
	position, version uint64
}

// load dispatches commands from outside, over NATS, and remembers what it was
// told. A command without an answer is sent again under its key.
type load struct {
	road *nats.Transport
	host *landfall.Host

	status landfall.View[Status]

	mu       sync.Mutex
	acks     map[string]acknowledged // by key
	mistakes mistakes
	looks    int // at documents that show what was acknowledged
	repeats  int
	failures int

	sent   atomic.Int64
	orders atomic.Int64
}

func newLoad(ctx context.Context, url string, folder string) (*load, error) {
	quiet := slog.New(slog.DiscardHandler)
	road, err := nats.Connect(ctx, url, nats.WithLogger(quiet), nats.WithConnection(natsio.IgnoreDiscoveredServers()))
	if err != nil {
		return nil, err
	}
	host, err := landfall.Open(ctx, landfall.Config{Transport: road, Logger: quiet, Elsewhere: []landfall.Module{module(ordersName, false, newOutsides(folder))}})
	if err != nil {
		return nil, errors.Join(err, road.Close())
	}
	l := &load{road: road, host: host, acks: map[string]acknowledged{}}
	l.status, err = landfall.ViewOf[Status](host, "Orders.Status")
	return l, err
}

func (l *load) close() error { return errors.Join(l.host.Close(), l.road.Close()) }

// drivers is how many orders are driven at a time.
const drivers = 12

// run drives orders until the context ends, at so many commands a second, and
// then gets an answer to those under way. It returns an error when there is
// none.
func (l *load) run(ctx context.Context, rate int, seed uint64) error {
	tickets := time.NewTicker(time.Second / time.Duration(rate))
	defer tickets.Stop()
	var driving sync.WaitGroup
	errs := make([]error, drivers)
	for d := range drivers {
		chance := rand.New(rand.NewPCG(seed, uint64(d)))
		driving.Go(func() {
			for ctx.Err() == nil && errs[d] == nil {
				errs[d] = l.drive(ctx, tickets.C, chance)
			}
		})
	}
	driving.Wait()
	return errors.Join(errs...)
}

// drive takes an order through its commands from outside.
func (l *load) drive(ctx context.Context, tickets <-chan time.Time, chance *rand.Rand) error {
	order := fmt.Sprintf("o%05d", l.orders.Add(1))
	amount := 1 + chance.IntN(900)
	commands := []landfall.Command{Place{amount}}
	for n := range 1 + chance.IntN(4) {
		commands = append(commands, Change{n + 1})
	}
	switch chance.IntN(10) {
	case 0: // out of turn, which is refused
		commands = append([]landfall.Command{Change{99}}, commands...)
	case 1:
		commands = append(commands, Place{amount})
	}
	return l.send(ctx, tickets, chance, order, commands)
}

// send dispatches the commands of one order, one after the other.
func (l *load) send(ctx context.Context, tickets <-chan time.Time, chance *rand.Rand, order string, commands []landfall.Command) error {
	for i, c := range commands {
		select {
		case <-tickets:
		case <-ctx.Done():
			return nil
		}
		if err := l.dispatch(order, i, c); err != nil {
			return err
		}
		if chance.IntN(10) == 0 {
			l.look(order, i)
		}
		if chance.IntN(20) == 0 { // a sender who has forgotten that it was answered
			if err := l.dispatch(order, i, c); err != nil {
				return err
			}
		}
	}
	return nil
}

// patience is how long a command may be without an answer: faults end before.
const patience = 90 * time.Second

func (l *load) dispatch(order string, sequence int, c landfall.Command) error {
	key := fmt.Sprintf("%s/%d", order, sequence)
	l.sent.Add(1)
	for begun := time.Now(); ; {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		result, err := l.host.Dispatch(ctx, landfall.Message{To: landfall.AggregateID(order), Command: c, Key: key, Actor: "load"})
		cancel()
		if err == nil || errors.Is(err, landfall.ErrRejected) {
			l.acknowledge(key, acknowledged{order: order, sequence: sequence, command: c, rejected: err != nil}, result)
			return nil
		}
		l.mu.Lock()
		l.failures++
		l.mu.Unlock()
		if time.Since(begun) > patience {
			return fmt.Errorf("%s has no answer after %v: %w", key, patience, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func (l *load) acknowledge(key string, a acknowledged, result landfall.Result) {
	for _, e := range result.Events {
		a.events = append(a.events, told{e.ID, e.Type, e.Position, e.Version})
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if result.Repeated {
		l.repeats++
	}
	if first, again := l.acks[key]; again && !reflect.DeepEqual(first, a) {
		l.mistakes.add("%s was answered by %+v, and later by %+v", key, first, a)
		return
	}
	l.acks[key] = a
}

// look asks for the document that a command has changed, which shows it to those
// who have waited for it, or cannot be had now.
func (l *load) look(order string, sequence int) {
	l.mu.Lock()
	a := l.acks[fmt.Sprintf("%s/%d", order, sequence)]
	l.mu.Unlock()
	if len(a.events) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	if l.status.WaitFor(ctx, a.events[0].position) != nil {
		return
	}
	doc, err := l.status.Get(ctx, order)
	l.mu.Lock()
	defer l.mu.Unlock()
	switch c := a.command.(type) {
	case Place:
		if errors.Is(err, landfall.ErrNotFound) || err == nil && doc.Amount != c.Amount {
			l.mistakes.add("%s was placed for %d, and after waiting for it there is %+v, %v", order, c.Amount, doc, err)
		}
	case Change:
		if errors.Is(err, landfall.ErrNotFound) || err == nil && doc.Changes < c.Number {
			l.mistakes.add("%s was changed %d times, and after waiting for it there is %+v, %v", order, c.Number, doc, err)
		}
	}
	if err == nil {
		l.looks++
	}
}

// enough waits, on a slow machine, until the load means something.
func (l *load) enough() {
	for range 200 {
		l.mu.Lock()
		n := len(l.acks)
		l.mu.Unlock()
		if n >= 80 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// snapshot returns what was acknowledged so far.
func (l *load) snapshot() (acks map[string]acknowledged, wrong mistakes) {
	l.mu.Lock()
	defer l.mu.Unlock()
	acks = make(map[string]acknowledged, len(l.acks))
	for key, a := range l.acks {
		acks[key] = a
	}
	return acks, append(wrong, l.mistakes...)
}

// mistakes gathers what is wrong.
type mistakes []string

func (m *mistakes) add(format string, args ...any) { *m = append(*m, fmt.Sprintf(format, args...)) }
