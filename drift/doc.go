// Package drift holds a storm and the Go code that runs it against each other,
// so that board and code cannot part ways unseen.
//
// [Read] reads the code without running it: what landfall.NewModule wires, the
// types of the messages, and what the decisions construct. [Compare] returns
// each [Difference] between that and the storm's model, with its place on both
// sides and ways to mend it. [Run] does both for paths and patterns:
//
//	report, err := drift.Run(ctx, drift.Config{Storm: "marsrover.storm", Patterns: []string{"./..."}})
//	…
//	report.Printer().Write(os.Stdout, report.Differences)
//	os.Exit(report.ExitCode())
//
// [Progress] says which elements of the storm are built. [Analyzer] does the
// same work within go vet, a package at a time.
//
// # What can be read
//
// Wiring is read through variables, constants, slices, append, functions that
// return parts or options, closures, loops over lists that are written out,
// generic functions, and other import names. A branch on what is known only
// while the program runs, a map, a part from a channel cannot be read; that is
// a difference of its own, D001, and never passed over.
//
// # What counts as a difference
//
// Names agree when the Go name is the one that the generator gives. Data is
// compared where the storm lists it: a storm that says nothing about the data of
// an event leaves it open, and so it is with the state of an aggregate and the
// documents of a projection, which may hold more than the storm says. The storm
// need not know which of several events happens when: a command that leads to A,
// B or to A | B declares both. Actors, terms, hotspots and notes have no code.
//
// Differences have stable codes, see [Kinds]; those that are hints do not fail a
// check. One is silenced where it stands, on the storm's side or in the code,
// with a reason:
//
//	//landfall:ignore D302 the old field stays until the import has run
package drift
