// Package faults breaks a running system of several processes in every way that
// a machine, a network or an operator can, and checks from the logs alone that
// nothing was lost and nothing took effect twice.
//
// It has nothing but tests, which need Linux for its signals:
//
//	go test ./internal/faults                    # each fault once
//	go test ./internal/faults -v -faults.rounds=10 -faults.run='nats|pause'
//
// Three modules talk to each other over NATS, each in a process of its own with
// a store of its own, or in several processes on PostgreSQL. The test dispatches
// commands and remembers what was acknowledged, while it kills, cuts off, pauses
// and restarts. At the end of a round everything is whole again, the system
// comes to rest, its processes end, and a checker that shares no code with the
// runtime but the naming of ids reads what they have left behind.
package faults
