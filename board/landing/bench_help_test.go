package landing_test

import (
	"encoding/json"

	"github.com/landfall-go/landfall/board/session"
)

// properties makes properties of names and values in turn.
func properties(pairs ...any) session.Properties {
	var out session.Properties
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, session.Property{Name: pairs[i].(string), Value: encode(pairs[i+1])})
	}
	return out
}

func encode(value any) json.RawMessage {
	raw, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return raw
}
