package landfall

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/transport"
)

// The calls that every module answers on a transport. Requests and answers are
// JSON; docs/messages.md describes them for programs in other languages.
const (
	callDispatch = "dispatch" // a command from outside
	callResend   = "resend"   // messages that a receiver has missed
	callGet      = "get"      // a document of a projection
	callList     = "list"     // documents of a projection
	callWait     = "wait"     // until a projection has taken up a position
	callLoad     = "load"     // an aggregate's state
	callLetters  = "letters"  // the module's dead letters
	callReopen   = "reopen"   // a dead letter is retried or skipped
)

// callPatience is how long a caller without a deadline of its own waits.
const callPatience = 30 * time.Second

// reply is the answer to every call.
type reply[T any] struct {
	Error  *replyError `json:"error,omitempty"`
	Result T           `json:"result,omitzero"`
}

// replyError is an error on the road. Kind says which it is.
type replyError struct {
	Kind string `json:"kind"`
	Text string `json:"text"`
	// Reason is that of a rejection.
	Reason string `json:"reason,omitempty"`
}

// errorKinds are the errors that keep their meaning on the road.
var errorKinds = []struct {
	kind string
	err  error
}{
	{"rejected", ErrRejected},
	{"conflict", ErrConflict},
	{"invalid", ErrInvalid},
	{"notFound", ErrNotFound},
	{"unreadable", ErrUnreadable},
	{"unavailable", ErrUnavailable},
	{"unavailable", store.ErrUnavailable},
	{"unavailable", ErrClosed}, // another instance may answer
	{"full", store.ErrFull},
	{"timeout", context.DeadlineExceeded},
}

func toReply(err error) *replyError {
	if err == nil {
		return nil
	}
	r := &replyError{Kind: "failed", Text: err.Error()}
	for _, k := range errorKinds {
		if errors.Is(err, k.err) {
			r.Kind = k.kind
			break
		}
	}
	var rejection *Rejection
	if errors.As(err, &rejection) {
		r.Reason = rejection.Reason
	}
	return r
}

// calledError is an error that came over the road.
type calledError struct {
	text  string
	cause error
}

// Error returns what the other side said.
func (c *calledError) Error() string { return c.text }

// Unwrap returns the error that it is here.
func (c *calledError) Unwrap() error { return c.cause }

func (r *replyError) toError() error {
	if r == nil {
		return nil
	}
	if r.Kind == "rejected" {
		return &calledError{r.Text, &Rejection{Reason: r.Reason}}
	}
	for _, k := range errorKinds {
		if k.kind == r.Kind {
			return &calledError{r.Text, k.err}
		}
	}
	return &calledError{r.Text, nil}
}

// call asks a module that runs elsewhere.
func call[Request, Result any](ctx context.Context, h *Host, module, operation string, request Request) (Result, error) {
	var answer reply[Result]
	if h.config.Transport == nil {
		return answer.Result, fmt.Errorf("module %s does not run here, and Config.Transport is nil: %w", module, ErrUnavailable)
	}
	data, err := json.Marshal(request)
	if err != nil {
		return answer.Result, err
	}
	if _, bounded := ctx.Deadline(); !bounded {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callPatience)
		defer cancel()
	}
	if data, err = h.config.Transport.Call(ctx, module, operation, data); err != nil {
		return answer.Result, fmt.Errorf("call %s of module %s: %w", operation, module, err)
	}
	if err := json.Unmarshal(data, &answer); err != nil {
		return answer.Result, fmt.Errorf("the answer of module %s to %s cannot be read: %w", module, operation, err)
	}
	return answer.Result, answer.Error.toError()
}

// answers has an operation of the module answered for other processes.
func answers[Request, Result any](m *module, operation string, do func(context.Context, Request) (Result, error)) (stop func(), err error) {
	return m.host.config.Transport.Answer(m.spec.name, operation, func(ctx context.Context, data []byte) []byte {
		var (
			request Request
			answer  reply[Result]
		)
		err := json.Unmarshal(data, &request)
		if err != nil {
			err = fmt.Errorf("the request is not what %s takes: %w: %w", operation, ErrInvalid, err)
		} else {
			err = m.host.work(ctx, func(ctx context.Context) (err error) {
				answer.Result, err = do(ctx, request)
				return err
			})
		}
		answer.Error = toReply(err)
		data, err = json.Marshal(answer)
		if err != nil { // of our own types only what users put into them can fail
			data, _ = json.Marshal(reply[struct{}]{Error: toReply(err)})
		}
		return data
	})
}

