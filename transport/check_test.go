package transport_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/transport"
)

func ExampleTopic_String() {
	fmt.Println(transport.Topic{From: "Rover"})
	fmt.Println(transport.Topic{From: "Rover", To: "Notification"})
	// Output:
	// Rover
	// Rover>Notification
}

func TestCheckModule(t *testing.T) {
	for name, want := range map[string]bool{
		"R": true, "Rover": true, "rover2": true, "Mars_Rover": true, strings.Repeat("R", 63): true,
		"": false, "2": false, "_R": false, "Mars Rover": false, "Mars.Rover": false, "Rövér": false, strings.Repeat("R", 64): false, "R\n": false,
	} {
		if err := transport.CheckModule(name); (err == nil) != want || err != nil && !errors.Is(err, transport.ErrInvalid) {
			t.Errorf("module %q: %v", name, err)
		}
	}
}

func TestCheckPublish(t *testing.T) {
	rover := transport.Topic{From: "Rover"}
	for name, test := range map[string]struct {
		topic   transport.Topic
		message transport.Message
		want    string // in the error
	}{
		"right":        {rover, transport.Message{Number: 1, Type: "x"}, ""},
		"no sender":    {transport.Topic{To: "Map"}, transport.Message{Number: 1, Type: "x"}, "sender"},
		"bad receiver": {transport.Topic{From: "Rover", To: "*"}, transport.Message{Number: 1, Type: "x"}, "receiver"},
		"no number":    {rover, transport.Message{Type: "x"}, "numbers begin at one"},
		"backwards":    {rover, transport.Message{Number: 3, After: 4, Type: "x"}, "message 3 of Rover comes after message 4"},
		"no type":      {rover, transport.Message{Number: 3}, "the type of message 3"},
	} {
		err := transport.CheckPublish(test.topic, []transport.Message{test.message})
		if test.want == "" && err != nil || test.want != "" && (!errors.Is(err, transport.ErrInvalid) || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
