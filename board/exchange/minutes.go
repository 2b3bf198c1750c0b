package exchange

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/handover"
	"github.com/landfall-go/landfall/storm/model"
)

// PhaseAt says when a phase of the session began.
type PhaseAt struct {
	Phase session.Phase
	At    time.Time
}

// Course is how a session went. All of it may be left out.
type Course struct {
	Phases []PhaseAt // in their order
	End    time.Time // zero: it is not over
}

// phaseNames are the names of the phases for people.
var phaseNames = map[session.Phase]string{
	session.PhaseReview: "Review of today's solution", session.PhaseGoals: "Goals", session.PhaseExplore: "Chaotic exploration",
	session.PhaseTimeline: "Timeline", session.PhaseDuplicates: "Duplicates", session.PhasePivotal: "Pivotal events",
	session.PhasePeople: "People and systems", session.PhaseHotspots: "Hotspots and voting", session.PhaseReverse: "Reverse narrative",
	session.PhaseCommands: "Commands and policies", session.PhaseModules: "Modules", session.PhaseHandover: "Hand-over",
}

// Minutes writes what came of a session, as Markdown: its goals and its course, pivotal
// events, hotspots with their answers and votes, open questions, opportunities, modules with
// their teams and messages, the glossary, and what each team is to build. Nothing that
// people wrote becomes markup. It depends on nothing but what it is given.
func Minutes(wall *session.Wall, s *model.Storm, course Course) []byte {
	m := &minutes{wall: wall, model: s, notes: sorted(wall)}
	title := s.Name
	if wall.Board != nil && wall.Board.Name != "" {
		title = wall.Board.Name
	}
	m.heading(1, "Minutes: %s", inline(cmp.Or(title, "a session")))
	m.summary()
	m.goals()
	m.course(course)
	m.pivotal()
	m.hotspots()
	m.list("Opportunities", session.KindOpportunity)
	m.modules()
	m.part(handover.Glossary(s), len(slices.Collect(s.Elements())) > 0)
	m.part(handover.Tasks(s, nil), true)
	return []byte(m.b.String())
}

type minutes struct {
	b     strings.Builder
	wall  *session.Wall
	model *model.Storm
	notes []*session.Note
}

func (m *minutes) line(format string, args ...any) {
	fmt.Fprintf(&m.b, format, args...)
	m.b.WriteByte('\n')
}

func (m *minutes) heading(level int, format string, args ...any) {
	if m.b.Len() > 0 {
		m.b.WriteByte('\n')
	}
	m.line("%s %s", strings.Repeat("#", level), fmt.Sprintf(format, args...))
	m.b.WriteByte('\n')
}

// inline writes a text on one line, so that nothing in it is markup.
func inline(text string) string {
	return markup.Replace(oneLine(text))
}

