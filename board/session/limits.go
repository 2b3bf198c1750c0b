package session

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall"
)

// Limits of what a board holds. Texts are counted in characters.
const (
	MaxNotes    = 20_000
	MaxLinks    = 60_000
	MaxComments = 20_000
	MaxAparts   = 20_000
	MaxPeople   = 2_000
	MaxFiles    = 500

	MaxText    = 2_000 // of a note
	MaxDoc     = 10_000
	MaxAnswer  = 4_000
	MaxComment = 4_000
	MaxName    = 200 // of a board, a person or a team
	MaxGoals   = 50
	MaxGoal    = 500

	// MaxFile is the greatest size of a file, in bytes.
	MaxFile = 4 << 20
	// MaxPosition bounds where notes lie, in pixels from the middle, and how large
	// they are.
	MaxPosition = 10_000_000
	// MaxOn is how many notes a sticky may be on, and MaxWas how many may be merged
	// into one.
	MaxOn  = 200
	MaxWas = 200
	// MaxVotes is how many votes everyone may have.
	MaxVotes = 100
	// MaxTimer is the longest time that the timer runs, in seconds.
	MaxTimer = 24 * 60 * 60

	maxGesture = 64
	maxPath    = 250
	maxColor   = 40
)

var (
	itemID   = regexp.MustCompile(`^[A-Za-z0-9_-]{4,40}$`)
	personID = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

var (
	errNotOpen   = landfall.Reject("The board is not open yet.")
	errNoteGone  = landfall.Reject("The note is no longer there.")
	errNotesGone = landfall.Reject("The notes are no longer there.")
)

// checkText refuses a text that is too long, or that has characters which no
// keyboard has.
func checkText(what, text string, most int) error {
	if len(text) > most {
		if n := utf8.RuneCountInString(text); n > most {
			return landfall.Reject("%s has %d characters; at most %d fit.", what, n, most)
		}
	}
	for _, r := range text {
		if unicode.IsControl(r) && r != '\n' && r != '\t' || r == utf8.RuneError {
			return landfall.Reject("%s has a character that cannot be shown.", what)
		}
	}
	return nil
}

// checkLine refuses what is not a line of text.
func checkLine(what, text string, most int) error {
	if strings.ContainsAny(text, "\n\t") {
		return landfall.Reject("%s must be one line.", what)
	}
	return checkText(what, text, most)
}

// checkName refuses what is not a line with something on it.
func checkName(what, text string) error {
	if strings.TrimSpace(text) == "" {
		return landfall.Reject("%s is missing.", what)
	}
	return checkLine(what, text, MaxName)
}

// checkNew refuses an id that is none, or that is in use.
func (b *Board) checkNew(id string, also map[string]bool) error {
	if !itemID.MatchString(id) {
		return landfall.Reject("%.50q is no id: it has 4 to 40 letters, digits, hyphens or underscores.", id)
	}
	if also[id] || id == BoardID || b.Wall().Item(id) != nil {
		return landfall.Reject("The id %s is in use already.", id)
	}
	if also != nil {
		also[id] = true
	}
	return nil
}

func checkGesture(gesture string) error {
	if len(gesture) > maxGesture {
		return landfall.Reject("The name of a gesture has at most %d characters.", maxGesture)
	}
	return nil
}

// checkPlace refuses a place far off the wall.
func checkPlace(x, y, w, h int) error {
	for _, v := range [...]int{x, y} {
		if v < -MaxPosition || v > MaxPosition {
			return landfall.Reject("%d is too far away: the wall ends at %d pixels.", v, MaxPosition)
		}
	}
	for _, v := range [...]int{w, h} {
		if v < 0 || v > MaxPosition {
			return landfall.Reject("A note cannot be %d pixels wide or high.", v)
		}
	}
	return nil
}

// checkPath refuses the path of a file that could lead elsewhere.
func checkPath(path string) error {
	if path == "" || len(path) > maxPath || strings.HasPrefix(path, "/") || strings.ContainsAny(path, "\\\x00") ||
		slices.Contains(strings.Split(path, "/"), "..") || !utf8.ValidString(path) || checkLine("The path", path, maxPath) != nil {
		return landfall.Reject("%.50q is no path of a file of the storm.", path)
	}
	return nil
}

// checkFile refuses a text that no file of a storm can have.
func checkFile(text string) error {
	switch {
	case len(text) > MaxFile:
		return landfall.Reject("The file has %d bytes; at most %d are allowed.", len(text), MaxFile)
	case !utf8.ValidString(text):
		return landfall.Reject("The file is not UTF-8.")
	case strings.ContainsAny(text, "\r\x00"):
		return landfall.Reject("The lines of a file end with a line feed alone.")
	}
	return nil
}
