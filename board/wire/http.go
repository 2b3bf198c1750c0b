package wire

import "encoding/json"

// Error is the body of every answer over HTTP that is not a success.
type Error struct {
	Code    Code   `json:"code"`
	Message string `json:"message"`
}

// Person is somebody at the boards.
type Person struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Color string `json:"color"`
}

// Me answers GET /api/me and POST /api/enter.
type Me struct {
	// Person is nil for somebody who has not entered.
	Person *Person `json:"person" ts:"Person | null"`
	// Open says that no invite is needed here.
	Open bool `json:"open"`
	// Role is that on all boards, or "" when it depends on the board.
	Role Role `json:"role" ts:"Role | ''"`
	// Boards are the boards that the person was invited to.
	Boards []Grant `json:"boards,omitempty"`
	// Board is the one that the invite just used is for, or "".
	Board string `json:"board,omitempty"`
}

// Grant is a role on a board.
type Grant struct {
	Board string `json:"board"`
	Role  Role   `json:"role"`
}

// Enter is the body of POST /api/enter. Entering again changes the name, or uses
// another invite.
type Enter struct {
	Name   string `json:"name"`
	Invite string `json:"invite,omitempty"`
}

// Summary is a board in the list of GET /api/boards, and answers POST and PATCH.
type Summary struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Path     string `json:"path"`
	Archived bool   `json:"archived"`
	// Changed is when the last operation was made, or zero.
	Changed int64 `json:"changed"`
	Notes   int   `json:"notes"`
	Role    Role  `json:"role"`
}

// NewBoard is the body of POST /api/boards.
type NewBoard struct {
	Name string `json:"name"`
}

// PatchBoard is the body of PATCH /api/boards/{id}: what is left out stays.
type PatchBoard struct {
	Name     *string `json:"name,omitempty"`
	Archived *bool   `json:"archived,omitempty"`
}

// State answers GET …/state.
type State struct {
	Seq   uint64          `json:"seq"`
	Items json.RawMessage `json:"items" ts:"Item[]"`
}

// History answers GET …/history.
type History struct {
	Ops []Op `json:"ops"`
	// Seq is the last operation that was looked at, from where to go on, and Head
	// the last that there is.
	Seq  uint64 `json:"seq"`
	Head uint64 `json:"head"`
}

// Duplicate are notes that may stand for the same; GET …/duplicates lists them.
type Duplicate struct {
	Notes []string `json:"notes"`
	// Score goes from 0 to 1.
	Score float64 `json:"score"`
	Why   string  `json:"why"`
}

// Modules answers GET …/modules: the modules, what runs between them, and the
// teams that each flow crosses.
type Modules struct {
	Modules  []ModuleOf      `json:"modules"`
	Messages []MessagesOf    `json:"messages"`
	Flows    []FlowOfModules `json:"flows"`
}

// ModuleOf is a module.
type ModuleOf struct {
	// Note is that of its frame, or "".
	Note string `json:"note"`
	Name string `json:"name"`
	Team string `json:"team"`
}

// MessagesOf are the messages from a module to another, by their names.
type MessagesOf struct {
	From  string   `json:"from"`
	To    string   `json:"to"`
	Names []string `json:"names"`
}

// FlowOfModules is a named flow.
type FlowOfModules struct {
	Name  string   `json:"name"`
	Notes []string `json:"notes"`
	Teams []string `json:"teams"`
}

// Land is the body of POST …/land.
type Land struct {
	// Overwrite says which files are written over a change on disk that cannot be
	// merged: the digest is that of the conflict that was shown.
	Overwrite map[string]string `json:"overwrite,omitempty"`
}

// Landed answers POST …/land. With conflicts nothing was written.
type Landed struct {
	Landed    []string   `json:"landed"`
	Conflicts []Conflict `json:"conflicts"`
}

// Conflict is a file that was changed on disk and on the wall at the same place.
type Conflict struct {
	Path   string `json:"path"`
	Base   string `json:"base"`
	Mine   string `json:"mine"`
	Theirs string `json:"theirs"`
	Digest string `json:"digest"`
}

// Imported answers POST …/import.
type Imported struct {
	// Notes is how many were added, and Links how many links.
	Notes int `json:"notes"`
	Links int `json:"links"`
	// Messages are what people should know about what could not be taken over.
	Messages []string `json:"messages"`
}

// Tidy is the body of POST …/tidy.
type Tidy struct {
	// IDs are the notes to put into order; when they are left out it is all of them.
	IDs []string `json:"ids,omitempty"`
}

// Tidied answers POST …/tidy. What moved comes over the socket, as an operation.
type Tidied struct {
	// Moved is how many notes came to lie elsewhere, or got another size.
	Moved int `json:"moved"`
}

// NewInvite is the body of POST …/invites.
type NewInvite struct {
	Role Role `json:"role"`
}

// Invite is a link that gives a role on a board to whoever has it.
type Invite struct {
	ID   string `json:"id"`
	Role Role   `json:"role"`
	// Link is there in the answer to POST only: the server keeps no copy of it.
	Link    string `json:"link,omitempty"`
	Made    int64  `json:"made"`
	Revoked bool   `json:"revoked"`
	// Used is how many people entered with it.
	Used int `json:"used"`
}
