package wire_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/board/wire"
)

const someID = "0199f3a0-0000-7000-8000-000000000000"

func ptr[T any](v T) *T { return &v }

func TestDecode(t *testing.T) {
	for text, want := range map[string]wire.Message{
		`{"t":"do","id":"` + someID + `","what":"NameBoard","data":{"name":"A"}}`: &wire.Do{T: "do", ID: someID, What: "NameBoard", Data: json.RawMessage(`{"name":"A"}`)},
		`{"t":"ping"}`:                                     &wire.Ping{T: "ping"},
		`{"t":"here","x":1.5,"y":-2}`:                      &wire.Here{T: "here", Presence: wire.Presence{X: ptr(1.5), Y: ptr(-2.0)}},
		`{"t":"here","select":[]}`:                         &wire.Here{T: "here", Presence: wire.Presence{Select: &[]string{}}},
		`{"t":"here","draft":"{[{[{["}`:                    &wire.Here{T: "here", Presence: wire.Presence{Draft: ptr("{[{[{[")}},
		`{"t":"here","drag":{"ids":["n1"],"dx":3,"dy":0}}`: &wire.Here{T: "here", Presence: wire.Presence{Drag: &wire.Drag{IDs: []string{"n1"}, DX: 3}}},
	} {
		got, _, err := wire.Decode([]byte(text))
		if err != nil {
			t.Errorf("%s: %v", text, err)
		} else if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", text, diff)
		}
	}
}

// TestRefused sends malformed messages of every kind.
func TestRefused(t *testing.T) {
	do := func(more string) string { return `{"t":"do","id":"` + someID + `"` + more + `}` }
	for _, c := range []struct{ text, says string }{
		{``, "ends too early"},
		{`{`, "ends too early"},
		{`nonsense`, "not JSON"},
		{`[]`, "a array in place of an object"},
		{`"do"`, "a string in place of an object"},
		{`{"t":"do"} {}`, "more after its end"},
		{"{\"t\":\"\xff\"}", "not UTF-8"},
		{`{}`, "there is no t"},
		{`{"t":7}`, "t cannot be a number"},
		{`{"t":"dance"}`, `t is "dance"`},
		{`{"t":"ping","id":"x"}`, "no other field"},
		{`{"t":"ping","extra":1}`, `unknown field "extra"`},
		{`{"t":"do"}`, "no id"},
		{`{"t":"do","id":"1"}`, "not a UUID"},
		{`{"t":"do","id":"00000000-0000-0000-0000-000000000000"}`, "not a UUID"},
		{do(``), "no name in what"},
		{do(`,"what":"A"`), "no object in data"},
		{do(`,"what":"A","data":[1]`), "no object in data"},
		{do(`,"what":"A","data":{},"x":1`), "no other fields"},
		{do(`,"what":"A","data":{"a":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`), "nested deeper"},
		{`{"t":"here","what":"A"}`, "no id, what and data"},
		{`{"t":"here","x":"left"}`, "x cannot be a string"},
		{`{"t":"here","x":1e300}`, "a cursor is at"},
		{`{"t":"here","x":1e999}`, "x cannot be a number"},
		{`{"t":"here","drag":{"ids":[],"dx":1e9}}`, "dragged by"},
		{`{"t":"here","drag":{"of":[]}}`, `unknown field "of"`},
		{`{"t":"here","select":["` + strings.Repeat("x", wire.MaxID+1) + `"]}`, "longer than"},
		{`{"t":"here","editing":"` + strings.Repeat("x", wire.MaxID+1) + `"}`, "longer than"},
	} {
		_, _, err := wire.Decode([]byte(c.text))
		if !errors.Is(err, wire.ErrMalformed) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.100s: %v; want it to say %q", c.text, err, c.says)
		}
	}
	for _, text := range []string{
		`{"t":"ping"}` + strings.Repeat(" ", wire.MaxMessage),
		`{"t":"here","draft":"` + strings.Repeat("x", wire.MaxDraft+1) + `"}`,
	} {
		if _, _, err := wire.Decode([]byte(text)); !errors.Is(err, wire.ErrTooLarge) {
			t.Errorf("%.40s…: %v", text, err)
		}
	}
}

// TestRefusedNamesCommand lets a refusal name the command that it is for.
func TestRefusedNamesCommand(t *testing.T) {
	_, id, err := wire.Decode([]byte(`{"t":"do","id":"` + someID + `","what":"A"}`))
	if err == nil || id != someID {
		t.Errorf("id %q, error %v", id, err)
	}
}

func TestManySelected(t *testing.T) {
	list, _ := json.Marshal(make([]string, 3*wire.MaxSelected))
	m, _, err := wire.Decode([]byte(`{"t":"here","select":` + string(list) + `}`))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(*m.(*wire.Here).Select); n != wire.MaxSelected {
		t.Errorf("%d ids, want %d", n, wire.MaxSelected)
	}
}

func TestDecodeBody(t *testing.T) {
	var e wire.Enter
	if err := wire.DecodeBody(strings.NewReader(`{"name":"Ada"}`), &e); err != nil || e.Name != "Ada" {
		t.Errorf("%+v, %v", e, err)
	}
	if err := wire.DecodeBody(strings.NewReader(`{"nme":"Ada"}`), &e); !errors.Is(err, wire.ErrMalformed) {
		t.Error(err)
	}
	if err := wire.DecodeBody(strings.NewReader(strings.Repeat(" ", wire.MaxBody+1)), &e); !errors.Is(err, wire.ErrTooLarge) {
		t.Error(err)
	}
}

// FuzzDecode reads anything. What was accepted is within the limits, and reads
// the same when it is written again.
func FuzzDecode(f *testing.F) {
	for _, text := range []string{
		`{"t":"do","id":"` + someID + `","what":"NameBoard","data":{"name":"A"}}`, `{"t":"ping"}`,
		`{"t":"here","x":1,"y":2,"select":["a"],"editing":"a","draft":"d","drag":{"ids":["a"],"dx":1,"dy":2}}`,
		`{"t":"here","select":null}`, `[[[[`, `{"T":"ping"}`, `{"t":"do","id":1}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		m, _, err := wire.Decode(data)
		if err != nil {
			if !errors.Is(err, wire.ErrMalformed) && !errors.Is(err, wire.ErrTooLarge) {
				t.Fatalf("an unclassified error: %v", err)
			}
			return
		}
		if h, ok := m.(*wire.Here); ok && h.Select != nil && len(*h.Select) > wire.MaxSelected {
			t.Fatalf("%d are selected", len(*h.Select))
		}
		written, err := json.Marshal(m)
		if err != nil {
			t.Fatalf("accepted, but cannot be written: %v", err)
		}
		again, _, err := wire.Decode(written)
		if err != nil {
			t.Fatalf("%s was written as %s: %v", data, written, err)
		}
		if do, ok := m.(*wire.Do); ok {
			if !sameJSON(do.Data, again.(*wire.Do).Data) {
				t.Fatalf("%s became %s", do.Data, again.(*wire.Do).Data)
			}
			do.Data, again.(*wire.Do).Data = nil, nil
		}
		if diff := cmp.Diff(m, again); diff != "" {
			t.Fatal(diff)
		}
	})
}

func sameJSON(a, b json.RawMessage) bool {
	var x, y bytes.Buffer
	return json.Compact(&x, a) == nil && json.Compact(&y, b) == nil && htmlSafe(x.Bytes()) == htmlSafe(y.Bytes())
}

func htmlSafe(data []byte) string {
	var b bytes.Buffer
	json.HTMLEscape(&b, data)
	return b.String()
}
