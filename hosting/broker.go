package hosting

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"

	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// broker is the road between processes, and the server when it runs in this one.
type broker struct {
	transport transport.Transport
	url       string
	server    *embedded.Server // nil when it runs elsewhere
	conn      atomic.Pointer[natsio.Conn]
}

// road is what was said of the broker, looked at before anything is opened.
type road struct {
	url     string
	options []nats.Option
	start   *embedded.Options // nil when the server runs elsewhere
}

// road returns nil when there is no broker.
func (o *Options) road(ctx context.Context, at place, here []landfall.Module) (*road, error) {
	if o.NATS == "" {
		return nil, nil
	}
	r := &road{url: o.NATS}
	var err error
	if r.options, err = o.connection(); err != nil {
		return nil, err
	}
	switch {
	case o.NATSInbox != "":
		r.options = append(r.options, nats.WithInbox(o.NATSInbox))
	case len(here) > 0:
		r.options = append(r.options, nats.WithInbox(here[0].Name()))
	}
	if o.NATS == Embedded {
		r.start, err = o.embedded(ctx, at)
	}
	return r, err
}

// open starts the server, if it is to run here, and connects.
func (r *road) open(ctx context.Context, logger *slog.Logger) (*broker, error) {
	b := &broker{url: r.url}
	var err error
	if r.start != nil {
		if b.server, err = embedded.Start(*r.start); err != nil {
			return nil, err
		}
		b.url = b.server.URL()
		logger.Info("NATS listens", "url", b.url, "folder", b.server.Dir())
	}
	seen := natsio.ConnectHandler(func(c *natsio.Conn) { b.conn.Store(c) })
	t, err := nats.Connect(ctx, b.url, append(r.options, nats.WithLogger(logger), nats.WithConnection(seen))...)
	if err != nil {
		if errors.Is(err, transport.ErrInvalid) {
			err = &OptionError{Flag: "--nats", Value: redacted(b.url), Err: err}
		}
		return nil, errors.Join(err, b.close())
	}
	b.transport = t
	return b, nil
}

// connection returns the options of the connection. Files are looked at now,
// because a connection that is made later could only log that one is missing.
func (o *Options) connection() ([]nats.Option, error) {
	for _, file := range []struct{ flag, name string }{
		{"--nats-creds", o.NATSCreds}, {"--nats-tls-ca", o.NATSCA}, {"--nats-tls-cert", o.NATSCert}, {"--nats-tls-key", o.NATSKey},
	} {
		if file.name == "" {
			continue
		}
		f, err := os.Open(file.name)
		if err != nil {
			return nil, &OptionError{Flag: file.flag, Err: err}
		}
		if err := f.Close(); err != nil {
			return nil, err
		}
	}
	if (o.NATSCert == "") != (o.NATSKey == "") {
		return nil, mistake("--nats-tls-cert", o.NATSCert, "a certificate and its key (--nats-tls-key %s) go together", o.NATSKey)
	}
	var all []natsio.Option
	if o.NATSCreds != "" {
		all = append(all, natsio.UserCredentials(o.NATSCreds))
	}
	if o.NATSCA != "" {
		all = append(all, natsio.RootCAs(o.NATSCA))
	}
	if o.NATSCert != "" {
		all = append(all, natsio.ClientCert(o.NATSCert, o.NATSKey))
	}
	options := []nats.Option{nats.WithConnection(all...)}
	if o.NATSPrefix != "" {
		options = append(options, nats.WithPrefix(o.NATSPrefix))
	}
	if o.NATSReplicas < 0 || o.NATSReplicas > maxReplicas {
		return nil, mistake("--nats-replicas", strconv.Itoa(o.NATSReplicas), "streams are kept on 1 to %d servers", maxReplicas)
	}
	if o.NATSReplicas > 0 {
		options = append(options, nats.WithReplicas(o.NATSReplicas))
	}
	if o.NATSEventBatches {
		options = append(options, nats.WithEventBatches())
	}
	return options, nil
}

// maxReplicas is what NATS allows.
const maxReplicas = 5

// embedded says how to start a server in this process.
func (o *Options) embedded(ctx context.Context, at place) (*embedded.Options, error) {
	address := cmp.Or(o.NATSAddr, defaultAddr)
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, mistake("--nats-addr", address, "this is no address; one is %s", defaultAddr)
	}
	number, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, mistake("--nats-addr", address, "%q is no port: it goes from 0, for a free one, to 65535", port)
	}
	if number != 0 { // the server itself would wait long for a port that is taken
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp", address)
		if err != nil {
			return nil, &OptionError{Flag: "--nats-addr", Value: address, Err: err}
		}
		if err := listener.Close(); err != nil {
			return nil, err
		}
	}
	return &embedded.Options{Dir: cmp.Or(o.NATSDir, at.beside()), Host: host, Port: int(number)}, nil
}

// beside returns the folder of an embedded broker, or "" for one that goes with
// the process.
func (p place) beside() string {
	switch p.driver {
	case inMemory:
		return ""
	case onPostgres:
		return "landfall.nats"
	}
	return strings.TrimSuffix(p.where, filepath.Ext(p.where)) + ".nats"
}

// check asks the server for a sign of life.
func (b *broker) check(ctx context.Context) error {
	conn := b.conn.Load()
	if conn == nil || !conn.IsConnected() {
		return fmt.Errorf("no connection to %s: %w", redacted(b.url), transport.ErrUnavailable)
	}
	return conn.FlushWithContext(ctx)
}

func (b *broker) close() error {
	var err error
	if b.transport != nil {
		err = b.transport.Close()
	}
	if b.server != nil {
		b.server.Shutdown()
	}
	return err
}
