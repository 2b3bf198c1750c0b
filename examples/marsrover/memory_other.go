//go:build !unix

package main

import "runtime"

// peakMemory returns what the Go runtime has asked of the system, in bytes.
func peakMemory() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.Sys
}
