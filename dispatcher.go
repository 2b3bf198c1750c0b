package landfall

import (
	"context"
	"fmt"
	"reflect"
	"sync"
)

// Dispatcher keeps a queue of commands and runs it in order, one command and
// all that it causes after the other. It is safe for concurrent use. For a
// single command, [Host.Dispatch] will do.
type Dispatcher struct {
	host  *Host
	mu    sync.Mutex
	queue []Message
	run   sync.Mutex
}

// NewDispatcher returns a dispatcher with an empty queue.
func NewDispatcher(h *Host) *Dispatcher { return &Dispatcher{host: h} }

// Submit puts messages at the end of the queue.
func (d *Dispatcher) Submit(messages ...Message) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.queue = append(d.queue, messages...)
}

// Report is what became of a queue.
type Report struct {
	// Results are those of the commands that were answered, in order.
	Results []Result
	// Left is how many commands were not sent, or sent and rejected.
	Left int
	// StoppedBy is the event that ended the run, or nil.
	StoppedBy *Recorded
}

// Run dispatches the queue in order, and settles what each command causes
// before the next: policies have answered and projections show it. It ends
// early, and drops the rest of the queue, when a command leads to one of the
// events in until, or fails; the error is then that of [Host.Dispatch].
func (d *Dispatcher) Run(ctx context.Context, until ...Event) (Report, error) {
	d.run.Lock()
	defer d.run.Unlock()
	d.mu.Lock()
	queue := d.queue
	d.queue = nil
	d.mu.Unlock()
	report := Report{Left: len(queue)}
	for _, m := range queue {
		result, err := d.host.Dispatch(ctx, m)
		if err != nil {
			return report, err
		}
		report.Results = append(report.Results, result)
		report.Left--
		if err := d.host.Settle(ctx); err != nil {
			return report, fmt.Errorf("settle %T: %w", m.Command, err)
		}
		if report.StoppedBy = stopper(result, until); report.StoppedBy != nil {
			return report, nil
		}
	}
	return report, nil
}

func stopper(r Result, until []Event) *Recorded {
	for i := range r.Events {
		for _, u := range until {
			if reflect.TypeOf(r.Events[i].Event) == reflect.TypeOf(u) {
				return &r.Events[i]
			}
		}
	}
	return nil
}
