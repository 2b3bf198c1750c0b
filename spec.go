package landfall

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"
)

// The specs are the wiring as the runtime uses it: checked, and found by type
// and by name.

type moduleSpec struct {
	name        string
	aggregates  []*aggregateSpec
	systems     []*systemSpec
	handlers    []*handlerSpec
	policies    []*policySpec
	projections []*projectionSpec

	commandsByType map[reflect.Type]*handlerSpec
	commandsByName map[string]*handlerSpec
	eventsByType   map[reflect.Type]*eventSpec
	eventsByName   map[string]*eventSpec
	events         []*eventSpec
	upcasts        map[string]*upcastSpec
	sent           map[reflect.Type]destinationSpec
	names          map[reflect.Type]string // Named
	retired        map[string]bool

	published    map[*eventSpec]bool
	sources      []string // modules that this one hears from
	destinations []string // modules that policies send commands to
	received     *eventSpec
	sentTo       map[string]*eventSpec // by destination
}

type aggregateSpec struct {
	name     string
	label    string // for what panics
	goType   reflect.Type
	newState func() any
	apply    func(state any, e Event)
	copyOf   func(state any) any
	shape    string
	prefix   string // of its streams
}

type systemSpec struct {
	name   string
	prefix string
}

type handlerSpec struct {
	name        string
	label       string // for what panics
	commandType reflect.Type
	aggregate   *aggregateSpec // or
	system      *systemSpec
	emits       []*eventSpec
	decide      func(state any, c Command) ([]Event, error)
	perform     func(ctx context.Context, c Command, id ID) ([]Event, error)
	timeout     time.Duration
}

type eventSpec struct {
	name   string
	goType reflect.Type
	index  int // among the events of the module
	module *moduleSpec
	class  recordClass
	from   string // of a heard event: its module
}

func (e *eventSpec) decode(data []byte) (Event, error) {
	if e.goType == nil { // a command on its way, which is none of the events
		return json.RawMessage(data), nil
	}
	value := reflect.New(e.goType)
	if err := json.Unmarshal(data, value.Interface()); err != nil {
		return nil, err
	}
	return value.Elem().Interface(), nil
}

type policySpec struct {
	name      string
	eventType reflect.Type
	event     *eventSpec
	answer    func(e *Recorded) []Command
	sends     []destinationSpec
	after     time.Duration
	unless    []*eventSpec
}

type destinationSpec struct {
	module  string // empty for the own module
	name    string
	goType  reflect.Type
	handler *handlerSpec // nil for another module's
}

type projectionSpec struct {
	name   string
	label  string // for what panics
	folds  map[*eventSpec]Fold
	codec  *documentCodec
	tables Tables
	events []*eventSpec
	shape  string
	doc    reflect.Type
}

type upcastSpec struct {
	name     string
	from, to reflect.Type
	decode   func([]byte) (any, error)
	upcast   func(any) any
}

// decodeEvent turns stored data into today's event.
func (m *moduleSpec) decodeEvent(name string, data []byte) (Event, error) {
	if e := m.eventsByName[name]; e != nil {
		return e.decode(data)
	}
	if e := m.today(name); e != nil && e.goType == nil {
		return e.decode(data)
	}
	up := m.upcasts[name]
	if up == nil {
		return nil, fmt.Errorf("module %s knows no event %q; if it was renamed, wire landfall.Renamed[NewName](%q); if it means nothing any more, landfall.Retired(%q)", m.name, name, name, name)
	}
	value, err := up.decode(data)
	if err != nil {
		return nil, err
	}
	for {
		value = up.upcast(value)
		if m.eventsByType[up.to] != nil {
			return value, nil
		}
		up = m.upcastFrom(up.to)
	}
}

func (m *moduleSpec) upcastFrom(t reflect.Type) *upcastSpec {
	for _, up := range m.upcasts {
		if up.from == t {
			return up
		}
	}
	return nil
}

// today returns the event that records of the name are read as, or nil.
func (m *moduleSpec) today(name string) *eventSpec {
	if e := m.eventsByName[name]; e != nil {
		return e
	}
	switch classOf(name) {
	case receivedCommand:
		return m.received
	case sentCommand:
		to, _, _ := strings.Cut(name[1:], ".")
		return m.sentTo[to]
	}
	for up := m.upcasts[name]; up != nil; up = m.upcastFrom(up.to) {
		if e := m.eventsByType[up.to]; e != nil {
			return e
		}
	}
	return nil
}
