package sqlite

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"strings"

	"zombiezen.com/go/sqlite"
)

// moduleRow is a module's row in landfall_modules.
type moduleRow struct {
	id     int64
	name   string
	tables string
	// head is the last position when the file was last closed. A log that ends
	// before it has lost its end: damage to a page can do that without a trace.
	head uint64
}

func (r *moduleRow) checksum() int64 {
	b := appendText(appendText(nil, r.name), r.tables)
	b = binary.LittleEndian.AppendUint64(b, r.head)
	return int64(crc32.Update(0, castagnoli, binary.LittleEndian.AppendUint64(b, uint64(r.id))))
}

// setup finds the module's tables, or makes them, and the end of its log.
func (l *log) setup(c *sqlite.Conn) error {
	row, err := l.findModule(c)
	if err == nil && row.id == 0 {
		row, err = l.makeModule(c)
	}
	if err == nil {
		l.row, l.sql = row, queriesFor(row.tables)
		l.insert, err = c.Prepare(l.sql.insertEvent)
	}
	if err == nil {
		l.tail, err = l.last(c)
	}
	if sqlite.ErrCode(err).ToPrimary() == sqlite.ResultError {
		// A table that is not there, or one that is there already.
		return l.store.corrupt(fmt.Sprintf("module %s: %v", l.module, err))
	}
	if err == nil && l.tail < row.head {
		return l.store.corrupt(fmt.Sprintf("module %s: the log ends at position %d, it had %d when the file was closed", l.module, l.tail, row.head))
	}
	return err
}

func (l *log) last(c *sqlite.Conn) (uint64, error) {
	stmt, err := c.Prepare(l.sql.last)
	if err != nil {
		return 0, err
	}
	defer stmt.Reset()
	if found, err := stmt.Step(); err != nil || !found {
		return 0, err
	}
	return uint64(stmt.ColumnInt64(0)), nil
}

// findModule returns the module's row, or one without an id. It reads the rows and
// not the index of their names: damage to that would have the log begin anew.
func (l *log) findModule(c *sqlite.Conn) (row moduleRow, err error) {
	stmt, err := c.Prepare("SELECT id, name, tables, head, checksum FROM landfall_modules NOT INDEXED")
	if err != nil {
		return row, err
	}
	defer stmt.Reset()
	for {
		if found, err := stmt.Step(); err != nil || !found {
			return row, err
		}
		r := moduleRow{id: stmt.ColumnInt64(0), name: stmt.ColumnText(1), tables: stmt.ColumnText(2), head: uint64(stmt.ColumnInt64(3))}
		if r.checksum() != stmt.ColumnInt64(4) {
			return row, l.store.corrupt(fmt.Sprintf("module %s: the checksum of its row is wrong", r.name))
		}
		if r.name == l.module {
			row = r
		}
	}
}

// makeModule makes the module's tables. They are named after it, unless the
// names are taken: SQLite ignores their case, and keeps some to itself.
func (l *log) makeModule(c *sqlite.Conn) (row moduleRow, err error) {
	id, err := number(c, "SELECT coalesce(max(id), 0) + 1 FROM landfall_modules")
	if err != nil {
		return row, err
	}
	taken, err := c.Prepare("SELECT id FROM landfall_modules WHERE tables = ?")
	if err != nil {
		return row, err
	}
	other, err := lookup(taken, l.module)
	if err != nil {
		return row, err
	}
	row = moduleRow{id: id, name: l.module, tables: l.module}
	if other != 0 || strings.HasPrefix(strings.ToLower(l.module)+"_", "sqlite_") {
		row.tables = fmt.Sprintf("m%d$%s", id, l.module)
	}
	if err := eachStatement(c, forModule(moduleTables, row.tables)); err != nil {
		return row, err
	}
	return row, row.save(c)
}

// save writes the row.
func (r *moduleRow) save(c *sqlite.Conn) error {
	stmt, err := c.Prepare("INSERT OR REPLACE INTO landfall_modules (id, name, tables, head, checksum) VALUES (?, ?, ?, ?, ?)")
	if err != nil {
		return err
	}
	stmt.BindInt64(1, r.id)
	stmt.BindText(2, r.name)
	stmt.BindText(3, r.tables)
	stmt.BindInt64(4, int64(r.head))
	stmt.BindInt64(5, r.checksum())
	return step(stmt)
}

// saveHead notes where the log ends. Nobody writes any more.
func (l *log) saveHead(c *sqlite.Conn) error {
	if l.row.id == 0 || l.row.head == l.head.Load() {
		return nil
	}
	l.row.head = l.head.Load()
	return l.row.save(c)
}
