package compose_test

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/internal/golden"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/compose"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/model"
)

// roundTrip takes a storm to JSON and back, and to text and back; it must be
// the same storm.
func roundTrip(t *testing.T, src *storm.Source) []byte {
	t.Helper()
	data, err := model.Marshal(src.Model)
	if err != nil {
		t.Fatal(err)
	}
	again, err := model.Unmarshal(data)
	if err != nil {
		t.Fatalf("%v\n%s", err, src.Files[0].Text)
	}
	same(t, "JSON", src.Model, again)
	text, err := compose.Text(again)
	if err != nil {
		t.Fatalf("%v\n%s", err, src.Files[0].Text)
	}
	read := storm.Parse(storm.File{Path: "again.storm", Text: text})
	if len(read.Diagnostics) > 0 {
		t.Fatalf("%v\n%s", read.Diagnostics, text)
	}
	same(t, "text", src.Model, read.Model)
	if formatted, err := format.Source(text); err != nil || string(formatted) != string(text) {
		t.Errorf("the text is not in canonical form (-is +should be): %v\n%s", err, cmp.Diff(string(text), string(formatted)))
	}
	return text
}

func same(t *testing.T, way string, want, got *model.Storm) {
	t.Helper()
	if model.Equal(want, got) {
		return
	}
	a, _ := model.Canonical(want)
	b, _ := model.Canonical(got)
	t.Fatalf("through %s the storm changed (-before +after):\n%s", way, cmp.Diff(string(a), string(b)))
}

func TestRoundTrip(t *testing.T) {
	for _, path := range storms(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			src, err := storm.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := src.Diagnostics.Err(); err != nil {
				t.Fatal(src.Diagnostics)
			}
			roundTrip(t, src)
		})
	}
}

func storms(t testing.TB) []string {
	a, _ := filepath.Glob("../testdata/*.storm")
	b, _ := filepath.Glob("../../examples/*/*.storm")
	if len(a) == 0 || len(b) == 0 {
		t.Fatal("no storms to try")
	}
	return append(a, b...)
}

// The rover's file comes out of its JSON form just as it was written.
func TestRoverIsWrittenAsByHand(t *testing.T) {
	const path = "../../examples/marsrover/marsrover.storm"
	src, err := storm.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(roundTrip(t, src))); diff != "" {
		t.Errorf("(-by hand +composed)\n%s", diff)
	}
}

// Whatever storm a text makes can be written again.
func TestRoundTripMutations(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var seeds []string
	for _, path := range storms(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, string(text))
	}
	tried := 0
	for i := range 1500 {
		text := golden.Mutate(r, seeds[i%len(seeds)])
		src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)})
		if len(src.Diagnostics) > 0 {
			continue
		}
		tried++
		roundTrip(t, src)
	}
	if tried < 100 {
		t.Errorf("only %d of the texts were storms", tried)
	}
}

// Two files are one storm, and come out as one.
func TestRoundTripOfFiles(t *testing.T) {
	var files []storm.File
	for _, path := range storms(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, storm.File{Path: filepath.Base(path), Text: text})
	}
	files = append(files, storm.File{Path: "zzz.storm", Text: []byte("section \"Third\"\nmodule Rover {\n  event More\n}\n\"After all\"\n")})
	src := storm.Parse(files...)
	src.Diagnostics = nil // two storms have two names
	roundTrip(t, src)
}

func FuzzRoundTrip(f *testing.F) {
	for _, path := range storms(f) {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)})
		if len(src.Diagnostics) == 0 {
			roundTrip(t, src)
		}
	})
}
