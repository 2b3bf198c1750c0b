package nats

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/landfall-go/landfall/transport"
)

var (
	errSilent = fmt.Errorf("the other end has said nothing for %s", silence)
	errGone   = errors.New("the other end has gone")
	errNobody = errors.New("nobody answers")
	errBusy   = errors.New("the instance is too busy or about to stop")
)

// Call implements transport.Transport. It returns ErrUnavailable at once if no
// instance answers or if the connection is lost, and after five seconds without
// a sign of the instance.
func (t *Transport) Call(ctx context.Context, module, operation string, request []byte) ([]byte, error) {
	if err := transport.CheckCall(module, operation, request); err != nil {
		return nil, err
	}
	lost, err := t.ready(ctx)
	if err != nil {
		return nil, err
	}
	answer, err := t.call(ctx, t.names.CallsSubject(module, operation), request, lost)
	switch {
	case err == nil:
		return answer, nil
	case errors.Is(err, transport.ErrInvalid), errors.Is(err, transport.ErrClosed):
		return nil, fmt.Errorf("%s of %s: %w", operation, module, err)
	}
	return nil, unavailable(ctx, operation+" of "+module, err)
}

func (t *Transport) call(ctx context.Context, subject string, request []byte, lost <-chan struct{}) ([]byte, error) {
	e := t.replies.open()
	defer e.close()
	if err := t.carry(step(subject, stepRequest, e.address), request, inline); err != nil {
		return nil, err
	}
	quiet := time.NewTimer(silence)
	defer quiet.Stop()
	peer := "" // the instance that has the call, once it is known
	for {
		m, err := e.next(ctx, quiet, lost)
		if err != nil {
			t.hangUp(peer)
			return nil, err
		}
		if noResponders(m) {
			return nil, errNobody
		}
		if m.Reply != "" {
			peer = m.Reply
		}
		switch stepOf(m) {
		case stepFetch:
			if err := t.serve(m, request); err != nil {
				return nil, err
			}
		case stepBusy:
			return nil, errBusy
		case stepEnd:
			return nil, errGone
		case stepTooLong:
			return nil, fmt.Errorf("%w: the answer has %d bytes; %d is the most", transport.ErrInvalid, numberOf(m, headerSize), transport.MaxCall)
		case stepAnswer:
			size := numberOf(m, headerSize)
			if size == len(m.Data) {
				return m.Data, nil
			}
			defer t.hangUp(peer)
			return t.fetch(ctx, e, peer, size, lost)
		}
	}
}

// hangUp tells the instance that the caller needs nothing more.
func (t *Transport) hangUp(peer string) {
	if peer != "" {
		_ = t.conn.PublishMsg(step(peer, stepEnd, "")) // it finds out by silence too
	}
}
