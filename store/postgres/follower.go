package postgres

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// follower hears of the records that other processes write, through a
// connection of its own: by notifications and, should one be lost, by looking
// at the heads from time to time. It runs from the first Listen on.
type follower struct {
	store *Store
	ctx   context.Context
	end   context.CancelFunc

	mu      sync.Mutex
	begun   bool
	ended   bool
	stopped chan struct{}
	wake    context.CancelFunc // ends the waiting for a notification
}

func newFollower(s *Store) *follower {
	ctx, end := context.WithCancel(context.Background())
	return &follower{store: s, ctx: ctx, end: end, stopped: make(chan struct{})}
}

// start runs the follower, and has a running one look at the logs that are new.
func (f *follower) start() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.ended {
		return
	}
	if !f.begun {
		f.begun = true
		go f.run()
	} else if f.wake != nil {
		f.wake()
	}
}

func (f *follower) stop() {
	f.mu.Lock()
	begun := f.begun
	f.ended = true
	f.mu.Unlock()
	f.end()
	if begun {
		<-f.stopped
	}
}

func (f *follower) run() {
	defer close(f.stopped)
	var b backoff
	for f.ctx.Err() == nil {
		if f.follow() {
			b = backoff{}
		}
		b.wait(f.ctx, time.Now().Add(time.Hour))
	}
}

// follow follows until the connection breaks, and tells whether there was one.
func (f *follower) follow() bool {
	ctx, cancel := context.WithTimeout(f.ctx, connectTimeout)
	c, err := pgx.ConnectConfig(ctx, f.store.single.Copy())
	cancel()
	if err != nil {
		return false
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.Background(), grace)
		defer cancel()
		_ = c.Close(ctx) // it is given up in any case
	}()
	channels := map[string]*log{}
	for {
		if err := f.look(c, channels); err != nil {
			return true
		}
		if err := f.await(c, channels); err != nil {
			return true
		}
	}
}

// look listens to the channels of the logs that have listeners, and reads their
// heads.
func (f *follower) look(c *pgx.Conn, channels map[string]*log) error {
	ctx, cancel := context.WithTimeout(f.ctx, f.store.options.statement+grace)
	defer cancel()
	for _, l := range f.store.all() {
		l.told.Lock()
		listens := len(l.listeners) > 0
		l.told.Unlock()
		if !listens {
			continue
		}
		if channels[l.names.channel] == nil {
			if _, err := c.Exec(ctx, "LISTEN "+l.names.quoted); err != nil {
				return err
			}
			channels[l.names.channel] = l
		}
		var head int64
		if err := c.QueryRow(ctx, l.sql.head).Scan(&head); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
		l.moved(uint64(head))
	}
	return nil
}

// await takes notifications until it is time to look again.
func (f *follower) await(c *pgx.Conn, channels map[string]*log) error {
	ctx, cancel := context.WithTimeout(f.ctx, f.store.options.poll)
	defer cancel()
	f.mu.Lock()
	f.wake = cancel
	f.mu.Unlock()
	for {
		n, err := c.WaitForNotification(ctx)
		switch {
		case f.ctx.Err() != nil:
			return f.ctx.Err()
		case err != nil && ctx.Err() != nil && !c.IsClosed():
			return nil
		case err != nil:
			return err
		}
		head, err := strconv.ParseUint(n.Payload, 10, 64)
		if l := channels[n.Channel]; l != nil && err == nil {
			l.moved(head)
		}
	}
}
