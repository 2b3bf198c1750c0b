package postgres_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
)

func TestOpenRefuses(t *testing.T) {
	ctx := context.Background()
	admin := connect(t, shared.SocketURL("postgres"))
	mustExec(t, admin, `CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`)
	t.Cleanup(func() { mustExec(t, admin, `DROP DATABASE latin`) })
	for _, test := range []struct {
		url, says string
		want      error
	}{
		{"sqlite:rover.db", "not a URL of PostgreSQL", store.ErrInvalid},
		{"postgres://user:secret@host:port/db", "not a URL of PostgreSQL", store.ErrInvalid},
		{shared.URL("nonesuch"), "CREATE DATABASE", store.ErrInvalid},
		{shared.UserURL("nobody-known", "postgres"), "does not let the user in", store.ErrInvalid},
		{shared.URL("latin"), "ENCODING 'UTF8'", store.ErrInvalid},
		{"postgres://127.0.0.1:1/postgres", "cannot be reached", store.ErrUnavailable},
	} {
		s, err := postgres.Open(ctx, test.url, postgres.RetryFor(50*time.Millisecond))
		if err == nil {
			t.Errorf("%s was opened", test.url)
			_ = s.Close() // the test has failed already
			continue
		}
		if !errors.Is(err, test.want) || !strings.Contains(err.Error(), test.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v, want %v that says %q", test.url, err, test.want, test.says)
		}
	}
	ended, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := postgres.Open(ended, shared.URL("postgres")); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}

// TestOpenWaits opens a database whose server starts a moment later.
func TestOpenWaits(t *testing.T) {
	p, url := newProxy(t, newDatabaseTCP(t))
	p.refuse(true)
	time.AfterFunc(200*time.Millisecond, func() { p.refuse(false) })
	mustAppend(t, logOf(t, open(t, url)), write("MarsRover-1", 1))
}

func TestNewerVersion(t *testing.T) {
	url := newDatabase(t)
	first := open(t, url)
	mustAppend(t, logOf(t, first), write("MarsRover-1", 1))
	mustExec(t, connect(t, url), `INSERT INTO "landfall_Rover".migrations (version, module) VALUES (99, 'Rover')`)
	for _, opts := range [][]postgres.Option{nil, {postgres.NoMigrate()}} {
		_, err := open(t, url, opts...).Log(context.Background(), "Rover")
		if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), "newer program") {
			t.Errorf("error %v, want ErrInvalid that tells of a newer program", err)
		}
	}
}

// TestRoles has an owner make the tables and a role with less use them.
func TestRoles(t *testing.T) {
	ctx := context.Background()
	url := newDatabase(t)
	c := connect(t, url)
	mustExec(t, c, `DROP ROLE IF EXISTS "rover app"`)
	mustExec(t, c, `CREATE ROLE "rover app" LOGIN`)
	t.Cleanup(func() { mustExec(t, c, `DROP OWNED BY "rover app"`) })
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	app := shared.UserURL("rover app", config.Database)

	_, err = open(t, app).Log(ctx, "Rover")
	if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), "privilege") {
		t.Errorf("a role that may not make a schema: %v, want ErrInvalid that tells of a privilege", err)
	}
	_, err = open(t, app, postgres.NoMigrate()).Log(ctx, "Rover")
	if !errors.Is(err, store.ErrInvalid) || !strings.Contains(err.Error(), "without NoMigrate") {
		t.Errorf("tables that are not there: %v, want ErrInvalid that says who makes them", err)
	}
	owner := logOf(t, open(t, url, postgres.RuntimeRole("rover app")))
	l := logOf(t, open(t, app, postgres.NoMigrate()))
	a := write("MarsRover-1", 2)
	mustAppend(t, l, a)
	mustAppend(t, owner, write("MarsRover-1", 1))
	mustAppend(t, l, write("MarsRover-1", 1))
	for _, data := range [][]byte{[]byte("1"), []byte("2"), nil} {
		if err := l.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: "c", Key: "k", Data: data}}}); err != nil {
			t.Errorf("commit: %v", err)
		}
	}
	if rs, err := l.ByCommand(ctx, a.Records[0].Command()); err != nil || len(rs) != 2 {
		t.Errorf("%d records, %v", len(rs), err)
	}
	weak := connect(t, app)
	for _, sql := range []string{
		`UPDATE "landfall_Rover".events SET data = ''`, `DELETE FROM "landfall_Rover".events`, `TRUNCATE "landfall_Rover".events`,
		`UPDATE "landfall_Rover".streams SET name = 'other'`, `DROP TABLE "landfall_Rover".events`, `INSERT INTO "landfall_Rover".migrations VALUES (99, 'Rover')`,
	} {
		if _, err := weak.Exec(ctx, sql); err == nil {
			t.Errorf("the role may: %s", sql)
		}
	}
}

