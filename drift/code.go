package drift

import (
	"go/types"
	"time"

	"github.com/landfall-go/landfall/storm/ast"
)

// Code is what Go code says about the system: its modules as they are wired,
// with the place of everything.
//
// Places in Go files count columns in bytes, as Go's own tools do. Their files
// are relative to the folder that was read, with slashes.
type Code struct {
	Dir       string     `json:"-"` // absolute; what the files are relative to
	Modules   []*Module  `json:"modules"`
	Unread    []Unread   `json:"unread,omitempty"` // outside of any module that has a name
	Crossings []Crossing `json:"crossings,omitempty"`

	silences []silence
	reader   *builder // knows the types of fields
}

// Unread is a place that cannot be understood without running the code, and
// why that is.
type Unread struct {
	Place ast.Place `json:"place"`
	Why   string    `json:"why"`
}

// Crossing is a use of another module's message through a Go import.
type Crossing struct {
	Place   ast.Place `json:"place"`
	From    string    `json:"from"` // the module that uses it
	To      string    `json:"to"`   // the module whose message it is
	Message Ref       `json:"message"`
	Kind    ast.Kind  `json:"kind"` // command or event
}

// Module is one landfall.NewModule.
type Module struct {
	Name        string        `json:"name"`
	Package     string        `json:"package"` // where it is wired
	Place       ast.Place     `json:"place"`
	Aggregates  []*Aggregate  `json:"aggregates,omitempty"`
	Systems     []*System     `json:"systems,omitempty"`
	Commands    []*Command    `json:"commands,omitempty"`
	Events      []*Event      `json:"events,omitempty"`
	Policies    []*Policy     `json:"policies,omitempty"`
	Projections []*Projection `json:"projections,omitempty"`
	Publishes   []Ref         `json:"publishes,omitempty"` // events that leave the module
	Heard       []*Heard      `json:"heard,omitempty"`
	Retired     []string      `json:"retired,omitempty"`
	Unread      []Unread      `json:"unread,omitempty"` // parts that cannot be read

	homes   []*types.Package // where its messages and aggregates are declared
	wiredIn *types.Package
	sent    map[string]*Message  // commands to other modules, by the name of the type
	names   map[string]string    // stable names given by Named, by the key of the type
	old     map[string][]Renamed // by the key of the type
	end     ast.Place            // behind the last part
	spread  bool                 // the last part is a list with ...
	publish ast.Place            // where another event would be published
}

// Ref mentions a message by its Go type.
type Ref struct {
	GoName  string    `json:"goName"`
	Package string    `json:"package"`
	Name    string    `json:"name"` // its stable name
	Place   ast.Place `json:"place"`

	typ types.Type
}

func (r Ref) key() string { return r.Package + "." + r.GoName }

// Message is what commands and events have in common.
type Message struct {
	GoName  string    `json:"goName"`
	Package string    `json:"package"`
	Name    string    `json:"name"`  // its stable name, mostly GoName
	Place   ast.Place `json:"place"` // of the type
	Fields  []Field   `json:"fields,omitempty"`
	// Formerly are other names under which the log may hold it.
	Formerly []Renamed `json:"formerly,omitempty"`
}

// Renamed is a former name, and where the code says so.
type Renamed struct {
	From  string    `json:"from"`
	Place ast.Place `json:"place"`
}

// Field is a field that JSON carries.
type Field struct {
	Name  string    `json:"name"`
	JSON  string    `json:"json"`
	Type  string    `json:"type"`
	Place ast.Place `json:"place"`

	typ  types.Type
	omit bool // omitempty or omitzero
}

// Aggregate is a state type with its decisions.
type Aggregate struct {
	GoName  string    `json:"goName"`
	Name    string    `json:"name"` // under which its events are kept, mostly GoName
	Package string    `json:"package"`
	Place   ast.Place `json:"place"`
	State   []Field   `json:"state,omitempty"`
	// Idle are decisions that no part wires.
	Idle []Idle `json:"idle,omitempty"`

	typ *types.Named
}

// Idle is a method that has the form of a decision but is not wired.
type Idle struct {
	Method  string    `json:"method"`
	Command Ref       `json:"command"`
	Place   ast.Place `json:"place"`
}

// System is an external system.
type System struct {
	Name  string    `json:"name"`
	Place ast.Place `json:"place"`
}

// Command is a command with its handler.
type Command struct {
	Message
	Handler  string    `json:"handler"` // the aggregate's Go name or the system's name
	External bool      `json:"external,omitempty"`
	Wired    ast.Place `json:"wired"`
	Emits    []Ref     `json:"emits"`
	Builds   Builds    `json:"builds"` // the events that the decision constructs

	insert  ast.Place // where another event would be declared
	partial bool      // an option cannot be read
}

// Event is an event that some handler of the module emits.
type Event struct {
	Message
}

// Heard is an event of another module, which the module has a type of its own
// for.
type Heard struct {
	Message
	Module string    `json:"module"` // that it is heard from
	Wired  ast.Place `json:"wired"`

	insert ast.Place // where another event of that module would be declared
	typ    types.Type
}

// Policy answers an event.
type Policy struct {
	Name   string        `json:"name"`
	Wired  ast.Place     `json:"wired"`
	Hears  Ref           `json:"hears"`
	Sends  []Sent        `json:"sends"`
	After  time.Duration `json:"after,omitempty"`
	Unless []Ref         `json:"unless,omitempty"`
	Builds Builds        `json:"builds"` // the commands that it constructs

	afterAt ast.Place
	insert  ast.Place // where another command of its own module would be declared
	end     ast.Place // where another option would stand
	partial bool      // an option cannot be read
}

// Sent is a command that a policy sends; Module is empty for its own.
type Sent struct {
	Ref
	Module string `json:"module,omitempty"`
}

// Projection is folded from events.
type Projection struct {
	Name     string    `json:"name"`
	Wired    ast.Place `json:"wired"`
	Hears    []Ref     `json:"hears"`
	Document string    `json:"document,omitempty"` // the Go name of its documents
	Fields   []Field   `json:"fields,omitempty"`
	At       ast.Place `json:"-"` // of the documents' type

	insert  ast.Place
	partial bool // a fold cannot be read
}

// Builds are the messages that a function constructs to return them, itself or
// through what it calls.
type Builds struct {
	Place    ast.Place `json:"place"` // of the function
	Messages []Ref     `json:"messages,omitempty"`
	Unread   []Unread  `json:"unread,omitempty"` // calls that cannot be followed
}

// Enum is a Go type with constants.
type Enum struct {
	GoName  string
	Place   ast.Place
	Members []Member
}

// Member is a constant of an Enum.
type Member struct {
	Name  string
	Value string // of a text, else empty
	Place ast.Place
}

// Module returns the module of that name, or nil.
func (c *Code) Module(name string) *Module {
	for _, m := range c.Modules {
		if m.Name == name {
			return m
		}
	}
	return nil
}
