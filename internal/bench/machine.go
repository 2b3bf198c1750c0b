package bench

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
)

// Machine names the machine by its cores and its memory, and the Go that it was
// measured with.
func Machine() string {
	memory := "memory unknown"
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		fields := strings.Fields(string(text)) // MemTotal: 24732000 kB …
		if len(fields) > 1 {
			if kilobytes, err := strconv.ParseFloat(fields[1], 64); err == nil {
				memory = fmt.Sprintf("%.0f GB of memory", kilobytes/(1<<20))
			}
		}
	}
	return fmt.Sprintf("%d cores, %s, %s", runtime.NumCPU(), memory, runtime.Version())
}
