package nats

import (
	"log/slog"
	"time"

	natsio "github.com/nats-io/nats.go"
)

// config is what Connect is told.
type config struct {
	names      Names
	maxAge     time.Duration
	maxBytes   int64
	replicas   int
	ackWait    time.Duration
	logger     *slog.Logger
	inbox      string
	batches    bool // of events
	connection []natsio.Option
}

// Option changes what Connect does.
type Option func(*config)

// WithPrefix begins all names on the server with prefix instead of "landfall",
// so that several systems share a server. It has letters, digits and hyphens.
func WithPrefix(prefix string) Option { return func(c *config) { c.names.Prefix = prefix } }

// WithKept has each stream keep messages for so long, and so many bytes of them,
// instead of an hour and 256 MB. The oldest go first.
func WithKept(age time.Duration, bytes int64) Option {
	return func(c *config) { c.maxAge, c.maxBytes = age, bytes }
}

// WithReplicas keeps streams and the places of consumers on so many servers of a
// cluster, instead of on one.
func WithReplicas(n int) Option { return func(c *config) { c.replicas = n } }

// WithAckWait has what a dead process had in hand go to another instance after so
// long, instead of after ten seconds. All instances of a module say the same.
func WithAckWait(d time.Duration) Option { return func(c *config) { c.ackWait = d } }

// WithLogger has lost connections and repairs logged there instead of to
// slog.Default.
func WithLogger(logger *slog.Logger) Option { return func(c *config) { c.logger = logger } }

// WithInbox has answers come to _INBOX.name instead of _INBOX, so that a server
// can keep connections from reading those of others; see Names.Permissions.
func WithInbox(name string) Option { return func(c *config) { c.inbox = name } }

// WithEventBatches has events of one type that are published together share
// messages, as commands do. An event then takes a fifth less of the processors of
// sender, server and receiver, and a quarter of what it took of the server's.
// Modules read batches whether they say this or not; other listeners have to know
// the batched mode of CloudEvents.
func WithEventBatches() Option { return func(c *config) { c.batches = true } }

// WithConnection passes options to the connection: credentials, TLS, user and
// password, token, name, timeouts.
//
//	nats.WithConnection(natsio.UserCredentials("rover.creds"), natsio.RootCAs("ca.pem"), natsio.Name("rover-1"))
func WithConnection(options ...natsio.Option) Option {
	return func(c *config) { c.connection = append(c.connection, options...) }
}
