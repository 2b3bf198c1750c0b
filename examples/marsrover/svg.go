package main

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/examples/marsrover/rover"
)

// Sizes in the picture, in its own units.
const (
	cell   = 48
	margin = 40
)

// style paints by classes, so that a dark screen gets other colours.
const style = `<style>
.ground{fill:#f7e3cf}.square{fill:#fdf3e7}.rim{stroke:#e3c3a1}
.label{fill:#8a5a3a;font:600 15px ui-sans-serif,system-ui,"Segoe UI",Helvetica,Arial,sans-serif;text-anchor:middle;dominant-baseline:central}
.path{stroke:#0f766e}.start{stroke:#0f766e}.startfill{fill:#fdf3e7}
.rock{fill:#9a5b34}.shade{fill:#7b4526}.light{fill:#bd7c50}.hit{stroke:#d1242f}
.body{fill:#1f4f7a}.off{fill:#8c2f39}.nose{fill:#ffffff}
@media (prefers-color-scheme:dark){
.ground{fill:#2b1b14}.square{fill:#3a251b}.rim{stroke:#573a2b}.label{fill:#d9ab87}
.path{stroke:#4fd1c5}.start{stroke:#4fd1c5}.startfill{fill:#3a251b}
.rock{fill:#b06a3f}.shade{fill:#84492a}.light{fill:#d08e60}.hit{stroke:#ff7b72}
.body{fill:#79b8f2}.off{fill:#e5737d}.nose{fill:#1b120d}
}
</style>
`

// svg draws the picture for screens, light and dark.
func (p *picture) svg() string {
	var b strings.Builder
	width, height := p.width*cell+2*margin, p.height*cell+2*margin
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", width, height, width, height)
	fmt.Fprintf(&b, "<title>A rover at %s on a grid of %d x %d</title>\n", rover.Coordinate(p.at, p.facing), p.world.Width, p.world.Height)
	b.WriteString(style)
	fmt.Fprintf(&b, `<rect class="ground" width="%d" height="%d" rx="18"/>`+"\n", width, height)
	fmt.Fprintf(&b, `<clipPath id="field"><rect x="%d" y="%d" width="%d" height="%d"/></clipPath>`+"\n", margin-6, margin-6, p.width*cell+12, p.height*cell+12)
	p.svgSquares(&b)
	p.svgLabels(&b)
	p.svgPath(&b)
	p.svgRocks(&b)
	p.svgRover(&b)
	b.WriteString("</svg>\n")
	return b.String()
}

// centre returns where the middle of a square lies in the picture.
func (p *picture) centre(at rover.Point) (x, y int) {
	return margin + (at.X-p.corner.X)*cell + cell/2, margin + (p.corner.Y+p.height-1-at.Y)*cell + cell/2
}

func (p *picture) svgSquares(b *strings.Builder) {
	b.WriteString(`<g class="square rim">` + "\n")
	for y := range p.height {
		for x := range p.width {
			fmt.Fprintf(b, `<rect x="%d" y="%d" width="%d" height="%d" rx="7"/>`, margin+x*cell+2, margin+y*cell+2, cell-4, cell-4)
		}
		b.WriteByte('\n')
	}
	b.WriteString("</g>\n")
}

// svgLabels numbers columns and rows, in a large world every fifth.
func (p *picture) svgLabels(b *strings.Builder) {
	every := 1
	if max(p.width, p.height) > 12 {
		every = 5
	}
	for x := p.corner.X; x < p.corner.X+p.width; x++ {
		if x%every == 0 {
			at, _ := p.centre(rover.Point{X: x, Y: p.corner.Y})
			fmt.Fprintf(b, `<text class="label" x="%d" y="%d">%d</text>`, at, margin+p.height*cell+20, x)
		}
	}
	for y := p.corner.Y; y < p.corner.Y+p.height; y++ {
		if y%every == 0 {
			_, at := p.centre(rover.Point{X: p.corner.X, Y: y})
			fmt.Fprintf(b, `<text class="label" x="%d" y="%d">%d</text>`, margin-20, at, y)
		}
	}
	b.WriteByte('\n')
}

