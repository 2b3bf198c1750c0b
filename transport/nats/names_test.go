package nats_test

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
)

func TestNames(t *testing.T) {
	events, commands := transport.Topic{From: "Rover"}, transport.Topic{From: "Rover", To: "Notification"}
	all := transport.Topic{To: "Notification"}
	n := nats.Names{}
	for got, want := range map[string]string{
		n.EventsSubject("Rover", "ObstacleFound"):                         "landfall.Rover.events.ObstacleFound",
		n.EventsSubject("Rover", "Obstacle found. *>é"):                   "landfall.Rover.events.Obstacle%20found%2E%20%2A%3E%C3%A9",
		n.EventsSubjects("Rover"):                                         "landfall.Rover.events.*",
		n.EventsStream("Rover"):                                           "landfall_Rover_events",
		n.CommandsSubject("Notification", "Rover"):                        "landfall.Notification.commands.Rover",
		n.CommandsSubjects("Notification"):                                "landfall.Notification.commands.*",
		n.CommandsStream("Notification"):                                  "landfall_Notification_commands",
		n.HeadsSubject(events):                                            "landfall.Rover.heads",
		n.HeadsSubject(commands):                                          "landfall.Notification.heads.Rover",
		n.HeadsSubject(all):                                               "landfall.Notification.heads.*",
		n.CallsSubject("Rover", "dispatch"):                               "landfall.Rover.calls.dispatch",
		n.CallsQueue():                                                    "landfall",
		n.Consumer(events, "Notification"):                                "Notification",
		n.Consumer(all, "Notification"):                                   "Notification",
		n.Consumer(commands, "Notification"):                              "Notification%3ERover",
		nats.Names{Prefix: "mars-2"}.EventsSubject("Rover", "Turned"):     "mars-2.Rover.events.Turned",
		nats.Names{Prefix: "mars-2"}.CommandsStream("Notification"):       "mars-2_Notification_commands",
		nats.Names{Prefix: "mars-2"}.HeadsSubject(commands):               "mars-2.Notification.heads.Rover",
		nats.Names{Prefix: "mars-2"}.CommandsSubject("Notification", "X"): "mars-2.Notification.commands.X",
	} {
		if got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestToken(t *testing.T) {
	legal := regexp.MustCompile(`^[A-Za-z0-9_%-]+$`)
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringN(1, 50, 200).Draw(t, "name")
		token := nats.Token(name)
		if !legal.MatchString(token) {
			t.Errorf("the token of %q is %q", name, token)
		}
		if back, err := url.PathUnescape(token); err != nil || back != name {
			t.Errorf("%q becomes %q and then %q, %v", name, token, back, err)
		}
	})
}

func TestConnectRefuses(t *testing.T) {
	for _, url := range []string{"", "localhost", "nats://", "://x", "nats://localhost:4222,"} {
		if _, err := nats.Connect(context.Background(), url); !errors.Is(err, transport.ErrInvalid) {
			t.Errorf("connect to %q: %v", url, err)
		}
	}
	for _, prefix := range []string{"a.b", "a_b", "a b", ">", "é", "*"} {
		if _, err := nats.Connect(context.Background(), "nats://127.0.0.1:1", nats.WithPrefix(prefix)); !errors.Is(err, transport.ErrInvalid) {
			t.Errorf("prefix %q: %v", prefix, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := nats.Connect(ctx, "nats://127.0.0.1:1"); !errors.Is(err, context.Canceled) {
		t.Errorf("connect with a cancelled context: %v", err)
	}
}
