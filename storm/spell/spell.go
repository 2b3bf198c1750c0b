// Package spell compares words: how many letters apart two are, and which of
// several is the nearest to one that is not known.
package spell

import "strings"

// Distance returns how many letters must be inserted, left out, replaced or
// swapped with their neighbour to make one word of the other.
func Distance(a, b string) int {
	return Within([]rune(a), []rune(b), len(a)+len(b))
}

// Within returns the distance of two words, or limit+1 if it is greater than
// limit, which is known sooner.
func Within(a, b []rune, limit int) int {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(a)-len(b) > limit {
		return limit + 1
	}
	var stack [3][40]int
	rows := [3][]int{stack[0][:], stack[1][:], stack[2][:]}
	if len(b)+1 > len(stack[0]) {
		for i := range rows {
			rows[i] = make([]int, len(b)+1)
		}
	}
	before, above, row := rows[0], rows[1], rows[2]
	for j := range len(b) + 1 {
		above[j] = j
	}
	for i, x := range a {
		row[0] = i + 1
		least := row[0]
		for j, y := range b {
			row[j+1] = cost(above[j], above[j+1], row[j], x == y)
			if i > 0 && j > 0 && x == b[j-1] && a[i-1] == y {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
			least = min(least, row[j+1])
		}
		if least > limit {
			return limit + 1
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], limit+1)
}

func cost(diagonal, up, left int, same bool) int {
	if same {
		return min(diagonal, up+1, left+1)
	}
	return min(diagonal, up, left) + 1
}

// Nearest returns the candidate that the word was most likely meant to be, or
// "" when none is near: at most a third of its letters apart, whatever their
// case, and none of a single letter. Of equals the first wins.
func Nearest(word string, candidates []string) string {
	lower := []rune(strings.ToLower(word))
	limit := min(max(1, (len(lower)+1)/3), len(lower)/2)
	best := ""
	for _, c := range candidates {
		if c == word {
			continue
		}
		if d := Within(lower, []rune(strings.ToLower(c)), limit); d <= limit {
			best, limit = c, d-1
		}
		if limit < 0 {
			break
		}
	}
	return best
}
