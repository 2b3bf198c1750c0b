package wire

// Limits of what a browser may send. What a note's text or a board may hold is
// for the domain to say.
const (
	// MaxMessage is the greatest size of a message on the socket, in bytes.
	MaxMessage = 1 << 20
	// MaxBody is the greatest size of a JSON body over HTTP, in bytes.
	MaxBody = 1 << 20
	// MaxImport is the greatest size of a file that is imported, in bytes.
	MaxImport = 8 << 20
	// MaxDepth is how deeply objects and arrays may be nested.
	MaxDepth = 16
	// MaxSelected is how many notes a person can be seen to have selected or to
	// drag; more are cut off.
	MaxSelected = 500
	// MaxDraft is the greatest size of a text that others see being typed, in
	// bytes.
	MaxDraft = 8 << 10
	// MaxCoordinate bounds where a cursor may be, and how far notes are dragged.
	MaxCoordinate = 10_000_000
	// MaxID is the greatest size of an id on the wall, in bytes.
	MaxID = 300
	// MaxName is the greatest number of characters in the name of a person or a
	// board.
	MaxName = 80
)
