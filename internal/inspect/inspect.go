// Package inspect lets landfalltest ask the parts of a module, one by one and
// without a store. It is not for programs: package landfall sets Of, and the
// types say no more than what a test of a user's module needs.
package inspect

import (
	"context"
	"reflect"
	"time"

	"github.com/google/uuid"
)

// Of looks into a landfall.Module. The error is landfall.ErrWiring with all
// mistakes in the module. It is safe for concurrent use.
var Of func(module any) (*Module, error)

// Module is the wiring of one module.
type Module struct {
	Name        string
	Handlers    []*Handler
	Events      map[reflect.Type]string // their stable names
	Policies    []*Policy
	Projections []*Projection
}

// Handler answers one kind of command.
type Handler struct {
	// Name is the command's stable name, Owner that of the aggregate or system.
	Name    string
	Owner   string
	Command reflect.Type
	Emits   []reflect.Type
	// Aggregate and Decide are set for an aggregate, Perform and Timeout for
	// a system.
	Aggregate *Aggregate
	Decide    func(state, command any) ([]any, error)
	Perform   func(ctx context.Context, command any, id uuid.UUID) ([]any, error)
	Timeout   time.Duration
}

// Aggregate makes states and changes them. States are pointers.
type Aggregate struct {
	New   func() any
	Apply func(state, event any)
}

// Policy answers one kind of event. Recorded is a *landfall.Recorded.
type Policy struct {
	Name   string
	Event  reflect.Type
	Answer func(recorded any) []any
	Sends  []reflect.Type
	After  time.Duration
	Unless []reflect.Type
}

// Projection folds events into documents.
type Projection struct {
	Name string
	// Document is the type of the documents, nil for a projection with tables
	// of its own; New makes one, as a pointer.
	Document reflect.Type
	New      func() any
	Folds    map[reflect.Type]Fold
}

// Fold takes up one kind of event. Recorded is a *landfall.Recorded.
type Fold struct {
	Key func(recorded any) string
	// Fold is nil for one that removes the document.
	Fold func(document, recorded any)
}
