package docs

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/hosting"
	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// console is what Notification prints on: the ids of rovers that hit something.
type console struct {
	mu  sync.Mutex
	ids []string
}

func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ids = append(c.ids, strings.Fields(string(p))[1]) // "Rover 7 hit obstacle"
	return len(p), nil
}

// await waits until these rovers were told of, in any order, and no others.
func (c *console) await(t *testing.T, ids ...string) {
	t.Helper()
	slices.Sort(ids)
	var said []string
	for begun := time.Now(); time.Since(begun) < 60*time.Second; time.Sleep(5 * time.Millisecond) {
		c.mu.Lock()
		said = slices.Sorted(slices.Values(c.ids))
		c.mu.Unlock()
		if len(said) >= len(ids) {
			break
		}
	}
	if d := cmp.Diff(ids, said); d != "" {
		t.Fatalf("what was printed (-want +got)\n%s", d)
	}
}

func modules(said *console) []landfall.Module {
	return []landfall.Module{rover.Module(), notification.Module(notification.Console{Out: said})}
}

// process runs what the options say, as a process does, until the test ends.
func process(t *testing.T, o hosting.Options, said *console) *hosting.System {
	t.Helper()
	if o.Config.Logger == nil {
		o.Config = quiet()
	}
	s, err := hosting.Open(within(t), o, modules(said)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeSystem(t, s) })
	s.Start()
	return s
}

