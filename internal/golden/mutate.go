package golden

import "math/rand/v2"

// Mutate returns a text with a few random changes: a piece left out, repeated
// elsewhere, or a character that means something put in the place of another.
func Mutate(r *rand.Rand, text string) string {
	b := []byte(text)
	for range 1 + r.IntN(3) {
		if len(b) == 0 {
			break
		}
		from := r.IntN(len(b))
		to := from + r.IntN(min(40, len(b)-from))
		switch r.IntN(4) {
		case 0:
			b = append(b[:from:from], b[to:]...)
		case 1:
			at := r.IntN(len(b))
			piece := append([]byte(nil), b[from:to]...)
			b = append(b[:at:at], append(piece, b[at:]...)...)
		case 2:
			b[from] = signs[r.IntN(len(signs))]
		case 3:
			piece := append([]byte(nil), b[from:to]...)
			at := r.IntN(len(b))
			end := at + min(len(b)-at, r.IntN(40))
			b = append(b[:at:at], append(piece, b[end:]...)...)
		}
	}
	return string(b)
}

const signs = "{}[]|,:.?-> \n\t\"\\/aA1_;=\xff"
