// Package draw makes pictures of a storm.
//
// [Render] draws the model that storm/resolve made of a storm's text into a file
// of one of the formats: SVG, PNG, Mermaid, Graphviz, Markdown.
//
//	src, err := storm.Load("examples/marsrover")
//	…
//	svg, err := draw.SVG(src.Model, draw.Options{Theme: draw.Dark})
//
// # Views
//
// [StormView] is the board as the session left it. Time runs from left to
// right. Notes have the colours of Event Storming, and their text is fitted to
// them. An aggregate stands between its commands and its events, and once more
// where it decides again later; who issues a command stands beside it. Policies
// stand behind the events that trigger them and lead to the commands that they
// invoke; projections hang under the events that feed them; hotspots are turned
// and hang under what they are about. Modules are frames with their teams, and
// the text of the storm gives their order. What nobody has linked yet is a wall
// of notes in the order of the text, in columns as people would stick them, with
// sections above and a line behind each pivotal event; a wall that gets too long
// goes on below.
//
// [ModulesView] is a map of the messages that run between modules, and
// [TeamsView] of those between teams, with the teams that each flow crosses.
// [FlowView] is one flow of the storm with all that leads from each of its
// steps to the next, and a lane for each module. [AggregateView] is one
// aggregate, or one external system, with what leads to it and from it, and the
// data of all messages.
//
// # Scenes
//
// [Layout] returns the picture as a [Scene]: notes, links, frames and labels at
// their places, which is what SVG and PNG are painted from. In every scene no
// two notes overlap, links run along the axes and through no note, text fits on
// its note with an eighth to spare for other fonts, and notes have stable ids.
//
// A picture depends on the storm alone: the same storm gives the same bytes, and
// a small edit moves little, because what stands where depends on what is next
// to it rather than on all that comes before.
//
// A scene of 10,000 notes is made and painted as SVG in well under a second; time
// and memory grow with the number of notes and links.
//
// All functions are safe for concurrent use; they do not change the model.
package draw
