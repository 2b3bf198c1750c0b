package landfall_test

import (
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const modulePath = "github.com/landfall-go/landfall"

// layer says what the packages under a path may import beside the standard
// library. A path that ends in /... stands for all below it; "root" is the
// package landfall. Tests may import what is in tests too, and any package of
// others.
type layer struct {
	path   string
	own    []string // of this module
	others []string // of others, by their prefix
	tests  []string // of this module, by tests
	// forTests says that only tests may import it.
	forTests bool
}

// layers is the table of the design, with what does not exist yet: the first
// that fits a package counts. The runtime never imports the language, the
// language never the runtime; they meet in gen, drift, board and the command
// line.
var layers = []layer{
	// Level 0: the runtime.
	{path: "root", own: []string{"model", "store", "transport", "internal/inspect"}, others: []string{"github.com/google/uuid"}, tests: []string{"root", "store/...", "transport/...", "landfalltest"}},
	{path: "model"},
	{path: "internal/inspect", others: []string{"github.com/google/uuid"}},
	{path: "store", others: []string{"github.com/google/uuid"}},
	{path: "store/internal/...", own: []string{"store"}, others: []string{"github.com/google/uuid"}},

	// Level 0: the language.
	{path: "storm/exporter", own: []string{"storm/..."}, others: []string{"go.yaml.in/yaml/v3"}, tests: []string{"storm/...", "internal/golden"}},
	{path: "storm/...", own: []string{"storm/..."}, tests: []string{"storm/...", "internal/golden"}},

	// Level 1: drivers, which never import each other, and their suites.
	{path: "store/memory", own: driver, others: []string{"github.com/google/uuid", "github.com/tidwall/btree"}, tests: []string{"store/memory", "store/storetest"}},
	{path: "store/sqlite", own: driver, others: []string{
		"github.com/google/uuid", "zombiezen.com/go/sqlite", "github.com/gofrs/flock", "github.com/hashicorp/golang-lru/v2", "golang.org/x/sys",
	}, tests: []string{"store/sqlite", "store/storetest"}},
	{path: "store/postgres", own: driver, others: []string{"github.com/google/uuid", "github.com/jackc/pgx/v5"}, tests: []string{"store/postgres", "store/storetest", "internal/postgrescluster"}},
	{path: "store/storetest", own: []string{"store"}, others: []string{"github.com/google/uuid", "github.com/google/go-cmp", "pgregory.net/rapid"}, tests: []string{"store/storetest", "store/memory"}, forTests: true},
	{path: "transport", others: []string{"github.com/google/uuid"}},
	{path: "transport/inprocess", own: []string{"transport"}, tests: []string{"transport/inprocess", "transport/transporttest"}},
	{path: "transport/nats/...", own: []string{"transport", "transport/nats"}, others: []string{"github.com/nats-io", "github.com/google/uuid"}, tests: []string{"transport/nats/...", "transport/transporttest"}},
	{path: "transport/transporttest", own: []string{"transport", "transport/inprocess"}, others: []string{"github.com/google/uuid", "github.com/google/go-cmp", "pgregory.net/rapid"}, tests: []string{"transport/inprocess"}, forTests: true},
	{path: "landfalltest", own: []string{"root", "store", "internal/inspect"}, others: []string{"github.com/google/go-cmp"}, tests: []string{"landfalltest", "examples/marsrover/rover"}, forTests: true},
	{path: "internal/postgrescluster", others: []string{"github.com/jackc/pgx/v5"}},
	{path: "internal/golden", own: []string{"storm/..."}, others: []string{"github.com/google/go-cmp", "golang.org/x/tools"}, forTests: true},

	// Level 2: pictures and code. From here on any package of others will do.
	{path: "draw/...", own: []string{"draw/...", "storm/..."}, others: anyOther, tests: []string{"internal/golden"}},
	{path: "gen/...", own: []string{"gen/...", "storm/...", "model"}, others: anyOther, tests: []string{"internal/golden"}},
	{path: "drift/...", own: []string{"drift/...", "gen/...", "storm/...", "model"}, others: anyOther, tests: []string{"internal/golden"}},

	// Level 3: the workshop, itself a module on the runtime.
	{path: "board/...", own: []string{"board/...", "root", "model", "store/...", "transport/...", "storm/...", "draw/...", "gen/...", "drift/..."}, others: anyOther, tests: []string{"landfalltest", "internal/golden", "internal/postgrescluster"}},

	// What the main of an application starts, as its flags say.
	{path: "hosting", own: []string{"root", "store/...", "transport/..."}, others: anyOther, tests: []string{"hosting", "internal/postgrescluster"}},

	// Level 4: the command line.
	{path: "internal/cli/...", own: []string{"..."}, others: anyOther},
	{path: "cmd/landfall-vet", own: []string{"drift"}, others: anyOther},
	{path: "cmd/...", own: []string{"internal/cli/..."}},

	// Beside the levels. Examples import what their readers could.
	{path: "internal/faults", tests: []string{"..."}},
	{path: "internal/bench/...", own: []string{"root", "model", "store/...", "transport/...", "storm/...", "draw", "hosting", "internal/postgrescluster", "internal/bench/...", "examples/...", "board/..."}, others: anyOther},
	{path: "examples/...", own: []string{"root", "model", "store/...", "transport/...", "storm/...", "draw/...", "gen/...", "drift/...", "hosting", "examples/..."}, others: anyOther, tests: []string{"landfalltest", "internal/postgrescluster"}},
	{path: "docs/...", tests: []string{"..."}},
}

var (
	driver   = []string{"store", "store/internal/..."}
	anyOther = []string{""}
)

// allows says whether code of the layer may import the path.
func (l *layer) allows(imported string, byTest bool) bool {
	own, isOwn := ownPath(imported)
	if !isOwn {
		first, _, _ := strings.Cut(imported, "/")
		standard := !strings.Contains(first, ".")
		return standard || byTest || slices.ContainsFunc(l.others, func(p string) bool {
			return p == "" || imported == p || strings.HasPrefix(imported, p+"/")
		})
	}
	if target := layerOf(own); target != nil && target.forTests && !byTest {
		return false
	}
	allowed := l.own
	if byTest {
		allowed = slices.Concat(l.own, l.tests)
	}
	return slices.ContainsFunc(allowed, func(pattern string) bool { return fits(pattern, own) }) || byTest && fits(l.path, own)
}

func ownPath(imported string) (string, bool) {
	if imported == modulePath {
		return "root", true
	}
	return strings.CutPrefix(imported, modulePath+"/")
}

// fits says whether a pattern stands for a package. The compiler sees to it that
// nobody imports what is internal to another's folder.
func fits(pattern, own string) bool {
	below, all := strings.CutSuffix(pattern, "...")
	return pattern == own || all && strings.HasPrefix(own+"/", below)
}

func layerOf(own string) *layer {
	for i := range layers {
		if fits(layers[i].path, own) {
			return &layers[i]
		}
	}
	return nil
}

// TestLayers fails on an import that the design forbids, and on a package that
// it does not know.
func TestLayers(t *testing.T) {
	files := 0
	err := filepath.WalkDir(".", func(file string, entry fs.DirEntry, err error) error {
		switch name := entry.Name(); {
		case err != nil:
			return err
		case entry.IsDir() && file != "." && (name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".")):
			return fs.SkipDir
		case entry.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		files++
		for _, mistake := range forbidden(t, file) {
			t.Error(mistake)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 50 {
		t.Errorf("only %d files were looked at", files)
	}
}

func forbidden(t *testing.T, file string) (mistakes []string) {
	t.Helper()
	own := filepath.ToSlash(filepath.Dir(file))
	if own == "." {
		own = "root"
	}
	l := layerOf(own)
	if l == nil {
		return []string{fmt.Sprintf("%s: package %s is in no layer; add it to the table in layers_test.go", file, own)}
	}
	set := token.NewFileSet()
	parsed, err := parser.ParseFile(set, file, nil, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		if !l.allows(imported, strings.HasSuffix(file, "_test.go")) {
			mistakes = append(mistakes, fmt.Sprintf("%s: %s must not import %s", set.Position(spec.Pos()), own, imported))
		}
	}
	return mistakes
}

// TestTheTableForbids shows that the table says no where it must.
func TestTheTableForbids(t *testing.T) {
	for _, test := range []struct {
		from, imported string
		byTest, want   bool
	}{
		{"root", "time", false, true},
		{"root", "github.com/google/uuid", false, true},
		{"root", modulePath + "/store", false, true},
		{"root", modulePath + "/store/memory", false, false},
		{"root", modulePath + "/store/memory", true, true},
		{"root", modulePath + "/storm/ast", true, false},
		{"root", modulePath + "/landfalltest", false, false},
		{"root", "github.com/google/go-cmp/cmp", false, false},
		{"root", "github.com/google/go-cmp/cmp", true, true},
		{"store", modulePath, false, false},
		{"store/memory", modulePath, false, false},
		{"store/memory", modulePath, true, false},
		{"store/memory", modulePath + "/store/sqlite", true, false},
		{"store/memory", modulePath + "/store/internal/contract", false, true},
		{"store/sqlite", modulePath + "/store/storetest", false, false},
		{"store/sqlite", modulePath + "/store/storetest", true, true},
		{"storm/ast", modulePath, true, false},
		{"storm/parse", modulePath + "/storm/ast", false, true},
		{"storm/parse", modulePath + "/model", false, false},
		{"gen", modulePath + "/storm", false, true},
		{"gen", modulePath, false, false},
		{"drift", modulePath, false, false},
		{"draw", modulePath + "/gen", false, false},
		{"board/web", modulePath, false, true},
		{"examples/marsrover", modulePath + "/internal/inspect", false, false},
		{"examples/marsrover", modulePath + "/internal/inspect", true, false},
		{"examples/marsrover", modulePath + "/landfalltest", false, false},
		{"examples/marsrover", modulePath + "/landfalltest", true, true},
		{"cmd/landfall", modulePath + "/internal/cli", false, true},
		{"cmd/landfall", modulePath, false, false},
	} {
		l := layerOf(test.from)
		if l == nil {
			t.Fatalf("%s is in no layer", test.from)
		}
		if got := l.allows(test.imported, test.byTest); got != test.want {
			t.Errorf("%s may import %s (by a test: %v): %v, want %v", test.from, test.imported, test.byTest, got, test.want)
		}
	}
	if layerOf("misc") != nil {
		t.Error("a package that is not in the table has a layer")
	}
}
