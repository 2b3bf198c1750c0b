package live

import (
	"context"
	"errors"
	"maps"
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
	// The more items a step had to take up, the longer there is no next one: with a
	// hundred people at work, who are not kept waiting for it, text and wall are in step
	// some seconds later.
	restAnItem = 4 * time.Millisecond
	mostRest   = 2 * time.Second
	// manyItems are so many that the next step is left for after a rest.
	manyItems = 30
)

// Landing keeps the text of a storm and a wall in step. It is called by one goroutine
// at a time.
type Landing interface {
	// InStep says what has to change so that text and wall say the same. The wall is the
	// landing's to read.
	InStep(ctx context.Context, w *session.Wall, n News) (Step, error)
	// Problems says what there is to say about the storm as the last step left it.
	Problems(w *session.Wall) []wire.Problem
	// Settled is called when text and wall are in step.
	Settled(w *session.Wall, landed map[string]string)
}

// News is what has happened to a wall since the last step.
type News struct {
	// Dirty are the ids of the items that have changed. It is never nil.
	Dirty []string
	// Anew says that the landing has to begin anew: the board was opened, or another
	// server has brought text and wall in step.
	Anew bool
	// Was are then the items that have changed since text and wall were in step last, as
	// they were at that time, and nil for those that were not there. Without any such time
	// it is nil.
	Was map[string]session.Item
	// Landed is the text of each file as it was last known to be on the disk.
	Landed map[string]string
}

// Step is what brings text and wall in step. It is only done when the board has
// accepted it.
type Step struct {
	// Bring is what changes; without files and changes they are in step.
	Bring session.BringInStep
	// Landed are texts that the disk is known to have.
	Landed []session.FileText
	// Waits says that the text has not all of the wall yet: the next step brings it.
	Waits bool
	// Broken says that the text cannot be read, so that nothing of the wall comes into it.
	Broken bool
	// Accept is called once it is done.
	Accept func()
}

// leaves says how text and wall are to each other after the step.
func (s *Step) leaves() string {
	switch {
	case s.Broken:
		return broken
	case s.Waits:
		return waits
	}
	return inStep
}

// stepper works on a board's text, while others go on.
type stepper struct {
	b     *Board
	wake  chan struct{}
	ahead chan chan error
	told  time.Time // when problems were looked for
	kept  time.Time // when it was written down that text and wall are in step
	keep  uint64    // what is still to be written down of that

	// These need the board's lock.
	dirty map[string]bool
	anew  bool
	own   landfall.ID // of the step that is on its way
}

func newStepper(b *Board) *stepper {
	s := &stepper{b: b, wake: make(chan struct{}, 1), ahead: make(chan chan error), dirty: map[string]bool{}, anew: true}
	s.poke()
	return s
}

// idle are the events that change neither text nor what there is to say about it.
var idle = []string{
	"PersonJoined", "CommentWritten", "CommentSettled", "CommentRemoved", "VotePlaced", "GoalsSet",
	"TimerSet", "VotesAllowed", "VotesClosed", "StormLanded", "NotesKeptApart",
}

// heard is called with every event, under the board's lock.
func (s *stepper) heard(h heard, changes []session.Change) {
	if slices.Contains(idle, h.what) {
		return
	}
	if h.what == brought {
		if h.id == s.own.String() {
			return
		}
		s.anew = true
	}
	for i := range changes {
		s.dirty[changes[i].ID] = true
	}
	s.poke()
}

// news takes what has happened, with the wall as it is then.
func (s *stepper) news() (*session.Wall, uint64, News) {
	b := s.b
	b.mu.Lock()
	defer b.mu.Unlock()
	n := News{Dirty: make([]string, 0, len(s.dirty)), Anew: s.anew, Landed: maps.Clone(b.landed)}
	for id := range s.dirty {
		n.Dirty = append(n.Dirty, id)
	}
	if n.Anew {
		n.Was = b.since.was()
	}
	clear(s.dirty)
	s.anew = false
	return b.wall.Clone(), b.seq, n
}

