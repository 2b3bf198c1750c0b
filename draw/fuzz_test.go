package draw_test

import (
	"os"
	"testing"

	"github.com/landfall-go/landfall/draw"
	"github.com/landfall-go/landfall/storm"
)

// FuzzRender draws whatever the parser makes of a text, broken or not, in every
// view and format.
func FuzzRender(f *testing.F) {
	for _, path := range []string{"../examples/marsrover/marsrover.storm", "testdata/bookshop.storm", "testdata/hospital.storm", "testdata/newsroom.storm"} {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Add("policy P : A -> B\npolicy Q : A -> B\nB -> A\n")
	f.Add("aggregate A { -> E }\nsystem S { E -> C -> E }\nlane \"L\" : A, E\nhotspot \"h\" on A, S, E\n")
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 1<<14 {
			return
		}
		m := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)}).Model
		for _, v := range []draw.View{draw.StormView, draw.ModulesView, draw.TeamsView} {
			checkScene(t, layout(t, m, draw.Options{View: v}))
			for _, format := range []draw.Format{draw.SVGFormat, draw.MermaidFormat, draw.DOTFormat, draw.MarkdownFormat} {
				if _, err := draw.Render(m, format, draw.Options{View: v}); err != nil {
					t.Errorf("%s of %s: %v", format, v, err)
				}
			}
		}
		for mod := range m.All() {
			for _, w := range mod.Walks {
				if s, err := draw.Layout(m, draw.Options{View: draw.FlowView, Name: w.Name}); err == nil {
					checkScene(t, s)
				}
			}
		}
	})
}
