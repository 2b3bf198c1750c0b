package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"time"

	"github.com/landfall-go/landfall/store"
)

// Retry says how often a policy or a projection tries to answer an event that
// it failed on, before the event becomes a dead letter.
type Retry struct {
	// Attempts is how often an event is tried in all; zero means 6.
	Attempts int
	// First is the pause after the first attempt; each pause is twice the one
	// before, with a random part. Zero means 100 ms.
	First time.Duration
	// Most bounds a pause; zero means 30 s.
	Most time.Duration
}

func (r Retry) withDefaults() Retry {
	if r.Attempts <= 0 {
		r.Attempts = 6
	}
	if r.First <= 0 {
		r.First = 100 * time.Millisecond
	}
	if r.Most <= 0 {
		r.Most = 30 * time.Second
	}
	return r
}

// pause returns how long to wait after so many failures.
func (r Retry) pause(failures int) time.Duration {
	d := r.First << min(failures-1, 20)
	if d > r.Most || d <= 0 {
		d = r.Most
	}
	return d/2 + time.Duration(rand.Int64N(int64(d/2)+1))
}

// DeadLetter is an event that a policy or a projection could not answer. It
// holds back the later events of the same aggregate for this one consumer;
// everything else goes on. [Host.Retry] tries again, [Host.Skip] gives it up.
type DeadLetter struct {
	// Module and Consumer name the policy or projection.
	Module   string
	Consumer string
	// Aggregate is whose events are held back.
	Aggregate AggregateID
	// Event, Type and Position say which event failed.
	Event    ID
	Type     string
	Position uint64
	// Attempts is how often it was tried, and Error what happened last.
	Attempts int
	Error    string
	// Since is when it failed first.
	Since time.Time

	stream string
}

// parking is a stream that waits for one of its events, as it is stored.
type parking struct {
	Consumer  string      `json:"consumer"`
	Stream    string      `json:"stream"`
	Aggregate AggregateID `json:"aggregate"`
	Event     ID          `json:"event"`
	Type      string      `json:"type"`
	Position  uint64      `json:"position"`
	Version   uint64      `json:"version"`
	Attempts  int         `json:"attempts"`
	Error     string      `json:"error"`
	Since     time.Time   `json:"since"`
	Next      time.Time   `json:"next"` // zero: dead, until somebody decides
}

func (p *parking) key() string { return p.Consumer + "/" + p.Stream }

func (p *parking) write() store.Write {
	data, _ := json.Marshal(p) // plain data always encodes
	return store.Write{Collection: parkings, Key: p.key(), Data: data}
}

func (c *consumer) openParked(ctx context.Context) error {
	all, err := c.readParked(ctx)
	if err != nil {
		return err
	}
	c.parkedMu.Lock()
	defer c.parkedMu.Unlock()
	c.parked, c.parkedAt = all, time.Now()
	return nil
}

func (c *consumer) readParked(ctx context.Context) (map[string]*parking, error) {
	all := map[string]*parking{}
	after := ""
	for {
		docs, err := c.m.log.List(ctx, parkings, store.Query{Prefix: c.name + "/", After: after, Limit: 1000})
		if err != nil || len(docs) == 0 {
			return all, err
		}
		for _, doc := range docs {
			p := &parking{}
			if err := json.Unmarshal(doc.Data, p); err != nil {
				return nil, fmt.Errorf("dead letter %s: %w: %w", doc.Key, store.ErrCorrupt, err)
			}
			all[p.Stream] = p
		}
		after = docs[len(docs)-1].Key
	}
}

// knownParked returns what is parked: as this instance knows it when the consumer is
// its own, else as it is stored.
func (c *consumer) knownParked(ctx context.Context) (map[string]*parking, error) {
	if !c.m.members.owns(c.name) {
		return c.readParked(ctx)
	}
	c.parkedMu.Lock()
	defer c.parkedMu.Unlock()
	return maps.Clone(c.parked), nil
}

// hold parks a stream, or changes what is known of it.
func (c *consumer) hold(p *parking) {
	c.parkedMu.Lock()
	defer c.parkedMu.Unlock()
	c.parked[p.Stream] = p
}

// park notes another failed attempt on an event.
func (c *consumer) park(f failure) *parking {
	now := time.Now().UTC()
	p := &parking{
		Consumer: c.name, Stream: f.event.stream, Aggregate: f.event.Aggregate, Event: f.event.ID,
		Type: f.event.Type, Position: f.event.Position, Version: f.event.Version, Since: now,
	}
	if old := c.parked[p.Stream]; old != nil && old.Event == p.Event {
		p.Attempts, p.Since = old.Attempts, old.Since
	}
	p.Attempts++
	p.Error = f.err.Error()
	retry := c.m.host.config.Retry
	log := c.m.logger.With(c.kind, c.name, "event", p.Type, "id", p.Event, "aggregate", p.Aggregate, "attempt", p.Attempts, "error", p.Error)
	if p.Attempts >= retry.Attempts || errors.Is(f.err, ErrUnreadable) {
		log.Error("event is a dead letter; later events of its aggregate wait here until it is retried or skipped")
		return p
	}
	p.Next = now.Add(retry.pause(p.Attempts))
	log.Warn("event could not be answered, and is tried again", "at", p.Next)
	return p
}

