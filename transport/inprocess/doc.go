// Package inprocess joins several hosts of one process, for tests and for
// programs that have no need of a network:
//
//	bus := inprocess.New()
//	rover, err := landfall.Open(ctx, landfall.Config{Transport: bus.Connect(), …})
//	notification, err := landfall.Open(ctx, landfall.Config{Transport: bus.Connect(), …})
//
// A bus keeps what was published for those who subscribe later, in memory and
// within bounds: 100,000 messages and 64 MB of each topic, unless WithKept says
// otherwise. It forgets the oldest first, and all of it with the process. What a
// subscription has under a name is remembered by the bus: a later one under the
// same name goes on there.
//
// One delivery holds at most 500 messages, or 1 MB and one message. A delivery
// that was not taken comes again after 50 ms, then after twice as long, up to 2 s.
// One Answer works on at most 64 calls at a time; further ones wait.
package inprocess
