package drift

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/landfall-go/landfall/storm"
)

// Config says what to compare.
type Config struct {
	Storm    string   // the path of the storm: a file, or a folder
	Dir      string   // what patterns and the places in Go files are relative to; empty for the working folder
	Patterns []string // packages, as for the go command; empty for all in the storm's folder and below
}

// Report is what Run found.
type Report struct {
	Storm       *storm.Source
	Code        *Code
	Differences List
}

// Run reads a storm and the code, and compares them. It runs nothing of the
// code and writes nothing. That there are differences is no error.
//
// The error says that one of the two cannot be read: storm.ErrNoStorm, the
// errors in the storm's text as a diag.List, ErrCode, one of the file system,
// or that of the context.
func Run(ctx context.Context, config Config) (*Report, error) {
	src, err := storm.Load(config.Storm)
	if err != nil {
		return nil, err
	}
	if err := src.Diagnostics.Err(); err != nil {
		return nil, fmt.Errorf("the storm has errors; landfall check shows them: %w", err)
	}
	from := config.Dir
	if len(config.Patterns) == 0 {
		if from = config.Storm; !isDir(from) {
			from = filepath.Dir(from)
		}
	}
	code, err := read(ctx, from, config.Dir, config.Patterns)
	if err != nil {
		return nil, err
	}
	return &Report{src, code, Compare(src.Model, code)}, nil
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// ExitCode returns 1 when there is a difference that is no hint, else 0.
func (r *Report) ExitCode() int { return r.Differences.ExitCode() }

// Progress says what of the storm is built; see [Progress].
func (r *Report) Progress() []Status {
	return Progress(r.Storm.Model, r.Code, r.Differences)
}