func (c *consumer) anyParked() string {
	for _, p := range c.parked {
		return fmt.Sprintf("%s at position %d (%s)", p.Type, p.Position, p.Error)
	}
	return ""
}

// nextRetry returns when a parked stream is to be tried again.
func (c *consumer) nextRetry(ctx context.Context) (next time.Time, retrying bool, err error) {
	parked, err := c.knownParked(ctx)
	for _, p := range parked {
		if !p.Next.IsZero() && (next.IsZero() || p.Next.Before(next)) {
			next = p.Next
		}
	}
	return next, !next.IsZero(), err
}

// retryParked tries the parked streams whose time has come.
func (c *consumer) retryParked(ctx context.Context) error {
	if len(c.parked) == 0 {
		return nil
	}
	now := time.Now()
	if c.m.members != nil && now.Sub(c.parkedAt) > beatEvery { // another instance may have reopened some
		if err := c.openParked(ctx); err != nil {
			return err
		}
	}
	for _, p := range c.parked {
		if p.Next.IsZero() || p.Next.After(now) {
			continue
		}
		if err := c.resume(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// resume answers the events of a parked stream up to where the consumer
// stands, one by one, and parks it again at the first that fails.
func (c *consumer) resume(ctx context.Context, p *parking) error {
	version := p.Version - 1
	for {
		records, err := c.m.log.ReadStream(ctx, p.Stream, version, loadPage, nil)
		if err != nil {
			return err
		}
		for i := range records {
			if records[i].Position > c.position.Load() {
				return c.unpark(ctx, p)
			}
			if done, err := c.resumeEvent(ctx, p, &records[i]); !done || err != nil {
				return err
			}
			version = records[i].Version
		}
		if len(records) < loadPage {
			return c.unpark(ctx, p)
		}
	}
}

// resumeEvent answers one event of a parked stream; false says that it failed.
func (c *consumer) resumeEvent(ctx context.Context, p *parking, r *store.Record) (bool, error) {
	e, err := c.m.read(r, c.wanted)
	if !c.wanted(e) {
		return true, nil
	}
	if err != nil {
		a := answer{}
		a.fail(e, err)
		return false, c.commit(ctx, c.position.Load(), &a)
	}
	a, err := c.worker.work(ctx, []*Recorded{e})
	failed := len(a.failed) > 0
	next := *p
	if err == nil {
		if !failed { // whatever comes, go on behind this event
			next.Version, next.Attempts, next.Next = e.Version+1, 0, time.Now().UTC()
			a.writes = append(a.writes, next.write())
		}
		err = c.commit(ctx, c.position.Load(), &a)
	}
	c.worker.done(&a, err == nil)
	var broken *brokenError
	if errors.As(err, &broken) {
		alone := answer{}
		alone.fail(e, broken.err)
		return false, c.commit(ctx, c.position.Load(), &alone)
	}
	if err == nil && !failed {
		c.hold(&next)
	}
	return !failed, err
}

func (c *consumer) unpark(ctx context.Context, p *parking) error {
	a := answer{writes: []store.Write{{Collection: parkings, Key: p.key()}}}
	if err := c.commit(ctx, c.position.Load(), &a); err != nil {
		return err
	}
	c.parkedMu.Lock()
	delete(c.parked, p.Stream)
	c.parkedMu.Unlock()
	c.m.logger.Info("aggregate is followed again", c.kind, c.name, "aggregate", p.Aggregate)
	return nil
}

// reopen sets a dead letter in motion again, at its event or behind it. Where
// another instance runs the consumer, that one finds its position document
// changed, or looks at what is parked soon anyhow.
func (c *consumer) reopen(ctx context.Context, d DeadLetter, skip bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for attempt := 1; ; attempt++ {
		if !c.m.members.owns(c.name) {
			if err := c.open(ctx); err != nil {
				return err
			}
		}
		err := c.tryReopen(ctx, d, skip)
		if !errors.Is(err, ErrConflict) || attempt == maxConflicts {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (c *consumer) tryReopen(ctx context.Context, d DeadLetter, skip bool) error {
	old := c.parked[d.stream]
	if old == nil || old.Event != d.Event {
		return fmt.Errorf("dead letter %s of %s: it was retried or skipped meanwhile: %w", d.Event, d.Consumer, ErrNotFound)
	}
	p := *old
	p.Attempts, p.Next = 0, time.Now().UTC()
	if skip {
		p.Version++
	}
	if err := c.commit(ctx, c.position.Load(), &answer{writes: []store.Write{p.write()}}); err != nil {
		return err
	}
	c.hold(&p)
	c.waiter.rouse()
	return nil
}

// deadLetters returns those that wait for somebody to decide.
func (c *consumer) deadLetters(ctx context.Context) []DeadLetter {
	parked, err := c.knownParked(ctx)
	if err != nil && ctx.Err() == nil {
		c.m.logger.Warn("dead letters of another instance cannot be read", c.kind, c.name, "error", err)
	}
	var dead []DeadLetter
	for _, p := range parked {
		if p.Next.IsZero() {
			dead = append(dead, DeadLetter{
				Module: c.m.spec.name, Consumer: c.name, Aggregate: p.Aggregate, Event: p.Event, Type: p.Type,
				Position: p.Position, Attempts: p.Attempts, Error: p.Error, Since: p.Since, stream: p.Stream,
			})
		}
	}
	return dead
}
