package live

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/landfall-go/landfall/store"
)

// keepEvery is how often it is written down that text and wall are in step where no
// operation says so: it spares whoever begins anew to look at what has long been settled.
const keepEvery = 5 * time.Second

// settled is called when a step had nothing to do for the wall as it was after an operation.
func (s *stepper) settled(ctx context.Context, seq uint64, step *Step, makes bool) {
	if step.Broken {
		return
	}
	s.b.mu.Lock()
	news := s.b.since.inStep(seq, func(string) bool { return true })
	s.b.mu.Unlock()
	if !news || !makes {
		return
	}
	s.keep = seq
	if time.Since(s.kept) >= keepEvery {
		s.writeDown(ctx)
	}
}

// settled is the document that says for which operation text and wall were in step.
type settled struct {
	Seq uint64 `json:"seq"`
}

const (
	steps   = "steps"
	stepKey = "text"
)

// writeDown writes down for which operation text and wall were in step.
func (s *stepper) writeDown(ctx context.Context) {
	if s.keep == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, keepEvery)
	defer cancel()
	err := s.b.log.Commit(ctx, store.Changes{
		Writes: []store.Write{{Collection: steps, Key: stepKey, Data: encode(settled{s.keep})}},
		Lazy:   true, // without it there is more to look at, and that is all
	})
	if err != nil {
		s.b.logger.Debug("it was not written down that text and wall are in step", "error", err)
		return
	}
	s.keep, s.kept = 0, time.Now()
}

// recall reads for which operation text and wall were in step.
func (b *Board) recall(ctx context.Context) error {
	doc, err := b.log.Get(ctx, steps, stepKey)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var at settled
	if json.Unmarshal(doc.Data, &at) == nil && at.Seq > 0 && at.Seq <= b.seq { // else nothing is known
		b.since.inStep(at.Seq, func(string) bool { return true })
	}
	return nil
}