// back gives back news that came to nothing.
func (s *stepper) back(n News) {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	for _, id := range n.Dirty {
		s.dirty[id] = true
	}
	s.anew = s.anew || n.Anew
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
	defer s.writeDown(context.WithoutCancel(ctx))
	for {
		var asked chan error
		select {
		case <-ctx.Done():
			return
		case asked = <-s.ahead:
		case <-s.wake:
			asked = s.quiet(ctx)
		}
		start, items := time.Now(), s.items()
		err := s.bring(ctx, asked != nil || s.mine(ctx), asked != nil)
		if asked != nil {
			asked <- err
		}
		if err != nil && ctx.Err() == nil {
			s.b.logger.Warn("text and wall cannot be brought in step, and it is tried again", "error", err)
			time.AfterFunc(time.Second, s.poke)
		}
		s.rest(ctx, restAfter(time.Since(start), items))
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

// items returns how many items there is news of.
func (s *stepper) items() int {
	s.b.mu.Lock()
	defer s.b.mu.Unlock()
	return len(s.dirty)
}

// restAfter returns how long nobody works on the next step after one that took so long
// for so many items.
func restAfter(took time.Duration, items int) time.Duration {
	return max(min(took*stepShare, time.Second), min(time.Duration(items)*restAnItem, mostRest))
}

// rest waits a while, in which others may use the processor.
func (s *stepper) rest(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
			return
		case asked := <-s.ahead:
			asked <- s.bring(ctx, true, true)
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
// one that makes them, it only looks what there is to say. While many people work there
// is always more to do: unless somebody waits for it, that is left for after a rest.
func (s *stepper) bring(ctx context.Context, makes, awaited bool) error {
	for n := range maxSteps {
		if n > 0 && !awaited && s.items() >= manyItems {
			break
		}
		w, seq, news := s.news()
		step, err := s.b.config.Landing.InStep(ctx, w, news)
		if err != nil {
			s.back(news)
			return err
		}
		if len(step.Bring.Files) == 0 && len(step.Bring.Changes) == 0 {
			step.Accept()
			if step.Waits && !step.Broken {
				continue // there is nothing to say of the text any more, so it takes the wall
			}
			s.settled(ctx, seq, &step, makes)
			s.inform(w)
			s.b.config.Landing.Settled(w, news.Landed)
			return s.landed(ctx, step.Landed)
		}
		if !makes {
			s.back(news)
			return nil
		}
		result, err := s.give(ctx, step.Bring, mark{seq, step.leaves()})
		switch {
		case errors.Is(err, landfall.ErrRejected): // people went on
			s.b.logger.Debug("a step came too late, and is made anew", "why", err)
			s.back(news)
		case err != nil:
			s.back(news)
			return err
		default:
			step.Accept()
			if err := s.landed(ctx, step.Landed); err != nil {
				return err
			}
		}
		if err := s.taken(ctx, result, seq); err != nil {
			return err
		}
	}
	s.poke() // there are others to be served, too
	return nil
}

// give makes the step that brings text and wall together.
func (s *stepper) give(ctx context.Context, c session.BringInStep, m mark) (landfall.Result, error) {
	now := time.Now()
	c.At = int(now.UnixMilli())
	id := store.NewCommandID(now)
	s.b.mu.Lock()
	s.own = id
	s.b.mu.Unlock()
	return s.b.host.Dispatch(ctx, landfall.Message{To: only, Command: c, ID: id, Metadata: m.metadata()})
}

// landed remembers what the disk is known to have.
func (s *stepper) landed(ctx context.Context, files []session.FileText) error {
	if len(files) == 0 {
		return nil
	}
	return s.b.Landed(ctx, "", files)
}

// Landed remembers that files are on the disk with these texts; a person landed
// them, or nobody.
func (b *Board) Landed(ctx context.Context, by string, files []session.FileText) error {
	_, err := b.give(ctx, landfall.ID{}, by, session.LandStorm{Files: files, By: by, At: int(time.Now().UnixMilli())})
	return err
}

// problemsEvery is how often problems are looked for while people go on.
const problemsEvery = 2 * time.Second

// inform tells browsers what there is to say about the storm.
func (s *stepper) inform(w *session.Wall) {
	if len(s.wake) > 0 && time.Since(s.told) < problemsEvery {
		return
	}
	s.told = time.Now()
	s.b.tellProblems(s.b.config.Landing.Problems(w))
}

// StepSoon lets text and wall be brought in step when there is news from outside,
// such as from the disk.
func (b *Board) StepSoon() {
	if b.stepper != nil {
		b.stepper.poke()
	}
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

// maxProblems is how many problems browsers are told of at once: nobody reads more.
const maxProblems = 1000

// tellProblems tells browsers what there is to say about the storm, when that has
// changed.
func (b *Board) tellProblems(list []wire.Problem) {
	if list == nil {
		list = []wire.Problem{}
	}
	list = list[:min(len(list), maxProblems)]
	text := encode(wire.Problems{T: "problems", List: list})
	b.mu.Lock()
	defer b.mu.Unlock()
	if string(text) == string(b.problems) {
		return
	}
	b.problems = text
	for s := range b.seats {
		s.line.Latest(text)
	}
}
