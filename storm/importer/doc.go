// Package importer makes storms of the boards of other tools.
//
// [Read] takes the bytes of a file, finds out by its content what it is, and
// returns the text of a storm in canonical form, with a [Report] of what was
// read, what was decided and how, and what could not be known:
//
//	result, err := importer.Read("workshop.json", data)
//	…
//	os.WriteFile("workshop.storm", result.Text, 0o644)
//	fmt.Fprint(os.Stderr, result.Report)
//
// It reads
//
//   - boards of free stickies: kinds, positions, vertical lines, lanes, labels
//     and areas, as a file or as a snapshot of the canvas
//   - typed graphs: nodes in contexts, with properties and typed relations
//   - Excalidraw drawings, by the colours of the stickies
//   - what Miro's REST interface returns for the items and the connectors of a
//     board, by the colours of the stickies
//   - the JSON form of a storm, as [model.Marshal] writes it
//
// A reader of a format makes a board of notes and links (board.go). The time
// line, the lanes and the sections come from the positions (timeline.go), the
// kinds from the colours where a tool has nothing else (colour.go), the flow
// from the links (flow.go),
// or, where nobody drew any, from what lies side by side (neighbour.go). What is written in the end is the same for all
// formats (write.go).
//
// Nothing is dropped in silence: whatever text was on the board is in the
// storm, as a free note where its kind cannot be known, and what has no text is
// listed in the report. The storm has no errors at its level: a board that says
// it is a software design but leaves commands without a handler is imported at
// the level that it has reached.
package importer
