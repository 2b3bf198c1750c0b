package landfall_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall"
)

// balances is a projection with a table of its own in SQLite.
type balances struct {
	bad   atomic.Int64 // an amount that it fails on, after it has written
	panic atomic.Bool
}

func (*balances) Create(_ context.Context, tx any, generation int) error {
	return sqlitex.ExecuteTransient(tx.(*sqlite.Conn),
		fmt.Sprintf("CREATE TABLE balances_%d (account TEXT PRIMARY KEY, balance INTEGER, moves INTEGER) STRICT", generation), nil)
}

func (*balances) Drop(_ context.Context, tx any, generation int) error {
	return sqlitex.ExecuteTransient(tx.(*sqlite.Conn), fmt.Sprintf("DROP TABLE IF EXISTS balances_%d", generation), nil)
}

func (b *balances) Apply(_ context.Context, tx any, generation int, events []landfall.Recorded) error {
	query := fmt.Sprintf(`INSERT INTO balances_%d VALUES (?, ?, 1)
		ON CONFLICT DO UPDATE SET balance = balance + excluded.balance, moves = moves + 1`, generation)
	for _, e := range events {
		amount := 0
		switch e := e.Event.(type) {
		case Deposited:
			amount = e.Amount
		case Withdrawn:
			amount = -e.Amount
		}
		if err := sqlitex.Execute(tx.(*sqlite.Conn), query, &sqlitex.ExecOptions{Args: []any{string(e.Aggregate), amount}}); err != nil {
			return err
		}
		if int64(amount) == b.bad.Load() {
			if b.panic.Load() {
				panic("no room")
			}
			return errors.New("no room")
		}
	}
	return nil
}

func (b *balances) part() landfall.Part {
	return landfall.ProjectInto("Balances", b, landfall.Hears(Deposited{}, Withdrawn{}))
}

// rows reads a generation's table as another program would.
func (b *balances) rows(t *testing.T, file string, generation int) map[string]string {
	t.Helper()
	conn, err := sqlite.OpenConn(file, sqlite.OpenReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	rows := map[string]string{}
	err = sqlitex.ExecuteTransient(conn, fmt.Sprintf("SELECT account, balance, moves FROM balances_%d", generation), &sqlitex.ExecOptions{
		ResultFunc: func(stmt *sqlite.Stmt) error {
			rows[stmt.ColumnText(0)] = fmt.Sprintf("%d in %d", stmt.ColumnInt(1), stmt.ColumnInt(2))
			return nil
		},
	})
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return rows
}

func sameRows(t *testing.T, what string, got, want map[string]string) {
	t.Helper()
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got)\n%s", what, d)
	}
}

// TestTablesOfItsOwn are written with the position, in one transaction, and
// what fails is undone as a whole and found. (Promises 4 and 5.)
func TestTablesOfItsOwn(t *testing.T) {
	for _, panics := range []bool{false, true} {
		t.Run(fmt.Sprintf("panics=%v", panics), func(t *testing.T) { ownTables(t, panics) })
	}
}

func ownTables(t *testing.T, panics bool) {
	db := inSQLite(t)
	b := &balances{}
	b.bad.Store(13)
	b.panic.Store(panics)
	config := landfall.Config{Store: db, Modules: []landfall.Module{bank(b.part(), statements())}, Retry: landfall.Retry{Attempts: 2, First: time.Millisecond}}
	h := openWith(t, config)
	for _, amount := range []int{1, 2, 13, 3} {
		do(t, h, "bad", Deposit{amount})
		do(t, h, "good", Deposit{1})
	}
	settle(t, h)
	sameRows(t, "one event fails", b.rows(t, db.file, 1), map[string]string{"bad": "3 in 2", "good": "4 in 4"})
	letters := h.DeadLetters()
	if len(letters) != 1 || letters[0].Position != 5 || letters[0].Aggregate != "bad" || !strings.Contains(letters[0].Error, "no room") {
		t.Fatalf("%+v", letters)
	}
	sameStatements(t, db, h)

	shut(t, h)
	db.reopen(t)
	config.Store = db
	h = openWith(t, config)
	settle(t, h)
	sameRows(t, "after a restart", b.rows(t, db.file, 1), map[string]string{"bad": "3 in 2", "good": "4 in 4"})
	b.bad.Store(0)
	if err := h.Retry(ctx, h.DeadLetters()[0]); err != nil {
		t.Fatal(err)
	}
	settle(t, h)
	want := map[string]string{"bad": "19 in 4", "good": "4 in 4"}
	sameRows(t, "when it was mended", b.rows(t, db.file, 1), want)

	if err := h.Rebuild(ctx, "Balances", nil); err != nil {
		t.Fatal(err)
	}
	if n, err := h.Generation("Balances"); n != 2 || err != nil {
		t.Errorf("generation %d, %v, want 2", n, err)
	}
	sameRows(t, "rebuilt", b.rows(t, db.file, 2), want)
	if got := b.rows(t, db.file, 1)["error"]; !strings.Contains(got, "no such table") {
		t.Errorf("the old tables are there still: %v", got)
	}
	do(t, h, "good", Withdraw{4})
	settle(t, h)
	sameRows(t, "and it goes on", b.rows(t, db.file, 2), map[string]string{"bad": "19 in 4", "good": "0 in 5"})
}

// TestAMemoryStoreGivesTablesNoTransaction, and still keeps its order.
func TestAMemoryStoreGivesTablesNoTransaction(t *testing.T) {
	h := open(t, inMemory(t), bank(landfall.ProjectInto("Seen", noTables{}, landfall.Hears(Deposited{}))))
	do(t, h, "a", Deposit{1})
	settle(t, h)
	if letters := h.DeadLetters(); len(letters) != 0 {
		t.Errorf("%+v", letters)
	}
}
