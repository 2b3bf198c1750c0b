package server

import (
	"fmt"
	"log/slog"

	natsio "github.com/nats-io/nats.go"
)

// signals carry cursors between servers over NATS. They may be lost: what is kept
// goes through the store.
type signals struct{ conn *natsio.Conn }

// connect goes on trying while no server is there, and tells the log.
func connect(url string, logger *slog.Logger) (*signals, error) {
	conn, err := natsio.Connect(url, natsio.Name("landfall board"), natsio.RetryOnFailedConnect(true), natsio.MaxReconnects(-1),
		natsio.ConnectHandler(func(c *natsio.Conn) { logger.Info("cursors cross between servers", "nats", c.ConnectedUrlRedacted()) }),
		natsio.ReconnectHandler(func(c *natsio.Conn) {
			logger.Info("cursors cross between servers again", "nats", c.ConnectedUrlRedacted())
		}),
		natsio.DisconnectErrHandler(func(c *natsio.Conn, err error) {
			if !c.IsClosed() {
				logger.Warn("cursors of other servers are not seen until NATS is there again", "error", err)
			}
		}))
	if err != nil {
		return nil, fmt.Errorf("--nats: %w", err)
	}
	if !conn.IsConnected() {
		logger.Warn("cursors of other servers are not seen until NATS is there, which is tried again and again (--nats)", "error", conn.LastError())
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
