package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall/store"
)

// resolve returns the one name of a file, so that two names for it share a
// lock.
func resolve(path string) (string, error) {
	if path == "" {
		return "", fmt.Errorf("%w: the path of a database is empty", store.ErrInvalid)
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	real, err := filepath.EvalSymlinks(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return real, err
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return "", fmt.Errorf("the folder of the database: %w", err)
	}
	return filepath.Join(dir, filepath.Base(path)), nil
}

// prepareFile makes sure that there is a database of ours at the path: it
// creates one, or looks at the one that is there without writing to it.
func prepareFile(path string) error {
	fresh, err := inspect(path)
	if err != nil {
		return err
	}
	clean, err := closedCleanly(path)
	switch {
	case err != nil:
		return err
	case fresh && clean:
		return create(path)
	case fresh:
		// SQLite would take the old log for the new file's.
		return corruptError(path, "the file is gone or empty, but its write-ahead log "+path+"-wal is there")
	case clean && !small(path):
		return nil
	}
	return checkIntegrity(path)
}

// The fields of a database's header that tell whose it is, see
// https://sqlite.org/fileformat.html.
const (
	headerSize      = 100
	magic           = "SQLite format 3\x00"
	userVersionAt   = 60
	applicationIDAt = 68
)

// inspect reads the header of the file. SQLite itself is not asked, because it
// may write to what it opens.
func inspect(path string) (fresh bool, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	var header [headerSize]byte
	switch n, err := io.ReadFull(f, header[:]); {
	case errors.Is(err, io.EOF):
		return true, nil
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return false, err
	case n < headerSize || string(header[:len(magic)]) != magic:
		return false, fmt.Errorf("%w: %s is not a database: name another file", store.ErrInvalid, path)
	}
	if binary.BigEndian.Uint32(header[applicationIDAt:]) != applicationID {
		return false, fmt.Errorf("%w: %s is the database of another program: name another file", store.ErrInvalid, path)
	}
	if v := binary.BigEndian.Uint32(header[userVersionAt:]); v > uint32(schemaVersion) {
		return false, fmt.Errorf("%w: %s has schema version %d, this program knows up to %d: use a newer program", store.ErrInvalid, path, v, schemaVersion)
	}
	return false, nil
}

// create makes an empty database beside the path and moves it there when it is
// complete, so that a file under this name is always one of ours.
func create(path string) (err error) {
	unfinished := path + ".new"
	if err := removeDatabase(unfinished); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, removeDatabase(unfinished))
		}
	}()
	c, err := sqlite.OpenConn(unfinished, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return err
	}
	err = eachStatement(c, fmt.Sprintf("PRAGMA synchronous = FULL; PRAGMA application_id = %d;", applicationID))
	if err == nil {
		err = migrate(c)
	}
	if err == nil {
		// Written into the header, this holds for whoever opens the file.
		err = sqlitex.ExecuteTransient(c, "PRAGMA journal_mode = WAL", nil)
	}
	if err = errors.Join(err, c.Close()); err != nil {
		return err
	}
	if err := os.Rename(unfinished, path); err != nil {
		return err
	}
	return syncFolder(path)
}

func removeDatabase(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm", "-journal"} {
		if err := os.Remove(path + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// syncFolder makes the name of a new file durable.
func syncFolder(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	// Some systems cannot sync a folder, and need not.
	_ = dir.Sync()
	return dir.Close()
}

// closedCleanly tells whether the last one to hold the database closed it. The
// last connection to close moves everything from the write-ahead log into the
// file and removes the log: a log that lies there is the mark of a crash.
func closedCleanly(path string) (bool, error) {
	info, err := os.Stat(path + "-wal")
	if errors.Is(err, fs.ErrNotExist) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return info.Size() == 0, nil
}

// alwaysChecked is the size in bytes up to which a file is checked whenever it
// is opened, and with its indexes: that takes some 20 ms a MiB. Without them it
// takes some 4 ms, as for a larger file that its last holder did not close.
const alwaysChecked = 16 << 20

func small(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Size() <= alwaysChecked
}

// checkIntegrity reads the whole file, for a crash may have been the disk's.
// The connection cannot write, not even when it closes.
func checkIntegrity(path string) error {
	c, err := sqlite.OpenConn(path, sqlite.OpenReadOnly)
	if err != nil {
		return asCorrupt(path, err)
	}
	defer c.Close()
	pragma := "PRAGMA quick_check(1)"
	if small(path) {
		pragma = "PRAGMA integrity_check(1)"
	}
	check, err := c.Prepare(pragma)
	if err != nil {
		return asCorrupt(path, err)
	}
	result, err := sqlitex.ResultText(check)
	if err != nil {
		return asCorrupt(path, err)
	}
	if result != "ok" {
		return corruptError(path, result)
	}
	return nil
}

func asCorrupt(path string, err error) error {
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return corruptError(path, err.Error())
	}
	return err
}
