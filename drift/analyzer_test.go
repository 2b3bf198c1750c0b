package drift

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/go/analysis/analysistest"
)

// TestAnalyzer runs the analyzer as go vet does, a package at a time; what it
// says stands in the code as want comments.
func TestAnalyzer(t *testing.T) {
	top, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	analysistest.Run(t, top, newAnalyzer(), "./drift/testdata/vet/orders")
}