// answerAll has all operations of the module answered.
func (m *module) answerAll() (stops []func(), err error) {
	for _, answer := range []func() (func(), error){
		func() (func(), error) { return answers(m, callDispatch, m.answerDispatch) },
		func() (func(), error) { return answers(m, callResend, m.answerResend) },
		func() (func(), error) { return answers(m, callGet, m.answerGet) },
		func() (func(), error) { return answers(m, callList, m.answerList) },
		func() (func(), error) { return answers(m, callWait, m.answerWait) },
		func() (func(), error) { return answers(m, callLoad, m.answerLoad) },
		func() (func(), error) { return answers(m, callLetters, m.answerLetters) },
		func() (func(), error) { return answers(m, callReopen, m.answerReopen) },
	} {
		stop, err := answer()
		if err != nil {
			return stops, err
		}
		stops = append(stops, stop)
	}
	return stops, nil
}

// dispatchRequest is a command from outside.
type dispatchRequest struct {
	ID       ID                `json:"id"`
	Type     string            `json:"type"`
	To       AggregateID       `json:"to"`
	Actor    string            `json:"actor,omitempty"`
	Metadata map[string]string `json:"metadata,omitempty"`
	// Trigger and Correlation are those of the Message.
	Trigger     ID              `json:"trigger,omitzero"`
	Correlation ID              `json:"correlation,omitzero"`
	Data        json.RawMessage `json:"data"`
}

// dispatchResult is a Result on the road.
type dispatchResult struct {
	Command  ID          `json:"command"`
	Repeated bool        `json:"repeated,omitempty"`
	Events   []sentEvent `json:"events,omitempty"`
}

// sentEvent is a Recorded on the road.
type sentEvent struct {
	ID          ID                `json:"id"`
	Type        string            `json:"type"`
	Aggregate   AggregateID       `json:"aggregate"`
	Version     uint64            `json:"version"`
	Position    uint64            `json:"position"`
	Time        time.Time         `json:"time"`
	Trigger     ID                `json:"trigger,omitzero"`
	Correlation ID                `json:"correlation"`
	Actor       string            `json:"actor,omitempty"`
	Metadata    map[string]string `json:"metadata,omitempty"`
	Data        json.RawMessage   `json:"data"`
}

func (m *module) answerDispatch(ctx context.Context, r dispatchRequest) (dispatchResult, error) {
	handler := m.spec.commandsByName[r.Type]
	if handler == nil {
		return dispatchResult{}, fmt.Errorf("module %s handles no command %q: %w", m.spec.name, r.Type, ErrInvalid)
	}
	value := reflect.New(handler.commandType)
	if err := json.Unmarshal(r.Data, value.Interface()); err != nil {
		return dispatchResult{}, fmt.Errorf("command %s: %w: %w", r.Type, ErrInvalid, err)
	}
	result, err := m.dispatch(ctx, &Message{
		To: r.To, Command: value.Elem().Interface(), ID: r.ID, Actor: r.Actor, Metadata: r.Metadata,
		Trigger: r.Trigger, Correlation: r.Correlation,
	}, handler)
	if err != nil {
		return dispatchResult{}, err
	}
	answer := dispatchResult{Command: result.Command, Repeated: result.Repeated}
	for i := range result.Events {
		e := &result.Events[i]
		data, err := encodeJSON(e.Event)
		if err != nil {
			return answer, err
		}
		answer.Events = append(answer.Events, sentEvent{
			ID: e.ID, Type: e.Type, Aggregate: e.Aggregate, Version: e.Version, Position: e.Position, Time: e.Time,
			Trigger: e.Trigger, Correlation: e.Correlation, Actor: e.Actor, Metadata: e.Extra, Data: data,
		})
	}
	return answer, nil
}

func (m *module) answerResend(ctx context.Context, r resend) (resent, error) {
	if r.Topic.From != m.spec.name || r.Topic.To != "" && m.spec.sentTo[r.Topic.To] == nil {
		return resent{}, fmt.Errorf("module %s has no topic %s: %w", m.spec.name, r.Topic, ErrInvalid)
	}
	return m.resend(ctx, r)
}

// viewRequest is a question to a projection.
type viewRequest struct {
	Projection string `json:"projection"`
	Key        string `json:"key,omitempty"`
	Prefix     string `json:"prefix,omitempty"`
	After      string `json:"after,omitempty"`
	Limit      int    `json:"limit,omitempty"`
	Position   uint64 `json:"position,omitempty"`
}

