package nats_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

var (
	roverTraffic        = nats.Traffic{Module: "Rover", SendsTo: []string{"Notification"}}
	notificationTraffic = nats.Traffic{Module: "Notification", HearsFrom: []string{"Rover"}, ReceivesFrom: []string{"Rover"}, Calls: []string{"Base"}}
)

func user(traffic nats.Traffic) embedded.User {
	p := nats.Names{}.Permissions(traffic)
	return embedded.User{Name: traffic.Module, Password: "secret", Publish: p.Publish, Subscribe: p.Subscribe}
}

// violations collects what a server has refused.
type violations struct {
	mu  sync.Mutex
	all []string
}

func (v *violations) option() natsio.Option {
	return natsio.ErrorHandler(func(_ *natsio.Conn, _ *natsio.Subscription, err error) {
		v.mu.Lock()
		defer v.mu.Unlock()
		v.all = append(v.all, err.Error())
	})
}

func (v *violations) list() []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	return slices.Clone(v.all)
}

// TestPermissionsSuffice runs the traffic of two modules with what Permissions
// says, and nothing more.
func TestPermissionsSuffice(t *testing.T) {
	server := start(t, embedded.Options{Users: []embedded.User{
		user(roverTraffic), user(notificationTraffic), user(nats.Traffic{Module: "Base"}),
	}})
	var refused violations
	as := func(module string) *nats.Transport {
		return connect(t, server.URL(), nats.WithInbox(module), nats.WithConnection(natsio.UserInfo(module, "secret"), refused.option()))
	}
	roverConn, notification, base := as("Rover"), as("Notification"), as("Base")
	checkMessages(t, roverConn, notification)
	checkCalls(t, notification, map[string]*nats.Transport{"Rover": roverConn, "Base": base})
	if all := refused.list(); len(all) > 0 {
		t.Errorf("the server refused %q", all)
	}
}

// checkMessages has events and commands, and their heads, go from Rover to
// Notification.
func checkMessages(t *testing.T, sender, receiver *nats.Transport) {
	t.Helper()
	got := make(chan transport.Delivery, 100)
	for _, topic := range []transport.Topic{rover, {To: "Notification"}} {
		if _, err := receiver.Subscribe(topic, "Notification", func(_ context.Context, d transport.Delivery) error {
			got <- d
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	want := make(map[string]bool)
	topics := []transport.Topic{rover, {From: "Rover", To: "Notification"}}
	for _, topic := range topics {
		until(t, func() error { return sender.Publish(t.Context(), topic, []transport.Message{message(1)}) })
		want[topic.String()+" message"], want[topic.String()+" head"] = true, true
	}
	for deadline := time.After(time.Minute); len(want) > 0; {
		for _, topic := range topics {
			if err := sender.Announce(t.Context(), topic, 1); err != nil {
				t.Fatal(err)
			}
		}
		select {
		case d := <-got:
			if len(d.Messages) > 0 {
				delete(want, d.Topic.String()+" message")
			}
			if d.Head > 0 {
				delete(want, d.Topic.String()+" head")
			}
		case <-time.After(10 * time.Millisecond): // the announcement may have come too early
		case <-deadline:
			t.Fatalf("%v did not come", want)
		}
	}
}

// checkCalls has large requests answered with larger answers.
func checkCalls(t *testing.T, caller *nats.Transport, callees map[string]*nats.Transport) {
	t.Helper()
	big := strings.Repeat("x", 3<<20)
	for module, operation := range map[string]string{"Rover": nats.Resend, "Base": "get"} {
		answer := func(_ context.Context, request []byte) []byte { return append(request, big...) }
		if _, err := callees[module].Answer(module, operation, answer); err != nil {
			t.Fatal(err)
		}
		until(t, func() error {
			answer, err := caller.Call(t.Context(), module, operation, []byte(big))
			if err == nil && len(answer) != 2*len(big) {
				t.Errorf("%s of %s answers %d bytes", operation, module, len(answer))
			}
			return err
		})
	}
}

// TestPermissionsDeny tries what a module must not do.
func TestPermissionsDeny(t *testing.T) {
	server := start(t, embedded.Options{Users: []embedded.User{user(notificationTraffic)}})
	var refused violations
	conn, err := natsio.Connect(server.URL(), natsio.UserInfo("Notification", "secret"), refused.option(), natsio.PermissionErrOnSubscribe(true))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for _, subject := range []string{
		"landfall.Rover.events.ObstacleFound", "landfall.Rover.heads", "landfall.Base.commands.Rover", "landfall.Rover.commands.Notification",
		"landfall.Rover.calls.dispatch", "landfall.Notification.commands.Notification", "$JS.API.STREAM.CREATE.landfall_Rover_events",
		"$JS.API.STREAM.DELETE.landfall_Rover_events", "$JS.API.STREAM.DELETE.landfall_Notification_events", "$JS.API.STREAM.PURGE.landfall_Rover_events",
		"$JS.API.STREAM.MSG.GET.landfall_Base_events", "$JS.API.CONSUMER.CREATE.landfall_Rover_events.Base.landfall.Rover.events.*",
		"$JS.API.CONSUMER.CREATE.landfall_Base_events.Notification.landfall.Base.events.*", "$JS.API.CONSUMER.MSG.NEXT.landfall_Rover_events.Base",
		"$JS.API.CONSUMER.DELETE.landfall_Rover_events.Base", "$JS.API.CONSUMER.INFO.landfall_Base_events.Notification", "$JS.ACK.landfall_Rover_events.Base.1.1.1.1.1", "anything",
	} {
		denied(t, &refused, `Permissions Violation for Publish to "`+subject+`"`, func() error { return conn.Publish(subject, nil) })
	}
	for _, subject := range []string{
		">", "landfall.>", "landfall.Rover.events.*", "landfall.Base.heads", "landfall.Rover.calls.*", "_INBOX.>", "_INBOX.Rover.>", "$JS.>", "landfall.Notification.commands.*",
	} {
		denied(t, &refused, `Permissions Violation for Subscription to "`+subject+`"`, func() error {
			_, err := conn.SubscribeSync(subject)
			return err
		})
	}
}

func denied(t *testing.T, refused *violations, want string, do func() error) {
	t.Helper()
	if err := do(); err != nil {
		t.Fatal(err)
	}
	until(t, func() error {
		for _, got := range refused.list() {
			if strings.Contains(strings.ToLower(got), strings.ToLower(want)) {
				return nil
			}
		}
		return errors.New("the server has not said: " + want)
	})
}
