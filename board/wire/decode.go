package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// ErrMalformed is everything that is wrong with the form of a message.
var ErrMalformed = errors.New("the message is malformed")

// ErrTooLarge says that a message is larger than the limits.
var ErrTooLarge = errors.New("the message is too large")

// envelope has the fields of all messages, so that one pass reads any of them.
type envelope struct {
	T    string          `json:"t"`
	ID   *string         `json:"id"`
	What *string         `json:"what"`
	Data json.RawMessage `json:"data"`
	Presence
}

// Decode reads a message of a browser. The error is [ErrMalformed] or
// [ErrTooLarge]; with it, a command's id is returned when it could be read, so
// that the refusal can name it.
func Decode(data []byte) (Message, string, error) {
	var e envelope
	if err := strict(data, MaxMessage, &e); err != nil {
		return nil, "", err
	}
	switch e.T {
	case "do":
		return e.do()
	case "here":
		return e.here()
	case "ping":
		if e.isCommand() || e.isPresence() {
			return nil, "", malformed("a ping has no other field than t")
		}
		return &Ping{T: e.T}, "", nil
	case "":
		return nil, "", malformed(`there is no t; it is "do", "here" or "ping"`)
	}
	return nil, "", malformed(`t is %q; it is "do", "here" or "ping"`, clip(e.T))
}

func (e *envelope) isCommand() bool { return e.ID != nil || e.What != nil || e.Data != nil }

func (e *envelope) isPresence() bool {
	p := e.Presence
	return p.X != nil || p.Y != nil || p.Select != nil || p.Editing != nil || p.Draft != nil || p.Drag != nil
}

func (e *envelope) do() (Message, string, error) {
	if e.ID == nil {
		return nil, "", malformed("a command has no id")
	}
	id, err := uuid.Parse(*e.ID)
	if err != nil || len(*e.ID) != 36 || id == uuid.Nil {
		return nil, "", malformed("the id %q is not a UUID", clip(*e.ID))
	}
	switch {
	case e.isPresence():
		return nil, *e.ID, malformed("a command has no other fields than t, id, what and data")
	case e.What == nil || *e.What == "":
		return nil, *e.ID, malformed("the command has no name in what")
	case len(e.Data) == 0 || e.Data[0] != '{':
		return nil, *e.ID, malformed("the command has no object in data")
	}
	return &Do{T: e.T, ID: *e.ID, What: *e.What, Data: e.Data}, *e.ID, nil
}

func (e *envelope) here() (Message, string, error) {
	p := &e.Presence
	if e.isCommand() {
		return nil, "", malformed("a presence has no id, what and data")
	}
	for _, at := range []*float64{p.X, p.Y} {
		if at != nil && !within(*at) {
			return nil, "", malformed("a cursor is at %g; it may be %d away", *at, MaxCoordinate)
		}
	}
	if p.Select != nil {
		var err error
		if *p.Select, err = ids(*p.Select); err != nil {
			return nil, "", err
		}
	}
	if p.Editing != nil && len(*p.Editing) > MaxID {
		return nil, "", malformed("an id is longer than %d bytes", MaxID)
	}
	if p.Draft != nil && len(*p.Draft) > MaxDraft {
		return nil, "", fmt.Errorf("%w: a draft has %d bytes, %d are allowed", ErrTooLarge, len(*p.Draft), MaxDraft)
	}
	if p.Drag != nil {
		if !within(p.Drag.DX) || !within(p.Drag.DY) {
			return nil, "", malformed("notes are dragged by %g, %g; it may be %d", p.Drag.DX, p.Drag.DY, MaxCoordinate)
		}
		var err error
		if p.Drag.IDs, err = ids(p.Drag.IDs); err != nil {
			return nil, "", err
		}
	}
	return &Here{T: e.T, Presence: *p}, "", nil
}

func within(v float64) bool { return math.Abs(v) <= MaxCoordinate }

func ids(list []string) ([]string, error) {
	list = list[:min(len(list), MaxSelected)]
	for _, id := range list {
		if len(id) > MaxID {
			return nil, malformed("an id is longer than %d bytes", MaxID)
		}
	}
	if list == nil {
		list = []string{}
	}
	return list, nil
}

// DecodeBody reads one JSON value of a body into a struct, as strictly as a
// message. The error is [ErrMalformed] or [ErrTooLarge], or that of the reader.
func DecodeBody(r io.Reader, into any) error {
	data, err := io.ReadAll(io.LimitReader(r, MaxBody+1))
	if err != nil {
		return fmt.Errorf("read the body: %w", err)
	}
	return strict(data, MaxBody, into)
}

// DecodeCommand reads the fields of a command into its struct, strictly.
func DecodeCommand(data json.RawMessage, into any) error { return strict(data, MaxMessage, into) }

// strict reads one JSON object.
func strict(data []byte, limit int, into any) error {
	switch {
	case len(data) > limit:
		return fmt.Errorf("%w: %d bytes are allowed", ErrTooLarge, limit)
	case !utf8.Valid(data):
		return malformed("it is not UTF-8")
	}
	if at := tooDeep(data); at >= 0 {
		return malformed("at byte %d it is nested deeper than %d", at, MaxDepth)
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return malformed("%s", explain(err))
	}
	if _, err := d.Token(); err != io.EOF {
		return malformed("there is more after its end, at byte %d", d.InputOffset())
	}
	return nil
}

// explain says what is wrong with JSON, without the words of the library and the
// names of Go types.
func explain(err error) string {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	switch {
	case errors.As(err, &kind) && kind.Field != "":
		return fmt.Sprintf("at byte %d, %s cannot be a %s", kind.Offset, kind.Field, kind.Value)
	case errors.As(err, &kind):
		return fmt.Sprintf("at byte %d there is a %s in place of an object", kind.Offset, kind.Value)
	case errors.As(err, &syntax):
		return fmt.Sprintf("at byte %d it is not JSON: %s", syntax.Offset, syntax.Error())
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "it ends too early"
	}
	return strings.TrimPrefix(err.Error(), "json: ")
}

// tooDeep returns where data goes deeper than MaxDepth, or -1. It looks at
// brackets outside of texts only; whether they match is not its business.
func tooDeep(data []byte) int {
	depth, quoted := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > MaxDepth {
				return i
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return -1
}

func malformed(format string, args ...any) error {
	return fmt.Errorf("%w: %s", ErrMalformed, fmt.Sprintf(format, args...))
}

// clip shortens what somebody sent, to be shown in a message.
func clip(s string) string {
	if len(s) <= 60 {
		return s
	}
	return strings.ToValidUTF8(s[:60], "") + "…"
}
