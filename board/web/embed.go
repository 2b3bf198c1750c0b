// Package web holds the board's page: its sources, and the build of them that
// the program serves. The build is committed, so that the program is built
// with Go alone; "npm ci && npm run build" in this folder makes it again, byte
// for byte.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the files of the page: index.html, and what it loads from
// assets, whose names hold the hash of their content.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		panic("web: " + err.Error()) // the folder is part of the program
	}
	return files
}
