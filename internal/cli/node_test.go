//go:build node

package exporter_test

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
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
	dir := filepath.Join(cache, "landfall", "exporter-"+hex.EncodeToString(sum[:6]))
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

// TestToolsReadExports has the tools that the formats come from read what is
// exported: AsyncAPI's parser, Mermaid in a browser, EventCatalog's SDK.
func TestToolsReadExports(t *testing.T) {
	dir := tools(t)
	out := t.TempDir()
	var documents, diagrams, catalogs []string
	all := storms(t)
	delete(all, "perf-test-5000-stickies.json") // a browser takes half a minute for it
	for name, s := range all {
		for file, text := range export(t, s) {
			path := filepath.Join(out, name, filepath.FromSlash(file))
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			switch {
			case strings.HasPrefix(file, "asyncapi/"):
				documents = append(documents, path)
			case strings.HasSuffix(file, ".mmd"):
				diagrams = append(diagrams, path)
			}
		}
		catalogs = append(catalogs, filepath.Join(out, name, "catalog"))
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
