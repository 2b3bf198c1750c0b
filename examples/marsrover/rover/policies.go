package rover

import "github.com/landfall-go/landfall"

// NotifyObstacleFound tells people which rover has found an obstacle.
func NotifyObstacleFound(_ ObstacleFound, m landfall.Metadata) []landfall.Command {
	return []landfall.Command{NotifyObstacle{Message: "Rover " + string(m.Aggregate) + " hit obstacle"}}
}

// TurnOffOnObstacle turns off the rover that has found an obstacle.
func TurnOffOnObstacle(ObstacleFound, landfall.Metadata) []landfall.Command {
	return []landfall.Command{TurnOff{}}
}
