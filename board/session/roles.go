package session

import "github.com/landfall-go/landfall"

// Allowed says whether somebody with the role may issue the command. Viewers only
// look; what leads the session is for facilitators; what the server does on behalf
// of others (OpenBoard, JoinBoard, BringInStep, LandStorm) nobody may issue.
func Allowed(command landfall.Command, role Role) bool {
	if role != RoleFacilitator && role != RoleParticipant {
		return false
	}
	switch c := command.(type) {
	case OpenBoard, JoinBoard, BringInStep, LandStorm:
		return false
	case NameBoard, StartPhase, SetTimer, SetGoals, AllowVotes, CloseVotes:
		return role == RoleFacilitator
	case RevealNotes:
		return !c.All || role == RoleFacilitator
	}
	_, known := commands[nameOf(command)]
	return known
}
