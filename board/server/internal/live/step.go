package live

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
)

const (
	// stepAfter is how long the wall has to be quiet before text and wall are
	// brought in step, and stepWithin how long that is put off at most.
	stepAfter  = 50 * time.Millisecond
	stepWithin = 300 * time.Millisecond
	// stepShare is how many times as long as a step took nobody works on the next:
	// a large storm may be worked on for a quarter of the time.
	stepShare = 3
)

// Landing keeps the text of a storm and a wall in step.
type Landing interface {
	// InStep says what has to change so that text and wall say the same, and what
	// there is to say about the storm then. The wall is the landing's to read. It is
	// called by one goroutine at a time.
	InStep(ctx context.Context, w *session.Wall) (Step, error)
}

// Step is what brings text and wall in step; without files and changes they are.
type Step struct {
	Files    []session.FileChange
	Changes  []session.Change
	Problems []wire.Problem
}

// stepper works on a board's text, while others go on.
type stepper struct {
	b     *Board
	wake  chan struct{}
	ahead chan chan error
}

func newStepper(b *Board) *stepper {
	s := &stepper{b: b, wake: make(chan struct{}, 1), ahead: make(chan chan error)}
	s.poke()
	return s
}

// idle are the events that change neither text nor what there is to say about it.
var idle = []string{
	"PersonJoined", "CommentWritten", "CommentSettled", "CommentRemoved", "VotePlaced", "GoalsSet",
	"TimerSet", "VotesAllowed", "VotesClosed", "StormLanded", "NotesKeptApart",
}

// heard is called with every event.
func (s *stepper) heard(h heard) {
	if !slices.Contains(idle, h.what) {
		s.poke()
	}
}

func (s *stepper) poke() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// run works until the board is closed.
func (s *stepper) run() {
	ctx := s.b.ctx
	for {
		var asked chan error
		select {
		case <-ctx.Done():
			return
		case asked = <-s.ahead:
		case <-s.wake:
			asked = s.quiet(ctx)
		}
		start := time.Now()
		err := s.bring(ctx, asked != nil || s.mine(ctx))
		if asked != nil {
			asked <- err
		}
		if err != nil && ctx.Err() == nil {
			s.b.logger.Warn("text and wall cannot be brought in step, and it is tried again", "error", err)
			time.AfterFunc(time.Second, s.poke)
		}
		s.rest(ctx, time.Since(start)*stepShare)
	}
}

// quiet waits until nothing more happens, or until somebody asks.
func (s *stepper) quiet(ctx context.Context) (asked chan error) {
	last := time.NewTimer(stepWithin)
	defer last.Stop()
	for {
		timer := time.NewTimer(stepAfter)
		select {
		case <-ctx.Done():
		case <-last.C:
		case asked = <-s.ahead:
		case <-timer.C:
		case <-s.wake:
			timer.Stop()
			continue
		}
		timer.Stop()
		return asked
	}
}

// rest waits a while, in which others may use the processor.
func (s *stepper) rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(min(d, time.Second))
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case asked := <-s.ahead:
			asked <- s.bring(ctx, true)
		}
	}
}

// InStep brings text and wall in step now, and returns when they are.
func (b *Board) InStep(ctx context.Context) error {
	if b.stepper == nil {
		return nil
	}
	asked := make(chan error, 1)
	select {
	case b.stepper.ahead <- asked:
	case <-ctx.Done():
		return ctx.Err()
	case <-b.ctx.Done():
		return landfall.ErrClosed
	}
	select {
	case err := <-asked:
		return err
	case <-b.ctx.Done():
		return landfall.ErrClosed
	}
}

// maxSteps bounds how often a step is made anew because people went on meanwhile.
const maxSteps = 20

// bring makes steps until text and wall say the same. Unless this server is the
// one that makes them, it only looks what there is to say.
func (s *stepper) bring(ctx context.Context, makes bool) error {
	for range maxSteps {
		w, seq := s.b.Wall()
		step, err := s.b.config.Landing.InStep(ctx, w)
		if err != nil {
			return err
		}
		s.b.tellProblems(step.Problems)
		if !makes || len(step.Files) == 0 && len(step.Changes) == 0 {
			return nil
		}
		result, err := s.b.give(ctx, landfall.ID{}, "", session.BringInStep{Files: step.Files, Changes: step.Changes, At: int(time.Now().UnixMilli())})
		if err != nil && !errors.Is(err, landfall.ErrRejected) {
			return err
		}
		if err == nil && len(result.Events) == 0 {
			return nil // there is nothing to it
		}
		if err := s.taken(ctx, result, seq); err != nil {
			return err
		}
	}
	return nil // the next event makes it go on
}

// taken waits until the wall has what a step led to, or what stood in its way.
func (s *stepper) taken(ctx context.Context, result landfall.Result, seen uint64) error {
	want := seen + 1
	if n := len(result.Events); n > 0 {
		want = result.Events[n-1].Version
	}
	for range 500 {
		if _, seq := s.b.at(); seq >= want {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(2 * time.Millisecond):
		}
	}
	return nil
}

// tellProblems tells browsers what there is to say about the storm, when that has
// changed.
func (b *Board) tellProblems(list []wire.Problem) {
	if list == nil {
		list = []wire.Problem{}
	}
	text := encode(wire.Problems{T: "problems", List: list})
	b.mu.Lock()
	defer b.mu.Unlock()
	if string(text) == string(b.problems) {
		return
	}
	b.problems = text
	for s := range b.seats {
		s.line.Send(text)
	}
}

// lease says which server works on the text of a shared board.
type lease struct {
	Server string    `json:"server"`
	Until  time.Time `json:"until"`
}

const (
	leases   = "leases"
	leaseKey = "text"
	leaseFor = 6 * time.Second
)

// mine says whether this server is to work on the text. Of several only one is: two
// would lay the notes of the same text twice. Where the others' clocks are wrong, or
// a server was asleep, the version of the text refuses the second.
func (s *stepper) mine(ctx context.Context) bool {
	b := s.b
	if !b.config.Shared {
		return true
	}
	now := time.Now()
	doc, err := b.log.Get(ctx, leases, leaseKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false
	}
	var l lease
	var old []byte
	if err == nil {
		old = doc.Data
		_ = json.Unmarshal(old, &l) // what cannot be read has ended
	}
	switch {
	case l.Server == b.name && now.Before(l.Until.Add(-leaseFor/2)):
		return true
	case l.Server != b.name && now.Before(l.Until):
		time.AfterFunc(time.Until(l.Until)+time.Second, s.poke) // it may be gone by then
		return false
	}
	err = b.log.Commit(ctx, store.Changes{
		Expect: []store.Expectation{{Collection: leases, Key: leaseKey, Data: old}},
		Writes: []store.Write{{Collection: leases, Key: leaseKey, Data: encode(lease{b.name, now.Add(leaseFor)})}},
	})
	return err == nil
}
