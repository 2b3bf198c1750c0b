// Package rover is the module Rover: a rover is driven over a grid, which wraps
// at its edges and may hold obstacles.
package rover

import "github.com/landfall-go/landfall"

// Module wires the rover as the storm shows it, a line a sticky.
func Module() landfall.Module {
	return landfall.NewModule("Rover",
		landfall.Handle(MarsRover.Start, landfall.Emits(MarsRoverStarted{})),
		landfall.Handle(MarsRover.TurnRight, landfall.Emits(MarsRoverMoved{})),
		landfall.Handle(MarsRover.TurnLeft, landfall.Emits(MarsRoverMoved{})),
		landfall.Handle(MarsRover.Move, landfall.Emits(MarsRoverMoved{}, ObstacleFound{})),
		landfall.Handle(MarsRover.TurnOff, landfall.Emits(MarsRoverTurnedOff{})),

		landfall.When("NotifyObstacleFoundPolicy", NotifyObstacleFound, landfall.SendsTo("Notification", NotifyObstacle{})),
		landfall.When("TurnOffPolicy", TurnOffOnObstacle, landfall.Sends(TurnOff{})),

		landfall.Project("MarsRoverStart", landfall.On((*Start).Started)),
		landfall.Project("MarsRoverPath", landfall.OnKey(startPage, (*Path).Started), landfall.OnKey(movePage, (*Path).Moved)),
		landfall.Project("Obstacles", landfall.On((*Obstacles).Found)),
	)
}
