package draw

import (
	"math"
	"testing"
)

func TestPNGStaysWithinItsLimit(t *testing.T) {
	for _, c := range []struct {
		width, height, scale float64
		w, h                 int
	}{
		{100, 50, 1, 100, 50},
		{100, 50, 0, 200, 100},
		{100, 50, math.NaN(), 200, 100},
		{100, 50, -3, 200, 100},
		{8000, 4000, 1000, 8000, 4000},
		{80000, 40000, 2, 8000, 4000},
		{10, 3_200_000_000, 1, 1, MaxPixels},
		{3_200_000_000, 10, 1, MaxPixels, 1},
	} {
		s := &Scene{Width: c.width, Height: c.height}
		if _, w, h := s.pixels(c.scale); abs(w-c.w) > c.w/1000 || abs(h-c.h) > c.h/1000 || w*h > MaxPixels {
			t.Errorf("%v x %v at %v: %d x %d", c.width, c.height, c.scale, w, h)
		}
	}
}

func abs(x int) int { return max(x, -x) }
