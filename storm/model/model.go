// Package model is the resolved model of a storm: what all its files mean
// together. Drawing, generating, comparing and exporting start here.
//
// A [Storm] has modules; a module has elements ([Element]), each of a kind. An
// element's links are kept with the element that the storm file keeps them
// with: an aggregate or a system has its [Handling]s, a policy its [Policy]
// part, a projection its [Projection] part. [Storm.Links] gives the same as a
// flat list of single links, which is what a picture or an export wants.
//
// What was written outside of any module is in Storm.Free, a module without a
// name; so an element always has a module.
//
// A model is made by storm/resolve from text, or by Unmarshal from JSON, and
// is not changed afterwards: to change a storm, edit its text. Reading it is
// safe from many goroutines.
package model

import (
	"sync"

	"github.com/landfall-go/landfall/storm/ast"
)

// Storm is the whole model.
type Storm struct {
	Meta
	Name     string
	Level    ast.Level // as stated, or else as far as the storm has got
	Stated   bool      // the level is stated in a file
	Free     *Module   // what is in no module; never nil
	Modules  []*Module // in the order of their first mention
	Timeline []Note    // every note on the board in the order of the files
	Sections []*Section
	Files    []string // sorted; empty when not read from text

	once sync.Once // for byID
	byID map[string]*Element
}

// Meta is what all parts of a model have.
type Meta struct {
	Doc     string    // the doc comment, without slashes
	Ignores []Ignore  // checks that are silenced here
	Place   ast.Place // the whole statement; zero when not read from text
}

// Ignore silences a check where it stands.
type Ignore struct {
	Code   string    `json:"code"`
	Reason string    `json:"reason"`
	Place  ast.Place `json:"-"` // of the comment
	Scope  ast.Place `json:"-"` // of the statement that it is on
}

// Module is a bounded context, or the part of a storm outside of any.
type Module struct {
	Meta
	Name      string // empty for Storm.Free
	Was       []string
	Team      string
	Elements  []*Element  // in the order of their first mention
	Flows     []*Handling // lines that name no aggregate or system
	Publishes []*Element  // events that may leave the module
	Pivotal   []*Element
	Timers    []*Timer
	Stickies  []*Sticky
	Lanes     []*Lane
	Walks     []*Walk
	Scenarios []*Scenario
	Declared  []ast.Place // its declarations, as the places of the name
	Bodies    []ast.Place // the braces of its declarations
	Mentions  []Mention   // of its name, declarations included, in order
}

// Element is a named thing on the board.
type Element struct {
	Meta
	Kind   ast.Kind
	Name   string
	Was    []string // former names
	Module *Module  // never nil

	Fields   []*Field    // of a command, event, value or projection; of an aggregate its state
	HasData  bool        // a list of fields or members was written, even an empty one
	Members  []*Member   // of an enum
	Handles  []*Handling // of an aggregate or a system
	Policy   *Policy     // of a policy, never nil there
	View     *Projection // of a projection, never nil there
	Meaning  string      // of a term
	Pivotal  bool
	Declared []ast.Place // its declarations, as the places of the name
	Mentions []Mention   // of its name, declarations included, in order
}

// Mention is a place where a name is written.
type Mention struct {
	Place ast.Place // of the name alone
	Full  ast.Place // with the kind and the module before it
	In    *Module   // the module that it is written in
	Role  Role

	Qualified bool // its module is written before it
}

// Role says what a name is mentioned as.
type Role uint8

// The roles of mentions.
const (
	Declaration Role = iota
	Issuer           // who issues a command
	Handled          // the command of a line of flow
	Emitted          // the event of a line of flow
	Trigger          // the event of a policy
	Exception        // the event that keeps a policy from acting
	Help             // the projection that a policy uses
	Invoked          // the command of a policy
	Update           // the event of a projection
	Informed         // the actor of a projection
	Timed            // the event of a timer
	Published
	PivotalEvent
	InLane
	UnderSticky
	Step      // of a walk
	Example   // in a scenario
	FieldType // the type of a field
	Qualifier // the module before a dot
)

