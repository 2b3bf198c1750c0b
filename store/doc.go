// Package store is the seam between the runtime and the technology that keeps
// its data. A program picks a driver (store/memory, store/sqlite) and hands it
// to landfall.Open; only the runtime and the drivers call what is declared here.
//
// A [Store] is a database. It holds one [Log] for each module, and the logs of
// two modules share nothing but the file or server that they lie in.
//
// A Log keeps two things, and commits them together:
//
//   - records: the module's events in one total order. A record belongs to a
//     stream (one aggregate), where it has a version, and it has a position in
//     the log. Both are counted from one, without gaps.
//   - documents: bytes under a key in a named collection. Views, consumers'
//     positions, snapshots, dead letters and commands that wait for their time
//     are all documents; the runtime gives them their meaning.
//
// Every driver passes the one suite of store/storetest, which is the
// specification of what is promised here.
package store
