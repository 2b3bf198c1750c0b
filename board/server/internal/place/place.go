// Package place says where boards are kept: each has a store of its own, so that
// one that is deleted is really gone.
package place

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/sqlite"
)

// ErrPlace says that a text names no place.
var ErrPlace = errors.New("this names no store; name postgres://… or memory:, or nothing for files beside the storms")

// Folder is the folder of SQLite files, in that of a storm.
const Folder = ".landfall"

// Catalog is the ID and the Name of the store that says which boards there are.
const Catalog = "catalog"

// Ref says which store is meant.
type Ref struct {
	// ID is an identifier: a letter, then letters, digits and underscores, at most
	// forty of them.
	ID string
	// Dir and Name say where the file is, when there is one: in the folder
	// .landfall of Dir.
	Dir, Name string
}

// Place opens stores and deletes them. It is safe for concurrent use.
type Place interface {
	// Open opens the store, and makes it when it is new. Nobody may have it open in
	// this process.
	Open(ctx context.Context, r Ref) (store.Store, error)
	// Delete removes the store with all that was in it. Nobody may have it open.
	// One that is not there is no error.
	Delete(ctx context.Context, r Ref) error
	// File returns the path of the file that keeps the store, or "" when there is none.
	File(r Ref) string
	// Shared says that other processes may have the same stores open.
	Shared() bool
	// Close releases what all stores use.
	Close() error
}

// Parse returns the place that a text names: a URL of PostgreSQL, "memory:", or
// nothing, for SQLite files.
func Parse(text string) (Place, error) {
	switch {
	case text == "":
		return files{}, nil
	case text == "memory:":
		return &inMemory{stores: map[string]*memory.Store{}}, nil
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		return &database{url: text}, nil
	}
	if u, err := url.Parse(text); err == nil {
		text = u.Redacted()
	}
	return nil, fmt.Errorf("%s: %w", text, ErrPlace)
}

// files are SQLite files.
type files struct{}

func (files) path(r Ref) string {
	if r.ID == Catalog {
		return filepath.Join(r.Dir, Folder, "boards.db")
	}
	return filepath.Join(r.Dir, Folder, r.Name+".board.db")
}

// Open implements Place.
func (f files) Open(ctx context.Context, r Ref) (store.Store, error) {
	folder := filepath.Join(r.Dir, Folder)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, fmt.Errorf("make the folder of the board: %w", err)
	}
	ignore := filepath.Join(folder, ".gitignore") // a session is not for git; what it lands is
	if _, err := os.Stat(ignore); errors.Is(err, os.ErrNotExist) {
		if err := os.WriteFile(ignore, []byte("*\n"), 0o644); err != nil {
			return nil, fmt.Errorf("make the folder of the board: %w", err)
		}
	}
	opened, err := sqlite.Open(ctx, f.path(r))
	if err != nil {
		return nil, err
	}
	return opened, nil
}

// Delete implements Place.
func (f files) Delete(_ context.Context, r Ref) error {
	all, err := filepath.Glob(escape(f.path(r)) + "*")
	if err != nil {
		return err
	}
	var errs []error
	for _, path := range all {
		if rest := strings.TrimPrefix(path, f.path(r)); rest != "" && rest[0] != '-' && rest[0] != '.' {
			continue // another's, whose name begins with this one's
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}

// escape makes a path stand for itself in a pattern.
func escape(path string) string {
	if filepath.Separator == '\\' { // patterns have no escapes there
		return path
	}
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// File implements Place.
func (f files) File(r Ref) string { return f.path(r) }

// Shared implements Place: a file is open in one process.
func (files) Shared() bool { return false }

// Close implements Place.
func (files) Close() error { return nil }

// inMemory are stores that end with the process, and not when they are closed.
type inMemory struct {
	mu     sync.Mutex
	stores map[string]*memory.Store
}

// kept is a store that outlives its users.
type kept struct{ store.Store }

// Close leaves the store as it is.
func (kept) Close() error { return nil }

// Open implements Place.
func (m *inMemory) Open(_ context.Context, r Ref) (store.Store, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.stores[r.ID]
	if s == nil {
		s = memory.New()
		m.stores[r.ID] = s
	}
	return kept{s}, nil
}

// Delete implements Place.
func (m *inMemory) Delete(_ context.Context, r Ref) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if s := m.stores[r.ID]; s != nil {
		delete(m.stores, r.ID)
		return s.Close()
	}
	return nil
}

// File implements Place: there is none.
func (m *inMemory) File(Ref) string { return "" }

// Shared implements Place.
func (m *inMemory) Shared() bool { return false }

// Close implements Place: what the stores had is gone.
func (m *inMemory) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	var errs []error
	for _, s := range m.stores {
		errs = append(errs, s.Close())
	}
	return errors.Join(errs...)
}

// database is a PostgreSQL database, where each store has schemas of its own.
type database struct{ url string }

// prefixed is a store whose modules have longer names in the database.
type prefixed struct {
	*postgres.Store
	prefix string
}

// Log implements store.Store.
func (p prefixed) Log(ctx context.Context, module string) (store.Log, error) {
	return p.Store.Log(ctx, p.prefix+module)
}

// schemas begins the names of all schemas of a store.
func schemas(r Ref) string { return "board_" + r.ID + "_" }

// Open implements Place.
func (d *database) Open(ctx context.Context, r Ref) (store.Store, error) {
	// A board's commands are decided one after the other: few connections do.
	opened, err := postgres.Open(ctx, d.url, postgres.Connections(2, 3))
	if err != nil {
		return nil, err
	}
	return prefixed{opened, schemas(r)}, nil
}

// Delete implements Place.
func (d *database) Delete(ctx context.Context, r Ref) error {
	conn, err := pgx.Connect(ctx, d.url)
	if err != nil {
		return fmt.Errorf("delete a board: %w (%w)", err, store.ErrUnavailable)
	}
	defer func() { _ = conn.Close(ctx) }()
	rows, err := conn.Query(ctx, "SELECT nspname FROM pg_namespace WHERE starts_with(nspname, $1)", "landfall_"+schemas(r))
	if err != nil {
		return fmt.Errorf("delete a board: %w", err)
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("delete a board: %w", err)
	}
	for _, name := range names {
		if _, err := conn.Exec(ctx, "DROP SCHEMA "+pgx.Identifier{name}.Sanitize()+" CASCADE"); err != nil {
			return fmt.Errorf("delete a board: %w", err)
		}
	}
	return nil
}

// File implements Place: there is none.
func (d *database) File(Ref) string { return "" }

// Shared implements Place.
func (d *database) Shared() bool { return true }

// Close implements Place.
func (d *database) Close() error { return nil }
