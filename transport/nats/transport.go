package nats

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
)

// Bounds of waiting for the server.
const (
	ackTimeout     = 5 * time.Second // for the acknowledgement of a message
	requestTimeout = 3 * time.Second // for an answer of JetStream about streams and consumers
	firstRetry     = 50 * time.Millisecond
	lastRetry      = 2 * time.Second
)

// Transport is a connection to NATS, shared by all modules of a process. It is
// safe for concurrent use. Connect makes one.
type Transport struct {
	config
	conn    *natsio.Conn
	js      jetstream.JetStream
	replies *replies

	mu     sync.Mutex
	closed bool
	ended  chan struct{} // closed by Close
	// online is closed when the connection comes back, lost when it goes; each is
	// replaced by the other event.
	online, lost chan struct{}
	connected    bool // as the last event, or Connect, has told
	parts        map[*part]struct{}
	streams      map[string]*checked
}

var _ transport.Transport = (*Transport)(nil)

// part is a subscription or an answer, which ends with the transport at latest.
type part struct{ stop func() }

// Connect connects to the servers at the URL, or at several URLs separated by
// commas. It also returns a transport, which goes on trying, if no server is
// there yet; until one is, everything that needs one returns ErrUnavailable. The
// context bounds the first attempt. It returns ErrInvalid for a URL or an option
// that cannot be right, and an error if the server refuses the connection.
func Connect(ctx context.Context, serverURL string, options ...Option) (*Transport, error) {
	t := &Transport{
		config:  config{maxAge: time.Hour, maxBytes: 256 << 20, replicas: 1, ackWait: 10 * time.Second, logger: slog.Default()},
		ended:   make(chan struct{}),
		online:  make(chan struct{}),
		lost:    make(chan struct{}),
		parts:   make(map[*part]struct{}),
		streams: make(map[string]*checked),
	}
	for _, option := range options {
		option(&t.config)
	}
	if err := errors.Join(t.names.check(), ctx.Err()); err != nil {
		return nil, fmt.Errorf("connect to NATS: %w", err)
	}
	o, err := t.connectionOptions(ctx, serverURL)
	if err != nil {
		return nil, err
	}
	if t.conn, err = connect(o); err != nil {
		return nil, fmt.Errorf("connect to NATS at %s: %w", redacted(serverURL), err)
	}
	t.mu.Lock()
	t.connected = t.connected || t.conn.IsConnected()
	t.mu.Unlock()
	if t.js, err = jetstream.New(t.conn, jetstream.WithDefaultTimeout(requestTimeout)); err == nil {
		t.replies, err = newReplies(t)
	}
	if err != nil {
		t.conn.Close()
		return nil, fmt.Errorf("connect to NATS at %s: %w", redacted(serverURL), err)
	}
	return t, nil
}

// connect tries once whether a server refuses the connection, which trying again
// would not change. If there is just none, the connection goes on trying.
func connect(o natsio.Options) (*natsio.Conn, error) {
	o.RetryOnFailedConnect = false
	conn, err := o.Connect()
	if err == nil {
		return conn, nil
	}
	var untrusted *tls.CertificateVerificationError
	if errors.Is(err, natsio.ErrAuthorization) || errors.As(err, &untrusted) {
		return nil, err
	}
	o.RetryOnFailedConnect = true
	return o.Connect()
}

// connectionOptions are ours, then the caller's, whose handlers are kept.
func (t *Transport) connectionOptions(ctx context.Context, serverURL string) (natsio.Options, error) {
	o := natsio.GetDefaultOptions()
	o.Name = "landfall"
	o.Timeout = 2 * time.Second
	if deadline, ok := ctx.Deadline(); ok {
		o.Timeout = min(o.Timeout, time.Until(deadline))
	}
	o.MaxReconnect, o.IgnoreAuthErrorAbort = -1, true
	o.ReconnectWait = 100 * time.Millisecond
	o.ReconnectJitter, o.ReconnectJitterTLS = 400*time.Millisecond, time.Second
	o.ReconnectBufSize = -1 // what is sent while there is no server fails at once
	o.PingInterval, o.MaxPingsOut = 10*time.Second, 2
	if t.inbox != "" {
		o.InboxPrefix = "_INBOX." + Token(t.inbox)
	}
	for _, option := range t.connection {
		if err := option(&o); err != nil {
			return o, fmt.Errorf("connect to NATS: %w: %w", transport.ErrInvalid, err)
		}
	}
	for one := range strings.SplitSeq(serverURL, ",") {
		one = strings.TrimSpace(one)
		if u, err := url.Parse(one); err != nil || u.Host == "" {
			return o, fmt.Errorf("connect to NATS: %w: %s is no URL of a server; one is nats://localhost:4222", transport.ErrInvalid, redacted(one))
		}
		o.Servers = append(o.Servers, one)
	}
	t.handle(&o)
	return o, nil
}

