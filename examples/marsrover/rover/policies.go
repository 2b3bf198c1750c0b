package rover

import "github.com/landfall-go/landfall"

// NotifyObstacleFoundPolicy tells people which rover has found an obstacle.
func NotifyObstacleFoundPolicy(_ ObstacleFound, m landfall.Metadata) []landfall.Command {
	return []landfall.Command{NotifyObstacle{Message: "Rover " + string(m.Aggregate) + " hit obstacle"}}
}

// TurnOffPolicy turns off the rover that has found an obstacle.
func TurnOffPolicy(ObstacleFound, landfall.Metadata) []landfall.Command {
	return []landfall.Command{TurnOff{}}
}
