package live

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// encode writes a value as JSON that is not for HTML: it is never put into a page.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic(fmt.Sprintf("live: %T is not for JSON: %v", v, err)) // a mistake in this package
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
