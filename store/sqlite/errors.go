package sqlite

import (
	"errors"
	"fmt"

	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

// classify gives an error of SQLite its meaning for the caller. It notes that
// the file is damaged, so that nothing is written to it from then on.
func (s *Store) classify(err error) error {
	if err == nil {
		return nil
	}
	code := sqlite.ErrCode(err)
	switch code.ToPrimary() {
	case sqlite.ResultFull:
		return fmt.Errorf("%w: %s: make room, then repeat the write: %w", store.ErrFull, s.path, err)
	case sqlite.ResultIOErr, sqlite.ResultCantOpen:
		if noSpace(s.path) {
			return fmt.Errorf("%w: %s: make room, then repeat the write: %w", store.ErrFull, s.path, err)
		}
	case sqlite.ResultCorrupt, sqlite.ResultNotADB:
		return s.corrupt(err.Error())
	}
	if errors.Is(err, store.ErrCorrupt) {
		return err
	}
	return fmt.Errorf("sqlite %s: %w", s.path, err)
}

// corrupt says that the file is damaged, and keeps it from being written to.
func (s *Store) corrupt(what string) error {
	s.damaged.Store(true)
	return corruptError(s.path, what)
}

func corruptError(path, what string) error {
	return fmt.Errorf("%w: %s: %s: stop the program, move the file away, and restore it from a backup", store.ErrCorrupt, path, what)
}
