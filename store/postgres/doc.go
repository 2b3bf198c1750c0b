// Package postgres keeps the logs of modules in a PostgreSQL database (12 or
// newer, encoding UTF8), which any number of processes share: instances of one
// module, and other modules.
//
//	s, err := postgres.Open(ctx, "postgres://rover@db.example.com:5432/landfall")
//
// # What is durable
//
// Append and Commit return when the server has confirmed the write
// (synchronous_commit as the server has it), so that it survives kill -9 and a
// loss of power. A lazy commit that no other write rides with does not wait for
// the disk: a crash of the server may lose such commits, the last ones first.
// Landfall has no checksums of its own here: make the cluster with
// initdb --data-checksums. What a reader finds out of order or missing is
// store.ErrCorrupt.
//
// With asynchronous replication, a server that fails over loses what it had not
// sent yet; synchronous_standby_names closes that gap.
//
// # One order
//
// A transaction that writes to a module holds an advisory lock of the module
// (pg_advisory_xact_lock, on a hash of its schema's name) from before it reads
// the last position until it is committed. So positions have no gaps, one
// becomes visible only after every smaller one, and no reader of any process
// can skip a record. The price is that the writes of a module, from all
// processes, are made one after the other: more instances do not write more.
// Modules do not wait for each other.
//
// # Speed
//
// The writes of concurrent callers to a log are gathered into one statement,
// which is a transaction: one round trip and one wait for the disk for all,
// each with an outcome of its own. A write alone is one round trip as well. A
// commit with Changes.Do is a transaction of four (begin, write, commit, and
// what Do does), and nobody else writes to the module meanwhile, so Do must be
// short. Reading a page, a stream, a command or a document is one round trip,
// and one more for names of streams or types that were not seen before.
//
// # Connections
//
// A Store has two pools, for those that write and those that read (see
// [Connections]), and one connection to listen with. Connections belong to a
// session: behind PgBouncer use session pooling. Every session sets
// statement_timeout, lock_timeout, idle_in_transaction_session_timeout, TCP
// keepalives and tcp_user_timeout, so that a process that was paused or cut off
// while it held the module's lock loses it within seconds; values given in the
// URL go before ours (?statement_timeout=60000). Across a network ask for TLS
// (?sslmode=verify-full&sslrootcert=ca.pem); for a pair of servers name both, and
// the one that may be written to (host1,host2 and
// ?target_session_attrs=read-write).
//
// When the server cannot be reached, a call tries again, with growing pauses,
// for as long as [RetryFor] says, and then returns store.ErrUnavailable. When a
// connection breaks during a write, the store connects again, asks the server
// what became of it (each process has a row in the table writers, which every
// write updates), and reports that, or makes the write again. Only when the
// server stays away does the error say that the write may have been stored.
//
// # Other processes
//
// A process that has appended notifies the module's channel (NOTIFY), at most
// every five milliseconds and beside its writes, so that they do not wait. The
// listeners of a log are told of the records of their own process with their
// values, and are called without records when another process has appended.
// Should a notification be lost, the head is looked at every second
// ([PollEvery]).
//
// # Schemas and privileges
//
// Each module has a schema: landfall_ and the module's name, with its capitals
// (longer than 63 bytes it is cut, and ends in a hash). The first Log of a
// module makes it, and brings an older one up to date, under an advisory lock,
// in one transaction; the table migrations has the version. A version that is
// newer than the program is refused.
//
// Making tables needs CREATE on the database (GRANT CREATE ON DATABASE landfall
// TO owner). To run programs with less, let the owner open each log once with
// [RuntimeRole], and the programs with [NoMigrate]. Their role then may read
// all tables of the schema, insert into streams, types and events, and change
// documents and writers; it can neither change nor delete an event:
//
//	owner: postgres.Open(ctx, url, postgres.RuntimeRole("rover_app")), then Log
//	app:   postgres.Open(ctx, url, postgres.NoMigrate())
//
// For people there are the views log and readable_documents:
//
//	psql landfall -c 'SELECT * FROM "landfall_Rover".log ORDER BY position DESC LIMIT 20'
//
// # Backup
//
// pg_dump copies a log as it stood at one moment, while programs go on;
// continuous archiving (pgBackRest, WAL-G) loses less. After a restore to an
// earlier moment, other modules may have heard of events that are no longer
// there: restore them to the same moment, or accept that they know more.
//
// The table documents is written often in place: leave autovacuum on.
package postgres
