// Package wire is what the browser and the server of a board say to each other:
// the messages on the WebSocket, the bodies over HTTP, and their limits.
//
// It is the one description of the protocol. board/web/src/wire/protocol.ts is
// made from its types and their comments (go test ./board/wire -update), and a
// test fails when that file is stale; docs/board-protocol.md tells the rules of
// the conversation.
//
// What a browser sends is read strictly: [Decode] and [DecodeBody] refuse a
// field that nobody knows, text that is not UTF-8, what is nested too deeply, and
// what is too large, and say where. Nothing that was refused has an effect.
//
// The items of a wall, their changes and the commands are the board's own domain:
// they are described by board/session, and only carried here.
package wire
