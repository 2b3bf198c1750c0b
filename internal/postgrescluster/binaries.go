package postgrescluster

import (
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// ErrMissing says that no PostgreSQL is installed.
var ErrMissing = errors.New("PostgreSQL is not installed")

// places are where distributions put the server's programs, which often are
// not in the PATH.
var places = []string{"/usr/lib/postgresql/*/bin", "/usr/local/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin"}

// find returns the path of a program of the server, of the newest version
// outside the PATH.
func find(name string) (string, error) {
	if path, err := exec.LookPath(name); err == nil {
		return filepath.Abs(path)
	}
	for _, place := range places {
		found, _ := filepath.Glob(filepath.Join(place, name)) // the patterns are sound
		if len(found) > 0 {
			return slices.MaxFunc(found, func(a, b string) int { return versionOf(a) - versionOf(b) }), nil
		}
	}
	return "", fmt.Errorf("%w: there is no %s in the PATH or in %v: install the package postgresql (apt-get install postgresql) and try again", ErrMissing, name, places)
}

// versionOf returns the first number in a path.
func versionOf(path string) int {
	digits := ""
	for _, c := range path {
		if '0' <= c && c <= '9' {
			digits += string(c)
		} else if digits != "" {
			break
		}
	}
	n, _ := strconv.Atoi(digits) // zero when there is none
	return n
}
