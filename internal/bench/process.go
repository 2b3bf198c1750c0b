package bench

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
)

// watchMemory returns a function that says how many megabytes the process has
// taken at most since now, as the kernel counts them.
func watchMemory() func() (float64, error) {
	debug.FreeOSMemory()
	cleared := os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
	return func() (float64, error) {
		if cleared != nil {
			return 0, cleared
		}
		return megabytesOf("VmHWM")
	}
}

// processorSeconds says how long the process has been computing, on all cores, in
// the program and in the kernel.
func processorSeconds() (float64, error) {
	const ticksPerSecond = 100 // USER_HZ, on every platform that has /proc
	text, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(text), ") ") // what comes before may have spaces
	fields := strings.Fields(after)
	const user, system = 11, 12
	if len(fields) <= system {
		return 0, fmt.Errorf("the kernel does not tell the processor time")
	}
	u, err := strconv.ParseFloat(fields[user], 64)
	if err != nil {
		return 0, err
	}
	s, err := strconv.ParseFloat(fields[system], 64)
	return (u + s) / ticksPerSecond, err
}

// residentMegabytes says how many megabytes the process has now.
func residentMegabytes() (float64, error) { return megabytesOf("VmRSS") }

// megabytesOf reads a line of what the kernel knows of the process.
func megabytesOf(name string) (float64, error) {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			kilobytes, err := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(value), " kB"), 64)
			return kilobytes / 1024, err
		}
	}
	return 0, fmt.Errorf("the kernel does not tell %s", name)
}
