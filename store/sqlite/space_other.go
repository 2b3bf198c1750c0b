//go:build !unix || solaris || netbsd || openbsd

package sqlite

// noSpace cannot be told here.
func noSpace(string) bool { return false }
