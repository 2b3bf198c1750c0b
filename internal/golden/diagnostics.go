package golden

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/diag"
)

// Diagnostics writes diagnostics as archives show them.
func Diagnostics(list diag.List) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "%s-%s: %s %s: %s\n", d.Place, d.Place.End, d.Severity, d.Code, d.Message)
		if d.Help != "" {
			fmt.Fprintf(&b, "  help: %s\n", d.Help)
		}
		for _, r := range d.Related {
			fmt.Fprintf(&b, "  related: %s: %s\n", r.Place, r.Message)
		}
		for _, f := range d.Fixes {
			safe := ""
			if f.Safe {
				safe = "safe "
			}
			fmt.Fprintf(&b, "  %sfix: %s\n", safe, f.Message)
		}
	}
	return b.String()
}
