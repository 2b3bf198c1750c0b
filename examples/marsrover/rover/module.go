package rover

import "github.com/landfall-go/landfall"

// Module wires the rover: all of it is on the storm, so all of it is in
// module_gen.go.
func Module() landfall.Module {
	return landfall.NewModule("Rover", storm()...)
}
