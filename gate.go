package landfall

import "sync/atomic"

// gate lets callers in until it is closed, and knows when the last has left.
type gate struct {
	inside atomic.Int64
	closed atomic.Bool
	empty  chan struct{}
}

func newGate() *gate { return &gate{empty: make(chan struct{}, 1)} }

// enter returns ErrClosed after close was called, and never waits. After nil
// the caller calls leave.
func (g *gate) enter() error {
	g.inside.Add(1)
	if g.closed.Load() {
		g.leave()
		return ErrClosed
	}
	return nil
}

func (g *gate) leave() {
	if g.inside.Add(-1) == 0 && g.closed.Load() {
		select {
		case g.empty <- struct{}{}:
		default:
		}
	}
}

// close lets nobody in any more.
func (g *gate) close() { g.closed.Store(true) }

// wait returns when all have left, after close.
func (g *gate) wait() {
	for g.inside.Load() > 0 {
		<-g.empty
	}
}
