package session

// ItemType says what an item of the wall is.
type ItemType string

// The types of items.
const (
	NoteItem    ItemType = "note"
	LinkItem    ItemType = "link"
	CommentItem ItemType = "comment"
	ApartItem   ItemType = "apart"
	PersonItem  ItemType = "person"
	BoardItem   ItemType = "board"
	FileItem    ItemType = "file"
)

// BoardID is the id of the one item of type board.
const BoardID = "board"

// FileID returns the id of the item of a file.
func FileID(path string) string { return "file:" + path }

// Item is something on the wall: a *[Note], *[Link], *[Comment], *[Apart],
// *[Person], *[BoardInfo] or *[File]. Items are never changed: a change puts
// another one in the place of the old.
//
// In JSON, what is empty, false or zero is left out, except for where a note lies
// and how large it is.
type Item interface {
	// ItemID returns the item's id, which no other item of the wall has.
	ItemID() string
	// ItemType returns what it is.
	ItemType() ItemType
	schema() schema
}

// Note is a sticky note, or a frame, a line, a swimlane or a free label. X and Y
// are its upper left corner, in pixels at zoom 1, and W and H its size.
type Note struct {
	Type ItemType `json:"type"`
	ID   string   `json:"id"`
	Kind Kind     `json:"kind"`
	Text string   `json:"text,omitempty"`
	X    int      `json:"x"`
	Y    int      `json:"y"`
	W    int      `json:"w"`
	H    int      `json:"h"`
	// Module is the frame that the note lies in.
	Module string `json:"module,omitempty"`
	// By is the person who put it on the wall, and At when.
	By string `json:"by,omitempty"`
	At int    `json:"at,omitempty"`
	// Private notes are seen by their author only, until they are revealed.
	Private bool `json:"private,omitempty"`
	Pivotal bool `json:"pivotal,omitempty"`
	// Votes are how many votes of each person lie on the note.
	Votes map[string]int `json:"votes,omitempty"`
	// Answer resolves a hotspot.
	Answer string `json:"answer,omitempty"`
	Doc    string `json:"doc,omitempty"`
	// On are the notes that a sticky is attached to.
	On []string `json:"on,omitempty"`
	// Element is the id of the storm's element that the note stands for.
	Element string `json:"element,omitempty"`
	// Authors are the other people whose notes were merged into this one, and
	// Was what stood on those.
	Authors []string `json:"authors,omitempty"`
	Was     []string `json:"was,omitempty"`
	Team    string   `json:"team,omitempty"`
}

// Link is an arrow between two notes, which means Verb.
type Link struct {
	Type ItemType `json:"type"`
	ID   string   `json:"id"`
	From string   `json:"from"`
	To   string   `json:"to"`
	Verb string   `json:"verb"`
}

// Comment is what somebody has to say about a note.
type Comment struct {
	Type    ItemType `json:"type"`
	ID      string   `json:"id"`
	Note    string   `json:"note"`
	Text    string   `json:"text"`
	By      string   `json:"by,omitempty"`
	At      int      `json:"at,omitempty"`
	Settled bool     `json:"settled,omitempty"`
}

// Apart remembers that two notes do not mean the same.
type Apart struct {
	Type ItemType `json:"type"`
	ID   string   `json:"id"`
	A    string   `json:"a"`
	B    string   `json:"b"`
}

// Person is somebody who was on the board.
type Person struct {
	Type  ItemType `json:"type"`
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Color string   `json:"color,omitempty"`
	Role  Role     `json:"role"`
}

// BoardInfo is what is known of the board as a whole. Times are milliseconds
// since 1970.
type BoardInfo struct {
	Type    ItemType `json:"type"`
	ID      string   `json:"id"`
	Name    string   `json:"name,omitempty"`
	Goals   []string `json:"goals,omitempty"`
	Phase   Phase    `json:"phase,omitempty"`
	PhaseAt int      `json:"phaseAt,omitempty"`
	// TimerEnds is when the timer ends; zero says that none runs.
	TimerEnds int `json:"timerEnds,omitempty"`
	// Writing says that everyone writes alone: new notes may be private.
	Writing bool `json:"writing,omitempty"`
	// VotesEach is how many votes everyone has.
	VotesEach  int    `json:"votesEach,omitempty"`
	VotingOpen bool   `json:"votingOpen,omitempty"`
	LandedAt   int    `json:"landedAt,omitempty"`
	LandedBy   string `json:"landedBy,omitempty"`
}

// File is a file of the storm, as it is shared in the pane of text. Its version
// counts its edits.
type File struct {
	Type    ItemType `json:"type"`
	ID      string   `json:"id"`
	Path    string   `json:"path"`
	Text    string   `json:"text"`
	Version int      `json:"version"`
}

// ItemID returns the note's id.
func (n *Note) ItemID() string { return n.ID }

// ItemID returns the link's id.
func (l *Link) ItemID() string { return l.ID }

// ItemID returns the comment's id.
func (c *Comment) ItemID() string { return c.ID }

// ItemID returns the item's id.
func (a *Apart) ItemID() string { return a.ID }

// ItemID returns the person's id.
func (p *Person) ItemID() string { return p.ID }

// ItemID returns [BoardID].
func (b *BoardInfo) ItemID() string { return b.ID }

// ItemID returns the [FileID] of the file's path.
func (f *File) ItemID() string { return f.ID }

// ItemType returns [NoteItem].
func (n *Note) ItemType() ItemType { return NoteItem }

// ItemType returns [LinkItem].
func (l *Link) ItemType() ItemType { return LinkItem }

// ItemType returns [CommentItem].
func (c *Comment) ItemType() ItemType { return CommentItem }

// ItemType returns [ApartItem].
func (a *Apart) ItemType() ItemType { return ApartItem }

// ItemType returns [PersonItem].
func (p *Person) ItemType() ItemType { return PersonItem }

// ItemType returns [BoardItem].
func (b *BoardInfo) ItemType() ItemType { return BoardItem }

// ItemType returns [FileItem].
func (f *File) ItemType() ItemType { return FileItem }
