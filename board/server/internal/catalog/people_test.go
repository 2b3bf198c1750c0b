package catalog

import "testing"

// TestColors gives nobody the color of another while there are others left.
func TestColors(t *testing.T) {
	c, _ := entered(t)
	have := map[string]int{}
	for i := range 2 * len(colors) {
		p, _, err := c.Enter(t.Context(), "", "Ben", "")
		if err != nil {
			t.Fatal(err)
		}
		have[p.Color]++
		if most := (i+1)/len(colors) + 1; have[p.Color] > most {
			t.Errorf("of %d people, %d have one color", i+2, have[p.Color])
		}
	}
}
