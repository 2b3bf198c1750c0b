package golden

import "strings"

// Words cuts a line of an archive at the spaces outside of quotes, which stay.
func Words(line string) []string {
	var words []string
	var word strings.Builder
	quoted := false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case c == '\\' && quoted && i+1 < len(line):
			word.WriteByte(c)
			i++
			c = line[i]
		case c == '"':
			quoted = !quoted
		case c == ' ' && !quoted:
			if word.Len() > 0 {
				words = append(words, word.String())
				word.Reset()
			}
			continue
		}
		word.WriteByte(c)
	}
	return append(words, word.String())
}
