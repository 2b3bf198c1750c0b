package session

import "github.com/landfall-go/landfall"

// Module wires the module Session: what the storm shows is in module_gen.go.
// What no sticky shows, such as landfall.Retired or landfall.Upcast, is
// appended here.
func Module() landfall.Module {
	return landfall.NewModule("Session", storm()...)
}
