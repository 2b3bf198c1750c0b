package exporter_test

import (
	"testing"

	"go.yaml.in/yaml/v3"
)

// decodeYAML reads YAML, and JSON, which is YAML.
func decodeYAML(t *testing.T, text []byte) any {
	t.Helper()
	var out any
	if err := yaml.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}
