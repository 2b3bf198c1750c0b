package rover

import (
	"fmt"
	"unicode/utf8"

	"github.com/landfall-go/landfall"
)

// letters are the commands of a sequence such as "RMLMM".
var letters = map[rune]landfall.Command{
	'R': TurnRight{},
	'L': TurnLeft{},
	'M': Move{},
}

// Sequence reads a rover's commands as people write them: R and L turn it, M
// moves it. Anything else is a *SequenceError.
func Sequence(text string) ([]landfall.Command, error) {
	commands := make([]landfall.Command, 0, len(text))
	for at, letter := range text {
		command, known := letters[letter]
		if !known {
			_, size := utf8.DecodeRuneInString(text[at:])
			return nil, &SequenceError{Character: text[at : at+size], Place: len(commands) + 1}
		}
		commands = append(commands, command)
	}
	return commands, nil
}

// SequenceError says which character of a sequence is not a command.
type SequenceError struct {
	// Character is what stands there: a character, or a byte that begins none.
	Character string
	// Place counts characters, from one.
	Place int
}

// Error names the character and its place.
func (e *SequenceError) Error() string {
	return fmt.Sprintf("the character %q at place %d is no command: R turns the rover right, L turns it left, M moves it", e.Character, e.Place)
}
