package importer

import (
	"math"
	"sort"
	"strconv"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
)

// hue is a colour of Event Storming's palette.
type hue uint8

const (
	noHue hue = iota
	orange
	blue
	yellow
	violet
	green
	pink
	red
	grey
)

var hueWords = [...]string{"no colour", "orange", "blue", "yellow", "violet", "green", "pink", "red", "grey"}

// String returns the name of the hue.
func (h hue) String() string { return hueWords[h] }

// hueNames maps the words for colours, without "light", "dark" and signs.
var hueNames = map[string]hue{
	"orange": orange, "amber": orange, "peach": orange,
	"blue": blue, "cyan": blue, "navy": blue, "skyblue": blue, "teal": green, "turquoise": blue, "aqua": blue,
	"yellow": yellow, "gold": yellow, "cream": yellow,
	"violet": violet, "purple": violet, "lilac": violet, "lavender": violet, "grape": violet,
	"green": green, "lime": green, "mint": green,
	"pink": pink, "magenta": pink, "rose": pink, "fuchsia": pink,
	"red": red, "crimson": red,
	"gray": grey, "grey": grey, "white": grey, "black": grey, "brown": grey,
}

// hueOf returns the hue of a colour: a word such as light_pink, or #rgb,
// #rrggbb, #rrggbbaa or rgb(…).
func hueOf(colour string) hue {
	colour = strings.ToLower(strings.TrimSpace(colour))
	switch {
	case colour == "" || colour == "transparent" || colour == "none":
		return noHue
	case strings.HasPrefix(colour, "#"):
		return hueOfHex(colour[1:])
	case strings.HasPrefix(colour, "rgb"):
		return hueOfFunction(colour)
	}
	word := strings.NewReplacer("light", "", "dark", "", "pale", "", "_", "", "-", "", " ", "").Replace(colour)
	return hueNames[word]
}

func hueOfHex(digits string) hue {
	if len(digits) == 3 || len(digits) == 4 {
		digits = string([]byte{digits[0], digits[0], digits[1], digits[1], digits[2], digits[2]})
	}
	if len(digits) < 6 {
		return noHue
	}
	n, err := strconv.ParseUint(digits[:6], 16, 32)
	if err != nil {
		return noHue
	}
	return hueOfRGB(float64(n>>16), float64(n>>8&0xff), float64(n&0xff))
}

func hueOfFunction(colour string) hue {
	_, list, _ := strings.Cut(colour, "(")
	list, _, _ = strings.Cut(list, ")")
	var rgb []float64
	for _, part := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '/' }) {
		n, err := strconv.ParseFloat(part, 64)
		if err != nil {
			return noHue
		}
		rgb = append(rgb, n)
	}
	if len(rgb) < 3 {
		return noHue
	}
	return hueOfRGB(rgb[0], rgb[1], rgb[2])
}

// hueOfRGB finds the hue by its angle on the circle of colours.
func hueOfRGB(r, g, b float64) hue {
	high, low := max(r, g, b), min(r, g, b)
	if high == 0 || (high-low)/high < 0.09 {
		return grey
	}
	var angle float64
	switch high {
	case r:
		angle = math.Mod((g-b)/(high-low)+6, 6)
	case g:
		angle = (b-r)/(high-low) + 2
	default:
		angle = (r-g)/(high-low) + 4
	}
	return hueAt(angle * 60)
}

func hueAt(degrees float64) hue {
	for _, sector := range []struct {
		to  float64
		hue hue
	}{
		{12, red}, {43, orange}, {68, yellow}, {172, green}, {246, blue}, {296, violet}, {346, pink},
	} {
		if degrees < sector.to {
			return sector.hue
		}
	}
	return red
}

// colour gives kinds to the stickies that have nothing but a colour. A legend
// on the board decides; else Event Storming's colours do.
func (b *board) colour() {
	var coloured []*note
	has := map[hue]bool{}
	for _, n := range b.notes {
		if n.kind == ast.NoKind && n.hue != noHue {
			coloured = append(coloured, n)
			has[n.hue] = true
		}
	}
	if len(coloured) == 0 {
		return
	}
	p := palette{board: b, legend: b.legend(coloured), flow: has[blue] || has[violet], area: median(coloured)}
	p.decideLegend()
	for _, n := range coloured {
		p.decide(n)
	}
	p.reportColours()
}

type palette struct {
	*board
	legend map[hue]ast.Kind
	flow   bool    // there are commands or policies, so this is no big picture
	area   float64 // of the orange stickies in the middle
}

// legend reads the notes that say what their colour means: an orange sticky
// "Domain Event". They become part of what is said of the board.
func (b *board) legend(coloured []*note) map[hue]ast.Kind {
	counts := map[hue]int{}
	words := map[hue]*note{}
	for _, n := range coloured {
		counts[n.hue]++
		if k := kindOf(n.text); k != ast.NoKind && len(strings.Fields(n.text)) <= 3 {
			if words[n.hue] != nil {
				words[n.hue] = nil // two meanings are none
				continue
			}
			words[n.hue] = n
		}
	}
	out := map[hue]ast.Kind{}
	meant := 0
	for h, n := range words {
		if n != nil && counts[h] > 0 {
			out[h] = kindOf(n.text)
			meant++
		}
	}
	if meant < 3 {
		return nil // a sticky "Service" alone is no legend
	}
	return out
}

