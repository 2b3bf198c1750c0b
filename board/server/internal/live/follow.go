package live

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/exchange"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/store"
)

// page is how many records are read at once.
const page = 256

// inbox keeps the records that the log told of, until they are taken up. It is
// bounded: who falls behind reads the log.
type inbox struct {
	mu      sync.Mutex
	records []store.Record
	lost    bool
}

func (i *inbox) put(records []store.Record) {
	i.mu.Lock()
	defer i.mu.Unlock()
	for _, r := range records {
		if r.Stream != stream {
			continue
		}
		if len(i.records) == 4*page {
			i.records, i.lost = nil, true
		}
		i.records = append(i.records, r)
	}
	if len(records) == 0 { // another process has written
		i.lost = true
	}
}

// take returns what was put in, and whether there may be more in the log.
func (i *inbox) take() (records []store.Record, lost bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	records, lost = i.records, i.lost
	i.records, i.lost = nil, false
	return records, lost
}

// hear is called by the log.
func (b *Board) hear(records []store.Record) {
	b.inbox.put(records)
	b.poke()
}

// poke lets the board look for something to do.
func (b *Board) poke() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// follow takes up what was heard, and reads the log where that leaves a gap.
func (b *Board) follow(ctx context.Context) error {
	records, lost := b.inbox.take()
	for i := range records {
		switch r := &records[i]; {
		case r.Version <= b.seq: // taken up already
		case r.Version == b.seq+1:
			if err := b.takeUp(r); err != nil {
				return err
			}
		default:
			return b.catchUp(ctx)
		}
	}
	if lost {
		return b.catchUp(ctx)
	}
	return nil
}

// catchUp reads the log to its end.
func (b *Board) catchUp(ctx context.Context) error {
	var records []store.Record
	for {
		var err error
		if records, err = b.log.ReadStream(ctx, stream, b.seq, page, records[:0]); err != nil {
			return err
		}
		for i := range records {
			if err := b.takeUp(&records[i]); err != nil {
				return err
			}
		}
		if len(records) < page {
			return nil
		}
	}
}

// takeUp puts one event on the wall.
func (b *Board) takeUp(r *store.Record) error {
	h, event, err := read(r)
	if err != nil {
		return err
	}
	changes := session.Changes(event)
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.config.Landing != nil && !slices.Contains(idle, r.Type) {
		b.since.hear(r, changes, b.wall)
	}
	o, concealed := h.share(b.wall, changes)
	b.seq, b.changed = h.seq, h.at
	if concealed {
		b.concealed[h.seq] = o
	}
	b.keep(o)
	b.fresh = append(b.fresh, o)
	if b.stepper != nil {
		b.stepper.heard(h, changes)
	}
	b.note(event)
	return nil
}

// keep keeps an operation for those who come back, and lets old ones go when there are
// too many of them. The newest stays, however large it is.
func (b *Board) keep(o *op) {
	o.size = len(o.public)
	for _, own := range o.own {
		o.size += len(own)
	}
	b.ring, b.ringBytes = append(b.ring, o), b.ringBytes+o.size
	if len(b.ring) <= recent && b.ringBytes <= recentBytes {
		return
	}
	n := 0
	for ; n < len(b.ring)-1 && (len(b.ring)-n > recent*3/4 || b.ringBytes > recentBytes*3/4); n++ {
		b.ringBytes -= b.ring[n].size
	}
	b.ring = slices.Delete(b.ring, 0, n)
}

// note remembers of an event what is not on the wall.
func (b *Board) note(event landfall.Event) {
	switch e := event.(type) {
	case session.StormLanded:
		for _, f := range e.Files {
			b.landed[f.Path] = f.Text
		}
	case session.BoardOpened:
		b.phases = append(b.phases, exchange.PhaseAt{Phase: session.PhaseReview, At: time.UnixMilli(int64(e.At)).UTC()})
	case session.PhaseStarted:
		b.phases = append(b.phases, exchange.PhaseAt{Phase: e.Phase, At: time.UnixMilli(int64(e.At)).UTC()})
	}
}

// read reads an event.
func read(r *store.Record) (heard, landfall.Event, error) {
	h := heard{seq: r.Version, id: opID(r), by: r.Actor, at: r.Time.UnixMilli(), what: r.Type}
	if known, ok := r.Value.(*landfall.Recorded); ok && known.Event != nil {
		h.hear(known.Event)
		return h, known.Event, nil
	}
	event, err := decodeEvent(r.Type, r.Data)
	if err != nil {
		return h, nil, fmt.Errorf("operation %d: %w", r.Version, err)
	}
	h.hear(event)
	return h, event, nil
}

// opKey is where a message carries the browser's id when the runtime's differs.
const opKey = "op"

// opID returns the id that the browser gave the command.
func opID(r *store.Record) string {
	if len(r.Metadata) > 0 {
		var extra map[string]string
		if json.Unmarshal(r.Metadata, &extra) == nil && extra[opKey] != "" && r.Trigger == (uuid.UUID{}) {
			return extra[opKey]
		}
	}
	return r.Command().String()
}

// run follows the log and tells browsers what is new, until the board is closed.
func (b *Board) run() {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	armed := false
	poll := time.NewTicker(5 * time.Second)
	defer poll.Stop()
	for {
		select {
		case <-b.ctx.Done():
			return
		case <-b.wake:
			if err := b.follow(b.ctx); err != nil {
				b.trouble(err)
			}
		case <-poll.C: // after a trouble, and to say that this server is alive
			if err := b.follow(b.ctx); err != nil {
				b.trouble(err)
			}
			b.announce()
		case <-timer.C:
			armed = false
			b.tick()
		}
		if !armed {
			if in, due := b.due(); due {
				timer.Reset(in)
				armed = true
			}
		}
	}
}

// trouble says that the log cannot be followed now; it is tried again.
func (b *Board) trouble(err error) {
	if b.ctx.Err() != nil {
		return
	}
	b.logger.Warn("the board cannot be followed, and it is tried again", "error", err)
	b.inbox.mu.Lock()
	b.inbox.lost = true
	b.inbox.mu.Unlock()
	timer := time.AfterFunc(200*time.Millisecond, b.poke)
	context.AfterFunc(b.ctx, func() { timer.Stop() })
}

// due says whether there is something to tell, and when.
func (b *Board) due() (time.Duration, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.fresh) == 0 && !b.present.dirty() {
		return 0, false
	}
	// With many browsers, writing to them is what costs.
	every := tickEvery + time.Duration(max(0, len(b.seats)-100))*tickEvery/200
	return max(gather, time.Until(b.last.Add(every))), true
}

// tick tells all browsers what is new.
func (b *Board) tick() {
	b.mu.Lock()
	b.last = time.Now()
	now, mine, gone := b.present.take(b.wall)
	f := newFrame(b.seq, b.fresh, now, gone)
	b.fresh, b.sent = nil, b.seq
	for s := range b.seats {
		if frame := f.of(s.person.ID); frame != nil {
			s.line.Send(frame)
		}
	}
	b.mu.Unlock()
	if len(mine) > 0 || len(gone) > 0 {
		b.signal(signal{Here: mine, Gone: gone})
	}
}
