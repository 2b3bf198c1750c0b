package landfall

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// waitFor returns when the consumer has taken the event at the position.
// Without background work the caller does the work.
func (c *consumer) waitFor(ctx context.Context, position uint64) error {
	c.waiting.Add(1)
	defer c.waiting.Add(-1)
	for {
		c.progressMu.Lock()
		progress := c.progress
		c.progressMu.Unlock()
		if c.position.Load() >= position {
			return nil
		}
		if c.replaced.Load() {
			return errReplaced
		}
		if !c.m.host.started.Load() {
			n, err := c.step(ctx, batchSize)
			if err != nil {
				return err
			}
			if n == 0 && c.position.Load() < position {
				return fmt.Errorf("the log of module %s ends at %d, before position %d: %w", c.m.spec.name, c.position.Load(), position, ErrNotFound)
			}
			continue
		}
		if !c.m.members.owns(c.name) {
			if done, err := c.movedElsewhere(ctx, position); done || err != nil {
				return err
			}
			continue
		}
		c.waiter.rouse()
		if err := c.awaitProgress(ctx, progress); err != nil {
			return err
		}
	}
}

// awaitProgress returns when the position has moved here, or when another
// instance may have become the one that moves it.
func (c *consumer) awaitProgress(ctx context.Context, progress <-chan struct{}) error {
	var look <-chan time.Time
	if c.m.members != nil {
		timer := time.NewTimer(beatEvery)
		defer timer.Stop()
		look = timer.C
	}
	select {
	case <-progress:
	case <-look:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.m.host.stopping:
		return ErrClosed
	}
	return nil
}

// movedElsewhere looks after a while whether another instance has taken the
// consumer to the position.
func (c *consumer) movedElsewhere(ctx context.Context, position uint64) (bool, error) {
	at, err := c.positionElsewhere(ctx)
	if err != nil {
		return false, err
	}
	if at > c.position.Load() {
		c.position.Store(at)
		return at >= position, nil
	}
	select {
	case <-c.m.host.stopping:
		return false, ErrClosed
	default:
		return false, sleep(ctx, 2*time.Millisecond)
	}
}

// run follows the log until the context ends.
func (c *consumer) run(ctx context.Context) {
	var failures int
	owned := c.m.members == nil
	for ctx.Err() == nil {
		if !c.m.members.owns(c.name) || !owned {
			if owned = c.m.members.await(ctx, c.name) && c.lookAgain(ctx) == nil; !owned {
				_ = sleep(ctx, c.m.host.config.Retry.First)
				continue
			}
		}
		n, err := c.step(ctx, batchSize)
		if errors.Is(err, errReplaced) {
			return
		}
		if errors.Is(err, ErrConflict) && c.m.members != nil { // another instance is at it still, or already
			owned = false
			_ = sleep(ctx, c.m.host.config.Retry.pause(1))
			continue
		}
		if err != nil && ctx.Err() == nil {
			failures++
			c.complain(failures, err)
			_ = sleep(ctx, c.retryIn(failures, err)) // the loop sees the end of the context
			continue
		}
		failures = 0
		if n == 0 {
			c.idle(ctx)
		} else if n < batchSize {
			c.nap(ctx, c.lull(n))
		}
	}
}

// complain logs that the consumer cannot go on: each time, or now and then when
// the other side is not there, which may be for long.
func (c *consumer) complain(failures int, err error) {
	log := c.m.logger.Error
	if unavailable(err) {
		if failures > 1 && failures%50 != 0 {
			return
		}
		log = c.m.logger.Warn
	}
	log("consumer cannot go on, and tries again", c.kind, c.name, "position", c.position.Load(), "attempt", failures, "error", err)
}

// unavailablePause bounds the pause while the other side is not there.
const unavailablePause = 500 * time.Millisecond

func (c *consumer) retryIn(failures int, err error) time.Duration {
	wait := c.m.host.config.Retry.pause(failures)
	if unavailable(err) {
		wait = min(wait, unavailablePause)
	}
	return wait
}

// lookAgain looks where the consumer stands, which another instance has moved.
func (c *consumer) lookAgain(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.worker.done(&answer{}, false) // what it keeps in memory may be behind
	return c.open(ctx)
}

// idle sleeps until there is something to do.
func (c *consumer) idle(ctx context.Context) {
	c.waiter.asleep.Store(true)
	defer c.waiter.asleep.Store(false)
	if c.m.tail.head.Load() > c.position.Load() {
		return
	}
	var due <-chan time.Time
	if next, ok, err := c.nextRetry(ctx); ok && err == nil {
		timer := time.NewTimer(time.Until(next))
		defer timer.Stop()
		due = timer.C
	}
	var lease <-chan time.Time
	if c.m.members != nil {
		c.tellOthers(ctx)
		timer := time.NewTimer(beatEvery)
		defer timer.Stop()
		lease = timer.C
	}
	select {
	case <-c.waiter.wake:
	case <-due:
	case <-lease:
	case <-ctx.Done():
	}
}

// lull returns how long to wait after a batch of so many events.
func (c *consumer) lull(n int) time.Duration {
	switch {
	case c.kind != "projection":
		return policyLull
	case n > floodSize:
		return 2 * time.Millisecond
	default:
		return min(max(leastLull, time.Duration(n)*lullAnEvent), mostLull)
	}
}

// nap sleeps for a while, or until somebody waits for this consumer.
func (c *consumer) nap(ctx context.Context, d time.Duration) {
	if c.waiting.Load() > 0 {
		d = min(d, leastLull/5)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-c.waiter.wake:
	case <-ctx.Done():
	}
}
