package ast

// Kind says which sticky note something is.
type Kind uint8

// The kinds of the notation, and with them the words that declare them.
const (
	NoKind Kind = iota
	Actor
	Command
	Aggregate
	System
	Event
	Policy
	Projection
	Value
	Enum
	Term
	Module
	Hotspot
	Opportunity
	Rule
	Note
)

var kindWords = [...]string{
	NoKind: "", Actor: "actor", Command: "command", Aggregate: "aggregate",
	System: "system", Event: "event", Policy: "policy", Projection: "projection",
	Value: "value", Enum: "enum", Term: "term", Module: "module",
	Hotspot: "hotspot", Opportunity: "opportunity", Rule: "rule", Note: "note",
}

// String returns the word that declares the kind.
func (k Kind) String() string { return kindWords[k] }

// KindOf returns the kind that a word declares, or NoKind.
func KindOf(word string) Kind {
	switch word {
	case "actor":
		return Actor
	case "command":
		return Command
	case "aggregate":
		return Aggregate
	case "system":
		return System
	case "event":
		return Event
	case "policy":
		return Policy
	case "projection":
		return Projection
	case "value":
		return Value
	case "enum":
		return Enum
	case "term":
		return Term
	case "module":
		return Module
	case "hotspot":
		return Hotspot
	case "opportunity":
		return Opportunity
	case "rule":
		return Rule
	case "note":
		return Note
	}
	return NoKind
}

// Article returns the kind's word with its article: an actor, a command.
func (k Kind) Article() string {
	switch k {
	case Actor, Aggregate, Event, Enum, Opportunity:
		return "an " + k.String()
	}
	return "a " + k.String()
}

// IsElement reports whether the kind has a name that others refer to: all but
// modules and the free-text stickies.
func (k Kind) IsElement() bool { return k >= Actor && k <= Term }

// IsSticky reports whether the kind is a free-text sticky that may be put on
// something else: a hotspot, an opportunity, a rule or a note.
func (k Kind) IsSticky() bool { return k >= Hotspot && k <= Note }

// MarshalText returns the kind's word.
func (k Kind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads a kind's word. Words that declare no kind give NoKind.
func (k *Kind) UnmarshalText(text []byte) error {
	*k = KindOf(string(text))
	return nil
}

// Level is how far a storm has got; it decides which checks apply.
type Level uint8

// The levels of Event Storming, in the order in which a storm passes them.
const (
	NoLevel    Level = iota
	BigPicture       // events, hotspots, actors, systems
	Process          // and commands, policies, projections
	Design           // and aggregates, modules, data
)

var levelWords = [...]string{"", "big-picture", "process", "design"}

// String returns the level as a storm file spells it.
func (l Level) String() string { return levelWords[l] }

// LevelOf returns the level that a word names, or NoLevel.
func LevelOf(word string) Level {
	for i, w := range levelWords {
		if w == word {
			return Level(i)
		}
	}
	return NoLevel
}

// MarshalText returns the level's word.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a level's word. Other words give NoLevel.
func (l *Level) UnmarshalText(text []byte) error {
	*l = LevelOf(string(text))
	return nil
}
