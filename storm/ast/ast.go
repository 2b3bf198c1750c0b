// Package ast is the syntax tree of the storm language: what a file says, in
// the order in which it says it, with positions and comments. What it means,
// over all the files of a storm, is the resolved model of storm/model.
//
// A [File] is a list of statements ([Stmt]):
//
//   - [Header]: storm "Name", level design, team "Name", section "Name"
//   - [ModuleDecl]: a module and its body
//   - [Decl]: an actor, command, aggregate, system, event, policy, projection,
//     value, enum or term
//   - [FlowLine]: Operator -> Move -> MarsRoverMoved | ObstacleFound
//   - [List]: publishes, pivotal and lane, each with a list of names
//   - [Sticky]: hotspot, opportunity, rule, note
//   - [Timer]: every "September" -> SeasonOpened
//   - [Walk]: flow "happy path" : A -> B -> C
//   - [Scenario]: given, when, then
//   - [State]: the data of an aggregate
//   - [Bad]: what could not be read
//
// Trees are plain data: they are built by storm/parse or by hand, printed by
// storm/format, and are not safe for concurrent change.
package ast

// Node is anything that has a place in a file.
type Node interface{ Range() Span }

// Stmt is a statement.
type Stmt interface {
	Node
	// Head returns what all statements have: their span and comments.
	Head() *Base
}

// Base is what all statements have.
type Base struct {
	Span
	Comments
}

// Head returns b.
func (b *Base) Head() *Base { return b }

// Comment is one line comment, without its line break.
type Comment struct {
	Text  string // with the leading //
	Blank bool   // a blank line stands before it
	Span
}

// Comments are the comments around a statement or an item of a list.
type Comments struct {
	Lead  []Comment // the lines before it
	Trail *Comment  // on the line on which it ends
	Blank bool      // a blank line stands between it and Lead, or what is before
}

// Doc returns the doc comment: the lines of Lead that stand right above, with
// no blank line between, without their slashes and without directives.
func (c *Comments) Doc() string { return docText(c.docLines()) }

// File is one storm file.
type File struct {
	Path  string
	Stmts []Stmt
	End   []Comment // comments after the last statement
	Span
}

// Name is an identifier or a quoted text that serves as a name, a title or a
// text. Identity is the text: quotes do not make another name.
type Name struct {
	Text   string
	Quoted bool // written in quotes in the source
	Span
}

// IsZero reports whether there is no name.
func (n Name) IsZero() bool { return n.Text == "" && !n.Quoted }

// Ref mentions something by its name: Move, Rover.Move, command Rover.Move.
type Ref struct {
	Kind   Kind // the word before it, or NoKind
	Module Name // zero when the name is not qualified
	Name   Name
	Span
}

// Item is a Ref in a list.
type Item struct {
	Ref
	Or    bool // the sign before it is | (one of) and not , (all of)
	Break bool // it begins a new line
}

// Refs is a list of names with its signs. A comma binds tighter than a bar:
// A, B | C is "A and B, or C".
type Refs []Item

// Choices returns the alternatives of the list, each of which is all of its
// names.
func (r Refs) Choices() [][]Ref {
	if len(r) == 0 {
		return nil
	}
	var out [][]Ref
	var group []Ref
	for _, item := range r {
		if item.Or {
			out = append(out, group)
			group = nil
		}
		group = append(group, item.Ref)
	}
	return append(out, group)
}

// Range returns the span from the first to the last name.
func (r Refs) Range() Span {
	if len(r) == 0 {
		return Span{}
	}
	return Span{Start: r[0].Start, End: r[len(r)-1].End}
}

// HeaderKind is the word of a [Header].
type HeaderKind uint8

// The words of headers.
const (
	HeaderStorm HeaderKind = iota
	HeaderLevel
	HeaderTeam
	HeaderSection
)

var headerWords = [...]string{"storm", "level", "team", "section"}

