package live

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
)

// ErrFull says that too many browsers are on the board.
var ErrFull = errors.New("too many people are on this board")

// Seat is one browser on a board.
type Seat struct {
	board  *Board
	person wire.Person
	role   wire.Role
	line   *Line
}

// Sit lets a browser in. It is welcomed, and told of the operations since the one
// that it has seen, and of all that follow, through the line. perPerson and inAll
// bound how many browsers may be there.
func (b *Board) Sit(ctx context.Context, person wire.Person, role wire.Role, since uint64, line *Line, perPerson, inAll int) (*Seat, error) {
	if err := b.introduce(ctx, person, role); err != nil {
		return nil, err
	}
	missed, err := b.missed(ctx, person.ID, since)
	if err != nil {
		return nil, err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	mine := 0
	for s := range b.seats {
		if s.person.ID == person.ID {
			mine++
		}
	}
	if len(b.seats) >= inAll || mine >= perPerson {
		return nil, ErrFull
	}
	s := &Seat{board: b, person: person, role: role, line: line}
	b.seats[s] = struct{}{}
	b.present.enter(person.ID, here)
	b.poke()
	line.Send(encode(wire.Welcome{
		T: "welcome", You: person.ID, Role: role, Seq: b.sent,
		People: b.present.all(b.wall, func(*present) bool { return true }), Now: time.Now().UnixMilli(),
	}))
	if since > b.sent || missed.behind || !b.bring(s, missed, since) {
		line.End(encode(wire.Reload{T: "reload"}))
	} else if b.problems != nil {
		line.Send(b.problems)
	}
	return s, nil
}

// bring sends a browser what it missed up to what the others were told last; false
// says that it cannot be done. It needs the lock.
func (b *Board) bring(s *Seat, missed gap, since uint64) bool {
	ops := missed.ops
	next := max(since, missed.to) + 1
	if next <= b.sent {
		if len(b.ring) == 0 || b.ring[0].seq > next {
			return false
		}
		for _, o := range b.ring[next-b.ring[0].seq:] {
			if o.seq <= b.sent {
				ops = append(ops, o)
			}
		}
	}
	const each = 200 // operations in a frame
	for len(ops) > 0 {
		n := min(each, len(ops))
		f := newFrame(ops[n-1].seq, ops[:n], nil, nil)
		s.line.Send(f.of(s.person.ID))
		ops = ops[n:]
	}
	return true
}

// gap is what a browser missed and is not kept in memory any more.
type gap struct {
	ops    []*op
	to     uint64 // the last of them
	behind bool   // it is too much to be sent
}

// missed reads what is not in the ring.
func (b *Board) missed(ctx context.Context, person string, since uint64) (gap, error) {
	b.mu.Lock()
	sent, kept := b.sent, b.seq+1
	if len(b.ring) > 0 {
		kept = b.ring[0].seq
	}
	b.mu.Unlock()
	switch {
	case since > sent: // the state was fresher than the last tick, or came from another server
		b.poke()
		b.await(ctx, since)
		return gap{}, nil
	case since >= sent || since+1 >= kept:
		return gap{}, nil
	case sent-since > farBehind:
		return gap{behind: true}, nil
	}
	// A margin, because the ring moves on meanwhile.
	upTo := min(sent, kept+recent/4)
	ops, _, err := b.read(ctx, since, upTo, MaxBytes)
	if err != nil || len(ops) == 0 {
		return gap{}, err
	}
	last := ops[len(ops)-1].seq
	return gap{ops: ops, to: last, behind: last < upTo}, nil
}

// await waits a little for an operation: until the next tick, and up to two
// seconds for one of another server.
func (b *Board) await(ctx context.Context, seq uint64) {
	tries := 10
	if b.config.Shared {
		tries = 80
	}
	for range tries {
		b.mu.Lock()
		there := b.sent >= seq
		b.mu.Unlock()
		if there {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(25 * time.Millisecond):
			b.poke()
		}
	}
}

// introduce makes a person known to the board, or what has changed about them.
func (b *Board) introduce(ctx context.Context, p wire.Person, role wire.Role) error {
	b.mu.Lock()
	known := b.wall.People[p.ID]
	b.mu.Unlock()
	if known != nil && known.Name == p.Name && known.Color == p.Color && known.Role == session.Role(role) {
		return nil
	}
	_, err := b.give(ctx, landfall.ID{}, p.ID, session.JoinBoard{
		Person: session.PersonData{ID: p.ID, Name: p.Name, Color: p.Color, Role: session.Role(role)},
		By:     p.ID, At: int(time.Now().UnixMilli()),
	})
	if errors.Is(err, landfall.ErrRejected) {
		return nil
	}
	return err
}

// Leave takes the browser off the board. Leaving twice does nothing.
func (s *Seat) Leave() {
	b := s.board
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, there := b.seats[s]; !there {
		return
	}
	delete(b.seats, s)
	b.left = time.Now()
	b.present.exit(s.person.ID, here)
	b.poke()
}

// Here takes up where the person is.
func (s *Seat) Here(at wire.Presence) {
	b := s.board
	b.mu.Lock()
	wasDirty := b.present.dirty() || len(b.fresh) > 0
	b.present.say(s.person.ID, at)
	b.mu.Unlock()
	if !wasDirty {
		b.poke()
	}
}

// Do gives a command. Its answer goes through the line: a refusal, an
// acknowledgement, or the operation itself in a tick.
func (s *Seat) Do(ctx context.Context, do *wire.Do) {
	if answer := s.do(ctx, do); answer != nil {
		s.line.Send(encode(answer))
	}
}

func (s *Seat) do(ctx context.Context, do *wire.Do) any {
	no := func(code wire.Code, message string) any {
		return wire.No{T: "no", ID: do.ID, Code: code, Message: message}
	}
	c, err := session.Decode(do.What, do.Data, s.person.ID, time.Now())
	switch {
	case err != nil:
		s.board.logger.Debug("a command was not understood", "person", s.person.ID, "error", err)
		return no(wire.Invalid, "The server does not understand this page; load it again.")
	case !session.Allowed(c, session.Role(s.role)):
		return no(wire.Forbidden, forbidden(s.role))
	}
	id, err := uuid.Parse(do.ID)
	if err != nil {
		return no(wire.Invalid, "the id is not a UUID")
	}
	m := landfall.Message{To: only, Command: c, ID: id, Actor: s.person.ID}
	if store.CommandOf(id) != id {
		m.Metadata = map[string]string{opKey: do.ID}
	}
	ctx, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	result, err := s.board.host.Dispatch(ctx, m)
	if err != nil {
		return s.refusal(do, err, no)
	}
	if len(result.Events) == 0 {
		_, seq := s.board.at()
		return wire.Done{T: "done", ID: do.ID, Seq: seq}
	}
	if result.Repeated {
		return wire.Done{T: "done", ID: do.ID, Seq: result.Events[len(result.Events)-1].Version}
	}
	return nil // the operation says it
}

func (b *Board) at() (*session.BoardInfo, uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.wall.Board, b.seq
}

func (s *Seat) refusal(do *wire.Do, err error, no func(wire.Code, string) any) any {
	if code, reason, refused := Reason(err); refused {
		return no(code, reason)
	}
	switch {
	case errors.Is(err, store.ErrInvalid):
		return no(wire.TooLarge, "this is more than one command may change at once")
	case passing(err):
		// It is not known what became of it: the browser is to send it again.
		s.line.Bye(wire.ByeStopping, "the server cannot store now; what was not acknowledged is sent again")
		return nil
	}
	s.board.logger.Error("a command failed", "command", do.What, "id", do.ID, "person", s.person.ID, "error", err)
	return no(wire.Closed, "the server could not do it; its log says more")
}

// Reason returns what people are told of a refusal by the model: what the model says,
// without the names that the runtime puts before it. refused is false for another
// error, of which they are not told.
func Reason(err error) (code wire.Code, reason string, refused bool) {
	var rejection *landfall.Rejection
	switch {
	case errors.Is(err, session.ErrStale):
		return wire.Stale, "The text has been changed in the meantime.", true
	case errors.As(err, &rejection):
		return wire.Rejected, rejection.Reason, true
	}
	return "", "", false
}

// passing says whether an error may be over soon.
func passing(err error) bool {
	for _, e := range []error{landfall.ErrClosed, landfall.ErrConflict, store.ErrUnavailable, store.ErrFull, context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func forbidden(role wire.Role) string {
	if role == wire.Viewer {
		return "a viewer can only look"
	}
	return "only a facilitator can do that"
}

// No is the frame of a refusal.
func No(id string, code wire.Code, message string) []byte {
	return encode(wire.No{T: "no", ID: id, Code: code, Message: message})
}

// Rename gives the board another name, in the name of a person.
func (b *Board) Rename(ctx context.Context, by, name string) error {
	_, err := b.give(ctx, landfall.ID{}, by, session.NameBoard{Name: name, By: by, At: int(time.Now().UnixMilli())})
	return err
}

// addAtOnce is how many notes are put on the wall by one command.
const addAtOnce = 500

// AddNotes puts notes and their links on the wall in the name of a person, as one
// step.
func (b *Board) AddNotes(ctx context.Context, by string, notes []session.NoteData, links []session.LinkData) error {
	gesture := rand.Text()
	for len(notes) > 0 || len(links) > 0 {
		c := session.AddNotes{Gesture: gesture, By: by, At: int(time.Now().UnixMilli())}
		n := min(addAtOnce, len(notes))
		c.Notes, notes = notes[:n], notes[n:]
		if len(notes) == 0 {
			c.Links, links = links, nil
		}
		if _, err := b.give(ctx, landfall.ID{}, by, c); err != nil {
			return err
		}
	}
	return nil
}
