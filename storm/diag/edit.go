package diag

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
)

// Edit replaces the bytes from Start up to End of a file by New.
type Edit struct {
	File  string `json:"file"`
	Start int    `json:"start"`
	End   int    `json:"end"`
	New   string `json:"new"`
}

// ErrOverlap says that two edits change the same bytes.
var ErrOverlap = errors.New("two edits change the same text")

// Apply returns the text of a file with those of the edits applied that are for
// it. Edits are places in the text as it was; of several insertions at one place
// the first given comes first; a replacement given twice is done once. The error is ErrOverlap, or says that an edit
// lies outside of the text; then nothing was applied.
func Apply(file string, src []byte, edits []Edit) ([]byte, error) {
	var mine []Edit
	for _, e := range edits {
		if e.File == file {
			mine = append(mine, e)
		}
	}
	slices.SortStableFunc(mine, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	mine = slices.CompactFunc(mine, func(a, b Edit) bool { return a == b && a.Start < a.End })
	var out []byte
	at := 0
	for _, e := range mine {
		if e.Start < 0 || e.End < e.Start || e.End > len(src) {
			return nil, fmt.Errorf("edit of %s at bytes %d to %d: outside of the text of %d bytes", file, e.Start, e.End, len(src))
		}
		if e.Start < at {
			return nil, fmt.Errorf("%s at byte %d: %w", file, e.Start, ErrOverlap)
		}
		out = append(out, src[at:e.Start]...)
		out = append(out, e.New...)
		at = e.End
	}
	return append(out, src[at:]...), nil
}