// String returns the word.
func (k HeaderKind) String() string { return headerWords[k] }

// Header is a word with one name: storm "Mars Rover", level design,
// team "Mobility", section "Planning".
type Header struct {
	Base
	Kind HeaderKind
	Name Name
}

// Block is a list of statements in braces.
type Block struct {
	Stmts []Stmt
	Open  *Comment  // on the line of the opening brace
	End   []Comment // before the closing brace
	Span
}

// ModuleDecl is a bounded context: module Rover { … }.
type ModuleDecl struct {
	Base
	Name Name
	Was  []Name // former names
	Body *Block // nil when there are no braces
}

// Decl declares an element. Which parts may be there depends on the kind:
//
//	actor        -
//	command      Fields
//	event        Fields
//	value        Fields
//	enum         Members
//	term         Text, what the term means
//	aggregate    Body: flow lines and a State
//	system       Body: flow lines
//	policy       From (events), After, Unless (events), Using (projections), To (commands)
//	projection   From (events), To (actors), Fields
type Decl struct {
	Base
	Kind Kind
	Name Name
	Was  []Name // former names

	From   Refs
	After  Name // a duration: 30d
	Unless Refs
	Using  Refs
	To     Refs

	Fields  *Fields
	Members *Members
	Body    *Block
	Text    Name
}

// HasContent reports whether the declaration says more of the element than its
// names.
func (d *Decl) HasContent() bool {
	return d.Fields != nil || d.Members != nil || d.Body != nil || !d.After.IsZero() || !d.Text.IsZero() ||
		len(d.From)+len(d.Unless)+len(d.Using)+len(d.To) > 0
}

// FlowLine is a line of flow. Inside an aggregate or a system it has the steps
// actors -> commands -> events, or commands -> events; outside, it is the same
// without a handler, and a name alone is an event. An open arrow leaves a step
// unsaid: "Move ->" is a command, "-> Moved" an event.
type FlowLine struct {
	Base
	Steps []Refs
	First bool // it begins with an arrow
	Last  bool // it ends with an arrow
}

// Roles returns the three parts of the line: who issues, the commands and the
// events. bare says that the line is one name alone, which is an event.
func (f *FlowLine) Roles() (issuers, commands, events Refs, bare bool) {
	s := f.Steps
	switch {
	case len(s) == 1 && !f.First && !f.Last:
		return nil, nil, s[0], true
	case f.First:
		return nil, nil, s[0], false
	case f.Last && len(s) == 1:
		return nil, s[0], nil, false
	case f.Last:
		return s[0], s[1], nil, false
	case len(s) == 2:
		return nil, s[0], s[1], false
	}
	return s[0], s[1], s[2], false
}

// ListKind is the word of a [List].
type ListKind uint8

// The words of lists.
const (
	ListPublishes ListKind = iota
	ListPivotal
	ListLane
)

var listWords = [...]string{"publishes", "pivotal", "lane"}

// String returns the word.
func (k ListKind) String() string { return listWords[k] }

// List is a word with a list of names: publishes A, B; pivotal A;
// lane "Participants" : A, B.
type List struct {
	Base
	Kind  ListKind
	Name  Name // of a lane
	Items Refs
}

// Sticky is a free text, on something or on nothing:
// hotspot "What if it is offline?" on Move.
type Sticky struct {
	Base
	Kind     Kind
	Text     Name
	On       Refs
	Resolved Name // the answer to a hotspot
}

// Timer is time as a trigger: every "September" -> SeasonOpened.
type Timer struct {
	Base
	Every Name
	To    Refs
}

// Walk is a named way through the model: flow "happy path" : A -> B -> C.
type Walk struct {
	Base
	Name  Name
	Steps Refs // only their Break is used
}

// State is the data of an aggregate: state { status Status }.
type State struct {
	Base
	Fields *Fields
}

// Bad is a statement that could not be read. Its span is what was skipped.
type Bad struct{ Base }
