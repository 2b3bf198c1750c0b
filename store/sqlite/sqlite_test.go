package sqlite_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"go.uber.org/goleak"
	driver "zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/sqlite"
	"github.com/landfall-go/landfall/store/storetest"
)

func TestMain(m *testing.M) {
	if path := os.Getenv(victim); path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(1)
	}
	goleak.VerifyTestMain(m)
}

func TestStore(t *testing.T) {
	storetest.Run(t, storetest.Features{
		Create: func(t testing.TB) func() (store.Store, error) {
			path := filepath.Join(t.TempDir(), "test.db")
			return func() (store.Store, error) { return sqlite.Open(context.Background(), path) }
		},
		Durable:   true,
		Exclusive: true,
		Transaction: &storetest.Transaction{
			Put: func(_ context.Context, tx any, key string) error {
				c := tx.(*driver.Conn)
				if err := sqlitex.ExecuteTransient(c, "CREATE TABLE IF NOT EXISTS own (key TEXT)", nil); err != nil {
					return err
				}
				return sqlitex.Execute(c, "INSERT INTO own VALUES (?)", &sqlitex.ExecOptions{Args: []any{key}})
			},
			Has: func(_ context.Context, tx any, key string) (bool, error) {
				n := 0
				err := sqlitex.Execute(tx.(*driver.Conn), "SELECT 1 FROM own WHERE key = ?", &sqlitex.ExecOptions{
					Args:       []any{key},
					ResultFunc: func(*driver.Stmt) error { n++; return nil },
				})
				return n > 0, err
			},
		},
	})
}
