package gen_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/landfall-go/landfall/gen"
	"github.com/landfall-go/landfall/storm"
)

// folder is a project on disk.
type folder struct {
	t      *testing.T
	dir    string
	module string
}

// newFolder makes a new project of a storm; of the sample when there is none.
func newFolder(t *testing.T, module string, files ...storm.File) *folder {
	t.Helper()
	f := &folder{t, t.TempDir(), module}
	if _, err := gen.New(t.Context(), f.dir, files, gen.ProjectOptions{Module: module, Replace: ".."}); err != nil {
		t.Fatal(err)
	}
	return f
}

// run runs a command in the project and returns what it prints.
func (f *folder) run(name string, args ...string) (string, error) {
	f.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = f.dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOWORK=off", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func (f *folder) must(name string, args ...string) string {
	f.t.Helper()
	out, err := f.run(name, args...)
	if err != nil {
		f.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return out
}

// fails runs a command that must fail and say something.
func (f *folder) fails(saying, name string, args ...string) {
	f.t.Helper()
	out, err := f.run(name, args...)
	if err == nil || !strings.Contains(out, saying) {
		f.t.Fatalf("%s %s: %v, without %q:\n%s", name, strings.Join(args, " "), err, saying, out)
	}
}

// edit replaces texts in files.
func (f *folder) edit(pattern string, pairs ...string) {
	f.t.Helper()
	paths, err := filepath.Glob(filepath.Join(f.dir, pattern))
	if err != nil || len(paths) == 0 {
		f.t.Fatal("nothing to edit: ", pattern, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err == nil && !gen.IsGenerated(path, text) {
			err = os.WriteFile(path, []byte(strings.NewReplacer(pairs...).Replace(string(text))), 0o666)
		}
		if err != nil {
			f.t.Fatal(err)
		}
	}
}

// generate does what landfall gen does, and returns what is missing.
func (f *folder) generate() []gen.Missing {
	f.t.Helper()
	src, err := storm.Load(f.dir)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := src.Diagnostics.Err(); err != nil {
		f.t.Fatal(err)
	}
	plan, err := gen.Compare(os.DirFS(f.dir), src.Model, gen.Options{Import: f.module})
	if err != nil {
		f.t.Fatal(err)
	}
	if err := plan.Apply(f.dir); err != nil {
		f.t.Fatal(err)
	}
	return plan.Missing
}

// A new project builds, its tests pass, and it runs. What it has stored stays
// readable when everything is renamed, and a new command asks for its decision.
func TestLifeOfAProject(t *testing.T) {
	f := newFolder(t, "example.com/library")
	f.must("go", "vet", "./...")
	if out := f.must("gofmt", "-l", "."); out != "" {
		t.Error("not formatted: ", out)
	}
	f.must("go", "test", "./...")

	f.edit("lending/book.go", "func (b Book) Return(ReturnBook) ([]landfall.Event, error) {\n",
		"func (b Book) Return(ReturnBook) ([]landfall.Event, error) {\n\tif b.Reader == \"\" {\n\t\treturn nil, landfall.Reject(\"nobody has it\")\n\t}\n")
	f.must("go", "build", "-o", "program")
	f.must("./program", "AcquireBook", "dune", `{"title": "Dune"}`)
	f.fails("nobody has it", "./program", "ReturnBook", "dune")
	f.fails("unknown field", "./program", "LendBook", "dune", `{"raeder": "Ann"}`)
	if out := f.must("./program", "LendBook", "dune", `{"reader": "Ann"}`); out != "Lending.BookLent of dune {\"reader\":\"Ann\"}\n" {
		t.Error(out)
	}

	f.rename()
	f.must("go", "test", "./...")
	f.must("go", "build", "-o", "program")
	if out := f.must("./program", "GiveBack", "dune"); !strings.HasSuffix(out, "Lending.BookReturned of dune {}\n") {
		t.Error("the book was not lent, after renaming: ", out)
	}

	f.newCommand()
	f.must("go", "test", "./lending")
}

// rename renames an event, a field, a command and the aggregate, in the storm
// and, as a person would, in the code.
func (f *folder) rename() {
	f.t.Helper()
	f.edit("library.storm",
		"aggregate Book {", "aggregate Volume was Book {",
		"event BookLent { reader text }", "event BookHandedOut was BookLent { member text was reader }",
		"command ReturnBook {}", "command GiveBack was ReturnBook {}",
		"BookLent { reader", "BookHandedOut { member",
		"BookLent", "BookHandedOut",
		"ReturnBook", "GiveBack",
		"Dune\", reader", "Dune\", member",
		"title text, reader text", "title text, member text")
	if missing := f.generate(); len(missing) > 0 {
		f.t.Fatal("missing, though the aggregate is scaffolded anew: ", missing)
	}
	if err := os.Remove(filepath.Join(f.dir, "lending/volume.go")); err != nil {
		f.t.Fatal("the renamed aggregate has no scaffold: ", err)
	}
	f.edit("lending/book.go",
		"type Book ", "type Volume ", "(b Book) Return(ReturnBook)", "(b Volume) GiveBack(GiveBack)",
		"(b Book) Acquire(", "(b Volume) AcquireBook(", "(b Book) Lend(", "(b Volume) LendBook(",
		"(b Book)", "(b Volume)", "(b *Book)", "(b *Volume)",
		"BookLent(c)", "BookHandedOut{Member: c.Reader}",
		"case BookLent:\n\t\tb.Reader = e.Reader", "case BookHandedOut:\n\t\tb.Reader = e.Member")
	f.edit("lending/policies.go", "BookLent", "BookHandedOut", "RemindReader(e)", "RemindReader{Reader: e.Member}")
	f.edit("lending/projections.go", "BookLent", "BookHandedOut", "s.Reader = e.Reader", "s.Member = e.Member",
		"Reader string `json:\"reader\"`", "Member string `json:\"member\"`")
	if missing := f.generate(); len(missing) > 0 {
		f.t.Fatal("missing after renaming: ", missing)
	}
}

// newCommand adds a command to the storm. The compiler names its decision until
// it is there.
func (f *folder) newCommand() {
	f.t.Helper()
	f.edit("library.storm", "RemindReader -> ReaderReminded\n", "RemindReader -> ReaderReminded\n    Librarian -> BurnBook -> BookBurnt\n")
	missing := f.generate()
	if len(missing) != 1 || missing[0].Name != "Volume.BurnBook" || missing[0].Path != "lending/book.go" {
		f.t.Fatalf("missing is %+v", missing)
	}
	f.fails("Volume.BurnBook undefined", "go", "build", "./...")
	f.edit("lending/book.go", "// Apply changes", missing[0].Skeleton+"\n// Apply changes")
	if missing := f.generate(); len(missing) > 0 {
		f.t.Fatalf("still missing: %+v", missing)
	}
}

// The Mars Rover's scenarios fail while its decisions are skeletons, and pass
// when they are decided.
func TestMarsRoverIsRedUntilItIsDecided(t *testing.T) {
	text, err := os.ReadFile("../examples/marsrover/marsrover.storm")
	if err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, "example.com/marsrover", storm.File{Path: "marsrover.storm", Text: text})
	f.must("go", "vet", "./...")
	f.fails("Move fails: MarsRover.Move is not decided yet", "go", "test", "./...")

	decided, err := txtar.ParseFile("testdata/decided/marsrover.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range decided.Files {
		if err := os.WriteFile(filepath.Join(f.dir, file.Name), file.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if missing := f.generate(); len(missing) > 0 {
		t.Fatal(missing)
	}
	f.must("go", "test", "./...")

	// A scenario that is wrong shows what is expected and what is.
	f.edit("marsrover.storm", "then ObstacleFound { coordinate { x 2, y 2 } }", "then ObstacleFound { coordinate { x 2, y 3 } }")
	f.generate()
	f.fails("+ ", "go", "test", "./rover")
}

// Modules of a project hear each other: the scenarios with events of others pass,
// and what one publishes has another act.
func TestModulesHearEachOther(t *testing.T) {
	archive, err := txtar.ParseFile("testdata/heard.txtar")
	if err != nil {
		t.Fatal(err)
	}
	f := newFolder(t, "example.com/shop", storm.File{Path: "shop.storm", Text: archive.Files[0].Data})
	f.must("go", "test", "./...")
	out := f.must("go", "run", ".", "Orders.CancelOrder", "tea", `{"reason": "Late"}`)
	if want := "Orders.OrderCancelled of tea"; !strings.Contains(out, want) {
		t.Errorf("without %q:\n%s", want, out)
	}
	if want := "  Shipping.OrderCancelled of tea"; !strings.Contains(out, want) {
		t.Errorf("without %q:\n%s", want, out)
	}
	f.fails("--nats names one", "go", "run", ".", "serve", "--modules", "Orders")
	f.fails("there is no such module", "go", "run", ".", "--modules", "Odors", "Orders.CancelOrder", "tea")
}

// What cannot become a project leaves no folder behind.
func TestNewRefuses(t *testing.T) {
	full := t.TempDir()
	if err := os.WriteFile(filepath.Join(full, "note.txt"), nil, 0o666); err != nil {
		t.Fatal(err)
	}
	good := gen.ProjectOptions{Module: "example.com/x", Replace: ".."}
	tests := []struct {
		name    string
		dir     string
		text    string
		options gen.ProjectOptions
		want    error
	}{
		{"a folder with something in it", full, "", good, gen.ErrNotEmpty},
		{"a storm that does not parse", "", "module {", good, gen.ErrUnfit},
		{"a storm of nothing but notes", "", "OrderPlaced", good, gen.ErrUnfit},
		{"no Landfall", "", "", gen.ProjectOptions{Module: "example.com/x"}, gen.ErrVersion},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := test.dir
			if dir == "" {
				dir = filepath.Join(t.TempDir(), "new")
			}
			var files []storm.File
			if test.text != "" {
				files = []storm.File{{Path: "x.storm", Text: []byte(test.text)}}
			}
			before, _ := os.ReadDir(dir)
			_, err := gen.New(context.Background(), dir, files, test.options)
			if !errors.Is(err, test.want) {
				t.Errorf("got %v", err)
			}
			after, _ := os.ReadDir(dir)
			if !slices.EqualFunc(before, after, func(a, b os.DirEntry) bool { return a.Name() == b.Name() }) {
				t.Error("something was written")
			}
		})
	}
}
