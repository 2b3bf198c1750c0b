package landfall

import "context"

// Hooks let a program see what the runtime does: for logs, traces and metrics.
// All are optional. They are called on the goroutine that does the work, must
// be safe for concurrent use, and should return quickly.
type Hooks struct {
	// Command is called when a command is about to be answered, before its
	// handler is asked, and once however often that is.
	Command func(ctx context.Context, m Message)
	// Events is called when the events of a command are durable.
	Events func(ctx context.Context, events []Recorded)
	// Around is called when an operation starts. The context that it returns
	// is used for the operation, so that a trace goes on in it; the function
	// is called when it ends.
	Around func(ctx context.Context, op Operation) (context.Context, func(error))
}

// Operation is a piece of work that [Hooks] see.
type Operation struct {
	// Kind is one of the Op constants.
	Kind string
	// Module is the name of the module that does it.
	Module string
	// Name is that of the command, aggregate, policy or projection.
	Name string
	// Aggregate is whom it is about, where that is one.
	Aggregate AggregateID
	// ID is the command or the event that it answers.
	ID ID
	// Events counts the events that it writes or takes up.
	Events int
}

// The kinds of operations.
const (
	OpDispatch = "dispatch" // a command is answered, from its acceptance to its events being durable
	OpLoad     = "load"     // an aggregate is read from the log
	OpAppend   = "append"   // the events of a command are written
	OpPerform  = "perform"  // an external system is called
	OpPolicy   = "policy"   // a policy answers one event
	OpReceive  = "receive"  // a command of another module is answered
	OpCall     = "call"     // a module in another process is asked
	OpProject  = "project"  // a projection takes up a batch of events
)
