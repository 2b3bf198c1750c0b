package postgres

import (
	"context"
	_ "embed" // the SQL of the tables
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/store"
)

//go:embed schema.sql
var schema string

// migrations bring a module's schema from the version of their index to the
// next. A released one is never changed.
var migrations = []string{schema}

// schemaVersion is the version that this program writes.
var schemaVersion = len(migrations)

// migrate brings the module's schema to schemaVersion, in one transaction.
func (l *log) migrate(ctx context.Context) error {
	o := &l.store.options
	return l.store.try(ctx, l.store.writers, func(ctx context.Context, c *pgx.Conn) error {
		found, err := l.version(ctx, c)
		switch {
		case err != nil:
			return err
		case found > schemaVersion:
			return fmt.Errorf("%w: schema %s is of version %d, from a newer program; this one knows up to %d: start the newer one", store.ErrInvalid, l.names.quoted, found, schemaVersion)
		case found == schemaVersion && o.runtimeRole == "":
			return nil
		case found < schemaVersion && o.noMigrate:
			return fmt.Errorf("%w: schema %s is of version %d, this program needs %d: open the log once with a role that may make tables, without NoMigrate", store.ErrInvalid, l.names.quoted, found, schemaVersion)
		case o.noMigrate:
			return nil
		}
		return pgx.BeginFunc(ctx, c, func(tx pgx.Tx) error { return l.migrateIn(ctx, tx) })
	})
}

// version returns the version of the module's schema, zero when it is not
// there.
func (l *log) version(ctx context.Context, q querier) (int, error) {
	var there bool
	// to_regclass would want the right to use the schema to say that there is one.
	err := q.QueryRow(ctx, `SELECT count(*) > 0 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname = $1 AND c.relname = 'migrations'`, l.names.schema).Scan(&there)
	if err != nil || !there {
		return 0, err
	}
	var version int
	var module string
	err = q.QueryRow(ctx, l.names.sql(`SELECT version, module FROM {schema}.migrations ORDER BY version DESC LIMIT 1`)).Scan(&version, &module)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err == nil && module != l.module {
		err = fmt.Errorf("%w: schema %s is that of module %s, not of %s", store.ErrInvalid, l.names.quoted, module, l.module)
	}
	return version, err
}

// querier is a connection or a transaction.
type querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// migrateIn does the steps that are missing. The advisory lock lets one process
// do so at a time; the others then find it done.
func (l *log) migrateIn(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", l.names.migrate); err != nil {
		return err
	}
	found, err := l.version(ctx, tx)
	if err != nil {
		return err
	}
	if found == 0 {
		if _, err := tx.Exec(ctx, l.names.sql(`CREATE SCHEMA IF NOT EXISTS {schema};
			CREATE TABLE {schema}.migrations (version integer PRIMARY KEY, module text NOT NULL, made timestamptz NOT NULL DEFAULT now())`)); err != nil {
			return err
		}
	}
	for version := found; version < schemaVersion; version++ {
		if _, err := tx.Exec(ctx, l.names.sql(migrations[version])); err != nil {
			return fmt.Errorf("migrate schema %s to version %d: %w", l.names.quoted, version+1, err)
		}
		if _, err := tx.Exec(ctx, l.names.sql(`INSERT INTO {schema}.migrations (version, module) VALUES ($1, $2)`), version+1, l.module); err != nil {
			return err
		}
	}
	return l.grant(ctx, tx)
}

// grants are what a role needs that opens a log with NoMigrate.
const grants = `
	GRANT USAGE ON SCHEMA {schema} TO {role};
	GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role};
	GRANT INSERT ON {schema}.streams, {schema}.types, {schema}.events TO {role};
	GRANT INSERT, UPDATE, DELETE ON {schema}.documents, {schema}.writers TO {role};
	GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role};
	GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA {schema} TO {role}`

func (l *log) grant(ctx context.Context, tx pgx.Tx) error {
	role := l.store.options.runtimeRole
	if role == "" {
		return nil
	}
	_, err := tx.Exec(ctx, strings.ReplaceAll(l.names.sql(grants), "{role}", pgx.Identifier{role}.Sanitize()))
	return err
}
