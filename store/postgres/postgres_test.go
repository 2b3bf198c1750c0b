package postgres_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/storetest"
)

// shared is a server for the tests that do not end it.
var shared *postgrescluster.Cluster

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(cluster{m})
}

// cluster runs the tests with a server.
type cluster struct{ m *testing.M }

func (c cluster) Run() int {
	var err error
	if shared, err = postgrescluster.Start(context.Background(), postgrescluster.Options{Fast: true}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	code := c.m.Run()
	if err := shared.Stop(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// databases are those of the shared server. Making one takes longer than
// emptying one.
var databases struct {
	sync.Mutex
	count int
	free  []string
	last  map[testing.TB]string
}

// newDatabase makes an empty database that is the test's, and returns its URL.
func newDatabase(t testing.TB) string {
	t.Helper()
	name := emptyDatabase(t)
	return shared.SocketURL(name)
}

// newDatabaseTCP does so too; its URL is over TCP.
func newDatabaseTCP(t testing.TB) string {
	t.Helper()
	return shared.URL(emptyDatabase(t))
}

func emptyDatabase(t testing.TB) string {
	t.Helper()
	name := takeDatabase(t)
	url := shared.SocketURL(name)
	c, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	mustExec(t, c, `DO $$
		DECLARE s text;
		BEGIN
			FOR s IN SELECT nspname FROM pg_namespace WHERE nspname LIKE 'landfall%' OR nspname = 'public' LOOP
				EXECUTE format('DROP SCHEMA %I CASCADE', s);
			END LOOP;
			CREATE SCHEMA public;
		END $$`)
	return name
}

// takeDatabase takes a database that no test uses: one whose test has ended,
// or of this test's own, when it has closed it.
func takeDatabase(t testing.TB) string {
	t.Helper()
	databases.Lock()
	defer databases.Unlock()
	last := databases.last[t]
	if last != "" && unused(t, last) {
		return last
	}
	if n := len(databases.free); n > 0 {
		last = databases.free[n-1]
		databases.free = databases.free[:n-1]
	} else {
		databases.count++
		last = fmt.Sprintf("test_%d", databases.count)
		if err := shared.CreateDatabase(context.Background(), last); err != nil {
			t.Fatal(err)
		}
	}
	if databases.last == nil {
		databases.last = map[testing.TB]string{}
	}
	databases.last[t] = last
	t.Cleanup(func() {
		databases.Lock()
		defer databases.Unlock()
		databases.free = append(databases.free, last)
		delete(databases.last, t)
	})
	return last
}

// unused tells whether nobody is connected to the database.
func unused(t testing.TB, name string) bool {
	t.Helper()
	c, err := pgx.Connect(context.Background(), shared.SocketURL("postgres"))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	var none bool
	if err := c.QueryRow(context.Background(), "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = $1", name).Scan(&none); err != nil {
		t.Fatal(err)
	}
	return none
}

func TestStore(t *testing.T) {
	urls := map[store.Store]string{}
	storetest.Run(t, storetest.Features{
		Create: func(t testing.TB) func() (store.Store, error) {
			url := newDatabase(t)
			return func() (store.Store, error) {
				s, err := postgres.Open(context.Background(), url)
				urls[s] = url
				return s, err
			}
		},
		Durable: true,
		Shared:  true,
		Transaction: &storetest.Transaction{
			Put: func(ctx context.Context, tx any, key string) error {
				if _, err := tx.(pgx.Tx).Exec(ctx, "CREATE TABLE IF NOT EXISTS own (key text)"); err != nil {
					return err
				}
				_, err := tx.(pgx.Tx).Exec(ctx, "INSERT INTO own VALUES ($1)", key)
				return err
			},
			Has: func(ctx context.Context, tx any, key string) (found bool, err error) {
				err = tx.(pgx.Tx).QueryRow(ctx, "SELECT count(*) > 0 FROM own WHERE key = $1", key).Scan(&found)
				return found, err
			},
		},
		Hold: func(t testing.TB, s store.Store, module string) (<-chan struct{}, func()) {
			return hold(t, urls[s], module)
		},
	})
}

// hold has the next transaction that appends to the module wait at its end,
// where all of it is done but the commit: for an advisory lock that hold has.
func hold(t testing.TB, url, module string) (<-chan struct{}, func()) {
	t.Helper()
	ctx := context.Background()
	c := connect(t, url)
	events := pgx.Identifier{"landfall_" + module, "events"}.Sanitize()
	mustExec(t, c, `CREATE FUNCTION public.hold() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(4711); RETURN NULL; END'`)
	mustExec(t, c, `CREATE CONSTRAINT TRIGGER hold AFTER INSERT ON `+events+` DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.hold()`)
	mustExec(t, c, "SELECT pg_advisory_lock(4711)")
	held := make(chan struct{})
	go func() {
		defer close(held)
		for waiting := 0; waiting == 0; time.Sleep(time.Millisecond) {
			if err := c.QueryRow(ctx, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 AND NOT granted").Scan(&waiting); err != nil {
				t.Errorf("look for the append that waits: %v", err)
				return
			}
		}
	}()
	return held, func() { mustExec(t, c, "SELECT pg_advisory_unlock(4711)") }
}

// connect connects as a user of the database would. The connection ends with
// the test.
func connect(t testing.TB, url string) *pgx.Conn {
	t.Helper()
	c, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close(context.Background()) }) // the server may have ended it
	return c
}

func mustExec(t testing.TB, c *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := c.Exec(context.Background(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}
