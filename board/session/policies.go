package session

import "github.com/landfall-go/landfall"

// RevealPolicy shows to everyone what was written alone, once the exploration ends.
func RevealPolicy(e PhaseStarted, _ landfall.Metadata) []landfall.Command {
	if e.Left != PhaseExplore || e.Phase == PhaseExplore {
		return nil
	}
	return []landfall.Command{RevealNotes{All: true, By: e.By, At: e.At}}
}
