// Package sqlite keeps the logs of a program in one SQLite file, without cgo.
//
// # What is durable
//
// Append and Commit return when the disk has confirmed the write
// (synchronous=FULL), so that it survives kill -9 and a loss of power. Option
// [RelaxedSync] gives up the latter. A lazy commit survives kill -9 at once, and
// a loss of power once a later append or commit has returned.
//
// # Speed
//
// The writes of concurrent callers, to any of the file's logs, are gathered
// into one transaction: the disk's confirmation is waited for once for all. A
// lazy commit waits up to [LazyDelay] for an append to ride with. Reads have
// connections of their own and never wait for a write.
//
// # The file
//
// Beside FILE lie FILE-wal and FILE-shm, SQLite's write-ahead log and its index,
// while the store is open, and FILE.lock always. A commit moves the write-ahead
// log into the file when it has grown to 16 MiB (a checkpoint), and Close moves
// all of it. To copy a database that is open, use [Store.Backup]; copy FILE
// with FILE-wal, or neither.
//
// Each module has tables of its own, named after it; landfall_modules lists
// them. The view NAME_log shows a log to people:
//
//	sqlite3 marsrover.db 'SELECT * FROM Rover_log'
//
// # Damage
//
// Every record and document has a checksum that is verified when it is read,
// and no position may be missing. A file of up to 16 MiB is read whole when it is
// opened, with its indexes (PRAGMA integrity_check, some 20 ms a MiB), and so is a
// larger one whose last holder did not close it, without them (PRAGMA quick_check,
// some 4 ms a MiB). Damage is ErrCorrupt, and from then on the store writes nothing
// to the file. Damage to an index of a larger file can go unnoticed: have
// PRAGMA integrity_check look at a backup now and then.
package sqlite
