package model_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/model"
)

func schema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile("storm.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource(model.Schema, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(model.Schema)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func validate(s *jsonschema.Schema, data []byte) error {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
	if err != nil {
		return err
	}
	return s.Validate(doc)
}

// What Marshal writes, with and without places, is what the schema says.
func TestJSONFollowsSchema(t *testing.T) {
	s := schema(t)
	paths, _ := filepath.Glob("../testdata/*.storm")
	more, _ := filepath.Glob("../../examples/*/*.storm")
	for _, path := range append(paths, more...) {
		src, err := storm.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, write := range []func(*model.Storm) ([]byte, error){model.Marshal, model.Canonical} {
			data, err := write(src.Model)
			if err != nil {
				t.Fatal(err)
			}
			if err := validate(s, data); err != nil {
				t.Errorf("%s: %v", path, err)
			}
		}
	}
}

// What is not a storm is refused, with its place; what is only wrong in form is
// refused by the schema, too.
func TestJSONRefused(t *testing.T) {
	s := schema(t)
	const module = `{"name": "S", "modules": [{"name": "M", "elements": [%s]}]}`
	for _, c := range []struct {
		name, data, want string
		form             bool // the schema can tell
	}{
		{"no JSON", `{`, "unexpected EOF", true},
		{"an unknown member", `{"name": "S", "modules": [], "x": 1}`, `unknown field "x"`, true},
		{"an element twice", element(module, `{"kind": "event", "name": "A"}, {"kind": "event", "name": "A"}`), "modules[0].elements[1]: event:M.A is there twice", false},
		{"a wrong id", element(module, `{"kind": "event", "name": "A", "id": "event:M.B"}`), "the id is event:M.A", false},
		{"no kind", element(module, `{"kind": "sticky", "name": "A"}`), "an element has a kind", true},
		{"no name", element(module, `{"kind": "event", "name": " "}`), "an element has a kind", true},
		{"an unknown element", element(module, `{"kind": "policy", "name": "P", "policy": {"on": [["event:M.X"]]}}`), "there is no element event:M.X", false},
		{"a wrong kind", element(module, `{"kind": "policy", "name": "P", "policy": {"on": [["policy:M.P"]]}}`), "policy:M.P is no event", false},
		{"an empty alternative", element(module, `{"kind": "policy", "name": "P", "policy": {"on": [[]]}}`), "an alternative without elements", true},
		{"no duration", element(module, `{"kind": "policy", "name": "P", "policy": {"after": "soon"}}`), "no duration", true},
		{"no field name", element(module, `{"kind": "event", "name": "A", "fields": [{"name": "a b", "type": "int"}]}`), "no name of a field", true},
		{"no type", element(module, `{"kind": "event", "name": "A", "fields": [{"name": "a", "type": "[]"}]}`), "no type", false},
		{"an empty line", `{"name": "S", "modules": [{"name": "M", "elements": [], "flows": [{}]}]}`, "modules[0].flows[0]: a line of flow", false},
		{"a module twice", `{"name": "S", "modules": [{"name": "M", "elements": []}, {"name": "M", "elements": []}]}`, `modules[1]: module "M" is there twice`, false},
		{"no sticky", `{"name": "S", "modules": [{"name": "M", "elements": [], "stickies": [{"kind": "event", "text": "x"}]}]}`, "a sticky is", true},
		{"a note of nothing", `{"name": "S", "modules": [], "timeline": [{"notes": ["event:A"]}]}`, "timeline[0]: there is no element event:A", false},
		{"no section", `{"name": "S", "modules": [], "timeline": [{"section": 1, "notes": []}]}`, "there is no section 1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := model.Unmarshal([]byte(c.data))
			if !errors.Is(err, model.ErrJSON) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Unmarshal says %v, want %q", err, c.want)
			}
			if refused := validate(s, []byte(c.data)) != nil; refused != c.form {
				t.Errorf("the schema refuses it: %v, want %v", refused, c.form)
			}
		})
	}
}

func element(module, text string) string { return strings.Replace(module, "%s", text, 1) }

// A JSON form that says as little as possible has everything that follows.
func TestJSONDefaults(t *testing.T) {
	data := `{"name": "S", "modules": [{"name": "M", "elements": [
		{"kind": "command", "name": "Do"}, {"kind": "event", "name": "Was done"}],
		"flows": [{"commands": ["command:M.Do"], "events": [["event:M.\"Was done\""]]}]}]}`
	if err := validate(schema(t), []byte(data)); err != nil {
		t.Fatal(err)
	}
	s, err := model.Unmarshal([]byte(data))
	if err != nil {
		t.Fatal(err)
	}
	want := storm.Parse(storm.File{Path: "a.storm", Text: []byte("storm \"S\"\nmodule M {\n  Do -> \"Was done\"\n}\n")})
	if !model.Equal(s, want.Model) {
		data, _ := model.Canonical(s)
		t.Errorf("not the same as the text:\n%s", data)
	}
}

func FuzzUnmarshal(f *testing.F) {
	src, err := storm.Load("../testdata/everything.storm")
	if err != nil {
		f.Fatal(err)
	}
	data, err := model.Marshal(src.Model)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := model.Unmarshal(data)
		if err != nil {
			return
		}
		again, err := model.Marshal(s)
		if err != nil || !json.Valid(again) {
			t.Fatalf("what was read cannot be written: %v", err)
		}
	})
}
