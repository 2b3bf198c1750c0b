package landfall

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/transport"
)

// recordClass tells the records of a log apart: the module's own events, and
// what goes to other modules or came from them. It is the first sign of the
// names that such records have.
type recordClass string

const (
	ownEvent recordClass = ""
	// heardEvent: the type is @Rover.ObstacleFound, the stream
	// @Rover.MarsRover/7. The record's trigger is the event's own id.
	heardEvent recordClass = "@"
	// sentCommand: the type is >Notification.NotifyObstacle, the stream
	// >Notification/7.
	sentCommand recordClass = ">"
	// receivedCommand: the type is <NotifyObstacle, the stream <Rover/7. The
	// record's trigger is the command's own id.
	receivedCommand recordClass = "<"
)

func classOf(name string) recordClass {
	if name == "" {
		return ownEvent
	}
	switch c := recordClass(name[:1]); c {
	case heardEvent, sentCommand, receivedCommand:
		return c
	}
	return ownEvent
}

func heardType(module, event string) string { return string(heardEvent) + module + "." + event }

// What a message carries beside the fields of a record is kept in its metadata,
// under names that begin so.
const (
	ownMetadata = "landfall."
	commandKey  = ownMetadata + "command" // of a sent command: its id
	triggerKey  = ownMetadata + "trigger" // of what came from elsewhere: its trigger
)

// withOwn returns the metadata with an id under a key of our own.
func withOwn(extra map[string]string, key string, id ID) ([]byte, error) {
	if len(extra) == 0 && id != (ID{}) { // nearly always
		return []byte(`{"` + key + `":"` + id.String() + `"}`), nil
	}
	all := make(map[string]string, len(extra)+1)
	for k, v := range extra {
		all[k] = v
	}
	if id != (ID{}) {
		all[key] = id.String()
	}
	if len(all) == 0 {
		return nil, nil
	}
	return json.Marshal(all)
}

// readMetadata reads metadata, and takes the id under a key of our own out of it.
func readMetadata(metadata []byte, key string) (id ID, extra map[string]string, err error) {
	if id, ok := ownAlone(metadata, key); ok || len(metadata) == 0 {
		return id, nil, nil
	}
	if err := json.Unmarshal(metadata, &extra); err != nil {
		return id, extra, err
	}
	text, ok := extra[key]
	if !ok || key == "" {
		return id, extra, nil
	}
	delete(extra, key)
	if len(extra) == 0 {
		extra = nil
	}
	return id, extra, id.UnmarshalText([]byte(text))
}

// ownAlone reads metadata that has nothing but an id of our own, as withOwn writes
// it.
func ownAlone(metadata []byte, key string) (id ID, ok bool) {
	before, after := len(`{"":"`)+len(key), len(`"}`)
	if key == "" || len(metadata) != before+36+after || string(metadata[2:2+len(key)]) != key ||
		string(metadata[:2]) != `{"` || string(metadata[2+len(key):before]) != `":"` || string(metadata[before+36:]) != `"}` {
		return id, false
	}
	id, err := uuid.ParseBytes(metadata[before : before+36])
	return id, err == nil
}

// sent returns the append of a command to another module, in the log of its
// sender.
func (m *module) sent(to, name string, data []byte, msg *Message) (store.Append, error) {
	if err := msg.To.check(); err != nil {
		return store.Append{}, fmt.Errorf("%s: %w", name, err)
	}
	metadata, err := withOwn(msg.Metadata, commandKey, msg.ID)
	if err != nil {
		return store.Append{}, err
	}
	return store.Append{Stream: string(sentCommand) + to + "/" + string(msg.To), Expected: store.AnyVersion, Records: []store.Record{{
		ID: onTheWay("sent", msg.ID), Type: string(sentCommand) + to + "." + name, Time: time.Now().UTC().Round(0),
		Trigger: msg.Trigger, Correlation: msg.Correlation, Actor: msg.Actor, Metadata: metadata, Data: data,
	}}}, nil
}