func (p *palette) decideLegend() {
	if p.legend == nil {
		return
	}
	kept := p.notes[:0]
	for _, n := range p.notes {
		if k, ok := p.legend[n.hue]; ok && n.kind == ast.NoKind && kindOf(n.text) == k && len(strings.Fields(n.text)) <= 3 {
			p.addDoc("Legend: " + n.hue.String() + " is " + n.text + ".")
			p.report.decide(n.id, "%s is the legend of %s", ast.QuoteText(n.text), n.hue)
			continue
		}
		kept = append(kept, n)
	}
	p.notes = kept
}

func (p *palette) decide(n *note) {
	if k, ok := p.legend[n.hue]; ok {
		n.kind = k
		return
	}
	guess := ""
	n.kind, guess = p.byColour(n)
	if n.kind == ast.NoKind {
		p.report.unknown(n.id, "%s: %s means nothing in Event Storming", ast.QuoteText(n.text), n.hue)
	} else if guess != "" {
		p.report.decide(n.id, "%s: %s is %s, as %s", ast.QuoteText(n.text), n.hue, n.kind, guess)
	}
}

// byColour returns the kind that a colour stands for. Where it stands for two,
// it says what decided.
func (p *palette) byColour(n *note) (kind ast.Kind, guess string) {
	switch n.hue {
	case orange:
		return ast.Event, ""
	case blue:
		return ast.Command, ""
	case violet:
		return ast.Policy, ""
	case green:
		if p.flow {
			return ast.Projection, ""
		}
		return ast.Opportunity, ""
	case yellow:
		return p.yellow(n)
	case red:
		return ast.Hotspot, ""
	case pink:
		return p.pink(n)
	}
	return ast.NoKind, ""
}

// yellow tells the small yellow sticky of an actor from the big one of an
// aggregate: by the links, then by the size, then by the side of the command.
func (p *palette) yellow(n *note) (ast.Kind, string) {
	if !p.flow {
		return ast.Actor, ""
	}
	for _, l := range p.links {
		switch {
		case l.from == n && (l.to.hue == blue || l.to.kind == ast.Command):
			return ast.Actor, ""
		case l.to == n && l.from.hue == blue, l.from == n && l.to.hue == orange:
			return ast.Aggregate, ""
		case l.to == n && l.from.hue == green:
			return ast.Actor, ""
		}
	}
	size := n.box.w * n.box.h
	switch {
	case size > 0 && p.area > 0 && size < 0.75*p.area:
		return ast.Actor, ""
	case size > 0 && p.area > 0 && size > 1.25*p.area:
		return ast.Aggregate, ""
	}
	if c := p.nearest(n, blue); c != nil && c.box.x < n.box.x {
		return ast.Aggregate, "it lies behind a command"
	}
	return ast.Actor, "it lies before a command"
}

// pink tells the wide sticky of an external system from the turned one of a
// hotspot.
func (p *palette) pink(n *note) (ast.Kind, string) {
	switch {
	case n.turned:
		return ast.Hotspot, ""
	case strings.ContainsAny(n.text, "?!"):
		return ast.Hotspot, "it asks"
	case n.box.w > 1.3*n.box.h:
		return ast.System, ""
	case len(strings.Fields(n.text)) > 4:
		return ast.Hotspot, "it is a sentence"
	}
	return ast.System, "it is a name"
}

func (p *palette) nearest(n *note, h hue) *note {
	var best *note
	nearest := math.Inf(1)
	x, y := n.box.middle()
	for _, o := range p.notes {
		if o.hue != h {
			continue
		}
		ox, oy := o.box.middle()
		if d := math.Hypot(ox-x, oy-y); d < nearest {
			best, nearest = o, d
		}
	}
	return best
}

// median returns the area in the middle of those of the orange stickies.
func median(list []*note) float64 {
	var sizes []float64
	for _, n := range list {
		if n.hue == orange && n.box.w*n.box.h > 0 {
			sizes = append(sizes, n.box.w*n.box.h)
		}
	}
	if len(sizes) == 0 {
		return 0
	}
	sort.Float64s(sizes)
	return sizes[len(sizes)/2]
}

// reportColours says which colours were read as what.
func (p *palette) reportColours() {
	read := map[string]int{}
	for _, n := range p.notes {
		if n.hue != noHue && n.kind != ast.NoKind {
			read[n.hue.String()+" is "+n.kind.String()]++
		}
	}
	var all []string
	for words, count := range read {
		all = append(all, words+" ("+strconv.Itoa(count)+")")
	}
	sort.Strings(all)
	p.report.decide("", "kinds by colour: %s", strings.Join(all, ", "))
}
