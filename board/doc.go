// Package board holds what a team needs to storm together in the browser. The
// board is itself a module on Landfall's runtime; its storm is board.storm.
//
//   - session is the module: the board as an aggregate, and the wall that its
//     events make.
package board
