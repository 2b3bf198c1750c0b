package nats

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/transport"
)

// DefaultPrefix begins the names of all that Landfall has on a server.
const DefaultPrefix = "landfall"

// Resend is the operation by which a receiver asks a sender for messages that it
// has missed. Whoever hears a module may call it there.
const Resend = "resend"

// Names gives the names that the transport uses on a server. The zero Names has
// the default prefix. It is a value, safe for concurrent use.
type Names struct {
	// Prefix sets apart systems that share a server. It has letters, digits and
	// hyphens; empty stands for DefaultPrefix.
	Prefix string
}

func (n Names) prefix() string {
	if n.Prefix == "" {
		return DefaultPrefix
	}
	return n.Prefix
}

func (n Names) check() error {
	for _, c := range n.prefix() {
		if c > 'z' || !alphanumeric(byte(c)) && c != '-' {
			return fmt.Errorf("%w: the prefix %q may have letters, digits and hyphens only", transport.ErrInvalid, n.Prefix)
		}
	}
	return nil
}

// EventsSubject is where a module publishes its events of a type:
// "landfall.Rover.events.ObstacleFound".
func (n Names) EventsSubject(module, event string) string {
	return n.prefix() + "." + module + ".events." + Token(event)
}

// EventsSubjects is the wildcard for all events of a module:
// "landfall.Rover.events.*".
func (n Names) EventsSubjects(module string) string { return n.prefix() + "." + module + ".events.*" }

// EventsStream is the stream that keeps the events of a module:
// "landfall_Rover_events".
func (n Names) EventsStream(module string) string { return n.prefix() + "_" + module + "_events" }

// CommandsSubject is where commands to one module from another go:
// "landfall.Notification.commands.Rover".
func (n Names) CommandsSubject(to, from string) string {
	return n.prefix() + "." + to + ".commands." + from
}

// CommandsSubjects is the wildcard for the commands to a module from all others:
// "landfall.Notification.commands.*".
func (n Names) CommandsSubjects(to string) string { return n.prefix() + "." + to + ".commands.*" }

// CommandsStream is the stream that keeps the commands to a module:
// "landfall_Notification_commands".
func (n Names) CommandsStream(to string) string { return n.prefix() + "_" + to + "_commands" }

// HeadsSubject is where the head of a topic is announced: "landfall.Rover.heads"
// for events, "landfall.Notification.heads.Rover" for commands. Without From it
// is the wildcard for all commands to a module.
func (n Names) HeadsSubject(topic transport.Topic) string {
	switch {
	case topic.To == "":
		return n.prefix() + "." + topic.From + ".heads"
	case topic.From == "":
		return n.prefix() + "." + topic.To + ".heads.*"
	}
	return n.prefix() + "." + topic.To + ".heads." + topic.From
}

// CallsSubject is where a module is asked for an operation:
// "landfall.Rover.calls.dispatch".
func (n Names) CallsSubject(module, operation string) string {
	return n.prefix() + "." + module + ".calls." + Token(operation)
}

// CallsQueue is the queue group in which all instances of a module answer calls.
func (n Names) CallsQueue() string { return n.prefix() }

// Stream is the stream that keeps a topic, and Subjects the subjects of it that a
// subscription to the topic hears.
func (n Names) Stream(topic transport.Topic) string {
	if topic.To == "" {
		return n.EventsStream(topic.From)
	}
	return n.CommandsStream(topic.To)
}

// Subjects are the subjects that a subscription to the topic hears.
func (n Names) Subjects(topic transport.Topic) string {
	switch {
	case topic.To == "":
		return n.EventsSubjects(topic.From)
	case topic.From == "":
		return n.CommandsSubjects(topic.To)
	}
	return n.CommandsSubject(topic.To, topic.From)
}

// Consumer is the durable consumer of the topic's stream under the name of a
// subscription: "Notification", or "Notification%3ERover" for the commands of
// Rover only.
func (n Names) Consumer(topic transport.Topic, name string) string {
	if topic.To != "" && topic.From != "" {
		return Token(name + ">" + topic.From)
	}
	return Token(name)
}

// subject is where a message of a topic is published.
func (n Names) subject(topic transport.Topic, event string) string {
	if topic.To == "" {
		return n.EventsSubject(topic.From, event)
	}
	return n.CommandsSubject(topic.To, topic.From)
}

const upperHex = "0123456789ABCDEF"

// Token makes any name one token of a subject, and the name of a consumer:
// letters and digits of ASCII, "_" and "-" stay, and each other byte of its UTF-8
// becomes "%" and two hexadecimal digits. url.PathUnescape returns the name.
func Token(name string) string {
	plain := true
	for i := 0; plain && i < len(name); i++ {
		plain = tokenByte(name[i])
	}
	if plain {
		return name
	}
	var b strings.Builder
	for i := range len(name) {
		c := name[i]
		if tokenByte(c) {
			b.WriteByte(c)
			continue
		}
		b.WriteByte('%')
		b.WriteByte(upperHex[c>>4])
		b.WriteByte(upperHex[c&15])
	}
	return b.String()
}

func tokenByte(c byte) bool { return alphanumeric(c) || c == '_' || c == '-' }

func alphanumeric(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9'
}
