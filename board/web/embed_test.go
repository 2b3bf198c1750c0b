package web_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/board/web"
)

// TestBuild: the committed build is that of the sources beside it. It says of which it is;
// "make page" makes it anew and compares every byte.
func TestBuild(t *testing.T) {
	built, err := fs.ReadFile(web.Files(), "sources.sha256")
	if err != nil {
		t.Fatal(err)
	}
	if got, want := strings.TrimSpace(string(built)), digest(t); got != want {
		t.Errorf("the build in dist is of other sources (%.12s… and not %.12s…): run npm ci && npm run build in board/web, and commit dist with them", got, want)
	}
}

var isTest = regexp.MustCompile(`\.test\.tsx?$`)

// digest computes what dev/digest.ts does.
func digest(t *testing.T) string {
	t.Helper()
	var paths []string
	for _, name := range []string{"index.html", "package.json", "package-lock.json", "public", "src", "tsconfig.json", "vite.config.ts"} {
		err := filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.Type().IsRegular() && !isTest.MatchString(path) {
				paths = append(paths, filepath.ToSlash(path))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	slices.Sort(paths)
	all := sha256.New()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(all, "%x  %s\n", sha256.Sum256(text), path)
	}
	return hex.EncodeToString(all.Sum(nil))
}
