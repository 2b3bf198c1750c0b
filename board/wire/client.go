package wire

import "encoding/json"

// Message is what a browser sends: a [Do], a [Here] or a [Ping].
type Message interface{ message() }

// Do gives a command. The same id may be sent again, after a reconnect: the
// command takes effect once, and a repeat is answered with [Done]. Commands of one
// connection are answered in their order.
type Do struct {
	T string `json:"t" ts:"'do'"`
	// ID is a UUID that the browser made. Its last twelve bits do not tell commands
	// apart.
	ID string `json:"id"`
	// What names the command, such as MoveNotes, and Data has its fields.
	What string          `json:"what"`
	Data json.RawMessage `json:"data" ts:"unknown"`
}

// Here says where a person is and what they are at: it is shown to the others and
// kept nowhere. What is left out stays as it was; an empty text or list ends it.
// More than about twenty a second are of no use: only the last before a tick is
// passed on.
type Here struct {
	T string `json:"t" ts:"'here'"`
	Presence
}

// Presence is where somebody is on the wall.
type Presence struct {
	// X and Y are where the cursor is.
	X *float64 `json:"x,omitempty"`
	Y *float64 `json:"y,omitempty"`
	// Select are the notes that are selected.
	Select *[]string `json:"select,omitempty"`
	// Editing is the note whose text is being typed, and Draft the text so far.
	Editing *string `json:"editing,omitempty"`
	Draft   *string `json:"draft,omitempty"`
	// Drag is what is being dragged; no ids end it.
	Drag *Drag `json:"drag,omitempty"`
}

// Drag is how far notes are off their places while they are dragged.
type Drag struct {
	IDs []string `json:"ids"`
	DX  float64  `json:"dx"`
	DY  float64  `json:"dy"`
}

// Ping asks for a [Pong].
type Ping struct {
	T string `json:"t" ts:"'ping'"`
}

func (*Do) message()   {}
func (*Here) message() {}
func (*Ping) message() {}
