package drift

import (
	"maps"
	"reflect"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/storm"
)

// TestEveryLineMatters takes each line out of the storm and of the wiring of the
// base, and demands that drift notices, the same way each time.
func TestEveryLineMatters(t *testing.T) {
	base, _ := archive(t, "testdata/base.txtar")
	noticed := map[string]int{}
	for _, name := range []string{"shop.storm", "orders/module.go", "billing/billing.go", "orders/messages.go", "orders/order.go"} {
		lines := strings.SplitAfter(base[name], "\n")
		for i, line := range lines {
			if indifferent(line) {
				continue
			}
			all := maps.Clone(base)
			all[name] = strings.Join(lines[:i], "") + strings.Join(lines[i+1:], "")
			list, ok := compared(t, all)
			if !ok {
				continue // what is left is no storm, or no Go
			}
			if len(list) == 0 {
				t.Errorf("nobody misses this line of %s: %s", name, line)
			}
			noticed[name]++
			again, _ := compared(t, all)
			for j := range list {
				list[j].parts, again[j].parts = nil, nil
			}
			if !reflect.DeepEqual(list, again) {
				t.Errorf("without this line of %s the differences come out differently each time: %s", name, line)
			}
		}
	}
	if noticed["shop.storm"] < 18 || noticed["orders/module.go"] < 5 || noticed["orders/messages.go"] < 5 {
		t.Errorf("too few lines could be taken out: %v", noticed)
	}
}

// indifferent reports lines that say nothing that code could agree with.
func indifferent(line string) bool {
	line = strings.TrimSpace(line)
	for _, word := range []string{"storm ", "team ", "actor ", "}", ")", "import", "package", "o.Placed", "case OrderPlaced", "Placed, Late", "Shipped ", "type Invoice struct", "Note string", "Due  civil", "func (a *Account)"} {
		if strings.HasPrefix(line, word) {
			return true
		}
	}
	return line == ""
}

func compared(t *testing.T, all files) (List, bool) {
	t.Helper()
	src := storm.Parse(storm.File{Path: "shop.storm", Text: []byte(all["shop.storm"])})
	if src.Diagnostics.Err() != nil || !parses(all) {
		return nil, false
	}
	code, err := load(t, all)
	if err != nil {
		return nil, false
	}
	return Compare(src.Model, code), true
}
