package search

import "github.com/landfall-go/landfall"

// Module wires the module Search: what the storm shows is in module_gen.go.
// What no sticky shows, such as landfall.Retired or landfall.Upcast, is
// appended here.
func Module(searchEngine SearchEngine) landfall.Module {
	return landfall.NewModule("Search", storm(searchEngine)...)
}
