package draw

import (
	"fmt"
	"image/color"
)

// Theme is the ground that notes hang on.
type Theme string

// The themes.
const (
	Light Theme = "light"
	Dark  Theme = "dark"
)

// palette has the colours of a theme.
type palette struct {
	ground, ink, quiet color.RGBA
	panel, panelLine   color.RGBA
	shadow             color.RGBA
	papers             map[Paper]color.RGBA
	edges              map[Paper]color.RGBA // of papers that are as light as the ground
	pen                color.RGBA           // ink on notes
	links              map[string]color.RGBA
	wire               color.RGBA // all other links
	rules              map[RuleKind]color.RGBA
	accents            [accents]color.RGBA
}

// accents is how many teams have a colour of their own.
const accents = 8

func hex(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

var lightPalette = &palette{
	ground: hex(0xf5f2ea), ink: hex(0x23211c), quiet: hex(0x6a655a),
	panel: hex(0xfffefb), panelLine: hex(0xc9c3b5),
	shadow: hex(0xd8d2c4), pen: hex(0x1f1a14),
	papers: map[Paper]color.RGBA{
		ActorPaper: hex(0xfff3a6), CommandPaper: hex(0x7cc0f8), AggregatePaper: hex(0xffe066),
		SystemPaper: hex(0xf7b4d1), EventPaper: hex(0xffaa4d), PolicyPaper: hex(0xccaef0),
		ProjectionPaper: hex(0x98dc92), HotspotPaper: hex(0xff5aa5), OpportunityPaper: hex(0x4fe3a9),
		RulePaper: hex(0xffd23f), NotePaper: hex(0xffffff), TimerPaper: hex(0xffffff), ModulePaper: hex(0xfffefb),
	},
	edges: map[Paper]color.RGBA{NotePaper: hex(0xcfc8b8), TimerPaper: hex(0x9a9385), ModulePaper: hex(0xb9b2a2)},
	links: map[string]color.RGBA{
		"triggers": hex(0x8a55c4), "stops": hex(0xc23b2e), "invokes": hex(0x2273c4), "updates": hex(0x3b9443),
		"supports": hex(0x3b9443), "is on": hex(0xd0296f),
	},
	wire:  hex(0x7d776b),
	rules: map[RuleKind]color.RGBA{PivotalRule: hex(0xe0701a), SectionRule: hex(0x8d8676), LaneRule: hex(0xb9b2a2), BandRule: hex(0xcfc8b8)},
	accents: [accents]color.RGBA{hex(0x2f78bd), hex(0xbf5a22), hex(0x2f8a50), hex(0x8350b5), hex(0xa87a08),
		hex(0xb93a72), hex(0x1f868d), hex(0x5d62c9)},
}

var darkPalette = &palette{
	ground: hex(0x191b20), ink: hex(0xeceae4), quiet: hex(0xa8a49a),
	panel: hex(0x23262d), panelLine: hex(0x4a4e58),
	shadow: hex(0x0e0f12), pen: hex(0x1a1611),
	papers: map[Paper]color.RGBA{
		ActorPaper: hex(0xf2e594), CommandPaper: hex(0x6aaee8), AggregatePaper: hex(0xf0d158),
		SystemPaper: hex(0xe79fbf), EventPaper: hex(0xf29a3c), PolicyPaper: hex(0xb998e2),
		ProjectionPaper: hex(0x82c97c), HotspotPaper: hex(0xff4d9d), OpportunityPaper: hex(0x3fd499),
		RulePaper: hex(0xf0c232), NotePaper: hex(0xe9e6de), TimerPaper: hex(0xf3f1ea), ModulePaper: hex(0x2a2e36),
	},
	edges: map[Paper]color.RGBA{ModulePaper: hex(0x5b606c)},
	links: map[string]color.RGBA{
		"triggers": hex(0xb48be8), "stops": hex(0xf07a6c), "invokes": hex(0x6fb4f5), "updates": hex(0x79cf80),
		"supports": hex(0x79cf80), "is on": hex(0xff6db0),
	},
	wire:  hex(0x98958c),
	rules: map[RuleKind]color.RGBA{PivotalRule: hex(0xf08b3a), SectionRule: hex(0x8b8980), LaneRule: hex(0x565a64), BandRule: hex(0x3a3e47)},
	accents: [accents]color.RGBA{hex(0x6fb0ea), hex(0xe8915c), hex(0x6cc48b), hex(0xb990e6), hex(0xd9b04a),
		hex(0xe57fae), hex(0x5fc3ca), hex(0x9a9ef2)},
}

func (t Theme) check() error {
	if t != "" && t != Light && t != Dark {
		return fmt.Errorf("draw: %w theme %q: there are %s and %s", ErrUnknown, t, Light, Dark)
	}
	return nil
}

func (t Theme) palette() *palette {
	if t == Dark {
		return darkPalette
	}
	return lightPalette
}

// linkColor returns the colour of a link by its verb.
func (p *palette) linkColor(verb string) color.RGBA {
	if c, ok := p.links[verb]; ok {
		return c
	}
	return p.wire
}

// inkOn returns the colour of the text on a paper.
func (p *palette) inkOn(paper Paper, faded bool) color.RGBA {
	if paper == ModulePaper || faded {
		return p.ink
	}
	return p.pen
}

// paperOf returns the colour of a note.
func (p *palette) paperOf(paper Paper, faded bool) color.RGBA {
	if faded {
		return p.fade(paper)
	}
	return p.papers[paper]
}

// fade returns the colour of a note that is settled: what is left of its paper
// on the ground.
func (p *palette) fade(paper Paper) color.RGBA {
	c := p.papers[paper]
	mix := func(a, b uint8) uint8 { return uint8((int(a) + 2*int(b)) / 3) }
	return color.RGBA{R: mix(c.R, p.panel.R), G: mix(c.G, p.panel.G), B: mix(c.B, p.panel.B), A: 255}
}

// labelColor returns the colour of a label by its role.
func (p *palette) labelColor(r LabelRole) color.RGBA {
	if r == QuietLabel {
		return p.quiet
	}
	return p.ink
}

// accent returns the colour of a frame's border.
func (p *palette) accent(i int) color.RGBA {
	if i < 0 {
		return p.panelLine
	}
	return p.accents[i%accents]
}

// css returns a colour as style sheets spell it.
func css(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }
