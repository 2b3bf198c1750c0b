package importer_test

import (
	"os"
	"testing"

	"github.com/landfall-go/landfall/storm/importer"
)

// BenchmarkRead reads a board of 5,000 stickies.
func BenchmarkRead(b *testing.B) {
	data, err := os.ReadFile("testdata/boards/perf-test-5000-stickies.json")
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := importer.Read("board.json", data); err != nil {
			b.Fatal(err)
		}
	}
}
