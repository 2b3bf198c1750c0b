//go:build unix && !solaris && !netbsd && !openbsd

package sqlite

import (
	"path/filepath"

	"golang.org/x/sys/unix"
)

// noSpace tells whether the file's disk has no room. SQLite reports a lack of
// room in some of its own files as an error of input and output.
func noSpace(path string) bool {
	var stat unix.Statfs_t
	if err := unix.Statfs(filepath.Dir(path), &stat); err != nil {
		return false
	}
	const little = 256 << 10
	return uint64(stat.Bavail)*uint64(stat.Bsize) < little
}
