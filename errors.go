package landfall

import (
	"errors"
	"fmt"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/transport"
)

// Errors that the runtime returns, wrapped with what happened and what to do.
// Test for them with errors.Is.
var (
	// ErrRejected is every [Rejection]: the model says no. Repeating the
	// command does not help until something else has happened.
	ErrRejected = errors.New("rejected")
	// ErrConflict says that other writers to the same aggregate were first,
	// again and again. Nothing was stored; the command may be dispatched
	// again.
	ErrConflict = store.ErrConflict
	// ErrInvalid says that a call breaks its contract: a message without an
	// address, a command that no module handles, an event that its handler
	// does not declare.
	ErrInvalid = store.ErrInvalid
	// ErrNotFound says that there is no such document, event or dead letter.
	ErrNotFound = store.ErrNotFound
	// ErrUnreadable says that a stored event does not fit the code: its name
	// is unknown or its data has another shape. The message names the event.
	ErrUnreadable = errors.New("the event cannot be read")
	// ErrWiring is every mistake in the wiring of modules.
	ErrWiring = errors.New("the wiring is wrong")
	// ErrUnavailable says that a module in another process, or the road to it,
	// is not there now. The same may be tried again later. (A database that
	// cannot be reached is store.ErrUnavailable.)
	ErrUnavailable = transport.ErrUnavailable
	// ErrClosed says that the host was closed.
	ErrClosed = store.ErrClosed
)

// Rejection is the answer of a decision that refuses a command, with the
// reason in words of the domain. errors.Is(err, ErrRejected) is true for it.
type Rejection struct {
	Reason string
}

// Reject refuses a command. The reason is formatted as by fmt.Sprintf; it is
// shown to whoever issued the command.
func Reject(format string, args ...any) error {
	return &Rejection{Reason: fmt.Sprintf(format, args...)}
}

// Error returns the reason.
func (r *Rejection) Error() string { return r.Reason }

// Is makes every rejection an ErrRejected.
func (r *Rejection) Is(target error) bool { return target == ErrRejected }

// unavailable says that something is not there now, which is nobody's fault here.
func unavailable(err error) bool {
	return errors.Is(err, ErrUnavailable) || errors.Is(err, store.ErrUnavailable)
}

// guard turns a panic of a user's function into an error, so that one bad part
// does not take the process down.
func guard(err *error, what string) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%s panicked: %v", what, p)
	}
}