// notSent returns those commands to other modules that are not in the log yet.
func (m *module) notSent(ctx context.Context, appends []store.Append) ([]store.Append, error) {
	var missing []store.Append
	for _, a := range appends {
		there, err := m.log.ByCommand(ctx, a.Records[0].Command())
		if err != nil {
			return nil, err
		}
		if len(there) == 0 {
			missing = append(missing, a)
		}
	}
	return missing, nil
}

// onTheWay returns the id of the record that keeps a message. It is another one
// than the message's, which in the log of its receiver is the id of its effects.
func onTheWay(what string, id ID) ID { return store.EventID(store.DerivedCommandID(what, id, 0), 0) }

// message returns what goes on the road for a record of the log, or false when
// nothing does. An event goes as it is stored, with fields that only another
// version of the module knows.
func (m *module) message(topic transport.Topic, e *Recorded) (msg transport.Message, goes bool, err error) {
	if e.kind == nil || e.Event == nil {
		return msg, false, nil
	}
	msg = transport.Message{
		Number: e.Position, ID: e.ID, Type: e.Type, Aggregate: string(e.Aggregate), Time: e.Time,
		Trigger: e.Trigger, Correlation: e.Correlation, Actor: e.Actor, Metadata: e.Extra,
	}
	switch {
	case topic.To == "" && e.kind.class == ownEvent && m.spec.published[e.kind]:
		msg.Kind, _, _ = strings.Cut(e.stream, "/")
		if msg.Data = e.raw; msg.Data == nil { // this code's own, or of an older shape
			msg.Data, err = encodeJSON(e.Event)
		}
	case topic.To != "" && e.kind == m.spec.sentTo[topic.To]:
		msg.ID = e.command
		msg.Data = e.Event.(json.RawMessage)
	default:
		return msg, false, nil
	}
	return msg, true, err
}

// received returns the append of what came from another module.
func received(topic transport.Topic, msg *transport.Message) (store.Append, error) {
	metadata, err := withOwn(msg.Metadata, triggerKey, msg.Trigger)
	if err != nil {
		return store.Append{}, err
	}
	r := store.Record{
		Time: msg.Time.UTC(), Trigger: msg.ID, Correlation: msg.Correlation, Actor: msg.Actor,
		Metadata: metadata, Data: msg.Data,
	}
	a := store.Append{Expected: store.AnyVersion}
	if topic.To == "" {
		r.ID, r.Type = onTheWay("heard", msg.ID), heardType(topic.From, msg.Type)
		a.Stream = string(heardEvent) + topic.From + "." + msg.Kind + "/" + msg.Aggregate
	} else {
		r.ID, r.Type = onTheWay("received", msg.ID), string(receivedCommand)+msg.Type
		a.Stream = string(receivedCommand) + topic.From + "/" + msg.Aggregate
	}
	a.Records = []store.Record{r}
	return a, nil
}

// crossed completes an event that was read from a record of any class, with its
// metadata.
func (e *Recorded) crossed(class recordClass, metadata []byte) (err error) {
	name := e.Type
	switch class {
	case ownEvent:
		_, e.Extra, err = readMetadata(metadata, "")
	case heardEvent:
		if e.kind != nil {
			name = e.kind.name
		}
		e.From, e.Type, _ = strings.Cut(name[1:], ".")
		e.ID = e.Trigger
		e.Trigger, e.Extra, err = readMetadata(metadata, triggerKey)
	case receivedCommand:
		from, _, _ := strings.Cut(e.stream[1:], "/")
		e.From, e.Type = from, name[1:]
		e.command = e.Trigger
		e.Trigger, e.Extra, err = readMetadata(metadata, triggerKey)
	case sentCommand:
		_, e.Type, _ = strings.Cut(name[1:], ".")
		e.command, e.Extra, err = readMetadata(metadata, commandKey)
	}
	return err
}
