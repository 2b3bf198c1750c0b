// Package handover writes what a team takes away from a storm: the dictionary of
// its terms ([Glossary]), the backlog ([Tasks]), and what the board reveals about
// flows and teams ([Summarize]).
//
// All of it is Markdown that reads well as plain text too. It is deterministic,
// and all functions are safe for concurrent use.
package handover
