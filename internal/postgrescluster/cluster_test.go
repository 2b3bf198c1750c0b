//go:build linux

package postgrescluster_test

import (
	"context"
	"os"
	"testing"

	"github.com/jackc/pgx/v5"
	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/internal/postgrescluster"
)

func TestMain(m *testing.M) {
	if os.Getenv("LANDFALL_TEST_CLUSTER_PARENT") != "" {
		beParent()
	}
	goleak.VerifyTestMain(m)
}

// TestCluster takes a cluster through its life. What is committed is there
// after each end of the server.
func TestCluster(t *testing.T) {
	ctx := context.Background()
	c, err := postgrescluster.Start(ctx, postgrescluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	stopped := false
	defer func() {
		if !stopped {
			_ = c.Stop() // the test has failed already
		}
	}()
	if err := c.CreateDatabase(ctx, `odd "name"`); err != nil {
		t.Fatal(err)
	}
	execute(t, c.URL(`odd "name"`), "CREATE TABLE t (n int)")
	for i, end := range []func() error{
		func() error { return c.Restart(ctx) },
		func() error {
			if err := c.Kill(); err != nil {
				return err
			}
			return c.Resume(ctx)
		},
		func() error {
			if err := c.Pause(); err != nil {
				return err
			}
			return c.Resume(ctx)
		},
	} {
		execute(t, c.SocketURL(`odd "name"`), "INSERT INTO t VALUES (1)")
		if err := end(); err != nil {
			t.Fatal(err)
		}
		if n := count(t, c.URL(`odd "name"`)); n != i+1 {
			t.Errorf("%d rows, want %d", n, i+1)
		}
	}
	stopped = true
	if err := c.Stop(); err != nil {
		t.Fatal(err)
	}
	if _, err := pgx.Connect(ctx, c.URL("postgres")); err == nil {
		t.Error("the server answers after Stop")
	}
}

func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(context.Background(), sql); err != nil {
		t.Fatal(err)
	}
}

func count(t *testing.T, url string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(context.Background(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if err := conn.QueryRow(context.Background(), "SELECT count(*) FROM t").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}
