// Package model is what a wired program says about itself, as data: its
// modules with their commands, aggregates, systems, events, policies and
// projections, and the links between them. landfall.Describe makes one.
//
// It marshals to JSON, in the order of the wiring, and back without loss.
package model

// Model describes the modules of a program.
type Model struct {
	Modules []Module `json:"modules"`
}

// Module describes one module.
type Module struct {
	Name       string      `json:"name"`
	Aggregates []Aggregate `json:"aggregates,omitempty"`
	Systems    []System    `json:"systems,omitempty"`
	Commands   []Command   `json:"commands,omitempty"`
	Events     []Event     `json:"events,omitempty"`
	// Publishes are the events that leave the module.
	Publishes []string `json:"publishes,omitempty"`
	// Hears are the events of other modules that it hears.
	Hears       []Heard      `json:"hears,omitempty"`
	Policies    []Policy     `json:"policies,omitempty"`
	Projections []Projection `json:"projections,omitempty"`
}

// Aggregate handles commands by deciding on its state.
type Aggregate struct {
	Name    string   `json:"name"`
	Handles []string `json:"handles"`
}

// System handles commands by calling something outside.
type System struct {
	Name     string   `json:"name"`
	Performs []string `json:"performs"`
	// Timeout bounds an attempt, as time.Duration writes it.
	Timeout string `json:"timeout,omitempty"`
}

// Command is a message to one aggregate or system of the module.
type Command struct {
	Name   string   `json:"name"`
	Fields []Field  `json:"fields,omitempty"`
	Emits  []string `json:"emits"`
}

// Event is a record in the module's log.
type Event struct {
	Name   string  `json:"name"`
	Fields []Field `json:"fields,omitempty"`
	// Formerly are the names of older records that are read as this event.
	Formerly []string `json:"formerly,omitempty"`
}

// Heard is an event of another module.
type Heard struct {
	Module string  `json:"module"`
	Event  string  `json:"event"`
	Fields []Field `json:"fields,omitempty"`
}

// Policy sends commands in answer to an event.
type Policy struct {
	Name  string   `json:"name"`
	Hears string   `json:"hears"`
	Sends []Target `json:"sends"`
	// After delays the commands, as time.Duration writes it.
	After string `json:"after,omitempty"`
	// Unless are the events that withdraw them.
	Unless []string `json:"unless,omitempty"`
}

// Target is a command that a policy sends.
type Target struct {
	// Module is empty for the policy's own.
	Module  string `json:"module,omitempty"`
	Command string `json:"command"`
}

// Projection is folded from events.
type Projection struct {
	Name  string   `json:"name"`
	Hears []string `json:"hears"`
	// Document are the fields of its documents; a projection with tables of
	// its own has none.
	Document []Field `json:"document,omitempty"`
}

// Field is a field of a message or a document.
type Field struct {
	// Name is the field's name in Go.
	Name string `json:"name"`
	// Type is its Go type, such as "string" or "[]rover.Point".
	Type string `json:"type"`
}
