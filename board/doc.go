// Package board holds what a team needs to storm together in the browser. The
// board is itself a module on Landfall's runtime; its storm is board.storm.
//
//   - session is the module: the board as an aggregate, and the wall that its
//     events make.
//   - landing keeps the wall and the text of its storm in step, and the text and
//     its files on the disk.
//   - exchange takes a wall out as pictures, documents and files of other tools,
//     and brings boards of theirs in.
//   - wire is what the browser and the server say to each other; see
//     docs/board-protocol.md.
//   - server serves boards: the hub of each open board, the catalog of boards and
//     people, and who may come in.
//   - web is the page, with the build of it that the server sends.
//
// # Undo
//
// Everyone undoes their own steps, in the order in which they did them, and never
// what somebody else did:
//
//   - A step is a command, or several of one gesture (a note being typed, a drag)
//     as long as the person does nothing else between them. The last 200 steps of
//     each person can be undone.
//   - A property goes back to what it was if nobody else has set it since.
//   - A note, a link or a comment that was added goes, with what the same person
//     hung on it, unless something of somebody else is on it: a property that they
//     set, a link, a comment, a vote, a sticky, a note in a frame. Then it stays.
//   - What was removed comes back with its links and comments, as far as the notes
//     at their ends are still there.
//   - What stays is named in the event (kept), so that the person can be told.
//
// To do a step again follows the same rules. What leads the session (phases, timer,
// voting), what is landed and edits of the text are no steps: the editor of the
// text has an undo of its own.
package board
