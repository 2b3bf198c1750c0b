package hosting_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/hosting"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// TestModulesWithNoMoreRightsThanTheyNeed lets each user of the server do what
// Names.Permissions says, and wants nobody to try more.
func TestModulesWithNoMoreRightsThanTheyNeed(t *testing.T) {
	var users []embedded.User
	for _, traffic := range []nats.Traffic{
		// Every module listens for commands, and so needs the rights of one that
		// receives some.
		{Module: "Tower", SendsTo: []string{"Village"}, ReceivesFrom: []string{"Village"}},
		{Module: "Village", ReceivesFrom: []string{"Tower"}},
		{Module: "Client", Calls: []string{"Tower", "Village"}},
	} {
		p := nats.Names{}.Permissions(traffic)
		users = append(users, embedded.User{Name: traffic.Module, Password: "secret", Publish: p.Publish, Subscribe: p.Subscribe})
	}
	server, err := embedded.Start(embedded.Options{Users: users})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	log := &lines{}
	options := func(user string) hosting.Options {
		return hosting.Options{
			NATS:  strings.Replace(server.URL(), "//", fmt.Sprintf("//%s:secret@", user), 1),
			Store: "memory:", Config: landfall.Config{Logger: slog.New(slog.NewTextHandler(log, nil))},
		}
	}
	heard := &ears{}
	tower, village := options("Tower"), options("Village")
	tower.Modules, tower.Health, village.Modules = []string{"Tower"}, "127.0.0.1:0", []string{"Village"}
	one, other := open(t, tower, modules(heard)...), open(t, village, modules(heard)...)
	one.Start()
	other.Start()
	asking := options("Client")
	asking.NATSInbox = "Client"
	client, err := hosting.Connect(t.Context(), asking, modules(heard)...)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	for times := 1; times <= 3; times++ {
		ring(t, client, times)
	}
	if status, body := get(t, one, "/readyz"); status != http.StatusOK {
		t.Errorf("/readyz: %d %s", status, body)
	}
	log.mu.Lock()
	defer log.mu.Unlock()
	for _, trouble := range []string{"iolation", "level=ERROR", "secret"} {
		if bytes.Contains(log.b.Bytes(), []byte(trouble)) {
			t.Errorf("the log has %s:\n%s", trouble, log.b.String())
			break
		}
	}
}
