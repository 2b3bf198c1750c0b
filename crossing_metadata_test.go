package landfall

import (
	"maps"
	"testing"

	"pgregory.net/rapid"
)

// TestOwnMetadata: what is put beside a message's metadata comes out of it, and
// the rest is what it was.
func TestOwnMetadata(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		key := rapid.SampledFrom([]string{commandKey, triggerKey}).Draw(t, "key")
		id := ID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id"))
		if rapid.Bool().Draw(t, "none") {
			id = ID{}
		}
		extra := rapid.MapOfN(rapid.String(), rapid.String(), 0, 2).Draw(t, "extra")
		metadata, err := withOwn(extra, key, id)
		if err != nil {
			t.Fatal(err)
		}
		if rapid.Bool().Draw(t, "spaced") && len(metadata) > 0 { // as a database may write it
			metadata = append([]byte("{ "), metadata[1:]...)
		}
		got, rest, err := readMetadata(metadata, key)
		if err != nil || got != id || !maps.Equal(rest, extra) {
			t.Errorf("%s: %s and %v, %v; want %s and %v", metadata, got, rest, err, id, extra)
		}
	})
	for _, broken := range []string{
		`{`, `[]`, `{"` + commandKey + `":"0198cf2e-7c00-7000-8000-00000000200x"}`, `{"` + commandKey + `":""}`,
	} {
		if id, extra, err := readMetadata([]byte(broken), commandKey); err == nil {
			t.Errorf("%s: %s and %v", broken, id, extra)
		}
	}
	if id, extra, err := readMetadata([]byte(`{"":"x"}`), ""); err != nil || id != (ID{}) || extra[""] != "x" {
		t.Errorf("metadata without an id of our own: %s and %v, %v", id, extra, err)
	}
}
