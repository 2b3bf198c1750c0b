package notification

import "github.com/landfall-go/landfall"

// Module wires the module Notification: what the storm shows is in
// module_gen.go. What no sticky shows, such as landfall.Retired or
// landfall.Upcast, is appended here.
func Module(mailServer MailServer) landfall.Module {
	return landfall.NewModule("Notification", storm(mailServer)...)
}
