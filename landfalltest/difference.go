package landfalltest

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/landfall-go/landfall"
)

// comparing says what is equal: also what JSON makes of an empty list, and also
// fields that are not exported, for types that bring themselves to JSON.
var comparing = cmp.Options{
	cmpopts.EquateEmpty(),
	cmpopts.EquateNaNs(),
	cmp.Exporter(func(reflect.Type) bool { return true }),
}

// difference returns "" when both are equal, and otherwise what only x has with
// a minus and what only y has with a plus.
func difference(x, y any) string {
	if cmp.Equal(x, y, comparing) {
		return ""
	}
	// cmp prints non-breaking spaces at random, so that nobody parses them.
	return strings.ReplaceAll(cmp.Diff(x, y, comparing), "\u00a0", " ")
}

// same reports the difference between what is expected and what is.
func (c *check) same(what string, want, got any) {
	if d := difference(want, got); d != "" {
		c.mistake("%s (-expected +actual):\n%s", what, d)
	}
}

// lines returns the difference between two texts, line by line.
func lines(before, after string) string {
	return difference(strings.Split(before, "\n"), strings.Split(after, "\n"))
}

// roundTrip returns how a value differs after a way through JSON.
func roundTrip(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		return err.Error()
	}
	t := reflect.TypeOf(v)
	back := reflect.New(t)
	if err := json.Unmarshal(data, back.Interface()); err != nil {
		return err.Error()
	}
	return difference(v, back.Elem().Interface())
}

// show writes a message on a line, as its type's name and its fields.
func show(v any) string {
	switch v := v.(type) {
	case landfall.Message:
		return fmt.Sprintf("%s to %s", show(v.Command), v.To)
	case landfall.Recorded:
		if v.Aggregate == "" {
			return show(v.Event)
		}
		return fmt.Sprintf("%s of %s", show(v.Event), v.Aggregate)
	default:
		name := fmt.Sprintf("%T", v)
		return name[strings.LastIndex(name, ".")+1:] + fmt.Sprintf("%+v", v)
	}
}

// shown writes messages on a line.
func shown(messages []any) string {
	if len(messages) == 0 {
		return "nothing"
	}
	texts := make([]string, len(messages))
	for i, m := range messages {
		texts[i] = show(m)
	}
	return list(texts)
}

func list(names []string) string { return strings.Join(names, ", ") }
