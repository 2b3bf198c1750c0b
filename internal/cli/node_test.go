//go:build node

package cli_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/internal/cli"
)

// tools returns a folder with the tools of the formats, in the versions of the
// lock file. It is made once for each lock file.
func tools(t *testing.T) string {
	t.Helper()
	lock, err := os.ReadFile("testdata/node/package-lock.json")
	if err != nil {
		t.Fatal(err)
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sum := sha256.Sum256(lock)
	dir := filepath.Join(cache, "landfall", "formats-"+hex.EncodeToString(sum[:6]))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"package.json", "package-lock.json", "check.mjs"} {
		text, err := os.ReadFile("testdata/node/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", ".package-lock.json")); err != nil {
		run(t, dir, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	}
	return dir
}

func run(t *testing.T, dir string, args ...string) {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args[:2], " "), err, out)
	}
	t.Logf("%s", out)
}

// landfallOK runs a command line that must succeed.
func landfallOK(t *testing.T, args ...string) {
	t.Helper()
	var errs bytes.Buffer
	if code := cli.New().Run(context.Background(), args, strings.NewReader(""), &bytes.Buffer{}, &errs); code != 0 {
		t.Fatalf("landfall %s: exit code %d\n%s", strings.Join(args, " "), code, &errs)
	}
}

// storms returns the paths of the storms that exports are tried on: by hand,
// imported, and with names that get in the way of every format.
func storms(t *testing.T, out string) []string {
	t.Helper()
	paths := []string{"testdata/node/odd.storm"}
	examples, err := filepath.Glob("../../examples/*/*.storm")
	if err != nil || len(examples) == 0 {
		t.Fatal("there are no examples", err)
	}
	paths = append(paths, examples...)
	for _, name := range []string{"eventstorming-facilitation-workshop", "process-modelling-grammar", "cargo-shipping-event-storming"} {
		path := filepath.Join(out, name+".storm")
		landfallOK(t, "import", "../../storm/importer/testdata/boards/"+name+".json", "-o", path)
		paths = append(paths, path)
	}
	return paths
}

// TestToolsReadExports has the tools that the formats come from read what
// landfall exports: AsyncAPI's parser, Mermaid in a browser, EventCatalog's SDK.
func TestToolsReadExports(t *testing.T) {
	dir := tools(t)
	out := t.TempDir()
	var documents, diagrams, catalogs []string
	for _, path := range storms(t, out) {
		base := filepath.Join(out, strings.TrimSuffix(filepath.Base(path), ".storm"))
		landfallOK(t, "export", path, "--to", "eventcatalog", "-o", base+"-catalog")
		catalogs = append(catalogs, base+"-catalog")
		for _, view := range []string{"storm", "modules", "teams"} {
			landfallOK(t, "draw", path, "--view", view, "-o", base+"-"+view+".mmd")
			diagrams = append(diagrams, base+"-"+view+".mmd")
		}
		landfallOK(t, "export", path, "--to", "mermaid", "-o", base+".mmd")
		diagrams = append(diagrams, base+".mmd")
		if strings.Contains(path, "workshop") {
			continue // a big picture has no messages
		}
		landfallOK(t, "export", path, "--to", "asyncapi", "-o", base+"-api/")
		found, err := filepath.Glob(base + "-api/*.yaml")
		if err != nil || len(found) == 0 {
			t.Fatal("no documents", err)
		}
		documents = append(documents, found...)
	}
	t.Run("AsyncAPI", func(t *testing.T) { run(t, dir, append([]string{"node", "check.mjs", "asyncapi"}, documents...)...) })
	t.Run("Mermaid", func(t *testing.T) { run(t, dir, append([]string{"node", "check.mjs", "mermaid"}, diagrams...)...) })
	t.Run("EventCatalog", func(t *testing.T) {
		for _, c := range catalogs {
			run(t, dir, "node", "check.mjs", "eventcatalog", c)
		}
	})
	t.Run("Broken", func(t *testing.T) {
		for what, text := range map[string]string{"asyncapi": "asyncapi: 3.0.0\n", "mermaid": "flowchart LR\n  a[\"b\n"} {
			path := filepath.Join(out, "broken."+what)
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command("node", "check.mjs", what, path)
			cmd.Dir = dir
			if said, err := cmd.CombinedOutput(); err == nil {
				t.Errorf("%s: the tool read what is broken: %s", what, said)
			}
		}
	})
}
