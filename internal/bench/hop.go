package bench

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"time"
)

// A hop is the way of a message from one module to another: from the sender's
// log over the broker into the receiver's log, and into what the receiver shows.
// Sender, broker and receiver are processes; both stores are SQLite with
// synchronous=FULL.

const (
	hopCallers = 64
	hopRovers  = 1024
	hopWarm    = 2000
)

// crossing is what crosses: who sends it, who receives it, and how many records
// that makes in the busier of the two logs.
type crossing struct {
	sender, receiver string
	records          int
	batch            bool
}

// The ways to cross, by the names of Hop and Latency.
var crossings = map[Crossing]crossing{
	Events:       {publishing, mapping, 1, false},
	EventBatches: {publishing, mapping, 1, true},
	Commands:     {sending, logging, 2, false},
}

// Crossing says what crosses from module to module.
type Crossing int

// What crosses.
const (
	Events       Crossing = iota // the sender's events, each a message
	EventBatches                 // the same, several in a message
	Commands                     // the commands of the sender's policy
)

// String names a benchmark.
func (c Crossing) String() string { return [...]string{"events", "batches of events", "commands"}[c] }

// system is a sender, a broker and a receiver.
type system struct {
	all                      children
	broker, sender, receiver *child
}

func startSystem(folder string, way crossing) (s *system, err error) {
	s = &system{}
	defer func() {
		if err != nil {
			s.all.stop(&err)
		}
	}()
	if s.broker, err = s.all.start(task{Broker: true}); err != nil {
		return s, err
	}
	var url string
	if err := s.broker.ask("Broker.URL", Nothing{}, &url); err != nil {
		return s, err
	}
	if s.receiver, err = s.all.start(task{Node: &nodeTask{Module: way.receiver, Store: filepath.Join(folder, "receiver.db"), NATS: url}}); err != nil {
		return s, err
	}
	s.sender, err = s.all.start(task{Node: &nodeTask{Module: way.sender, Store: filepath.Join(folder, "sender.db"), NATS: url, Batch: way.batch}})
	return s, err
}

// StoreRate is the durable rate of a store: how many events a second the runtime
// writes into it for 64 callers, each of which waits until its event is on the
// disk. Each store is in a process of its own, which does nothing else. Of several
// that are written at once it is the slower one's.
func StoreRate(folder string, stores, events int) (rate float64, err error) {
	var all children
	defer func() { all.stop(&err) }()
	load := Load{Callers: hopCallers, Commands: hopWarm, Rovers: hopRovers}
	for i := range stores {
		n, err := all.start(task{Node: &nodeTask{Module: rovers0, Store: filepath.Join(folder, fmt.Sprintf("rate-%d-of-%d.db", i+1, stores))}})
		if err != nil {
			return 0, err
		}
		if err := n.ask("Node.Start", load, &Driven{}); err != nil {
			return 0, err
		}
		if err := n.ask("Node.Drive", load, &Driven{}); err != nil {
			return 0, err
		}
	}
	load.Commands = events
	rates := make(chan float64, stores)
	errs := make(chan error, stores)
	for _, n := range all {
		go func() {
			var d Driven
			errs <- n.ask("Node.Drive", load, &d)
			rates <- float64(events) / d.Seconds
		}()
	}
	rate = math.Inf(1)
	for range all {
		err = errors.Join(err, <-errs)
		rate = min(rate, <-rates)
	}
	return rate, err
}

// Hops is how fast messages crossed.
type Hops struct {
	// Messages a second, from the first command in the sender until what the last
	// led to could be read at the receiver.
	Messages float64
	// Records a second that the busier of the two logs has taken meanwhile: one
	// for an event that crosses; two for a command, which is in the sender's log
	// beside the event that it answers, and in the receiver's before its event.
	Records float64
	// Accepted are the commands a second that the sender has accepted.
	Accepted float64
	// Processor are the microseconds of processor time that a message took in the
	// sender, its own command included, in the broker and in the receiver.
	Processor [3]float64
}

