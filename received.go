package landfall

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/landfall-go/landfall/store"
)

// receivedCommands is the name of the consumer that answers the commands of
// other modules. It is no identifier, so no policy has it.
const receivedCommands = "received commands"

// receivedLanes is how many aggregates answer received commands at once, where
// nothing outside is asked. Each waits for its commit, so the more there are, the
// more of them share one.
const receivedLanes = 512

// receiver has the commands answered that other modules have sent. They lie in
// the module's own log, so that they wait, are tried again and become dead
// letters like everything that a policy answers.
type receiver struct {
	m        *module
	consumer *consumer
	lanes    int
}

func newReceiver(m *module) *receiver {
	r := &receiver{m: m, lanes: receivedLanes}
	for _, h := range m.spec.commandsByName {
		if h.system != nil { // who may not bear so many calls
			r.lanes = policyLanes
		}
	}
	r.consumer = newConsumer(m, receivedCommands, "consumer", []*eventSpec{m.spec.received}, r)
	r.consumer.raw = true
	return r
}

func (r *receiver) work(ctx context.Context, events []*Recorded) (answer, error) {
	return r.m.inLanes(ctx, events, r.lanes, r.answer)
}

func (r *receiver) done(*answer, bool) {}

// answer has one command take effect. Its id is its own, so that it does so once.
func (r *receiver) answer(ctx context.Context, e *Recorded, _ *answer) (err error) {
	if around := r.m.host.config.Hooks.Around; around != nil {
		var done func(error)
		ctx, done = around(ctx, Operation{Kind: OpReceive, Module: r.m.spec.name, Name: e.Type, Aggregate: e.Aggregate, ID: e.command})
		defer func() { done(err) }()
	}
	data, ok := e.Event.(json.RawMessage)
	if !ok {
		return fmt.Errorf("received command %s: %w", e.Type, store.ErrCorrupt)
	}
	msg := Message{
		To: e.Aggregate, ID: e.command, Actor: e.Actor, Metadata: e.Extra,
		Trigger: e.Trigger, Correlation: e.Correlation,
	}
	return r.m.settled(r.m.deliver(ctx, e.Type, data, msg), "of module "+e.From, e.Type, msg)
}
