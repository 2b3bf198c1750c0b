package exchange

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/exporter"
)

// Format is what a wall is exported as.
type Format string

// The formats. The pictures are of the wall as people arranged it; the others are of the
// storm that its text says.
const (
	Storm        Format = "storm"        // the text; of several files as a ZIP archive
	JSON         Format = "json"         // the model, which importer reads back
	SVG          Format = "svg"          // a picture
	PNG          Format = "png"          // a picture
	PDF          Format = "pdf"          // a picture on one page
	PDFA4        Format = "pdf-a4"       // a picture on pages to be put side by side
	PDFA3        Format = "pdf-a3"       // the same on larger ones
	Mermaid      Format = "mermaid"      // a flowchart of Mermaid
	AsyncAPI     Format = "asyncapi"     // AsyncAPI 3.0; of several modules as a ZIP archive
	CML          Format = "cml"          // Context Mapper's language
	EventCatalog Format = "eventcatalog" // the folder of a catalog, as a ZIP archive
	Markdown     Format = "markdown"     // the storm as a page with its picture in Mermaid
)

// Formats are all formats.
var Formats = []Format{Storm, JSON, SVG, PNG, PDF, PDFA4, PDFA3, Mermaid, AsyncAPI, CML, EventCatalog, Markdown}

var (
	// ErrFormat says that there is no such format.
	ErrFormat = errors.New("no such format")
	// ErrUnsound says that the text has errors, so that it cannot be exported.
	ErrUnsound = errors.New("the storm has errors")
	// ErrNothing says that there is nothing on the wall to export in that way.
	ErrNothing = errors.New("there is nothing to export")
)

// Options say what is exported and how.
type Options struct {
	Notes []string   // of pictures: only these notes; nil for all
	Theme draw.Theme // of pictures
	Scale float64    // of PNG: pixels for each of the wall; 0 means draw.DefaultScale
}

// File is what an export gives.
type File struct {
	Name string // what it may be saved as
	Type string // its media type
	Data []byte
}

// Export writes a wall, or the storm that its text says. The errors wrap ErrFormat,
// ErrUnsound or ErrNothing, or are those of package draw.
func Export(to Format, wall *session.Wall, src *storm.Source, o Options) (*File, error) {
	name := fileName(wall, src)
	if !slices.Contains(Formats, to) {
		return nil, fmt.Errorf("%w as %q", ErrFormat, to)
	}
	switch to {
	case Storm:
		return stormFiles(name, src)
	case SVG, PNG, PDF, PDFA4, PDFA3:
		return picture(to, name, wall, src, o)
	}
	if err := src.Diagnostics.Err(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrUnsound, err)
	}
	s := src.Model
	switch to {
	case JSON:
		data, err := exporter.JSON(s)
		return &File{name + ".json", "application/json", data}, err
	case Mermaid:
		data, err := draw.Mermaid(s, draw.Options{})
		return &File{name + ".mmd", "text/vnd.mermaid; charset=utf-8", data}, err
	case CML:
		return &File{name + ".cml", textType, exporter.CML(s)}, nil
	case Markdown:
		data, err := draw.Markdown(s, draw.Options{})
		return &File{name + ".md", markdownType, data}, err
	case EventCatalog:
		files, err := exporter.EventCatalog(s)
		if err != nil {
			return nil, err
		}
		return archive(name+"-catalog.zip", files)
	}
	return asyncAPI(name, src)
}

const (
	textType     = "text/plain; charset=utf-8"
	markdownType = "text/markdown; charset=utf-8"
)

// fileName returns how the file of an export is called, without its ending: after the
// board, or else the storm.
func fileName(wall *session.Wall, src *storm.Source) string {
	name := src.Model.Name
	if wall.Board != nil && wall.Board.Name != "" {
		name = wall.Board.Name
	}
	name = strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), unicode.IsControl(r):
			return '-'
		case unicode.Is(unicode.Cf, r): // what turns the order round would hide the ending
			return -1
		}
		return r
	}, strings.TrimSpace(name))
	if name = strings.Trim(name, ". "); name == "" {
		return "storm"
	}
	if runes := []rune(name); len(runes) > 100 {
		name = strings.TrimSpace(string(runes[:100]))
	}
	return name
}

func stormFiles(name string, src *storm.Source) (*File, error) {
	switch len(src.Files) {
	case 0:
		return nil, fmt.Errorf("the storm has no text: %w", ErrNothing)
	case 1:
		return &File{name + storm.Extension, textType, src.Files[0].Text}, nil
	}
	files := map[string][]byte{}
	for _, f := range src.Files {
		files[f.Path] = f.Text
	}
	return archive(name+".zip", files)
}

func picture(to Format, name string, wall *session.Wall, src *storm.Source, o Options) (*File, error) {
	p := Picture(wall, src.Model, o.Notes)
	scene := p.Scene()
	f := &File{Name: name + "." + string(to)}
	var err error
	switch to {
	case SVG:
		f.Type, f.Data = "image/svg+xml", scene.SVG(o.Theme)
	case PNG:
		f.Type = "image/png"
		f.Data, err = scene.PNG(o.Theme, o.Scale)
	default:
		f.Name, f.Type = name+".pdf", "application/pdf"
		_, size, _ := strings.Cut(string(to), "-")
		f.Data, err = scene.PDF(o.Theme, draw.PageSize(size))
	}
	return f, err
}

// asyncAPI writes the document of each module that exchanges messages.
func asyncAPI(name string, src *storm.Source) (*File, error) {
	files := map[string][]byte{}
	for m := range src.Model.All() {
		data, err := exporter.AsyncAPI(src.Model, m)
		if errors.Is(err, exporter.ErrNoMessages) {
			continue
		}
		if err != nil {
			return nil, err
		}
		files[exporter.ModuleName(src.Model, m)+".yaml"] = data
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no module exchanges messages: %w", ErrNothing)
	}
	for path, data := range files {
		if len(files) == 1 {
			return &File{path, "application/yaml", data}, nil
		}
	}
	return archive(name+"-asyncapi.zip", files)
}

// archive packs files, in the order of their names.
func archive(name string, files map[string][]byte) (*File, error) {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, path := range slices.Sorted(maps.Keys(files)) {
		f, err := w.Create(path)
		if err == nil {
			_, err = f.Write(files[path])
		}
		if err != nil {
			return nil, fmt.Errorf("pack %s: %w", path, err)
		}
	}
	if err := w.Close(); err != nil {
		return nil, fmt.Errorf("pack the files: %w", err)
	}
	return &File{name, "application/zip", b.Bytes()}, nil
}
