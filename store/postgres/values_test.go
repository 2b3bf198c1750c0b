package postgres

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// TestPrefixEnd holds the bounds of a listing against the prefix itself.
func TestPrefixEnd(t *testing.T) {
	for prefix, want := range map[string]string{
		"a": "b", "aä": "aå", "\ud7ff": "\ue000", "a\U0010ffff": "b", "\U0010ffff": "", "": "", "\x7f": "\u0080",
	} {
		if got := prefixEnd(prefix); got != want {
			t.Errorf("after %q comes %q, want %q", prefix, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		prefix := rapid.StringN(1, 5, -1).Draw(t, "prefix")
		key := rapid.OneOf(rapid.String(), rapid.Map(rapid.String(), func(s string) string { return prefix + s })).Draw(t, "key")
		end := prefixEnd(prefix)
		if within := key >= prefix && (end == "" || key < end); within != strings.HasPrefix(key, prefix) || !utf8.ValidString(end) {
			t.Fatalf("key %q lies between %q and %q: %v", key, prefix, end, within)
		}
	})
}

// TestNames finds that modules share no schema, lock or channel.
func TestNames(t *testing.T) {
	seen := map[string]string{}
	for _, module := range []string{"a", "A", "landfall", strings.Repeat("x", 54), strings.Repeat("x", 55), strings.Repeat("x", 63), strings.Repeat("x", 62) + "y"} {
		n := namesOf(module)
		if len(n.schema) > maxIdentifier || n.lock == n.migrate {
			t.Errorf("module %s: %+v", module, n)
		}
		if other, ok := seen[n.schema]; ok {
			t.Errorf("modules %s and %s share schema %s", module, other, n.schema)
		}
		seen[n.schema] = module
	}
}

func FuzzInt8s(f *testing.F) {
	f.Add([]byte{}, int64(0), int64(-1))
	f.Add(make([]byte, columnHeader), int64(1), int64(2))
	f.Fuzz(func(t *testing.T, b []byte, x, y int64) {
		_, _ = decodeInt8s(b) // it must not panic
		var c column
		c.reset(oidInt8)
		c.addInt8(x)
		c.addInt8(y)
		if got, err := decodeInt8s(c.value()); err != nil || !slices.Equal(got, []int64{x, y}) {
			t.Errorf("%d and %d come back as %v, %v", x, y, got, err)
		}
		c.reset(oidInt8)
		if got, err := decodeInt8s(c.value()); err != nil || len(got) != 0 {
			t.Errorf("nothing comes back as %v, %v", got, err)
		}
	})
}