// hit drives rovers into an obstacle.
func hit(t *testing.T, s *hosting.System, ids ...landfall.AggregateID) {
	t.Helper()
	for _, id := range ids {
		world := rover.World{Width: 4, Height: 4, Obstacles: []rover.Point{{X: 0, Y: 1}}}
		for _, c := range []landfall.Command{rover.StartMarsRover{Direction: rover.N, World: world}, rover.Move{}} {
			if _, err := s.Host.Dispatch(within(t), landfall.To(id, c)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func broker(t *testing.T) string {
	t.Helper()
	server, err := embedded.Start(embedded.Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	return server.URL()
}

// sqliteOf are the options of a module on a file of its own.
func sqliteOf(module, file, broker string) hosting.Options {
	return hosting.Options{Modules: []string{module}, Store: file, NATS: broker}
}

// backUp copies a database that is in use, as the command .backup of sqlite3 does.
func backUp(t *testing.T, from, to string) {
	t.Helper()
	source, err := sqlite.OpenConn(from, sqlite.OpenReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	target, err := sqlite.OpenConn(to, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		t.Fatal(err)
	}
	b, err := sqlite.NewBackup(target, "main", source, "main")
	if err != nil {
		t.Fatal(err)
	}
	if more, err := b.Step(-1); err != nil || more {
		t.Fatal(more, err)
	}
	if err := errors.Join(b.Close(), target.Close(), source.Close()); err != nil {
		t.Fatal(err)
	}
}

// restore puts a backup in the place of a database, as the page says.
func restore(t *testing.T, backup, file string) {
	t.Helper()
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(file + suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	data, err := os.ReadFile(backup)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// rows returns the first column of what a database answers, read beside the
// process that has it.
func rows(t *testing.T, file, query string) (all []string) {
	t.Helper()
	conn, err := sqlite.OpenConn(file, sqlite.OpenReadOnly)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	err = sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(stmt *sqlite.Stmt) error {
		all = append(all, stmt.ColumnText(0))
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

const notified = `SELECT stream FROM Notification_log WHERE type = 'ObstacleNotified' ORDER BY stream`

// TestRestoreOfAReceiver: a module whose store is an older backup gets from the
// others what it has lost. It is recorded once; the outside is asked again.
func TestRestoreOfAReceiver(t *testing.T) {
	nats := broker(t)
	folder := t.TempDir()
	file, backup := filepath.Join(folder, "notification.db"), filepath.Join(folder, "backup.db")
	source := process(t, sqliteOf("Rover", filepath.Join(folder, "rover.db"), nats), nil)
	said := &console{}
	receiver := process(t, sqliteOf("Notification", file, nats), said)
	hit(t, source, "1", "2")
	said.await(t, "1", "2")
	settled(t, []string{"Console/1", "Console/2"}, func() []string { return rows(t, file, notified) }) // not only printed
	backUp(t, file, backup)
	hit(t, source, "3", "4")
	said.await(t, "1", "2", "3", "4")
	closeSystem(t, receiver)
	hit(t, source, "5")

	restore(t, backup, file)
	process(t, sqliteOf("Notification", file, nats), said)
	said.await(t, "1", "2", "3", "4", "3", "4", "5")
	hit(t, source, "6")
	said.await(t, "1", "2", "3", "4", "3", "4", "5", "6")
	want := []string{"Console/1", "Console/2", "Console/3", "Console/4", "Console/5", "Console/6"}
	settled(t, want, func() []string { return rows(t, file, notified) })
}

// settled waits until something is as it is wanted.
func settled(t *testing.T, want []string, get func() []string) {
	t.Helper()
	var got []string
	for begun := time.Now(); time.Since(begun) < 20*time.Second; time.Sleep(5 * time.Millisecond) {
		if got = get(); slices.Equal(want, got) {
			return
		}
	}
	t.Errorf("got %v, want %v", got, want)
}

// TestRestoreOfASource: a module whose store is an older backup counts under
// numbers that its receivers have had. They take what it says; what it has
// forgotten they know, and the page's query finds it.
func TestRestoreOfASource(t *testing.T) {
	for _, lost := range []bool{false, true} {
		t.Run(map[bool]string{false: "streams kept", true: "streams deleted"}[lost], func(t *testing.T) {
			server, err := embedded.Start(embedded.Options{Dir: t.TempDir()})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(server.Shutdown)
			folder := t.TempDir()
			file, backup, other := filepath.Join(folder, "rover.db"), filepath.Join(folder, "backup.db"), filepath.Join(folder, "notification.db")
			source := process(t, sqliteOf("Rover", file, server.URL()), nil)
			said := &console{}
			process(t, sqliteOf("Notification", other, server.URL()), said)
			hit(t, source, "1", "2")
			said.await(t, "1", "2")
			backUp(t, file, backup)
			moment := time.Now().UTC().Format(time.RFC3339Nano)
			hit(t, source, "3", "4", "5")
			said.await(t, "1", "2", "3", "4", "5")
			closeSystem(t, source)

			restore(t, backup, file)
			if lost {
				deleteStreams(t, server.URL())
			}
			source = process(t, sqliteOf("Rover", file, server.URL()), nil)
			hit(t, source, "6", "7")
			said.await(t, "1", "2", "3", "4", "5", "6", "7")
			settled(t, []string{"Console/1", "Console/2", "Console/3", "Console/4", "Console/5", "Console/6", "Console/7"}, func() []string { return rows(t, other, notified) })
			query := strings.Replace(readPage(t, "deployment.md").after(t, "SELECT time, stream, type, data FROM Notification_log"), "2026-05-10T02:00", moment, 1)
			got := rows(t, other, "SELECT stream FROM Notification_log "+query)
			if want := []string{"<Rover/3", "<Rover/4", "<Rover/5", "<Rover/6", "<Rover/7"}; !slices.Equal(want, got) {
				t.Errorf("the query finds %v, want %v", got, want)
			}
			rovers, err := landfall.RepositoryOf[rover.MarsRover](source.Host)
			if err != nil {
				t.Fatal(err)
			}
			if r, err := rovers.Load(t.Context(), "3"); err != nil || r.Version != 0 {
				t.Errorf("the rover that was forgotten: %+v, %v", r, err)
			}
		})
	}
}

// TestRestoreOfASourceWhileAReceiverIsDown: the source's log has grown past what
// the receiver had heard, and the streams are gone, before the receiver is back.
func TestRestoreOfASourceWhileAReceiverIsDown(t *testing.T) {
	nats := broker(t)
	folder := t.TempDir()
	file, backup, other := filepath.Join(folder, "rover.db"), filepath.Join(folder, "backup.db"), filepath.Join(folder, "notification.db")
	source := process(t, sqliteOf("Rover", file, nats), nil)
	said := &console{}
	receiver := process(t, sqliteOf("Notification", other, nats), said)
	hit(t, source, "1", "2")
	said.await(t, "1", "2")
	backUp(t, file, backup)
	hit(t, source, "3", "4")
	said.await(t, "1", "2", "3", "4")
	settled(t, []string{"Console/1", "Console/2", "Console/3", "Console/4"}, func() []string { return rows(t, other, notified) })
	closeSystem(t, receiver)
	closeSystem(t, source)

	restore(t, backup, file)
	source = process(t, sqliteOf("Rover", file, nats), nil)
	hit(t, source, "5", "6", "7", "8")
	closeSystem(t, source)
	deleteStreams(t, nats)
	process(t, sqliteOf("Rover", file, nats), nil)
	process(t, sqliteOf("Notification", other, nats), said)
	said.await(t, "1", "2", "3", "4", "5", "6", "7", "8")
}

// deleteStreams does what "nats stream rm" does.
func deleteStreams(t *testing.T, url string) {
	t.Helper()
	conn, err := natsio.Connect(url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	names := js.StreamNames(within(t))
	for name := range names.Name() {
		if err := js.DeleteStream(within(t), name); err != nil {
			t.Fatal(err)
		}
	}
	if names.Err() != nil {
		t.Fatal(names.Err())
	}
}

// database starts a server and makes the database and the roles as the page says.
func database(t *testing.T) *postgrescluster.Cluster {
	t.Helper()
	cluster, err := postgrescluster.Start(t.Context(), postgrescluster.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	const first = "CREATE DATABASE landfall ENCODING 'UTF8' TEMPLATE template0;"
	execute(t, cluster.URL("postgres"), first+"\n"+readPage(t, "deployment.md").after(t, first))
	return cluster
}

// execute runs statements one by one, as psql does with its standard input.
func execute(t *testing.T, url, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // it has done its work
	for statement := range strings.SplitSeq(sql, ";") {
		if statement = strings.TrimSpace(statement); statement == "" {
			continue
		}
		if _, err := conn.Exec(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

// column returns the first column of what the database answers.
func column(t *testing.T, url, query string) ([]string, error) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background()) //nolint:errcheck // it has done its work
	found, err := conn.Query(t.Context(), query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(found, pgx.RowTo[string])
}

// tool runs a program of PostgreSQL.
func tool(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(within(t), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", name, err, out)
	}
}

// TestDeploymentPostgreSQL runs modules with the roles of the page, and restores
// them from a dump: one of them alone, and the whole database.
func TestDeploymentPostgreSQL(t *testing.T) {
	cluster := database(t)
	nats := broker(t)
	on := func(module, role string) hosting.Options {
		return hosting.Options{Modules: []string{module}, Store: cluster.UserURL(role, "landfall"), NATS: nats}
	}
	said := &console{}
	source := process(t, on("Rover", "rover"), nil)
	receiver := process(t, on("Notification", "notification"), said)
	hit(t, source, "1", "2")
	said.await(t, "1", "2")
	told := func() []string {
		all, err := column(t, cluster.URL("landfall"), `SELECT stream FROM "landfall_Notification".log WHERE type = 'ObstacleNotified' ORDER BY stream`)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	settled(t, []string{"Console/1", "Console/2"}, told) // not only printed
	if found, err := column(t, cluster.UserURL("notification", "landfall"), `SELECT stream FROM "landfall_Rover".log`); err == nil {
		t.Errorf("the role of one module reads the other's log: %v", found)
	}
	page := readPage(t, "deployment.md")
	const revoke = "REVOKE CREATE ON DATABASE landfall FROM rover, notification;"
	page.after(t, revoke)
	execute(t, cluster.URL("landfall"), revoke)

	dump := filepath.Join(t.TempDir(), "landfall.dump")
	tool(t, "pg_dump", "--format=custom", "--file="+dump, "--dbname="+cluster.URL("landfall"))
	hit(t, source, "3")
	said.await(t, "1", "2", "3")

	closeSystem(t, receiver)
	const recreate = `DROP SCHEMA "landfall_Notification" CASCADE; CREATE SCHEMA "landfall_Notification" AUTHORIZATION notification`
	if !strings.Contains(page.text, recreate) {
		t.Error("the page restores one module in another way")
	}
	execute(t, cluster.URL("landfall"), recreate)
	tool(t, "pg_restore", "--dbname="+cluster.URL("landfall"), "--exit-on-error", "--schema=landfall_Notification", dump)
	receiver = process(t, on("Notification", "notification"), said)
	said.await(t, "1", "2", "3", "3")
	hit(t, source, "4")
	said.await(t, "1", "2", "3", "3", "4")
	settled(t, []string{"Console/1", "Console/2", "Console/3", "Console/4"}, told)

	closeSystem(t, source)
	closeSystem(t, receiver)
	execute(t, cluster.URL("postgres"), "DROP DATABASE landfall; CREATE DATABASE landfall ENCODING 'UTF8' TEMPLATE template0")
	tool(t, "pg_restore", "--dbname="+cluster.URL("landfall"), "--exit-on-error", dump)
	const grant = "REVOKE ALL ON DATABASE landfall FROM PUBLIC; GRANT CONNECT ON DATABASE landfall TO rover, notification"
	if !strings.Contains(page.text, grant) {
		t.Error("the page grants something else after a restore")
	}
	execute(t, cluster.URL("landfall"), grant)
	source = process(t, on("Rover", "rover"), nil)
	process(t, on("Notification", "notification"), said)
	hit(t, source, "5")
	said.await(t, "1", "2", "3", "3", "4", "5")
	settled(t, []string{"Console/1", "Console/2", "Console/5"}, told)
}