// Hop has so many messages cross, while 64 callers make them.
func Hop(folder string, what Crossing, messages int) (h Hops, err error) {
	records := crossings[what].records
	s, err := startSystem(folder, crossings[what])
	if err != nil {
		return h, err
	}
	defer s.all.stop(&err)
	var d Driven
	load := Load{Callers: hopCallers, Commands: hopWarm, Rovers: hopRovers}
	if err := s.sender.ask("Node.Start", load, &d); err != nil {
		return h, err
	}
	if err := s.cross(load, &d, uint64(hopWarm*records)); err != nil {
		return h, err
	}
	load.Commands = messages
	before, err := s.processor()
	if err != nil {
		return h, err
	}
	begun := time.Now()
	if err := s.cross(load, &d, uint64((hopWarm+messages)*records)); err != nil {
		return h, err
	}
	took := time.Since(begun).Seconds()
	after, err := s.processor()
	if err != nil {
		return h, err
	}
	for i := range after {
		h.Processor[i] = (after[i] - before[i]) / float64(messages) * 1e6
	}
	h.Messages = float64(messages) / took
	h.Records, h.Accepted = h.Messages*float64(records), float64(messages)/d.Seconds
	return h, nil
}

// processor are the seconds that sender, broker and receiver have computed.
func (s *system) processor() (seconds [3]float64, err error) {
	for i, c := range []*child{s.sender, s.broker, s.receiver} {
		err = errors.Join(err, c.ask("Process.Processor", Nothing{}, &seconds[i]))
	}
	return seconds, err
}

// cross drives the sender and waits for the receiver.
func (s *system) cross(load Load, d *Driven, position uint64) error {
	if err := s.sender.ask("Node.Drive", load, d); err != nil {
		return err
	}
	return s.receiver.ask("Node.Await", position, &Nothing{})
}

// Latencies are how long single commands took, one after the other with nothing
// else going on.
type Latencies struct {
	Accepted []time.Duration // from Dispatch's return in the sender
	Sent     []time.Duration // from its call
}

// between shots, so that each finds the processes asleep.
const between = 20 * time.Millisecond

// Latency measures until what follows could be read at the receiver: by somebody
// who waits for it with View.WaitFor, or by one who watches the view.
func Latency(folder string, what Crossing, waits bool, shots int) (l Latencies, err error) {
	s, err := startSystem(folder, crossings[what])
	if err != nil {
		return l, err
	}
	defer s.all.stop(&err)
	if err := s.sender.ask("Node.Shoot", true, &Shot{}); err != nil {
		return l, err
	}
	const warm = 50
	for i := range warm + shots {
		shot, at, err := s.shoot(i+1, uint64((i+1)*crossings[what].records), waits)
		if err != nil {
			return l, err
		}
		if i >= warm {
			l.Accepted, l.Sent = append(l.Accepted, time.Duration(at-shot.Accepted)), append(l.Sent, time.Duration(at-shot.Sent))
		}
	}
	return l, nil
}

// shoot sends one command, and asks only afterwards when it could be read, because
// asking would disturb it.
func (s *system) shoot(moves int, position uint64, waits bool) (shot Shot, at int64, err error) {
	if waits {
		if err := s.receiver.ask("Node.Expect", position, &Nothing{}); err != nil {
			return shot, 0, err
		}
	}
	time.Sleep(between)
	if err := s.sender.ask("Node.Shoot", false, &shot); err != nil {
		return shot, 0, err
	}
	time.Sleep(between)
	if waits {
		err := s.receiver.ask("Node.Reached", position, &at)
		return shot, at, err
	}
	err = s.receiver.ask("Node.Seen", moves, &at)
	return shot, at, err
}

// A broker keeps what it has just written in memory, for some seconds and until
// the garbage collector has come by. So it is asked some times, each of which
// collects.
const (
	askedFor   = 4
	askedEvery = 7 * time.Second
)

// MemoryOfBroker has so many messages about so many aggregates cross a new
// broker, and returns what it has kept of them when its caches are empty.
func MemoryOfBroker(folder string, aggregates, messages int) (m BrokerMemory, err error) {
	s, err := startSystem(folder, crossings[Events])
	if err != nil {
		return m, err
	}
	defer s.all.stop(&err)
	var d Driven
	load := Load{Callers: hopCallers, Commands: messages, Rovers: aggregates}
	if err := s.sender.ask("Node.Start", load, &d); err != nil {
		return m, err
	}
	if err := s.cross(load, &d, uint64(messages)); err != nil {
		return m, err
	}
	for range askedFor {
		time.Sleep(askedEvery)
		m = BrokerMemory{}
		if err := s.broker.ask("Broker.Memory", Nothing{}, &m); err != nil {
			return m, err
		}
	}
	if m.Messages != uint64(messages) {
		return m, fmt.Errorf("the broker's stream has %d messages, want %d", m.Messages, messages)
	}
	return m, nil
}

// Percentile returns the time that so many of a hundred are not longer than.
func Percentile(times []time.Duration, percent int) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(len(sorted)-1, len(sorted)*percent/100)]
}
