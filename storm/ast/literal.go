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

// IsNumber reports whether a text is written like a number, a date, a time or a
// duration: it begins with a digit, or with a minus and a digit, and goes on
// with letters, digits, and the signs . : + - before digits.
func IsNumber(text string) bool {
	digit := func(i int) bool { return i < len(text) && '0' <= text[i] && text[i] <= '9' }
	if !digit(0) && (text == "" || text[0] != '-' || !digit(1)) {
		return false
	}
	for i := 1; i < len(text); i++ {
		switch c := text[i]; {
		case digit(i), 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case (c == '.' || c == ':' || c == '+' || c == '-') && digit(i+1):
		default:
			return false
		}
	}
	return true
}
