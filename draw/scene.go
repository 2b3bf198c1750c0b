package draw

import (
	"github.com/landfall-go/landfall/draw/internal/grid"
	"github.com/landfall-go/landfall/draw/internal/lettering"
)

// Scene is a picture as notes, links and labels, each at its place. SVG and PNG
// are painted from it. Lengths are in pixels, the origin is the upper left
// corner, y grows downwards. A scene is plain data; it is not changed once it
// is made.
type Scene struct {
	Title         string // what the picture shows, for those who cannot see it
	Width, Height float64
	Frames        []Frame
	Notes         []Note
	Links         []Link
	Rules         []Rule
	Labels        []Label
}

// Rect is a box: its upper left corner and its size.
type Rect = grid.Rect

// Point is a point of a picture.
type Point = grid.Point

// Text is text that was fitted to its box: its lines, all of one size.
type Text = lettering.Text

// Paper is what a note is made of, which gives it its colour.
type Paper string

// The papers: the colours of Event Storming, and those of the maps.
const (
	ActorPaper       Paper = "actor"
	CommandPaper     Paper = "command"
	AggregatePaper   Paper = "aggregate"
	SystemPaper      Paper = "system"
	EventPaper       Paper = "event"
	PolicyPaper      Paper = "policy"
	ProjectionPaper  Paper = "projection"
	HotspotPaper     Paper = "hotspot"
	OpportunityPaper Paper = "opportunity"
	RulePaper        Paper = "rule"
	NotePaper        Paper = "note"
	TimerPaper       Paper = "timer"
	ModulePaper      Paper = "module" // a module on a map
)

// Note is a sticky note. No two of a scene overlap.
type Note struct {
	ID        string // stable, and unique in the scene
	Element   string // the id of what is noted, as model.Element.ID gives it; empty for other notes
	Paper     Paper
	Box       Rect
	Turn      float64 // degrees clockwise around the middle
	Text      Text    // in the middle of the box, or at its top when there are Lines
	Lines     []string
	LineSize  float64
	Bold      bool
	Accent    int    // 1 and more: a border in an accent of the theme, counted from 1
	Faded     bool   // a resolved hotspot
	Published bool   // an event that other modules may hear
	Clock     bool   // it has the sign of time
	Person    bool   // it has the sign of a person
	Tip       string // all that is known of it
}

// Link is a line with an arrow at its end. It touches no note but those at its
// ends.
type Link struct {
	Verb     string // as model.Verb, or another word on maps
	From, To int    // notes
	Points   []Point
	Dashed   bool
	Plain    bool // no arrow
}

// Frame is a box around notes: a module.
type Frame struct {
	ID     string
	Box    Rect
	Accent int // which of the theme's accents; -1 for none
	Quiet  bool
}

// Rule is a straight line that is no link: a pivotal event, the line under a
// section, the border of a lane.
type Rule struct {
	Kind     RuleKind
	From, To Point
}

// RuleKind says what a rule is for.
type RuleKind string

// The kinds of rules.
const (
	PivotalRule RuleKind = "pivotal"
	SectionRule RuleKind = "section"
	LaneRule    RuleKind = "lane"
	BandRule    RuleKind = "band" // above a part of a wall that goes on below
)

// Label is a line of text on the wall itself.
type Label struct {
	Role  LabelRole
	At    Point // the left end of its baseline
	Text  string
	Size  float64
	Bold  bool
	Plate Plate
}

// Plate is what is under a label, over links.
type Plate uint8

// The plates.
const (
	NoPlate     Plate = iota
	GroundPlate       // of the colour of the wall
	FramePlate        // of the colour of a frame
)

// LabelRole says what a label is, which gives it its colour.
type LabelRole string

// The roles of labels.
const (
	TitleLabel   LabelRole = "title"
	HeadingLabel LabelRole = "heading"
	SectionLabel LabelRole = "section"
	QuietLabel   LabelRole = "quiet"
)
