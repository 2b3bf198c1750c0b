package notification

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/landfall-go/landfall"
)

// MailServer is the company's own, behind a queue that may be full. This one
// writes down what it is given.
type MailServer struct {
	Out       io.Writer
	Mailboxes []string // the teams that have one
}

// NotifyTeam puts a mail into the queue. After a crash it may be called again;
// the id is the mail's Message-ID, by which the server knows it.
func (s MailServer) NotifyTeam(_ context.Context, c NotifyTeam, id landfall.ID) ([]landfall.Event, error) {
	if !slices.Contains(s.Mailboxes, c.Team) {
		return []landfall.Event{NotificationBounced{Team: c.Team, Reason: "there is no mailbox of that name"}}, nil
	}
	if _, err := fmt.Fprintf(s.Out, "  mail to %s: %s\n", c.Team, c.Message); err != nil {
		return nil, err
	}
	return []landfall.Event{TeamNotified(c)}, nil
}
