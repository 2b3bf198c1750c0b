package notification

import (
	"io"

	"github.com/landfall-go/landfall"
)

// moduleUnderTest is the module as the scenarios run it: with stand-ins for the
// outside.
func moduleUnderTest() landfall.Module {
	return Module(MailServer{Out: io.Discard, Mailboxes: []string{"Warehouse"}})
}
