package landfall

import (
	"bytes"
	"reflect"
	"testing"
	"time"
)

type fuzzedItem struct {
	Name  string   `json:"name"`
	Price float64  `json:"price"`
	Tags  []string `json:"tags,omitempty"`
}

type fuzzedOrdered struct {
	Number int64                 `json:"number"`
	At     time.Time             `json:"at"`
	Lines  map[string]fuzzedItem `json:"lines"`
	Note   *string               `json:"note"`
	Raw    []byte                `json:"raw"`
}

type fuzzedOrder struct{ Total int }

type fuzzedOrderV1 struct {
	Number int64 `json:"number"`
}

func (o *fuzzedOrder) Apply(Event) { o.Total++ }

func (o fuzzedOrder) Order(fuzzedOrdered) ([]Event, error) { return []Event{fuzzedOrdered{}}, nil }

// FuzzEventCodec reads arbitrary bytes as events of today and of an old shape.
// What can be read must be the same after it was written and read again.
func FuzzEventCodec(f *testing.F) {
	f.Add("fuzzedOrdered", []byte(`{"number":1,"at":"2026-05-10T08:00:00.123456789Z","lines":{"a":{"name":"ä","price":1e-9}},"note":"<&>","raw":"AAE="}`))
	f.Add("Ordered.1", []byte(`{"number":-9223372036854775808}`))
	f.Add("gone", []byte(`null`))
	f.Add("unknown", []byte("\xff{"))
	spec, err := compile(NewModule("Fuzzed",
		Handle(fuzzedOrder.Order, Emits(fuzzedOrdered{})),
		Upcast("Ordered.1", func(old fuzzedOrderV1) fuzzedOrdered { return fuzzedOrdered{Number: old.Number} }),
		Retired("gone"),
	))
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, name string, data []byte) {
		event, err := spec.decodeEvent(name, data)
		if err != nil {
			return
		}
		first, err := encodeJSON(event)
		if err != nil {
			t.Fatalf("%#v was read and cannot be written: %v", event, err)
		}
		again, err := spec.decodeEvent("fuzzedOrdered", first)
		if err != nil {
			t.Fatalf("%s was written and cannot be read: %v", first, err)
		}
		second, err := encodeJSON(again)
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("written %s, then %s (%v)", first, second, err)
		}
		if reflect.TypeOf(event) != reflect.TypeOf(again) {
			t.Fatalf("read %T, then %T", event, again)
		}
	})
}

// FuzzAggregateID accepts what the documentation says, and nothing else.
func FuzzAggregateID(f *testing.F) {
	for _, id := range []string{"", "Dune", "ä€", "a\x00b", "\xff", string(make([]byte, 300)), "tab\there"} {
		f.Add(id)
	}
	f.Fuzz(func(t *testing.T, text string) {
		id := AggregateID(text)
		if id.plain() && id.check() != nil {
			t.Fatalf("%q is plain and yet refused: %v", text, id.check())
		}
		if id.check() == nil && (text == "" || len(text) > maxAggregateID || !bytes.Equal([]byte(text), bytes.ToValidUTF8([]byte(text), nil))) {
			t.Fatalf("%q is accepted", text)
		}
	})
}
