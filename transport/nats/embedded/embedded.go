// Package embedded runs a NATS server with JetStream in the program's own
// process, for development and for tests:
//
//	server, err := embedded.Start(embedded.Options{Dir: "data/nats"})
//	…
//	defer server.Shutdown()
//	road, err := nats.Connect(ctx, server.URL())
//
// It listens on the loopback interface only, unless Options.Host says otherwise.
package embedded

import (
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"strconv"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
)

// readyWithin is how long a server may take to begin.
const readyWithin = 20 * time.Second

// Options says how a server is started. The zero Options is a server on a free
// port of the loopback interface, whose messages go with it.
type Options struct {
	// Dir keeps what is published. Empty stands for a new directory of the
	// system's temporary files, which Shutdown removes.
	Dir string
	// Host is the interface to listen on; empty is 127.0.0.1.
	Host string
	// Port is the port to listen on; zero takes a free one.
	Port int
	// MaxMemory and MaxDisk bound what JetStream keeps, in bytes; zero is 256 MB
	// and what the disk allows.
	MaxMemory, MaxDisk int64
	// MaxPayload is the largest message in bytes; zero is 1 MB.
	MaxPayload int
	// Users may connect, nobody else; none stands for everybody.
	Users []User
	// TLS, when it is not nil, is demanded of connections.
	TLS *tls.Config
}

// User is one who may connect, and what he may do.
type User struct {
	Name, Password string
	// Publish and Subscribe are the subjects allowed; both nil allow all.
	Publish, Subscribe []string
}

// Server is a running server. It is safe for concurrent use.
type Server struct {
	options Options
	addr    *net.TCPAddr // where it listens, also after it has stopped
	server  *natsserver.Server
	temp    string // the directory to remove
}

// Start starts a server, and returns when it takes connections. It returns an
// error if the port is taken or the directory cannot be used.
func Start(o Options) (*Server, error) { return startWith(o, nil) }

// startWith lets more be said about the server.
func startWith(o Options, more func(*natsserver.Options)) (*Server, error) {
	temp := ""
	if o.Dir == "" {
		dir, err := os.MkdirTemp("", "landfall-nats-")
		if err != nil {
			return nil, fmt.Errorf("start NATS: %w", err)
		}
		o.Dir, temp = dir, dir
	}
	s := &Server{options: o, temp: temp}
	out := o.server()
	if more != nil {
		more(out)
	}
	if err := s.run(out); err != nil {
		s.clean()
		return nil, err
	}
	s.addr = s.server.Addr().(*net.TCPAddr)
	s.options.Port = s.addr.Port
	return s, nil
}

// server are the options as the server reads them.
func (o Options) server() *natsserver.Options {
	out := &natsserver.Options{
		ServerName: "landfall", Host: o.Host, Port: o.Port, DontListen: false,
		JetStream: true, StoreDir: o.Dir, JetStreamMaxMemory: o.MaxMemory, JetStreamMaxStore: o.MaxDisk,
		MaxPayload: int32(o.MaxPayload), NoLog: true, NoSigs: true, TLSConfig: o.TLS, TLS: o.TLS != nil, TLSTimeout: 5,
	}
	if out.Host == "" {
		out.Host = "127.0.0.1"
	}
	if out.Port == 0 {
		out.Port = natsserver.RANDOM_PORT
	}
	if out.JetStreamMaxMemory == 0 {
		out.JetStreamMaxMemory = 256 << 20
	}
	for _, u := range o.Users {
		user := &natsserver.User{Username: u.Name, Password: u.Password}
		if u.Publish != nil || u.Subscribe != nil {
			user.Permissions = &natsserver.Permissions{
				Publish:   &natsserver.SubjectPermission{Allow: u.Publish},
				Subscribe: &natsserver.SubjectPermission{Allow: u.Subscribe},
			}
		}
		out.Users = append(out.Users, user)
	}
	return out
}

func (s *Server) run(o *natsserver.Options) error {
	server, err := natsserver.NewServer(o)
	if err != nil {
		return fmt.Errorf("start NATS: %w", err)
	}
	fatal := make(failures, 1)
	server.SetLoggerV2(fatal, false, false, false)
	go server.Start()
	if err := fatal.await(server); err != nil {
		server.Shutdown()
		server.WaitForShutdown()
		return fmt.Errorf("start NATS on %s with its files in %s: %w", net.JoinHostPort(o.Host, strconv.Itoa(o.Port)), o.StoreDir, err)
	}
	s.server = server
	return nil
}

// failures is a log of which only the reason why the server cannot run is read.
type failures chan error

// await waits until the server takes connections.
func (f failures) await(server *natsserver.Server) error {
	for deadline := time.Now().Add(readyWithin); time.Now().Before(deadline); {
		if server.ReadyForConnections(50 * time.Millisecond) {
			return nil
		}
		select {
		case err := <-f:
			return err
		default:
		}
	}
	return fmt.Errorf("it takes no connections after %s", readyWithin)
}

func (f failures) Fatalf(format string, v ...any) {
	select {
	case f <- fmt.Errorf(format, v...):
	default: // the first says it
	}
}

func (failures) Noticef(string, ...any) {}
func (failures) Warnf(string, ...any)   {}
func (failures) Errorf(string, ...any)  {}
func (failures) Debugf(string, ...any)  {}
func (failures) Tracef(string, ...any)  {}

// URL is where the server listens, or listened, for nats.Connect.
func (s *Server) URL() string {
	scheme := "nats"
	if s.options.TLS != nil {
		scheme = "tls"
	}
	return scheme + "://" + s.addr.String()
}

// Port is the port that the server listens on, for a later one in its place.
func (s *Server) Port() int { return s.options.Port }

// Dir is where the server keeps what is published.
func (s *Server) Dir() string { return s.options.Dir }

// Shutdown stops the server and waits until it has stopped. A second Shutdown
// does nothing.
func (s *Server) Shutdown() {
	s.server.Shutdown()
	s.server.WaitForShutdown()
	s.clean()
}

func (s *Server) clean() {
	if s.temp != "" {
		_ = os.RemoveAll(s.temp) // a leftover of temporary files
	}
}
