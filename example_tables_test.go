package landfall_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"zombiezen.com/go/sqlite/sqlitex"

	zombiezen "zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store/sqlite"
)

// Visits is a projection with a table of its own. SQLite gives it the
// transaction that the projection's position is stored in.
type Visits struct{}

func (Visits) Create(_ context.Context, tx any, generation int) error {
	return sqlitex.ExecuteTransient(tx.(*zombiezen.Conn),
		fmt.Sprintf("CREATE TABLE visits_%d (door TEXT, at TEXT)", generation), nil)
}

func (Visits) Apply(_ context.Context, tx any, generation int, events []landfall.Recorded) error {
	insert := fmt.Sprintf("INSERT INTO visits_%d VALUES (?, ?)", generation)
	for _, e := range events {
		row := &sqlitex.ExecOptions{Args: []any{string(e.Aggregate), e.Time.String()}}
		if err := sqlitex.Execute(tx.(*zombiezen.Conn), insert, row); err != nil {
			return err
		}
	}
	return nil
}

func (Visits) Drop(_ context.Context, tx any, generation int) error {
	return sqlitex.ExecuteTransient(tx.(*zombiezen.Conn), fmt.Sprintf("DROP TABLE IF EXISTS visits_%d", generation), nil)
}

// Where documents will not do, a projection keeps tables of its own, in the
// same transaction as its position. The host says which generation of them is
// in use.
func ExampleProjectInto() {
	ctx := context.Background()
	folder, err := os.MkdirTemp("", "library")
	check(err)
	defer os.RemoveAll(folder)
	file := filepath.Join(folder, "library.db")
	store, err := sqlite.Open(ctx, file)
	check(err)
	defer store.Close()
	host, err := landfall.Open(ctx, landfall.Config{
		Store: store,
		Modules: []landfall.Module{landfall.NewModule("Doors",
			landfall.Handle(Door.Enter, landfall.Emits(VisitorEntered{})),
			landfall.ProjectInto("Visits", Visits{}, landfall.Hears(VisitorEntered{})),
		)},
	})
	check(err)
	defer host.Close()
	for _, door := range []landfall.AggregateID{"garden", "street", "garden"} {
		_, err := host.Dispatch(ctx, landfall.To(door, Enter{}))
		check(err)
	}
	check(host.Settle(ctx))

	generation, err := host.Generation("Visits")
	check(err)
	conn, err := zombiezen.OpenConn(file, zombiezen.OpenReadOnly)
	check(err)
	defer conn.Close()
	query := fmt.Sprintf("SELECT door, count(*) FROM visits_%d GROUP BY door", generation)
	check(sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(row *zombiezen.Stmt) error {
		fmt.Println(row.ColumnText(0), row.ColumnInt(1))
		return nil
	}}))

	// Output:
	// garden 2
	// street 1
}
