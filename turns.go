package landfall

import (
	"context"
	"sync"
)

// turns lets one caller at a time have something done, in the order in which
// they come. The wait ends with the context, because what is done outside may
// take long.
type turns struct {
	mu   sync.Mutex
	held map[string]*turn
}

type turn struct {
	taken chan struct{}
	users int
}

// take waits for the turn; the caller calls done at its end.
func (t *turns) take(ctx context.Context, about string) (done func(), err error) {
	own := t.join(about)
	select {
	case own.taken <- struct{}{}:
		return func() { <-own.taken; t.leave(about, own) }, nil
	case <-ctx.Done():
		t.leave(about, own)
		return nil, ctx.Err()
	}
}

func (t *turns) join(about string) *turn {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.held[about]
	if own == nil {
		own = &turn{taken: make(chan struct{}, 1)}
		if t.held == nil {
			t.held = map[string]*turn{}
		}
		t.held[about] = own
	}
	own.users++
	return own
}

func (t *turns) leave(about string, own *turn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.users--; own.users == 0 {
		delete(t.held, about)
	}
}
