package sqlite

import (
	"fmt"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

const (
	// The greatest page caches, in KiB. Reads go mostly on, not back, and the
	// system has a cache too. For the writer, 2 and 16 MiB cost the same time
	// when measured and 64 MiB more: SQLite looks through its cache at each
	// commit.
	writerCache = 8 << 10
	readerCache = 2 << 10
	// checkpointPages is the length of the write-ahead log, in pages of 4 KiB,
	// from which a commit moves it into the file.
	checkpointPages = 4000
	// keptWAL is what stays of the write-ahead log's file after it has grown,
	// in bytes.
	keptWAL = 64 << 20
	// busyTimeout is how long a write waits for another program that holds
	// the file's lock, as the sqlite3 shell does.
	busyTimeout = 10 * time.Second
)

// connect opens a connection. Files are not mapped into memory: that made
// reading a quarter faster when measured, but a disk that cannot be read would
// end the process by a signal in place of an error.
func (s *Store) connect(flags sqlite.OpenFlags) (*sqlite.Conn, error) {
	c, err := sqlite.OpenConn(s.path, flags)
	if err != nil {
		return nil, err
	}
	c.SetBusyTimeout(busyTimeout)
	settings := fmt.Sprintf(`
		PRAGMA journal_mode = WAL;
		PRAGMA synchronous = %s;
		PRAGMA fullfsync = ON;            -- macOS needs both to wait for the disk
		PRAGMA checkpoint_fullfsync = ON;
		PRAGMA cache_size = -%d;
		PRAGMA wal_autocheckpoint = %d;
		PRAGMA journal_size_limit = %d;
		PRAGMA temp_store = MEMORY;`,
		s.synchronous(), writerCache, checkpointPages, keptWAL)
	if flags&sqlite.OpenReadOnly != 0 {
		settings = fmt.Sprintf("PRAGMA cache_size = -%d;", readerCache)
	}
	if s.options.maxPages > 0 {
		settings += fmt.Sprintf("PRAGMA max_page_count = %d;", s.options.maxPages)
	}
	// A statement a time, because a script would be one transaction.
	if err := eachStatement(c, settings); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (s *Store) synchronous() string {
	if s.options.relaxed {
		return "NORMAL"
	}
	return "FULL"
}

// eachStatement executes the statements of a script, each by itself.
func eachStatement(c *sqlite.Conn, script string) error {
	for script = strings.TrimSpace(script); script != ""; script = strings.TrimSpace(script) {
		stmt, rest, err := c.PrepareTransient(script)
		if err != nil {
			return err
		}
		_, err = stmt.Step()
		if err2 := stmt.Finalize(); err == nil {
			err = err2
		}
		if err != nil {
			return err
		}
		script = script[len(script)-rest:]
	}
	return nil
}

// run executes a statement without rows, again and again.
func run(c *sqlite.Conn, sql string) error {
	stmt, err := c.Prepare(sql)
	if err != nil {
		return err
	}
	return step(stmt)
}

// step executes a bound statement that gives no rows.
func step(stmt *sqlite.Stmt) error {
	_, err := stmt.Step()
	if err2 := stmt.Reset(); err == nil {
		err = err2
	}
	return err
}

// transient executes a statement that must be prepared each time.
func transient(c *sqlite.Conn, sql string) error { return sqlitex.ExecuteTransient(c, sql, nil) }

// number executes a statement that gives one number.
func number(c *sqlite.Conn, sql string) (int64, error) {
	stmt, err := c.Prepare(sql)
	if err != nil {
		return 0, err
	}
	return sqlitex.ResultInt64(stmt)
}
