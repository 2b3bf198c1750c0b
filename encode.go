package landfall

import (
	"bytes"
	"encoding/json"
	"sync"
)

// encoders turn events into JSON without an allocation each: the bytes are cut
// from slabs, which the log may keep.
var encoders = sync.Pool{New: func() any {
	e := &encoder{}
	e.json = json.NewEncoder(&e.buffer)
	e.json.SetEscapeHTML(false)
	return e
}}

const slabSize = 32 << 10

type encoder struct {
	buffer bytes.Buffer
	json   *json.Encoder
	slab   []byte
}

func (e *encoder) encode(v any) ([]byte, error) {
	e.buffer.Reset()
	if err := e.json.Encode(v); err != nil {
		return nil, err
	}
	data := e.buffer.Bytes()
	data = data[:len(data)-1] // the encoder ends with a newline
	if len(data) > slabSize/4 {
		return bytes.Clone(data), nil
	}
	if len(data) > cap(e.slab)-len(e.slab) {
		e.slab = make([]byte, 0, slabSize)
	}
	start := len(e.slab)
	e.slab = append(e.slab, data...)
	return e.slab[start:len(e.slab):len(e.slab)], nil
}

func encodeJSON(v any) ([]byte, error) {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	return e.encode(v)
}
