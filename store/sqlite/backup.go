package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

// backupPages is how many pages are copied between two looks at the context:
// 4 MiB.
const backupPages = 1024

// Backup copies the database as it stands at one moment into a new file, while
// reading and writing go on. The file appears under its name when it is
// complete and on disk, and can be opened like any other.
//
// It returns store.ErrInvalid when there is a file of that name already. While
// it runs, the write-ahead log cannot be moved into the database and grows.
func (s *Store) Backup(ctx context.Context, path string) error {
	path, err := resolve(path)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return fmt.Errorf("%w: %s exists: name a new file for the backup", store.ErrInvalid, path)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	s.backups.Lock()
	defer s.backups.Unlock()
	unfinished := path + ".unfinished"
	if err := removeDatabase(unfinished); err != nil {
		return err
	}
	err = s.readers.with(ctx, func(c *sqlite.Conn) error { return s.backupTo(ctx, c, unfinished) })
	if err == nil {
		err = os.Rename(unfinished, path)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("backup to %s: %w", path, err), removeDatabase(unfinished))
	}
	return syncFolder(path)
}

// backupTo copies what the connection sees at this moment.
func (s *Store) backupTo(ctx context.Context, c *sqlite.Conn, path string) (err error) {
	// The transaction keeps the moment, so that the copy need not begin anew
	// whenever something is written.
	if err := run(c, "BEGIN"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, run(c, "COMMIT")) }()
	if err := hold(c); err != nil {
		return err
	}
	to, err := sqlite.OpenConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	if err := eachStatement(to, "PRAGMA synchronous = FULL;"); err != nil {
		return err
	}
	b, err := sqlite.NewBackup(to, "main", c, "main")
	if err != nil {
		return err
	}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return errors.Join(err, b.Close())
		}
		if more, err = b.Step(backupPages); err != nil {
			return errors.Join(err, b.Close())
		}
	}
	return b.Close()
}

// hold begins to read, which is when a transaction's moment is.
func hold(c *sqlite.Conn) error {
	stmt, err := c.Prepare("SELECT count(*) FROM landfall_modules")
	if err != nil {
		return err
	}
	defer stmt.Reset()
	_, err = stmt.Step()
	return err
}
