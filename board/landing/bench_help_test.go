package landing_test

import (
	"encoding/json"

	"github.com/landfall-go/landfall/board/session"
)

// properties makes properties of names and values in turn.
func properties(pairs ...any) session.Properties {
	var out session.Properties
	for i := 0; i < len(pairs); i += 2 {
		raw, err := json.Marshal(pairs[i+1])
		if err != nil {
			panic(err)
		}
		out = append(out, session.Property{Name: pairs[i].(string), Value: raw})
	}
	return out
}
