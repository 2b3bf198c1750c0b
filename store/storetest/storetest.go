// Package storetest is the specification of a store: the one suite of tests
// that every driver passes. A driver's own test file opens the driver and calls
// [Run].
package storetest

import (
	"context"
	"testing"

	"github.com/landfall-go/landfall/store"
)

// Features says how to open a driver, and in what drivers may differ.
type Features struct {
	// Create makes a new, empty database that lives as long as the test, and
	// returns the function that opens it. The function is called again, after
	// the store was closed, only when Durable.
	Create func(t testing.TB) (open func() (store.Store, error))

	// Durable says that a database keeps what was written when its store is
	// closed.
	Durable bool

	// Exclusive says that a database that is open cannot be opened again, which
	// is store.ErrInUse.
	Exclusive bool

	// Shared says that a database may be open several times, by any number of
	// processes: the function that Create returns is then called again at any
	// time.
	Shared bool

	// Transaction is how Changes.Do uses the tx that it gets. It is nil for a
	// driver that gives none.
	Transaction *Transaction

	// Hold makes the next append to the module's log stop when its positions
	// are assigned but not yet committed. It closes held at that point, and goes
	// on when release is called. It is nil for a driver that commits one append
	// after the other, where no later one can overtake.
	Hold func(t testing.TB, s store.Store, module string) (held <-chan struct{}, release func())
}

// Transaction uses the tx of Changes.Do for a table of the caller's own.
type Transaction struct {
	// Put makes the table if need be and adds the key to it.
	Put func(ctx context.Context, tx any, key string) error
	// Has tells whether the key is in the table, which Put has made.
	Has func(ctx context.Context, tx any, key string) (bool, error)
}

// Run tests that the driver keeps the contract of package store.
func Run(t *testing.T, f Features) {
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"Append", appendTests},
		{"Command", commandTests},
		{"Read", readTests},
		{"Listen", listenTests},
		{"Documents", documentTests},
		{"Commit", commitTests},
		{"CommitAppend", commitAppendTests},
		{"Do", doTests},
		{"Limits", limitTests},
		{"Modules", moduleTests},
		{"Context", contextTests},
		{"Close", closeTests},
		{"Shared", sharedTests},
		{"Model", modelTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.tests {
				if test.needs == nil || test.needs(f) {
					t.Run(test.name, func(t *testing.T) { test.run(t, f) })
				}
			}
		})
	}
}

// test is one statement of the specification.
type test struct {
	name string
	run  func(*testing.T, Features)
	// needs tells whether the statement is about a driver with these features;
	// nil means about all.
	needs func(Features) bool
}

func durable(f Features) bool       { return f.Durable }
func exclusive(f Features) bool     { return f.Exclusive }
func transactional(f Features) bool { return f.Transaction != nil }
func holding(f Features) bool       { return f.Hold != nil }