var markup = strings.NewReplacer(`\`, `\\`, "|", `\|`, "*", `\*`, "_", `\_`, "`", "\\`", "&", "&amp;", "<", "&lt;", "[", `\[`, "#", `\#`, "~", `\~`)

// item writes a text that begins an item of a list.
func item(text string) string {
	text = inline(text)
	if text != "" && strings.ContainsRune("+->=", rune(text[0])) {
		return `\` + text
	}
	if digits := strings.TrimLeft(text, "0123456789"); digits != text && digits != "" && strings.Contains(".)", digits[:1]) {
		return text[:len(text)-len(digits)] + `\` + digits
	}
	return text
}

// summary says in a line how much there is, and who took part.
func (m *minutes) summary() {
	count := map[session.Kind]int{}
	for _, n := range m.notes {
		count[n.Kind]++
	}
	var parts []string
	for _, k := range []session.Kind{session.KindEvent, session.KindCommand, session.KindPolicy, session.KindAggregate, session.KindProjection, session.KindSystem, session.KindHotspot, session.KindModule} {
		word := string(k)
		if count[k] > 0 && k == session.KindPolicy && count[k] > 1 {
			parts = append(parts, fmt.Sprintf("%d policies", count[k]))
		} else if count[k] > 0 {
			parts = append(parts, plural(count[k], word))
		}
	}
	if len(parts) > 0 {
		m.line("On the wall: %s.", strings.Join(parts, ", "))
	} else {
		m.line("The wall is empty.")
	}
	var people []string
	for _, p := range m.wall.People {
		name := inline(p.Name)
		if p.Role == session.RoleFacilitator {
			name += " (facilitator)"
		}
		people = append(people, name)
	}
	slices.Sort(people)
	if len(people) > 0 {
		m.line("")
		m.line("On the board: %s.", strings.Join(people, ", "))
	}
}

func (m *minutes) goals() {
	if m.wall.Board == nil || len(m.wall.Board.Goals) == 0 {
		return
	}
	m.heading(2, "Goals")
	for _, g := range m.wall.Board.Goals {
		m.line("- %s", item(g))
	}
}

func (m *minutes) course(c Course) {
	if len(c.Phases) == 0 {
		return
	}
	m.heading(2, "Course")
	m.line("| Phase | Began | Took |")
	m.line("| --- | --- | --- |")
	for i, p := range c.Phases {
		end := c.End
		if i+1 < len(c.Phases) {
			end = c.Phases[i+1].At
		}
		took := ""
		if !end.IsZero() && end.After(p.At) {
			took = minutesOf(end.Sub(p.At))
		}
		m.line("| %s | %s | %s |", cmp.Or(phaseNames[p.Phase], string(p.Phase)), p.At.Format("2006-01-02 15:04"), took)
	}
}

func minutesOf(d time.Duration) string {
	d = d.Round(time.Minute)
	if h := int(d.Hours()); h > 0 {
		return fmt.Sprintf("%d h %02d min", h, int(d.Minutes())%60)
	}
	return fmt.Sprintf("%d min", int(d.Minutes()))
}

func (m *minutes) pivotal() {
	var lines []string
	for e := range m.model.Elements() {
		if e.Pivotal {
			line := "- " + item(e.Label())
			if e.Doc != "" {
				line += ": " + inline(e.Doc)
			}
			lines = append(lines, line)
		}
	}
	if len(lines) > 0 {
		m.heading(2, "Pivotal events")
		m.line("%s", strings.Join(lines, "\n"))
	}
}

// hotspots writes the open ones, with the most votes first, and then those that were
// answered.
func (m *minutes) hotspots() {
	var open, answered []*session.Note
	for _, n := range m.notes {
		switch {
		case n.Kind != session.KindHotspot || oneLine(n.Text) == "":
		case n.Answer == "":
			open = append(open, n)
		default:
			answered = append(answered, n)
		}
	}
	byVotes := func(a, b *session.Note) int { return votesOn(b) - votesOn(a) }
	slices.SortStableFunc(open, byVotes)
	slices.SortStableFunc(answered, byVotes)
	if len(open) > 0 {
		m.heading(2, "Open questions")
		for _, n := range open {
			m.sticky(n)
		}
	}
	if len(answered) > 0 {
		m.heading(2, "Answered")
		for _, n := range answered {
			m.sticky(n)
		}
	}
	m.voted()
}

// voted writes what else got votes.
func (m *minutes) voted() {
	var list []*session.Note
	for _, n := range m.notes {
		if votesOn(n) > 0 && n.Kind != session.KindHotspot && n.Kind != session.KindOpportunity {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b *session.Note) int { return votesOn(b) - votesOn(a) })
	m.heading(2, "Also voted for")
	for _, n := range list {
		m.line("- %s (%s, %s)", item(n.Text), n.Kind, plural(votesOn(n), "vote"))
	}
}

// sticky writes a sticky with what it is on, its votes, its answer and what was said.
func (m *minutes) sticky(n *session.Note) {
	line := "- " + item(n.Text)
	var on []string
	for _, id := range n.On {
		if o := m.wall.Notes[id]; o != nil && !o.Private && oneLine(o.Text) != "" {
			on = append(on, inline(o.Text))
		}
	}
	if len(on) > 0 {
		line += " (on " + strings.Join(on, ", ") + ")"
	}
	if v := votesOn(n); v > 0 {
		line += " — " + plural(v, "vote")
	}
	m.line("%s", line)
	if n.Answer != "" {
		m.line("  - %s", item(n.Answer))
	}
	if n.Doc != "" {
		m.line("  - %s", item(n.Doc))
	}
	for _, c := range m.comments(n.ID) {
		who := ""
		if p := m.wall.People[c.By]; p != nil {
			who = inline(p.Name) + ": "
		}
		m.line("  - %s%s", who, item(c.Text))
	}
}

func (m *minutes) comments(note string) []*session.Comment {
	var out []*session.Comment
	for _, c := range m.wall.Comments {
		if c.Note == note {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b *session.Comment) int { return cmp.Or(cmp.Compare(a.At, b.At), cmp.Compare(a.ID, b.ID)) })
	return out
}

// list writes the stickies of a kind.
func (m *minutes) list(title string, kind session.Kind) {
	var list []*session.Note
	for _, n := range m.notes {
		if n.Kind == kind && oneLine(n.Text) != "" {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		return
	}
	slices.SortStableFunc(list, func(a, b *session.Note) int { return votesOn(b) - votesOn(a) })
	m.heading(2, "%s", title)
	for _, n := range list {
		m.sticky(n)
	}
}

// modules writes whose the modules are, and what runs between them.
func (m *minutes) modules() {
	if len(m.model.Modules) == 0 {
		return
	}
	m.heading(2, "Modules and teams")
	for _, mod := range m.model.Modules {
		team := "nobody yet"
		if mod.Team != "" {
			team = "team " + inline(mod.Team)
		}
		count := 0
		for _, e := range mod.Elements {
			if e.Kind != ast.Value && e.Kind != ast.Enum {
				count++
			}
		}
		m.line("- %s: %s, %s", item(model.Label(mod.Name)), team, plural(count, "element"))
	}
	crossings := m.model.Crossings()
	if len(crossings) == 0 {
		return
	}
	m.line("")
	m.line("| From | To | Message |")
	m.line("| --- | --- | --- |")
	for _, c := range crossings {
		m.line("| %s | %s | %s %s |", inline(model.Label(c.From.Name)), inline(model.Label(c.To.Name)), c.Message.Kind, inline(c.Message.Label()))
	}
}

// part takes in a page of its own, a level below.
func (m *minutes) part(page []byte, some bool) {
	if !some {
		return
	}
	m.b.WriteByte('\n')
	fenced := false
	for line := range strings.Lines(string(page)) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if !fenced && strings.HasPrefix(line, "#") {
			line = "#" + line
		}
		m.b.WriteString(line)
	}
}
