// Package exchange takes a wall out to where others work, and brings boards of other tools
// in: pictures of all or of some notes (SVG, PNG, PDF), the formats of other tools, the
// minutes of a session, and what storm/importer reads.
//
// All functions only read what they are given and are safe for concurrent use. Notes that
// somebody still writes alone are in none of it.
package exchange
