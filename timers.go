package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/landfall-go/landfall/store"
)

// timers sends the commands of a module that have become due.
type timers struct {
	m      *module
	waiter *waiter
	mu     sync.Mutex
}

// longestSleep bounds how long the timers sleep, because a clock may be set.
const longestSleep = time.Minute

func (t *timers) run(ctx context.Context) {
	failures := 0
	for t.m.members.await(ctx, "timers") {
		next, err := t.fire(ctx)
		wait := longestSleep
		if t.m.members != nil { // another instance may have set one
			wait = time.Second
		}
		switch {
		case err != nil && ctx.Err() == nil:
			failures++
			t.m.logger.Error("timers cannot go on, and try again", "attempt", failures, "error", err)
			wait = t.m.host.config.Retry.pause(failures)
		case err == nil:
			failures = 0
			if !next.IsZero() {
				wait = min(wait, max(0, time.Until(next)))
			}
		}
		sleeper := time.NewTimer(wait)
		select {
		case <-sleeper.C:
		case <-t.waiter.wake:
		case <-ctx.Done():
		}
		sleeper.Stop()
	}
}

// fire sends everything that is due and returns when the next timer will be;
// zero says that there is none.
func (t *timers) fire(ctx context.Context) (time.Time, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for {
		docs, err := t.m.log.List(ctx, timerDocuments, store.Query{Limit: 100})
		if err != nil || len(docs) == 0 {
			return time.Time{}, err
		}
		now, head := time.Now(), t.m.tail.head.Load()
		for _, doc := range docs {
			var due timer
			if err := json.Unmarshal(doc.Data, &due); err != nil {
				return time.Time{}, fmt.Errorf("timer %s: %w: %w", doc.Key, store.ErrCorrupt, err)
			}
			if due.Due.After(now) {
				return due.Due, nil
			}
			if err := t.fireOne(ctx, &due, head); err != nil {
				return time.Time{}, err
			}
		}
	}
}

// fireOne sends one command, unless its policy withdraws it when it has seen
// all that happened until now.
func (t *timers) fireOne(ctx context.Context, due *timer, head uint64) error {
	if p := t.m.policy(due.Policy); p != nil {
		if err := p.consumer.waitFor(ctx, head); err != nil {
			return err
		}
	}
	doc, err := t.m.log.Get(ctx, timerDocuments, due.key())
	if errors.Is(err, store.ErrNotFound) {
		return nil // withdrawn
	}
	if err != nil {
		return err
	}
	changes := store.Changes{
		Expect: []store.Expectation{{Collection: timerDocuments, Key: doc.Key, Data: doc.Data}},
		Writes: due.deletes(),
	}
	if err := t.send(ctx, due, &changes); err != nil {
		if ctx.Err() != nil {
			return err
		}
		due.Attempts++
		due.Due = time.Now().UTC().Add(t.m.host.config.Retry.pause(due.Attempts))
		t.m.logger.Error("a command that was due could not be sent, and is sent again later",
			"policy", due.Policy, "command", due.Name, "aggregate", due.To, "attempt", due.Attempts, "at", due.Due, "error", err)
		again, err := due.writes()
		if err != nil {
			return err
		}
		changes.Writes = append(changes.Writes, again...)
	}
	err = t.m.log.Commit(ctx, changes)
	if errors.Is(err, ErrConflict) {
		return nil // withdrawn or sent meanwhile
	}
	return err
}

// send has the command answered, or leaves it in the log when it is for another
// module.
func (t *timers) send(ctx context.Context, due *timer, changes *store.Changes) error {
	msg := Message{
		To: due.To, ID: due.ID, Actor: due.Actor, Metadata: due.Metadata,
		Trigger: due.Trigger, Correlation: due.Correlation,
	}
	if due.Module == "" || due.Module == t.m.spec.name {
		return t.m.settled(t.m.deliver(ctx, due.Name, due.Data, msg), due.Policy, due.Name, msg)
	}
	sent, err := t.m.sent(due.Module, due.Name, due.Data, &msg)
	if err == nil {
		changes.Appends = append(changes.Appends, sent)
	}
	return err
}
