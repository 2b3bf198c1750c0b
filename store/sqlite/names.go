package sqlite

import (
	lru "github.com/hashicorp/golang-lru/v2"
	"zombiezen.com/go/sqlite"
)

// cachedNames bounds each cache of names.
const cachedNames = 65_536

// names finds the text of an interned id, and the id of a text, for those who
// read. It holds what is committed only, and that never changes.
type names struct {
	texts *lru.Cache[int64, string]
	ids   *lru.Cache[string, int64]
}

func newNames() names {
	texts, _ := lru.New[int64, string](cachedNames) // fails for sizes below one
	ids, _ := lru.New[string, int64](cachedNames)
	return names{texts: texts, ids: ids}
}

// text returns the text of an id. An id without one is damage, and gives the
// empty text.
func (n *names) text(c *sqlite.Conn, query string, id int64) (string, error) {
	if text, ok := n.texts.Get(id); ok {
		return text, nil
	}
	stmt, err := c.Prepare(query)
	if err != nil {
		return "", err
	}
	defer stmt.Reset()
	stmt.BindInt64(1, id)
	found, err := stmt.Step()
	if err != nil || !found {
		return "", err
	}
	text := stmt.ColumnText(0)
	n.texts.Add(id, text)
	return text, nil
}

// id returns the id of a text, or zero.
func (n *names) id(c *sqlite.Conn, query, text string) (int64, error) {
	if id, ok := n.ids.Get(text); ok {
		return id, nil
	}
	stmt, err := c.Prepare(query)
	if err != nil {
		return 0, err
	}
	id, err := lookup(stmt, text)
	if err == nil && id != 0 {
		n.ids.Add(text, id)
	}
	return id, err
}

// lookup runs a statement that finds a number by a text, and returns the
// number or zero.
func lookup(stmt *sqlite.Stmt, text string) (int64, error) {
	defer stmt.Reset()
	stmt.BindText(1, text)
	found, err := stmt.Step()
	if err != nil || !found {
		return 0, err
	}
	return stmt.ColumnInt64(0), nil
}
