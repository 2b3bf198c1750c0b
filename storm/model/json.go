package model

import (
	"bytes"
	"encoding/json"

	"github.com/landfall-go/landfall/storm/ast"
)

// Schema is the name under which the JSON form gives its schema; the schema
// itself is storm/model/storm.schema.json.
const Schema = "https://landfall-go.github.io/storm.schema.json"

// Marshal returns the JSON form of a storm: all of the model, with the places of
// its elements where it was read from text. Unmarshal reads it back.
func Marshal(s *Storm) ([]byte, error) { return marshal(s, true) }

// Canonical returns the JSON form without what follows from the rest (ids apart)
// and without places: two storms that say the same have the same.
func Canonical(s *Storm) ([]byte, error) { return marshal(s, false) }

// Equal reports whether two storms say the same: all but where it stands in
// which file.
func Equal(a, b *Storm) bool {
	x, errA := Canonical(a)
	y, errB := Canonical(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

func marshal(s *Storm, places bool) ([]byte, error) {
	var buf bytes.Buffer
	enc := json.NewEncoder(&buf)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(newEncoder(places).storm(s)); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

type stormJSON struct {
	Schema   string        `json:"$schema,omitempty"`
	Name     string        `json:"name"`
	Doc      string        `json:"doc,omitempty"`
	Ignores  []Ignore      `json:"ignores,omitempty"`
	Level    ast.Level     `json:"level,omitempty"`
	Stated   bool          `json:"levelStated,omitempty"`
	Modules  []moduleJSON  `json:"modules"`
	Sections []sectionJSON `json:"sections,omitempty"`
	Timeline []runJSON     `json:"timeline"`
}

type metaJSON struct {
	Doc     string   `json:"doc,omitempty"`
	Ignores []Ignore `json:"ignores,omitempty"`
	At      string   `json:"at,omitempty"`
}

type moduleJSON struct {
	Name string   `json:"name"` // empty for what is outside of all modules
	Was  []string `json:"was,omitempty"`
	Team string   `json:"team,omitempty"`
	metaJSON
	Publishes []string       `json:"publishes,omitempty"`
	Pivotal   []string       `json:"pivotal,omitempty"`
	Elements  []elementJSON  `json:"elements"`
	Flows     []handlingJSON `json:"flows,omitempty"`
	Timers    []timerJSON    `json:"timers,omitempty"`
	Stickies  []stickyJSON   `json:"stickies,omitempty"`
	Lanes     []laneJSON     `json:"lanes,omitempty"`
	Walks     []walkJSON     `json:"walks,omitempty"`
	Scenarios []scenarioJSON `json:"scenarios,omitempty"`
}

type elementJSON struct {
	ID     string   `json:"id"`
	Kind   ast.Kind `json:"kind"`
	Name   string   `json:"name"`
	GoName string   `json:"goName,omitempty"`
	Was    []string `json:"was,omitempty"`
	metaJSON
	HasData    bool            `json:"hasData,omitempty"`
	Fields     []fieldJSON     `json:"fields,omitempty"`
	Members    []memberJSON    `json:"members,omitempty"`
	Handles    []handlingJSON  `json:"handles,omitempty"`
	Policy     *policyJSON     `json:"policy,omitempty"`
	Projection *projectionJSON `json:"projection,omitempty"`
	Meaning    string          `json:"meaning,omitempty"`
}

type handlingJSON struct {
	metaJSON
	Issuers  []string   `json:"issuers,omitempty"`
	Commands []string   `json:"commands,omitempty"`
	Events   [][]string `json:"events,omitempty"`
}

type policyJSON struct {
	On      [][]string `json:"on,omitempty"`
	After   string     `json:"after,omitempty"`
	Unless  []string   `json:"unless,omitempty"`
	Using   []string   `json:"using,omitempty"`
	Invokes [][]string `json:"invokes,omitempty"`
}

type projectionJSON struct {
	UpdatedBy []string `json:"updatedBy,omitempty"`
	Informs   []string `json:"informs,omitempty"`
}

type fieldJSON struct {
	Name string   `json:"name"`
	Type string   `json:"type"`
	Was  []string `json:"was,omitempty"`
	Doc  string   `json:"doc,omitempty"`
}

type memberJSON struct {
	Name string `json:"name"`
	Doc  string `json:"doc,omitempty"`
}

type timerJSON struct {
	metaJSON
	Every  string   `json:"every"`
	Events []string `json:"events"`
}

type stickyJSON struct {
	metaJSON
	Kind     ast.Kind `json:"kind"`
	Text     string   `json:"text"`
	On       []string `json:"on,omitempty"`
	Resolved string   `json:"resolved,omitempty"`
}

type laneJSON struct {
	metaJSON
	Name     string   `json:"name"`
	Elements []string `json:"elements"`
}

type walkJSON struct {
	metaJSON
	Name  string   `json:"name"`
	Steps []string `json:"steps"`
}

type scenarioJSON struct {
	metaJSON
	Name     string        `json:"name"`
	Given    []messageJSON `json:"given,omitempty"`
	When     []messageJSON `json:"when,omitempty"`
	Then     []messageJSON `json:"then,omitempty"`
	Nothing  bool          `json:"nothing,omitempty"`
	Rejected bool          `json:"rejected,omitempty"`
	Reason   string        `json:"reason,omitempty"`
}

type messageJSON struct {
	Of   string     `json:"of"`
	Data *valueJSON `json:"data,omitempty"`
}

// valueJSON has one of its members.
type valueJSON struct {
	Word   *string      `json:"word,omitempty"`
	Text   *string      `json:"text,omitempty"`
	Number *string      `json:"number,omitempty"`
	Object *[]pairJSON  `json:"object,omitempty"`
	Array  *[]valueJSON `json:"array,omitempty"`
}

type pairJSON struct {
	Name  string    `json:"name"`
	Value valueJSON `json:"value"`
}

type sectionJSON struct {
	metaJSON
	Name   string `json:"name"`
	Module string `json:"module,omitempty"`
}

// runJSON is a part of the timeline that lies in one section.
type runJSON struct {
	Section *int     `json:"section,omitempty"` // its place in sections, from 0
	Notes   []string `json:"notes"`
}
