//go:build race

package main

// The race detector makes SQLite, which is Go here, fifteen times slower.
func init() { linesARound, fleetRovers = 100, 20 }
