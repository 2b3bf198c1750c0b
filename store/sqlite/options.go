package sqlite

import (
	"time"
)

// Option changes how Open opens a database.
type Option func(*options)

type options struct {
	relaxed   bool
	lazyDelay time.Duration
	readers   int
	maxPages  int // tests make a disk full with it
}

func defaults() options {
	return options{lazyDelay: 2 * time.Millisecond, readers: 4}
}

// RelaxedSync makes appends and commits return before the disk has confirmed
// them (synchronous=NORMAL). The end of a process, even by kill -9, still
// loses nothing. A loss of power may lose what was acknowledged last, up to
// the last checkpoint, always the newest first and never a part of one write.
// Use it for what can be made again.
func RelaxedSync() Option { return func(o *options) { o.relaxed = true } }

// LazyDelay is how long a lazy commit waits for an append to ride with when
// others were made just before. The default is two milliseconds; zero waits
// for none.
func LazyDelay(d time.Duration) Option { return func(o *options) { o.lazyDelay = max(0, d) } }

// Readers is the greatest number of calls that read at the same time. The
// default is four; a further call waits for its turn. Each has a connection
// with a page cache of its own.
func Readers(n int) Option { return func(o *options) { o.readers = max(1, n) } }
