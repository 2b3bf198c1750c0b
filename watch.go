package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/landfall-go/landfall/store"
)

// shadowPause is how long to wait for another instance to take up an event.
const shadowPause = 5 * time.Millisecond

// shadow tells those who watch a projection here what has changed while another
// instance runs it: the keys of the events that the other one has taken up.
func (p *projection) shadow(ctx context.Context) {
	w := newWaiter()
	p.m.tail.join(w)
	defer p.m.tail.leave(w)
	var at uint64
	following := false
	for ctx.Err() == nil {
		c := p.active.Load().consumer
		if p.m.members.owns(c.name) || !p.watched() {
			following = false
			w.sleep(ctx, p.m.tail, p.m.tail.head.Load())
			continue
		}
		now, err := c.positionElsewhere(ctx)
		switch {
		case err != nil:
			_ = sleep(ctx, beatEvery) // the loop sees the end of the context
			continue
		case !following || now < at:
			following = true
			p.tell(nil) // whatever has changed before
		case now > at:
			p.tell(p.keysOf(ctx, at, now))
		}
		at = now
		if at < p.m.tail.head.Load() {
			_ = sleep(ctx, shadowPause)
		} else {
			w.sleep(ctx, p.m.tail, at)
		}
	}
}

// sleep waits until the log has gone on from the position, or a moment.
func (w *waiter) sleep(ctx context.Context, t *tail, from uint64) {
	w.asleep.Store(true)
	defer w.asleep.Store(false)
	if t.head.Load() > from {
		return
	}
	timer := time.NewTimer(beatEvery)
	defer timer.Stop()
	select {
	case <-w.wake:
	case <-timer.C:
	case <-ctx.Done():
	}
}

func (p *projection) watched() bool {
	p.watchMu.Lock()
	defer p.watchMu.Unlock()
	return len(p.watchers) > 0
}

// positionElsewhere returns where the instance that runs the consumer has said
// that it stands.
func (c *consumer) positionElsewhere(ctx context.Context) (uint64, error) {
	doc, err := c.m.log.Get(ctx, positions, c.name)
	if errors.Is(err, store.ErrNotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	var at positionDocument
	return at.Position, json.Unmarshal(doc.Data, &at)
}

// keysOf returns the keys of the documents that the events between two positions
// change; nil says that it may be any.
func (p *projection) keysOf(ctx context.Context, after, upto uint64) []string {
	keys := []string{}
	for after < upto {
		page, err := p.m.log.Read(ctx, after, batchSize, nil)
		if err != nil || len(page) == 0 {
			return nil
		}
		for i := range page {
			after = page[i].Position
			if after > upto {
				break
			}
			e, err := p.m.read(&page[i], p.active.Load().consumer.wanted)
			if err != nil || e.Event == nil {
				continue // it changes no document
			}
			f, folds := p.spec.folds[e.kind]
			if !folds {
				continue
			}
			if key, err := keyOf(&f, e); err == nil {
				keys = append(keys, key)
			}
		}
		if len(keys) > watcherKeys {
			return nil
		}
	}
	return keys
}

func keyOf(f *Fold, e *Recorded) (key string, err error) {
	defer guard(&err, "the key of "+e.Type)
	return f.key(e), nil
}