// handle follows what happens to the connection.
func (t *Transport) handle(o *natsio.Options) {
	connected, reconnected, disconnected, failed := o.ConnectedCB, o.ReconnectedCB, o.DisconnectedErrCB, o.AsyncErrorCB
	o.ConnectedCB = func(conn *natsio.Conn) {
		t.connectionChanged(true)
		if connected != nil {
			connected(conn)
		}
	}
	o.ReconnectedCB = func(conn *natsio.Conn) {
		t.logger.Info("NATS is back", "url", conn.ConnectedUrlRedacted())
		t.connectionChanged(true)
		if reconnected != nil {
			reconnected(conn)
		}
	}
	o.DisconnectedErrCB = func(conn *natsio.Conn, err error) {
		if err != nil {
			t.logger.Warn("NATS is lost", "error", err)
		}
		t.connectionChanged(false)
		if disconnected != nil {
			disconnected(conn, err)
		}
	}
	o.AsyncErrorCB = func(conn *natsio.Conn, s *natsio.Subscription, err error) {
		subject := ""
		if s != nil {
			subject = s.Subject
		}
		t.logger.Warn("NATS reports an error", "subject", subject, "error", err)
		if failed != nil {
			failed(conn, s, err)
		}
	}
}

func (t *Transport) connectionChanged(online bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if online && t.connected {
		return // it tells of the first connection, which subscriptions may be using already
	}
	t.connected = online
	t.streams = make(map[string]*checked) // the server may have lost what it kept
	if online {
		close(t.online)
		t.online = make(chan struct{})
	} else {
		close(t.lost)
		t.lost = make(chan struct{})
	}
}

// changes returns channels that are closed when the connection comes back, and
// when it goes.
func (t *Transport) changes() (online, lost <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.online, t.lost
}

// ready returns why nothing can be sent now, and a channel that is closed when
// the connection is lost.
func (t *Transport) ready(ctx context.Context) (lost <-chan struct{}, err error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("NATS: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, transport.ErrClosed
	}
	if !t.conn.IsConnected() {
		if err := t.conn.LastError(); err != nil {
			return nil, fmt.Errorf("%w: no connection to NATS: %w", transport.ErrUnavailable, err)
		}
		return nil, fmt.Errorf("%w: no connection to NATS", transport.ErrUnavailable)
	}
	return t.lost, nil
}

// unavailable says that something did not go over the road, unless it is the
// caller's context that ended.
func unavailable(ctx context.Context, what string, err error) error {
	if ctx.Err() != nil {
		return fmt.Errorf("%s: %w", what, ctx.Err())
	}
	return fmt.Errorf("%w: %s: %w", transport.ErrUnavailable, what, err)
}

// add counts a part among those that end with the transport. It returns
// ErrClosed if that has been.
func (t *Transport) add(stop func()) (*part, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return nil, transport.ErrClosed
	}
	p := &part{stop: stop}
	t.parts[p] = struct{}{}
	return p, nil
}

func (t *Transport) remove(p *part) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.parts, p)
}

// Close ends all subscriptions and answers, waits for those that run, sends what
// has not been sent, and closes the connection. A second Close returns nil.
func (t *Transport) Close() error {
	t.mu.Lock()
	first := !t.closed
	t.closed = true
	var stopping sync.WaitGroup
	for p := range t.parts {
		stopping.Go(p.stop)
	}
	t.mu.Unlock()
	stopping.Wait()
	if !first {
		return nil
	}
	close(t.ended)
	if t.conn.IsConnected() {
		_ = t.conn.FlushTimeout(time.Second) // what is lost here comes again
	}
	t.conn.Close()
	return nil
}

// redacted hides passwords in URLs.
func redacted(serverURL string) string {
	all := strings.Split(serverURL, ",")
	for i, one := range all {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil {
			all[i] = "one that cannot be read"
			continue
		}
		all[i] = u.Redacted()
	}
	return strings.Join(all, ",")
}
