package notification

import "github.com/landfall-go/landfall"

// Module wires the notification with the console that it prints on.
func Module(console Console) landfall.Module {
	return landfall.NewModule("Notification", storm(console)...)
}