// Choice is a list of alternatives, each of which is all of its elements.
type Choice [][]*Element

// Handling is a line of flow: who issues which commands, and which events
// they lead to.
type Handling struct {
	Meta
	Handler  *Element   // the aggregate or system, nil when not said
	Issuers  []*Element // actors
	Commands []*Element
	Events   Choice // one of all of
}

// Policy is what a policy does: on events, perhaps after a time, unless another
// event came first, with the help of projections, it invokes commands.
type Policy struct {
	On      Choice // one of all of
	After   string // a duration such as 30d, or empty
	Unless  []*Element
	Using   []*Element // projections
	Invokes Choice     // one of all of
}

// Projection is what a projection does: events update it, it informs actors.
type Projection struct {
	UpdatedBy []*Element
	Informs   []*Element
}

// Field is a field of data.
type Field struct {
	Doc   string
	Name  string
	Was   []string
	Type  *Type
	Place ast.Place
}

// Type is the type of a field. Exactly one of Basic, Of, List and Unknown
// says what it is.
type Type struct {
	Basic    Basic
	Of       *Element // a value or an enum
	List     *Type
	Unknown  string // a name that nothing declares
	Optional bool
	Place    ast.Place
}

// Basic is a type that the language knows.
type Basic string

// The basic types.
const (
	Text     Basic = "text"     // any characters
	Int      Basic = "int"      // a whole number of 64 bits
	Decimal  Basic = "decimal"  // a number with a fraction, kept exactly
	Bool     Basic = "bool"     // true or false
	Time     Basic = "time"     // a point in time: 2026-05-10T08:00:00Z
	Date     Basic = "date"     // a day: 2026-05-10
	Duration Basic = "duration" // 30d, 1h30m
	ID       Basic = "id"       // what tells one thing from another
)

// BasicOf returns the basic type of that name, or "".
func BasicOf(name string) Basic {
	switch b := Basic(name); b {
	case Text, Int, Decimal, Bool, Time, Date, Duration, ID:
		return b
	}
	return ""
}

// Member is a member of an enum.
type Member struct {
	Doc   string
	Name  string
	Place ast.Place
}

// Timer is time as a trigger.
type Timer struct {
	Meta
	Every  string
	Events []*Element
}

// Target is what a sticky, a lane or a walk refers to: an element or a module.
type Target struct {
	Element *Element
	Module  *Module
}

// Sticky is a hotspot, an opportunity, a rule or a note.
type Sticky struct {
	Meta
	Kind     ast.Kind
	Module   *Module // the one that it stands in, never nil
	Text     string
	On       []Target
	Resolved string // the answer to a hotspot
}

// Lane is a swimlane: elements that lie side by side in time.
type Lane struct {
	Meta
	Name     string
	Elements []*Element
}

// Walk is a named way through the model.
type Walk struct {
	Meta
	Name  string
	Steps []*Element
}

// Section is a label over a part of the timeline.
type Section struct {
	Meta
	Name   string
	Module *Module // where it stands
}

// Note is one note on the board: an element, and the section that it lies in.
// An element that was noted several times has several.
type Note struct {
	Element *Element
	Section *Section // nil before the first section
	Place   ast.Place
}

// Scenario is an example.
type Scenario struct {
	Meta
	Name     string
	Given    []*Message
	When     []*Message
	Then     []*Message
	Nothing  bool   // then nothing
	Rejected bool   // then rejected
	Reason   string // why rejected, may be empty
}

// Message is an event, a command or a projection with data.
type Message struct {
	Element *Element
	Data    *Value // an object; nil when no data was given
	Place   ast.Place
}

// Value is data in a scenario.
type Value struct {
	Kind  ast.LiteralKind
	Text  string
	Pairs []Pair
	Items []*Value
	Place ast.Place
}

// Pair is a field of an object.
type Pair struct {
	Name  string
	Value *Value
	Place ast.Place
}
