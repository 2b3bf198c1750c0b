package sqlite

import (
	"fmt"
	"strings"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// applicationID marks a file as ours, at a fixed place of its header: "Land".
const applicationID = 0x4c616e64

// migrations bring a file from the schema version of their index to the next.
// A released one is never changed.
var migrations = []func(*sqlite.Conn) error{
	func(c *sqlite.Conn) error {
		return sqlitex.ExecuteScript(c, `
			CREATE TABLE landfall_modules (
				id       INTEGER PRIMARY KEY,
				name     TEXT NOT NULL UNIQUE,
				tables   TEXT NOT NULL UNIQUE COLLATE NOCASE, -- what the names of its tables begin with
				head     INTEGER NOT NULL, -- the last position when the file was last closed
				checksum INTEGER NOT NULL  -- CRC-32C
			) STRICT;`, nil)
	},
}

// schemaVersion is the version that this program writes.
var schemaVersion = len(migrations)

// migrate brings the file to schemaVersion, one transaction for each step.
func migrate(c *sqlite.Conn) error {
	found, err := number(c, "PRAGMA user_version")
	if err != nil {
		return err
	}
	for version := int(found); version < schemaVersion; version++ {
		if err := migrateTo(c, version+1); err != nil {
			return fmt.Errorf("migrate to schema version %d: %w", version+1, err)
		}
	}
	return nil
}

func migrateTo(c *sqlite.Conn, version int) (err error) {
	end, err := sqlitex.ImmediateTransaction(c)
	if err != nil {
		return err
	}
	defer end(&err)
	if err := migrations[version-1](c); err != nil {
		return err
	}
	return sqlitex.ExecuteTransient(c, fmt.Sprintf("PRAGMA user_version = %d", version), nil)
}

// moduleTables are the tables of one module; MODULE stands for its prefix.
//
// The one index that all events pay for is that of the streams; the index of
// commands has one entry an append, and that of triggers one for each event
// that a policy led to.
const moduleTables = `
CREATE TABLE "MODULE_streams" (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE "MODULE_types" (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE "MODULE_events" (
	position    INTEGER PRIMARY KEY,
	stream      INTEGER NOT NULL, -- id in MODULE_streams
	version     INTEGER NOT NULL,
	command     BLOB NOT NULL,    -- UUID
	number      INTEGER NOT NULL, -- of the event among those of its command
	type        INTEGER NOT NULL, -- id in MODULE_types
	time        INTEGER NOT NULL, -- nanoseconds since 1970, UTC
	trigger     BLOB,             -- UUID of an event; NULL when the command came from outside
	correlation BLOB,             -- UUID of a command; NULL when it is the event's own; empty when zero
	actor       TEXT,
	metadata    BLOB,             -- JSON
	data        BLOB NOT NULL,    -- JSON
	checksum    INTEGER NOT NULL, -- CRC-32C
	UNIQUE (stream, version)
) STRICT;
CREATE UNIQUE INDEX "MODULE_events_command" ON "MODULE_events" (command) WHERE number = 0;
CREATE INDEX "MODULE_events_trigger" ON "MODULE_events" (trigger) WHERE trigger IS NOT NULL;
CREATE TABLE "MODULE_collections" (
	id   INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE
) STRICT;
CREATE TABLE "MODULE_documents" (
	collection INTEGER NOT NULL, -- id in MODULE_collections
	key        TEXT NOT NULL,
	data       BLOB NOT NULL,
	checksum   INTEGER NOT NULL, -- CRC-32C
	PRIMARY KEY (collection, key)
) STRICT, WITHOUT ROWID;
CREATE VIEW "MODULE_log" AS -- for people; the program does not use it
	SELECT position,
		strftime('%Y-%m-%dT%H:%M:%S', time / 1000000000, 'unixepoch') || printf('.%09dZ', time % 1000000000) AS time,
		s.name AS stream, version, t.name AS type, lower(hex(command)) AS command, number,
		lower(hex(trigger)) AS trigger, lower(hex(coalesce(correlation, command))) AS correlation, actor,
		CAST(metadata AS TEXT) AS metadata, CAST(data AS TEXT) AS data
	FROM "MODULE_events" JOIN "MODULE_streams" s ON s.id = stream JOIN "MODULE_types" t ON t.id = type;
`

// forModule writes a module's tables into a text of SQL.
func forModule(sql, prefix string) string { return strings.ReplaceAll(sql, "MODULE", prefix) }

// queries are the texts of a module's statements.
type queries struct {
	insertEvent, findCommand, version, last  string
	findStream, addStream, findType, addType string
	findCollection, addCollection            string
	getDocument, putDocument, deleteDocument string
	read, readStream, readTrigger            string
	streamName, typeName                     string
	listDocuments                            string
}

const eventColumns = `position, stream, version, command, number, type, time, trigger, correlation, actor, metadata, data, checksum`

// queriesFor returns the statements for a module's tables. SQLite plans a
// statement anew when the value of a plain "LIMIT ?" changes; that of a sum it
// does not look at.
func queriesFor(prefix string) queries {
	q := func(sql string) string { return forModule(sql, prefix) }
	return queries{
		insertEvent:    q(`INSERT INTO "MODULE_events" (` + eventColumns + `) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)`),
		findCommand:    q(`SELECT position FROM "MODULE_events" WHERE command = ? AND number = 0`),
		version:        q(`SELECT version FROM "MODULE_events" WHERE stream = ? ORDER BY version DESC LIMIT 1`),
		last:           q(`SELECT position FROM "MODULE_events" ORDER BY position DESC LIMIT 1`),
		findStream:     q(`SELECT id FROM "MODULE_streams" WHERE name = ?`),
		addStream:      q(`INSERT INTO "MODULE_streams" (name) VALUES (?)`),
		streamName:     q(`SELECT name FROM "MODULE_streams" WHERE id = ?`),
		findType:       q(`SELECT id FROM "MODULE_types" WHERE name = ?`),
		addType:        q(`INSERT INTO "MODULE_types" (name) VALUES (?)`),
		typeName:       q(`SELECT name FROM "MODULE_types" WHERE id = ?`),
		findCollection: q(`SELECT id FROM "MODULE_collections" WHERE name = ?`),
		addCollection:  q(`INSERT INTO "MODULE_collections" (name) VALUES (?)`),
		getDocument:    q(`SELECT data, checksum FROM "MODULE_documents" WHERE collection = ? AND key = ?`),
		putDocument: q(`INSERT INTO "MODULE_documents" (collection, key, data, checksum) VALUES (?,?,?,?)
			ON CONFLICT DO UPDATE SET data = excluded.data, checksum = excluded.checksum`),
		deleteDocument: q(`DELETE FROM "MODULE_documents" WHERE collection = ? AND key = ?`),
		read:           q(`SELECT ` + eventColumns + ` FROM "MODULE_events" WHERE position > ? ORDER BY position LIMIT ?+0`),
		readStream:     q(`SELECT ` + eventColumns + ` FROM "MODULE_events" WHERE stream = ? AND version > ? ORDER BY version LIMIT ?+0`),
		readTrigger:    q(`SELECT ` + eventColumns + ` FROM "MODULE_events" WHERE trigger = ? ORDER BY position`),
		listDocuments: q(`SELECT key, data, checksum FROM "MODULE_documents"
			WHERE collection = ? AND key >= ? AND key < ? ORDER BY key LIMIT ?+0`),
	}
}
