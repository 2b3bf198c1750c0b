package landfall

import (
	"encoding/json"
	"sync"
)

// encoders turn events into JSON without an allocation each: the bytes are cut
// from slabs, which the log may keep.
var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.json = json.NewEncoder(e)
	e.json.SetEscapeHTML(false)
	return e
}}

const slabSize = 32 << 10

type encoder struct {
	json *json.Encoder
	slab []byte
	last []byte // what was written last
}

// Write is called by the JSON encoder, once for each value.
func (e *encoder) Write(data []byte) (int, error) {
	start := len(e.slab)
	switch {
	case len(data) > slabSize/4: // a slab of its own
		e.last = append([]byte(nil), data...)
		return len(data), nil
	case len(data) > cap(e.slab)-start:
		e.slab, start = make([]byte, 0, slabSize), 0
	}
	e.slab = append(e.slab, data...)
	e.last = e.slab[start:len(e.slab):len(e.slab)]
	return len(data), nil
}

func (e *encoder) encode(v any) ([]byte, error) {
	if err := e.json.Encode(v); err != nil {
		return nil, err
	}
	data := e.last[:len(e.last)-1] // it ends with a newline
	e.last = nil
	return data, nil
}

func encodeJSON(v any) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	return e.encode(v)
}
