// Package transport is the seam between the runtime and the road that messages
// travel between modules in different processes. A program picks a driver
// (transport/nats, or transport/inprocess for several hosts in one process) and
// hands it to landfall.Open; only the runtime and the drivers call what is
// declared here.
//
// The road may lose, double, delay and reorder; the ends do not. What a module
// sends stays in its own log, and is numbered there: each message says its
// number and that of the message before it on the same topic. A receiver that
// misses one asks the sender for it by a call. So a driver need not keep what it
// has taken for ever, and need not wait for a disk.
//
// There are two kinds of traffic:
//
//   - topics, which are published to and subscribed to: the events that a
//     module publishes, and the commands that one module sends to another;
//   - calls, which one instance of a module answers: a command from outside,
//     a question to a projection, a request to send messages again.
//
// Every driver passes the one suite of transport/transporttest.
package transport