// viewDocument is a document of a projection on the road.
type viewDocument struct {
	Key      string          `json:"key"`
	Document json.RawMessage `json:"document"`
}

func (m *module) asked(name string) (*projection, error) {
	for _, p := range m.projections {
		if p.spec.name == name {
			return p, nil
		}
	}
	return nil, fmt.Errorf("module %s has no projection %q: %w", m.spec.name, name, ErrInvalid)
}

func (m *module) answerGet(ctx context.Context, r viewRequest) (viewDocument, error) {
	p, err := m.asked(r.Projection)
	if err != nil {
		return viewDocument{}, err
	}
	doc, err := p.get(ctx, r.Key)
	return viewDocument{doc.Key, doc.Data}, err
}

func (m *module) answerList(ctx context.Context, r viewRequest) ([]viewDocument, error) {
	p, err := m.asked(r.Projection)
	if err != nil {
		return nil, err
	}
	docs, err := p.list(ctx, store.Query{Prefix: r.Prefix, After: r.After, Limit: r.Limit})
	all := make([]viewDocument, len(docs))
	for i, doc := range docs {
		all[i] = viewDocument{doc.Key, doc.Data}
	}
	return all, err
}

func (m *module) answerWait(ctx context.Context, r viewRequest) (struct{}, error) {
	p, err := m.asked(r.Projection)
	if err != nil {
		return struct{}{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callPatience)
	defer cancel()
	return struct{}{}, p.waitFor(ctx, r.Position)
}

// loadRequest asks for the state of an aggregate.
type loadRequest struct {
	Kind string      `json:"kind"`
	ID   AggregateID `json:"id"`
}

type loadResult struct {
	Version uint64          `json:"version"`
	State   json.RawMessage `json:"state"`
}

func (m *module) answerLoad(ctx context.Context, r loadRequest) (loadResult, error) {
	for _, a := range m.spec.aggregates {
		if a.name != r.Kind {
			continue
		}
		if err := r.ID.check(); err != nil {
			return loadResult{}, err
		}
		state, version, _, err := m.replay(ctx, a, a.prefix+string(r.ID))
		if err != nil {
			return loadResult{}, err
		}
		data, err := encodeJSON(state)
		return loadResult{version, data}, err
	}
	return loadResult{}, fmt.Errorf("module %s has no aggregate %q: %w", m.spec.name, r.Kind, ErrInvalid)
}

// letter is a DeadLetter on the road.
type letter struct {
	Consumer  string      `json:"consumer"`
	Aggregate AggregateID `json:"aggregate"`
	Stream    string      `json:"stream"`
	Event     ID          `json:"event"`
	Type      string      `json:"type"`
	Position  uint64      `json:"position"`
	Attempts  int         `json:"attempts"`
	Error     string      `json:"error"`
	Since     time.Time   `json:"since"`
}

func (m *module) answerLetters(ctx context.Context, _ struct{}) ([]letter, error) {
	var all []letter
	for _, c := range m.consumers() {
		for _, d := range c.deadLetters(ctx) {
			all = append(all, letter{d.Consumer, d.Aggregate, d.stream, d.Event, d.Type, d.Position, d.Attempts, d.Error, d.Since})
		}
	}
	return all, nil
}

// reopenRequest says which dead letter to try again, or to give up.
type reopenRequest struct {
	Consumer string `json:"consumer"`
	Stream   string `json:"stream"`
	Event    ID     `json:"event"`
	Skip     bool   `json:"skip,omitempty"`
}

func (m *module) answerReopen(ctx context.Context, r reopenRequest) (struct{}, error) {
	d := DeadLetter{Module: m.spec.name, Consumer: r.Consumer, Event: r.Event, stream: r.Stream}
	return struct{}{}, m.reopen(ctx, d, r.Skip)
}

// retryCall repeats a call while whoever should answer is not there, as when it
// is restarted.
func retryCall[T any](ctx context.Context, do func() (T, error)) (T, error) {
	const patience = 3 * time.Second
	begun := time.Now()
	for attempt := 1; ; attempt++ {
		result, err := do()
		if !errors.Is(err, transport.ErrUnavailable) || time.Since(begun) > patience {
			return result, err
		}
		if sleep(ctx, min(20*time.Millisecond<<min(attempt, 5), 500*time.Millisecond)) != nil {
			return result, err
		}
	}
}
