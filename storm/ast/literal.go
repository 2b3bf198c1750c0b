package ast

import (
	"math"
	"strconv"
	"time"
)

var units = map[string]time.Duration{
	"ms": time.Millisecond, "s": time.Second, "m": time.Minute, "h": time.Hour,
	"d": 24 * time.Hour, "w": 7 * 24 * time.Hour,
}

// ParseDuration reads a duration as a storm file writes it: numbers with the
// units w, d, h, m, s and ms, such as 30d or 1h30m. A day has 24 hours. It
// returns false for anything else, and for more than 290 years.
func ParseDuration(text string) (time.Duration, bool) {
	var total time.Duration
	for rest := text; rest != ""; {
		digits := 0
		for digits < len(rest) && '0' <= rest[digits] && rest[digits] <= '9' {
			digits++
		}
		letters := digits
		for letters < len(rest) && 'a' <= rest[letters] && rest[letters] <= 'z' {
			letters++
		}
		n, err := strconv.ParseInt(rest[:digits], 10, 64)
		unit := units[rest[digits:letters]]
		if err != nil || unit == 0 || n > int64(math.MaxInt64-total)/int64(unit) {
			return 0, false
		}
		total += time.Duration(n) * unit
		rest = rest[letters:]
	}
	return total, text != ""
}
