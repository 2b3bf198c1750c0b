package wire

import "encoding/json"

// Role is what a person may do on a board.
type Role string

// The roles. A viewer looks, and is seen to; a facilitator also leads the session.
const (
	Facilitator Role = "facilitator"
	Participant Role = "participant"
	Viewer      Role = "viewer"
)

// Welcome is the first message on a socket.
type Welcome struct {
	T string `json:"t" ts:"'welcome'"`
	// You is the id of the person that the socket belongs to.
	You  string `json:"you"`
	Role Role   `json:"role"`
	// Seq is where the board stood. The operations since the one that was asked for
	// follow in ticks.
	Seq uint64 `json:"seq"`
	// People are those who are online, this person among them, with where they are.
	People []Online `json:"people"`
	// Now is the time of the server.
	Now int64 `json:"now"`
}

// Online is where a person is.
type Online struct {
	// P is the person's id.
	P string `json:"p"`
	Presence
}

// Tick is what happened since the tick before. There is none while nothing happens.
type Tick struct {
	T string `json:"t" ts:"'tick'"`
	// Seq is the number of the last operation that there has been, whether or not
	// it is for this person to see.
	Seq uint64 `json:"seq"`
	Ops []Op   `json:"ops,omitempty"`
	// Here is what has changed of where people are: what is left out is as it was.
	Here []Online `json:"here,omitempty"`
	// Gone are the people who have left.
	Gone []string `json:"gone,omitempty"`
}

// Op is one operation on a board. Of private notes only their author is told: an
// operation may so be without changes, or not be sent at all.
type Op struct {
	// Seq counts the operations of a board, from one.
	Seq uint64 `json:"seq"`
	// ID is that of the command. The author of the command takes it as its
	// acknowledgement.
	ID string `json:"id"`
	// By is the person, or "" for the server itself.
	By string `json:"by"`
	At int64  `json:"at"`
	// What names the event, such as NotesMoved.
	What    string          `json:"what"`
	Changes json.RawMessage `json:"changes" ts:"Change[]"`
	// Kept are the items that an undo or a redo left as they are, at least in
	// part, since others have gone on from them. Only whoever undid is told.
	Kept []string `json:"kept,omitempty"`
}

// Code says why something was refused.
type Code string

// The codes of refusals.
const (
	Rejected  Code = "rejected"  // the board's rules say no; the message says why
	Stale     Code = "stale"     // the text was edited meanwhile; the edit fits the new one once it is rebased
	Invalid   Code = "invalid"   // it is malformed
	Forbidden Code = "forbidden" // the role does not allow it
	TooLarge  Code = "toolarge"  // it is larger than the limits
	TooFast   Code = "toofast"   // too much was sent in too short a time
	Closed    Code = "closed"    // the server is stopping, or cannot store now; try again
	NotFound  Code = "notfound"  // there is no such thing (HTTP only)
)

// No refuses a command: it had no effect.
type No struct {
	T       string `json:"t" ts:"'no'"`
	ID      string `json:"id"`
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// Done acknowledges a command that led to nothing, or that was sent before.
type Done struct {
	T   string `json:"t" ts:"'done'"`
	ID  string `json:"id"`
	Seq uint64 `json:"seq"`
}

// Problems are all that is to be said about the storm now; they take the place of
// those before.
type Problems struct {
	T    string    `json:"t" ts:"'problems'"`
	List []Problem `json:"list"`
}

// Problem is one thing that the checker finds. Positions count UTF-16 units.
type Problem struct {
	Code     string `json:"code"`
	Severity string `json:"severity" ts:"'error' | 'warning' | 'hint'"`
	Message  string `json:"message"`
	Help     string `json:"help,omitempty"`
	// Notes are those that it is about.
	Notes []string `json:"notes"`
	// Path, From and To are the place in the text.
	Path  string `json:"path"`
	From  int    `json:"from"`
	To    int    `json:"to"`
	Fixes []Fix  `json:"fixes,omitempty"`
}

// Fix mends a problem by edits of the text.
type Fix struct {
	Message string     `json:"message"`
	Edits   []TextEdit `json:"edits"`
}

// TextEdit replaces a part of a file. Positions count UTF-16 units.
type TextEdit struct {
	Path   string `json:"path"`
	From   int    `json:"from"`
	To     int    `json:"to"`
	Insert string `json:"insert"`
}

// Reload says that this socket is too far behind: fetch the state, and connect
// again from there. The server then closes the socket.
type Reload struct {
	T string `json:"t" ts:"'reload'"`
}

// Bye says why the server closes the socket.
type Bye struct {
	T string `json:"t" ts:"'bye'"`
	// Reason is for a program, Message for people.
	Reason  ByeReason `json:"reason"`
	Message string    `json:"message"`
}

// ByeReason says why a socket is closed by the server.
type ByeReason string

// The reasons. After ByeStopping a browser connects again, after the others not.
const (
	ByeStopping ByeReason = "stopping" // the server stops or restarts
	ByeRevoked  ByeReason = "revoked"  // the invite was revoked
	ByeDeleted  ByeReason = "deleted"  // the board was deleted
	ByeFlood    ByeReason = "flood"    // far too much was sent, or nothing but nonsense
)

// Pong answers a [Ping].
type Pong struct {
	T string `json:"t" ts:"'pong'"`
}