// svgPath draws the moves as one line, which leaves the picture at an edge and
// comes back at the opposite one.
func (p *picture) svgPath(b *strings.Builder) {
	var d strings.Builder
	for i, s := range p.steps {
		if !p.shows(s.from) && !p.shows(s.to) {
			continue
		}
		x, y := p.centre(s.from)
		if i == 0 || !p.shows(p.steps[i-1].from) && !p.shows(s.from) || p.wraps(p.steps[i-1]) || d.Len() == 0 {
			fmt.Fprintf(&d, "M%d %d", x, y)
		}
		toX, toY := p.centre(s.to)
		if !p.wraps(s) {
			fmt.Fprintf(&d, "L%d %d", toX, toY)
			continue
		}
		dx, dy := heading(s.heading)
		fmt.Fprintf(&d, "l%d %d", dx*cell, dy*cell)
		fmt.Fprintf(&d, "M%d %dL%d %d", toX-dx*cell, toY-dy*cell, toX, toY)
	}
	fmt.Fprintf(b, `<path class="path" clip-path="url(#field)" fill="none" stroke-width="7" stroke-linecap="round" stroke-linejoin="round" d="%s"/>`+"\n", d.String())
	if p.shows(p.start) {
		x, y := p.centre(p.start)
		fmt.Fprintf(b, `<circle class="start startfill" cx="%d" cy="%d" r="9" stroke-width="5"/>`+"\n", x, y)
	}
}

// heading is a direction in the picture, where y grows downwards.
func heading(d rover.Direction) (dx, dy int) {
	switch d {
	case rover.N:
		return 0, -1
	case rover.E:
		return 1, 0
	case rover.S:
		return 0, 1
	default:
		return -1, 0
	}
}

// wraps says that a move goes over the edge of the world.
func (p *picture) wraps(s step) bool {
	dx, dy := heading(s.heading)
	return s.to.X-s.from.X != dx || s.from.Y-s.to.Y != dy
}

func (p *picture) svgRocks(b *strings.Builder) {
	for _, at := range p.world.Obstacles {
		if !p.shows(at) {
			continue
		}
		x, y := p.centre(at)
		fmt.Fprintf(b, `<g transform="translate(%d %d)">`, x, y)
		b.WriteString(`<path class="rock" d="M-15 8L-13-6L-4-14L8-12L15-2L13 10L3 15L-9 14Z"/>` +
			`<path class="shade" d="M15-2L13 10L3 15L-9 14L-15 8L-2 7L7 2Z"/><path class="light" d="M-13-6L-4-14L2-13L-5-5Z"/>`)
		if p.found[at] {
			b.WriteString(`<circle class="hit" r="21" fill="none" stroke-width="3.5" stroke-dasharray="6 4.5"/>`)
		}
		b.WriteString("</g>\n")
	}
}

func (p *picture) svgRover(b *strings.Builder) {
	x, y := p.centre(p.at)
	class := "body"
	if p.off {
		class = "off"
	}
	quarter := strings.Index("NESW", string(p.facing))
	fmt.Fprintf(b, `<g transform="translate(%d %d) rotate(%d)" class="%s">`, x, y, quarter*90, class)
	for _, wheel := range [][2]int{{-17, -14}, {-17, -4}, {-17, 6}, {11, -14}, {11, -4}, {11, 6}} {
		fmt.Fprintf(b, `<rect x="%d" y="%d" width="6" height="8" rx="2.5"/>`, wheel[0], wheel[1])
	}
	b.WriteString(`<rect x="-12" y="-15" width="24" height="30" rx="6"/><path class="nose" d="M0-10L7 3L0 0L-7 3Z"/><circle class="nose" cy="8.5" r="2.6"/></g>` + "\n")
}