// TestReadable shows a log and documents to people, whatever the bytes are.
func TestReadable(t *testing.T) {
	url := newDatabase(t)
	l := logOf(t, open(t, url))
	a := write("MarsRover-1", 2)
	a.Records[0].Time = time.Date(2026, 2, 3, 4, 5, 6, 123456789, time.UTC)
	a.Records[0].Data, a.Records[1].Data = []byte(`{"an":"Öhr"}`), []byte{0xff, 0}
	mustAppend(t, l, a)
	if err := l.Commit(context.Background(), store.Changes{Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte(`{"a":1}`)}}}); err != nil {
		t.Fatal(err)
	}
	c := connect(t, url)
	var got string
	err := c.QueryRow(context.Background(), `SELECT string_agg(concat_ws(' ', position, stream, version, type, number, to_char(time AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), data), '; ' ORDER BY position)
		FROM "landfall_Rover".log WHERE position = 1`).Scan(&got)
	if want := `1 MarsRover-1 1 MarsRoverMoved 0 2026-02-03T04:05:06.123456 {"an":"Öhr"}`; err != nil || got != want {
		t.Errorf("the log shows %q, %v, want %q", got, err, want)
	}
	if err := c.QueryRow(context.Background(), `SELECT data FROM "landfall_Rover".log WHERE position = 2`).Scan(&got); err != nil || got != `\377\000` {
		t.Errorf("bytes that are no text are shown as %q, %v", got, err)
	}
	if err := c.QueryRow(context.Background(), `SELECT data FROM "landfall_Rover".readable_documents`).Scan(&got); err != nil || got != `{"a":1}` {
		t.Errorf("a document is shown as %q, %v", got, err)
	}
}

// TestDamage finds a position that is missing.
func TestDamage(t *testing.T) {
	url := newDatabase(t)
	l := logOf(t, open(t, url))
	mustAppend(t, l, write("MarsRover-1", 5))
	mustExec(t, connect(t, url), `DELETE FROM "landfall_Rover".events WHERE position = 3`)
	if _, err := l.Read(context.Background(), 0, 10, nil); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("read: %v, want ErrCorrupt", err)
	}
	if _, err := l.ReadStream(context.Background(), "MarsRover-1", 0, 10, nil); !errors.Is(err, store.ErrCorrupt) {
		t.Errorf("read of the stream: %v, want ErrCorrupt", err)
	}
}

// TestDoEnds has a Do that ends the transaction or breaks it.
func TestDoEnds(t *testing.T) {
	l := logOf(t, open(t, newDatabase(t)))
	ctx := context.Background()
	for name, do := range map[string]func(pgx.Tx) error{
		"commits":     func(tx pgx.Tx) error { return tx.Commit(ctx) },
		"rolls back":  func(tx pgx.Tx) error { return tx.Rollback(ctx) },
		"fails":       func(tx pgx.Tx) error { _, _ = tx.Exec(ctx, "no SQL"); return nil },
		"disconnects": func(tx pgx.Tx) error { return tx.Conn().Close(ctx) },
	} {
		err := l.Commit(ctx, store.Changes{
			Writes: []store.Write{{Collection: "c", Key: name, Data: []byte("1")}},
			Do:     func(_ context.Context, tx any) error { return do(tx.(pgx.Tx)) },
		})
		if err == nil {
			t.Errorf("a Do that %s: no error", name)
		}
		if _, err := l.Get(ctx, "c", name); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("a Do that %s: %v, want ErrNotFound", name, err)
		}
	}
	mustAppend(t, l, write("MarsRover-1", 1))
}
