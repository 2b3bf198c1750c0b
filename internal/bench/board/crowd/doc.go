// Package crowd holds a session of many browsers on one board, and measures how long
// it takes until all of them have seen what one of them does.
//
// The server is a process of its own, as landfall board is, with a board in a folder
// of its own; the browsers are WebSockets in this process. The two share the machine.
package crowd
