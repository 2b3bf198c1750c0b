//go:build unix

package main

import (
	"runtime"
	"syscall"
)

// peakMemory returns the most memory that this process has had, in bytes.
func peakMemory() uint64 {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return uint64(usage.Maxrss) // the others count kilobytes
	}
	return uint64(usage.Maxrss) << 10
}
