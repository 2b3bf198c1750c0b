package importer

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"sort"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/format"
	"github.com/landfall-go/landfall/storm/parse"
	"github.com/landfall-go/landfall/storm/resolve"
)

// MaxSize is the size in bytes up to which a file is read.
const MaxSize = 64 << 20

// ErrFormat says that a file is of no format that the package reads: it is no
// JSON, or JSON of something else.
var ErrFormat = errors.New("no board")

// ErrEmpty says that a board has nothing on it to import.
var ErrEmpty = errors.New("the board is empty")

// Format is a format that the package reads.
type Format string

// The formats.
const (
	Stickies   Format = "sticky board"
	Snapshot   Format = "sticky board (canvas snapshot)"
	Graph      Format = "typed graph"
	Excalidraw Format = "Excalidraw drawing"
	Miro       Format = "Miro board"
)

// Result is an imported board.
type Result struct {
	Text   []byte // the storm, in canonical form
	Report *Report
	// Places is where the things of the board lie, nil for one without positions.
	Places *Places
}

// reader reads a format: it makes a board of a document, or returns nil when
// the document is of another format.
type reader func(doc any) *board

var readers = []reader{readExcalidraw, readGraph, readStickies, readSnapshot, readMiro}

// Read reads a board. The name, that of the file, serves as the name of a board
// that has none. The error wraps ErrFormat, with the position of a mistake in
// the JSON, or ErrEmpty. Read is safe for concurrent use.
func Read(name string, data []byte) (*Result, error) {
	if len(data) > MaxSize {
		return nil, fmt.Errorf("%w: the file has %d MB, and more than %d MB are not read", ErrFormat, len(data)>>20, MaxSize>>20)
	}
	doc, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if isModel(doc) {
		return readModel(data)
	}
	for _, read := range readers {
		if b := read(doc); b != nil {
			return b.result(name)
		}
	}
	return nil, fmt.Errorf("%w: this is JSON with %s; a board has stickies, nodes and edges, "+
		"elements (Excalidraw), or data with the items of a Miro board", ErrFormat, outline(doc))
}

// outline says what a document has at its top.
func outline(doc any) string {
	switch doc := doc.(type) {
	case map[string]any:
		if len(doc) == 0 {
			return "an object that has nothing in it"
		}
		var keys []string
		for k := range doc {
			keys = append(keys, ast.QuoteText(k))
		}
		sort.Strings(keys)
		if len(keys) > 6 {
			keys = append(keys[:6], "…")
		}
		return "the fields " + strings.Join(keys, ", ")
	case []any:
		return fmt.Sprintf("a list of %d entries", len(doc))
	}
	return "a single value"
}

func (b *board) result(name string) (*Result, error) {
	if len(b.notes)+len(b.labels)+len(b.areas) == 0 && !b.named() {
		return nil, fmt.Errorf("%w: a %s without any notes", ErrEmpty, b.format)
	}
	if b.name = cleanName(b.name); b.name == "" {
		b.name = nameOf(name)
	}
	b.report.Format, b.report.Name = b.format, b.name
	b.prepare()
	places := b.signs()
	b.arrange()
	b.neighbours()
	f := newFlow(b)
	text, diags := b.write(f)
	for b.level > ast.BigPicture && len(diags) > 0 {
		b.lower(diags)
		text, diags = b.write(f)
	}
	if len(diags) > 0 {
		return nil, fmt.Errorf("the imported storm does not check: %w", diags.Err())
	}
	b.report.count(f)
	b.report.Level = b.level
	return &Result{Text: text, Report: b.report, Places: b.complete(places)}, nil
}

// named reports whether a line on the board has a name.
func (b *board) named() bool {
	return slices.ContainsFunc(b.lanes, func(l *lane) bool { return l.label != "" }) ||
		slices.ContainsFunc(b.lines, func(l *line) bool { return l.label != "" })
}

// write prints the storm and returns its errors.
func (b *board) write(f *flow) ([]byte, diag.List) {
	text := format.File(b.file(f))
	tree, diags := parse.File("", text)
	storm, more := resolve.Files([]*ast.File{tree})
	diags = append(diags, more...)
	diags = append(diags, check.Run(storm, check.Config{})...).AtLeast(diag.Error)
	if again := format.File(tree); !bytes.Equal(text, again) {
		text = again
	}
	return text, diags
}

// lower takes the board down one level, and says why.
func (b *board) lower(errs diag.List) {
	from := b.level
	b.level--
	b.report.decide("", "level %s: at the level %s it has %s, such as: %s",
		b.level, from, plural(len(errs), "error"), errs[0].Message)
}

// nameOf makes the name of a board from that of its file.
func nameOf(file string) string {
	if i := strings.LastIndexAny(file, `/\`); i >= 0 {
		file = file[i+1:]
	}
	if i := strings.LastIndexByte(file, '.'); i > 0 {
		file = file[:i]
	}
	if name := cleanName(file); name != "" && name != "-" {
		return name
	}
	return "Imported board"
}
