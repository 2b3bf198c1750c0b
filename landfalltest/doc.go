// Package landfalltest tests the modules of a program by examples, in the words
// of the storm: given what has happened, when a command is issued or an event
// happens, then this follows.
//
//	landfalltest.Run(t, rover.Module(),
//		landfalltest.Scenario{
//			Name:  "stops at an obstacle",
//			Given: []landfall.Event{MarsRoverStarted{Point: Point{2, 1}, Direction: N, World: world}},
//			When:  Move{},
//			Then:  []any{ObstacleFound{Coordinate: Point{2, 2}}},
//		},
//		landfalltest.Scenario{
//			Name: "an obstacle turns the rover off",
//			When: ObstacleFound{Coordinate: Point{2, 2}},
//			Then: []any{TurnOff{}},
//		},
//	)
//
// A scenario finds the decision, the policies and the projections by the types
// of its messages. It asks them alone: nothing is stored, no other module is
// needed, and no command of a policy is carried out. Only a command to an
// external system calls the function that was wired for it; wire a module under
// test with a stand-in for the outside.
//
// Beside what a scenario says, the rules of the runtime are checked for
// everything that it touches: a decision is pure, events and commands are
// declared, and what is stored survives the way to JSON and back.
package landfalltest
