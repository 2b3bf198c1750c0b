package postgres

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/landfall-go/landfall/store"
)

const (
	connectTimeout = 5 * time.Second
	// grace is how much longer than the server's own timeout a call waits for an
	// answer before it takes the connection for broken.
	grace = 2 * time.Second
	// A server that cannot be reached is noticed after idle + count * interval.
	keepaliveIdle, keepaliveInterval, keepaliveCount = 10 * time.Second, 5 * time.Second, 3
)

// configure parses the URL and adds the settings of every session. Those of
// the URL go before ours.
func configure(url string, o *options) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		// pgx leaves the password out of its message.
		return nil, fmt.Errorf("%w: not a URL of PostgreSQL (postgres://user:password@host:5432/database): %w", store.ErrInvalid, err)
	}
	milliseconds := func(d time.Duration) string { return strconv.FormatInt(max(1, d.Milliseconds()), 10) }
	seconds := func(d time.Duration) string { return strconv.Itoa(int(d / time.Second)) }
	for name, value := range map[string]string{
		"application_name":                    "landfall",
		"statement_timeout":                   milliseconds(o.statement),
		"lock_timeout":                        milliseconds(o.lock),
		"idle_in_transaction_session_timeout": milliseconds(o.idle),
		"tcp_keepalives_idle":                 seconds(keepaliveIdle),
		"tcp_keepalives_interval":             seconds(keepaliveInterval),
		"tcp_keepalives_count":                strconv.Itoa(keepaliveCount),
		"tcp_user_timeout":                    milliseconds(keepaliveIdle + keepaliveCount*keepaliveInterval),
		"jit":                                 "off",
		"client_encoding":                     "UTF8",
		"default_transaction_isolation":       "read committed",
	} {
		if _, ok := config.ConnConfig.RuntimeParams[name]; !ok {
			config.ConnConfig.RuntimeParams[name] = value
		}
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectTimeout
	}
	dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: keepaliveIdle, Interval: keepaliveInterval, Count: keepaliveCount}}
	config.ConnConfig.DialFunc = dialer.DialContext
	config.MaxConnIdleTime = 2 * time.Minute
	config.MinConns = 0
	return config, nil
}

// readerSettings have reads walk along an index, which is what all of them are
// for: a plan that is made anew for each page would cost more than the page.
var readerSettings = map[string]string{
	"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off", "enable_bitmapscan": "off", "default_transaction_read_only": "on",
}

// connect makes the pools and waits until the server answers.
func (s *Store) connect(ctx context.Context, url string) error {
	config, err := configure(url, &s.options)
	if err != nil {
		return err
	}
	readers := config.Copy()
	for name, value := range readerSettings {
		readers.ConnConfig.RuntimeParams[name] = value
	}
	config.MaxConns, readers.MaxConns = s.options.writers, s.options.readers
	s.single = config.ConnConfig.Copy()
	if s.writers, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return err
	}
	if s.readers, err = pgxpool.NewWithConfig(ctx, readers); err != nil {
		s.writers.Close()
		return err
	}
	if err := s.check(ctx); err != nil {
		s.writers.Close()
		s.readers.Close()
		return err
	}
	return nil
}

// check asks the server for what we need of it.
func (s *Store) check(ctx context.Context) error {
	return s.try(ctx, s.writers, func(ctx context.Context, c *pgx.Conn) error {
		var encoding string
		var version int
		err := c.QueryRow(ctx, "SELECT current_setting('server_encoding'), current_setting('server_version_num')::int").Scan(&encoding, &version)
		switch {
		case err != nil:
			return err
		case encoding != "UTF8":
			return fmt.Errorf("%w: the database has the encoding %s: create it with ENCODING 'UTF8'", store.ErrInvalid, encoding)
		case version < oldestServer:
			return fmt.Errorf("%w: the server is PostgreSQL %d: version %d is the oldest that will do", store.ErrInvalid, version/10_000, oldestServer/10_000)
		}
		return nil
	})
}

// oldestServer is the first version that knows all of our settings.
const oldestServer = 120_000

// backoff waits longer each time.
type backoff struct{ next time.Duration }

const firstBackoff, lastBackoff = 20 * time.Millisecond, time.Second

// wait waits, and tells whether it is worth to try again before the deadline.
func (b *backoff) wait(ctx context.Context, deadline time.Time) bool {
	b.next = min(max(firstBackoff, 2*b.next), lastBackoff)
	pause := b.next/2 + rand.N(b.next/2)
	if time.Until(deadline) < pause {
		return false
	}
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pause):
		return true
	}
}

// try runs a function that may be repeated with a connection, again while the
// database cannot be reached.
func (s *Store) try(ctx context.Context, pool *pgxpool.Pool, fn func(context.Context, *pgx.Conn) error) error {
	deadline := time.Now().Add(s.options.retry)
	var b backoff
	for {
		err := s.once(ctx, pool, fn)
		switch {
		case err == nil:
			return nil
		case lost(err):
			pool.Reset() // the others are as dead
		}
		switch {
		case ctx.Err() != nil:
			return fmt.Errorf("%w: %w", ctx.Err(), err)
		case s.closed.Load():
			return store.ErrClosed
		case !lost(err) && !refused(err) || !b.wait(ctx, deadline):
			if err2 := ctx.Err(); err2 != nil {
				return fmt.Errorf("%w: %w", err2, err)
			}
			return classified(err)
		}
	}
}

// classified classifies an error that is not one of the store's own.
func classified(err error) error {
	for _, own := range []error{store.ErrInvalid, store.ErrCorrupt, store.ErrNotFound, store.ErrClosed, store.ErrUnavailable} {
		if errors.Is(err, own) {
			return err
		}
	}
	return classify(err)
}

// once runs the function with a connection, which is given up when it does not
// answer in time.
func (s *Store) once(ctx context.Context, pool *pgxpool.Pool, fn func(context.Context, *pgx.Conn) error) error {
	ctx, cancel := context.WithTimeout(ctx, s.options.statement+grace)
	defer cancel()
	c, err := pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer c.Release()
	return fn(ctx, c.Conn())
}
