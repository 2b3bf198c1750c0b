package postgres

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"
)

// notifyPause is how long a process waits between two notifications of a module:
// under load one tells of many writes.
const notifyPause = 5 * time.Millisecond

// notifier tells other processes that this one has written. It does so after
// the write and on another connection: within the write's transaction a NOTIFY
// would have all writers of the server wait for each other at the commit.
// What is not told, because the process has died in between, the others find
// out when they look.
type notifier struct {
	log     *log
	head    atomic.Uint64
	wake    chan struct{}
	end     context.CancelFunc
	stopped chan struct{}
}

func newNotifier(l *log) *notifier {
	ctx, end := context.WithCancel(context.Background())
	n := &notifier{log: l, wake: make(chan struct{}, 1), end: end, stopped: make(chan struct{})}
	go n.run(ctx)
	return n
}

// tell has the others told that the head is at the position.
func (n *notifier) tell(head uint64) {
	n.head.Store(head)
	select {
	case n.wake <- struct{}{}:
	default:
	}
}

func (n *notifier) run(ctx context.Context) {
	defer close(n.stopped)
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-n.wake:
		case <-ctx.Done():
			return
		}
		// One that fails is made up for by the next, or by those who look.
		_, _ = n.log.store.readers.Exec(ctx, "SELECT pg_notify($1, $2)", n.log.names.channel, strconv.FormatUint(n.head.Load(), 10))
		pause.Reset(notifyPause)
		select {
		case <-pause.C:
		case <-ctx.Done():
			return
		}
	}
}

func (n *notifier) stop() {
	n.end()
	<-n.stopped
}
