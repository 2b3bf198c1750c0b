package server

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestFigure lets no more be worked out at once than there is room for, and nobody wait
// who has gone.
func TestFigure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &Server{figuring: make(chan struct{}, 2)}
		var now, most, done atomic.Int64
		var all sync.WaitGroup
		for range 10 {
			all.Go(func() {
				err := s.figure(t.Context(), func() {
					if n := now.Add(1); n > most.Load() {
						most.Store(n)
					}
					time.Sleep(time.Second)
					now.Add(-1)
					done.Add(1)
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		gone, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.figure(gone, func() { t.Error("something is worked out for nobody") }); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		all.Wait()
		if most.Load() != 2 || done.Load() != 10 {
			t.Errorf("%d at once, %d in all", most.Load(), done.Load())
		}
	})
}
