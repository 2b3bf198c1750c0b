package server

import (
	"fmt"

	natsio "github.com/nats-io/nats.go"
)

// signals carry cursors between servers over NATS. They may be lost: what is kept
// goes through the store.
type signals struct{ conn *natsio.Conn }

func connect(url string) (*signals, error) {
	conn, err := natsio.Connect(url, natsio.Name("landfall board"), natsio.RetryOnFailedConnect(true), natsio.MaxReconnects(-1))
	if err != nil {
		return nil, fmt.Errorf("--nats: %w", err)
	}
	return &signals{conn}, nil
}

func (s *signals) close() { s.conn.Close() }

// of returns the signals of one board.
func (s *signals) of(board string) boardSignals {
	return boardSignals{s.conn, "landfall.boards." + board + ".here"}
}

type boardSignals struct {
	conn    *natsio.Conn
	subject string
}

// Send implements live.Signals.
func (b boardSignals) Send(data []byte) error { return b.conn.Publish(b.subject, data) }

// Receive implements live.Signals.
func (b boardSignals) Receive(fn func([]byte)) (stop func(), err error) {
	sub, err := b.conn.Subscribe(b.subject, func(m *natsio.Msg) { fn(m.Data) })
	if err != nil {
		return nil, err
	}
	return func() { _ = sub.Unsubscribe() }, nil
}
