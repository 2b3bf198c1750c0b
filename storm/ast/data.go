package ast

// Fields is a list of fields in braces.
type Fields struct {
	List  []*Field
	Lines bool // a field a line
	Open  *Comment
	End   []Comment
	Span
}

// Field is a name with a type: point Point.
type Field struct {
	Span
	Comments
	Name Name
	Type *Type
	Was  []Name // former names
}

// Type is the type of a field: a name, or a list of another type, and either
// may be optional.
type Type struct {
	Ref            // the name; zero for a list
	List     *Type // the type of the list's items
	Optional bool
	All      Span // of the whole type
}

// Members is a list of the members of an enum in braces.
type Members struct {
	List  []*Member
	Lines bool
	Open  *Comment
	End   []Comment
	Span
}

// Member is one member of an enum.
type Member struct {
	Span
	Comments
	Name Name
}

// Scenario is an example: what was, what is done, what follows.
type Scenario struct {
	Base
	Name    Name
	Clauses []*Clause
	Open    *Comment
	End     []Comment
	Body    Span // the braces
}

// ClauseKind is the word of a [Clause].
type ClauseKind uint8

// The words of clauses.
const (
	Given ClauseKind = iota
	When
	Then
)

var clauseWords = [...]string{"given", "when", "then"}

// String returns the word.
func (k ClauseKind) String() string { return clauseWords[k] }

// Clause is a line of a scenario: given A { x 1 }, B. The clause "then" may
// also be "then nothing" or "then rejected "why"".
type Clause struct {
	Base
	Kind     ClauseKind
	Messages []*Message
	Nothing  bool // then nothing
	Rejected bool // then rejected
	Reason   Name // of a rejection, may be zero
}

// Message is an event, a command or a projection in a scenario, with as much
// of its data as matters.
type Message struct {
	Span
	Ref  Ref
	Data *Literal // an object, or nil

	Break bool // it begins a new line
}

// LiteralKind is the form of a [Literal].
type LiteralKind uint8

// The forms of literals.
const (
	Word   LiteralKind = iota // N, true: a member of an enum or a truth value
	Text                      // "in quotes"
	Number                    // 12, -1.5, 30d, 2026-05-10, 2026-05-10T08:00:00Z
	Object                    // { x 2, y 1 }
	Array                     // [1, 2]
)

// Literal is a value in a scenario.
type Literal struct {
	Span
	Comments // of an item in an array
	Kind     LiteralKind
	Text     string     // of a word, a text (unquoted) or a number
	Pairs    []*Pair    // of an object
	Items    []*Literal // of an array
	Lines    bool       // an item a line
	Open     *Comment
	End      []Comment
}

// Pair is a field of an object.
type Pair struct {
	Span
	Comments
	Name  Name
	Value *Literal
}
