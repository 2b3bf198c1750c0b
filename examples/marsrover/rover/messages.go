package rover

// StartMarsRover puts a rover on a world.
type StartMarsRover struct {
	Point     Point     `json:"point"`
	Direction Direction `json:"direction"`
	World     World     `json:"world"`
}

// TurnRight turns the rover clockwise.
type TurnRight struct{}

// TurnLeft turns the rover counterclockwise.
type TurnLeft struct{}

// Move takes the rover one square ahead.
type Move struct{}

// TurnOff ends the rover's work.
type TurnOff struct{}

// NotifyObstacle asks the module Notification to tell people of an obstacle.
type NotifyObstacle struct {
	Message string `json:"message"`
}

// MarsRoverStarted says that a rover stands on a world, ready to go.
type MarsRoverStarted struct {
	Point     Point     `json:"point"`
	Direction Direction `json:"direction"`
	World     World     `json:"world"`
}

// MarsRoverMoved says where the rover stands after a turn or a move.
type MarsRoverMoved struct {
	Point     Point     `json:"point"`
	Direction Direction `json:"direction"`
}

// ObstacleFound says that the square ahead is blocked.
type ObstacleFound struct {
	Coordinate Point `json:"coordinate"`
}

// MarsRoverTurnedOff says that the rover takes no more commands.
type MarsRoverTurnedOff struct{}
