package main

import (
	"context"
	"fmt"
	"io"
	"reflect"
	"strings"
	"sync/atomic"

	"github.com/landfall-go/landfall"
)

// trace prints commands and events as they happen, and counts the events.
type trace struct {
	out   io.Writer
	shown atomic.Bool
	heard func(landfall.Recorded) // safe for concurrent use
}

func (t *trace) command(_ context.Context, m landfall.Message) {
	if t.shown.Load() {
		fmt.Fprintf(t.out, "[COMMAND] %s\n", tell(m.Command))
	}
}

func (t *trace) events(_ context.Context, events []landfall.Recorded) {
	for _, e := range events {
		if t.shown.Load() {
			fmt.Fprintf(t.out, "[EVENT] %s\n", tell(e.Event))
		}
		if t.heard != nil {
			t.heard(e)
		}
	}
}

// tell writes a message as its name and its fields, such as
// MarsRoverMoved{point: 0:1, direction: N}.
func tell(message any) string {
	v := reflect.ValueOf(message)
	fields := make([]string, v.NumField())
	for i := range fields {
		name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		fields[i] = name + ": " + show(v.Field(i).Interface())
	}
	return v.Type().Name() + "{" + strings.Join(fields, ", ") + "}"
}

func show(value any) string {
	if text, ok := value.(string); ok {
		return fmt.Sprintf("%q", text)
	}
	return fmt.Sprint(value)
}
