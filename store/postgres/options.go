package postgres

import (
	"time"
)

// Option changes how Open uses a database.
type Option func(*options)

type options struct {
	noMigrate   bool
	runtimeRole string
	writers     int32
	readers     int32
	retry       time.Duration
	poll        time.Duration
	statement   time.Duration
	lock        time.Duration
	idle        time.Duration
}

func defaults() options {
	return options{
		writers: 16, readers: 8, retry: 5 * time.Second, poll: time.Second,
		statement: 30 * time.Second, lock: 10 * time.Second, idle: 5 * time.Second,
	}
}

// NoMigrate only checks that a module's tables are there and of the version
// that this program knows, and makes none, so that the role needs no right to.
// Log returns store.ErrInvalid when they are not.
func NoMigrate() Option { return func(o *options) { o.noMigrate = true } }

// RuntimeRole gives a role what a program needs that opens the database with
// NoMigrate: the use of the module's schema, and no right to change or delete
// an event. It is given whenever Log is called.
func RuntimeRole(role string) Option { return func(o *options) { o.runtimeRole = role } }

// Connections is the greatest number of connections that write, of which each
// module uses one at a time, and that read. The default is 16 and 8. One more
// listens. Connections that are not used for some minutes are closed.
func Connections(writers, readers int) Option {
	return func(o *options) { o.writers, o.readers = int32(max(1, writers)), int32(max(1, readers)) }
}

// RetryFor is how long a call tries again while the database cannot be reached
// before it returns store.ErrUnavailable. The default is five seconds.
func RetryFor(d time.Duration) Option { return func(o *options) { o.retry = max(0, d) } }

// PollEvery is how often listeners look for records of other processes in
// case that a notification was lost. The default is a second.
func PollEvery(d time.Duration) Option {
	return func(o *options) { o.poll = max(time.Millisecond, d) }
}

// StatementTimeout is how long a statement may take (statement_timeout); the
// default is 30 seconds.
func StatementTimeout(d time.Duration) Option {
	return func(o *options) { o.statement = max(time.Millisecond, d) }
}

// LockTimeout is how long a write waits for those of other processes
// (lock_timeout); the default is ten seconds. It should be longer than
// IdleTimeout, which ends those that hang.
func LockTimeout(d time.Duration) Option {
	return func(o *options) { o.lock = max(time.Millisecond, d) }
}

// IdleTimeout is how long Changes.Do may do something else between two
// statements (idle_in_transaction_session_timeout); the default is five
// seconds. No other process can write to the module meanwhile. A process that
// is paused in a transaction loses it after this time.
func IdleTimeout(d time.Duration) Option {
	return func(o *options) { o.idle = max(time.Millisecond, d) }
}
