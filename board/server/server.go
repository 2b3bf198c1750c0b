// Package server serves boards to browsers: the page, the API over HTTP, and the
// WebSocket over which a session is held.
//
//	s, err := server.New(ctx, server.Config{Path: ".", Pages: web.Files()})
//	…
//	fmt.Println(s.URL())
//	err = s.Run(ctx)
//
// # What runs where
//
// Each board is an aggregate of board/session on the runtime, in a store of its own
// (package internal/place), opened when somebody looks at it and closed when nobody
// has for a while (internal/live). Which boards there are, who the people are and
// what they were invited to is in a catalog (internal/catalog). What is written on
// the wall is brought into the text of the storm, and the other way round, by
// board/landing.
//
// # Who may come in
//
// On loopback everyone who can reach the server is a facilitator. When it is shared
// (Config.Listen), a visitor needs a link: the one that the server prints makes a
// facilitator of all boards, and a facilitator makes others, each for a role on a
// board. A token has 32 random bytes, and only its hash is kept. A link that is
// revoked takes away what it gave, at once, from those who are connected as well. The
// server's own link is another at each start; what earlier ones gave stays, until a
// start with Config.RevokeOwners. Who was not there for a month has to come by a link
// again (Limits.Remembered).
//
// A request must name this server as its Host, and one that changes something, or
// opens a socket, must come from a page of this server (Origin). Pages may load
// nothing from elsewhere and run no script but their own files. What people write
// is sent as JSON, or as a file to be saved, and never as a page.
package server

import (
	"context"
	"crypto/subtle"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/landfall-go/landfall/board/server/internal/catalog"
	"github.com/landfall-go/landfall/board/server/internal/place"
	"github.com/landfall-go/landfall/store"
)

// Config says what is served, and how. Path and Pages are needed.
type Config struct {
	// Path is a storm's file, or a folder: it and those below it that hold a storm
	// are boards, and new boards land in folders of their own below it.
	Path string
	// Pages are the files of the page, index.html among them.
	Pages fs.FS
	// Listen is the address to share the boards on, such as :7070 or
	// 192.168.1.5:7070. Empty stands for loopback, port 7070 or the next that is
	// free; there everyone is a facilitator.
	Listen string
	// PublicURL is how browsers reach a server behind a proxy, such as
	// https://board.example.com.
	PublicURL string
	// TLSCert and TLSKey are PEM files; with them the server speaks TLS.
	TLSCert, TLSKey string
	// Store is where boards are kept: postgres://… or memory:. Empty stands for
	// SQLite files in the folders .landfall beside the storms.
	Store string
	// NATS is the URL of the server that carries cursors between several servers of
	// the same boards.
	NATS string
	// RevokeOwners takes away what the servers' own links gave at earlier starts: whoever
	// led all boards by one of them needs the new link, or an invite.
	RevokeOwners bool
	// LandAlways writes the storm's files whenever they differ from the wall, not
	// only when somebody says "Land".
	LandAlways bool
	// Logger gets what an operator should know. Nil means slog.Default.
	Logger *slog.Logger
	// Limits keep one visitor from taking what belongs to all.
	Limits Limits
}

// Server serves boards. It is safe for concurrent use.
type Server struct {
	config    Config
	logger    *slog.Logger
	limits    Limits
	root      string // the folder that the paths of boards begin at
	place     place.Place
	catalog   *catalog.Catalog
	boards    *boards
	signals   *signals // nil without NATS
	hosts     *hosts
	open      bool   // on loopback
	secure    bool   // browsers come over TLS
	owner     string // the hash of the token of the server's own link
	link      string
	cookie    string
	attempts  *buckets[netip.Addr] // to enter, that failed
	strangers *buckets[netip.Addr] // who have not entered
	work      *buckets[string]     // by person
	commands  *buckets[string]     // over sockets, by person
	bytes     *buckets[string]     // of those commands
	drawers   queue
	sockets   sockets
	packed    packed
	drawing   chan struct{} // held by who draws
	figuring  chan struct{} // held by those who work something out
	creating  sync.Mutex    // held by who makes a board
	listener  net.Listener
	http      *http.Server
	stopNews  func()
	closed    func() error
	ending    chan struct{}
	first     string // the board of the file that the server was started for, or ""

	certificate tls.Certificate
}

// firstPort is where a port on loopback is looked for.
const firstPort = 7070

// New opens the catalog, looks for storms, and takes the address. Nothing is
// answered before [Server.Run].
func New(ctx context.Context, c Config) (*Server, error) {
	s := &Server{config: c, logger: c.Logger, limits: c.Limits.withDefaults(), attempts: newBuckets[netip.Addr](5, 50), strangers: newBuckets[netip.Addr](20, 1000), ending: make(chan struct{}), drawing: make(chan struct{}, 1), figuring: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2))}
	if s.logger == nil {
		s.logger = slog.Default()
	}
	s.work = newBuckets[string](s.limits.Work, int(100*s.limits.Work))
	s.commands = newBuckets[string](s.limits.Commands, int(10*s.limits.Commands))
	s.bytes = newBuckets[string](s.limits.Bytes, int(120*s.limits.Bytes))
	s.closed = sync.OnceValue(s.release)
	s.sockets.all = map[*socket]struct{}{}
	if err := s.prepare(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Server) prepare(ctx context.Context) (err error) {
	c := &s.config
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return errors.New("a certificate and its key go together: --tls-cert and --tls-key")
	}
	if c.TLSCert != "" {
		if s.certificate, err = tls.LoadX509KeyPair(c.TLSCert, c.TLSKey); err != nil {
			return fmt.Errorf("--tls-cert %s, --tls-key %s: %w", c.TLSCert, c.TLSKey, err)
		}
	}
	if err := checkPublic(c.PublicURL); err != nil {
		return fmt.Errorf("--public-url %s: %w", c.PublicURL, err)
	}
	if s.place, err = place.Parse(c.Store); err != nil {
		return fmt.Errorf("--store: %w", err)
	}
	storms, err := s.look()
	if err != nil {
		return err
	}
	if s.listener, err = listen(c.Listen); err != nil {
		return err
	}
	s.identify()
	opened, err := s.place.Open(ctx, place.Ref{ID: place.Catalog, Dir: s.root, Name: place.Catalog})
	if errors.Is(err, store.ErrInUse) {
		return fmt.Errorf("another landfall board serves this folder; use that one, or end it first: %w", err)
	}
	if err != nil {
		return fmt.Errorf("open the catalog of boards: %w", err)
	}
	if s.catalog, err = catalog.Open(ctx, opened); err != nil {
		return err
	}
	if err := s.forget(ctx); err != nil {
		return err
	}
	s.stopNews = s.catalog.Listen(s.sockets.look)
	if c.NATS != "" {
		if s.signals, err = connect(c.NATS, s.logger); err != nil {
			return err
		}
	}
	s.boards = newBoards(s)
	if err := s.enroll(ctx, storms); err != nil {
		return err
	}
	return s.lead(ctx)
}

// forget takes out who may not come in any more.
func (s *Server) forget(ctx context.Context) error {
	if err := s.catalog.ForgetCookies(ctx, s.limits.Remembered); err != nil {
		return fmt.Errorf("look for who is known here: %w", err)
	}
	if !s.config.RevokeOwners {
		return nil
	}
	if err := s.catalog.RevokeOwners(ctx); err != nil {
		return fmt.Errorf("--revoke-owners: %w", err)
	}
	return nil
}

// lead finds the board of the file that the server was started for.
func (s *Server) lead(ctx context.Context) error {
	name := filepath.Base(s.config.Path)
	if at, err := filepath.Abs(s.config.Path); err != nil || at == s.root {
		return err
	}
	all, err := s.catalog.Boards(ctx)
	for _, b := range all {
		if b.Path == name {
			s.first = b.ID
		}
	}
	return err
}

// listen takes the address, or the first free port on loopback.
func listen(address string) (net.Listener, error) {
	if address != "" {
		l, err := net.Listen("tcp", address)
		if err != nil {
			return nil, fmt.Errorf("--listen %s cannot be had; end what has it, or choose another port: %w", address, err)
		}
		return l, nil
	}
	for port := firstPort; port < firstPort+100; port++ {
		if l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port))); err == nil {
			return l, nil
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("there is no free port on loopback: %w", err)
	}
	return l, nil
}

// identify settles how the server is called, and who may come in.
func (s *Server) identify() {
	c := &s.config
	address := s.listener.Addr().(*net.TCPAddr)
	s.hosts = newHosts(c, address.String())
	s.open = c.Listen == "" || address.IP.IsLoopback() && c.PublicURL == ""
	s.secure = c.TLSCert != "" || strings.HasPrefix(c.PublicURL, "https://")
	s.cookie = "landfall-" + strconv.Itoa(address.Port) // browsers do not tell ports apart
	if s.secure {
		s.cookie = "__Host-" + s.cookie
	}
	s.link = s.URL()
	if !s.open {
		token := catalog.NewToken()
		s.owner = catalog.Hash(token)
		s.link = s.URL() + "join#" + token
	}
}

// isOwner says whether a token is that of the server's own link.
func (s *Server) isOwner(token string) bool {
	return s.owner != "" && token != "" && subtle.ConstantTimeCompare([]byte(catalog.Hash(token)), []byte(s.owner)) == 1
}

// URL returns where browsers find the boards.
func (s *Server) URL() string {
	if s.config.PublicURL != "" {
		return strings.TrimRight(s.config.PublicURL, "/") + "/"
	}
	address := s.listener.Addr().(*net.TCPAddr)
	host := address.IP.String()
	if address.IP.IsUnspecified() {
		host = outward()
	}
	return s.hosts.scheme + "://" + net.JoinHostPort(host, strconv.Itoa(address.Port)) + "/"
}

// outward returns the address of this machine that others are likely to reach.
func outward() string {
	all, _ := net.InterfaceAddrs()
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLoopback() && n.IP.To4() != nil {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

// Link returns what whoever started the server opens: the page, that of the board when
// it was started for a file, or the link that makes a facilitator of all boards, when
// the server is shared.
func (s *Server) Link() string {
	if s.open && s.first != "" {
		return s.link + "b/" + s.first
	}
	return s.link
}

// Shared says whether visitors need a link.
func (s *Server) Shared() bool { return !s.open }

// Run answers requests until the context ends; then it tells all browsers that it
// stops, and closes the boards. It returns nil after an orderly end.
func (s *Server) Run(ctx context.Context) error {
	s.http = &http.Server{
		Handler:           s.routes(),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       60 * time.Second,
		WriteTimeout:      120 * time.Second,
		IdleTimeout:       120 * time.Second,
		MaxHeaderBytes:    16 << 10,
		ErrorLog:          log.New(quiet{s.logger}, "", 0),
		BaseContext:       func(net.Listener) context.Context { return context.WithoutCancel(ctx) },
	}
	l := net.Listener(limit(s.listener, s.limits))
	if s.config.TLSCert != "" {
		// HTTP/2 has no WebSockets here.
		l = tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{s.certificate}, MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}})
	}
	served := make(chan error, 1)
	go func() { served <- s.http.Serve(l) }()
	background, cancel := context.WithCancel(ctx)
	defer cancel()
	var work sync.WaitGroup
	work.Go(func() { s.boards.reap(background) })
	work.Go(func() { s.sockets.watch(background, s) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-served:
	}
	cancel()
	work.Wait()
	return errors.Join(err, s.Close())
}

// Close ends what Run began, and releases everything. A second Close returns what
// the first did.
func (s *Server) Close() error { return s.closed() }

func (s *Server) release() error {
	close(s.ending)
	var errs []error
	if s.boards != nil {
		errs = append(errs, s.boards.close()) // says goodbye to all browsers
	}
	if s.http != nil {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := s.http.Shutdown(ctx); err != nil {
			errs = append(errs, s.http.Close())
		}
	} else if s.listener != nil {
		errs = append(errs, s.listener.Close())
	}
	s.sockets.wait()
	if s.signals != nil {
		s.signals.close()
	}
	if s.stopNews != nil {
		s.stopNews()
	}
	if s.catalog != nil {
		errs = append(errs, s.catalog.Close())
	}
	if s.place != nil {
		errs = append(errs, s.place.Close())
	}
	return errors.Join(errs...)
}

// quiet writes what net/http complains about where it does not disturb.
type quiet struct{ logger *slog.Logger }

// Write logs a line.
func (q quiet) Write(p []byte) (int, error) {
	q.logger.Debug(strings.TrimSpace(string(p)))
	return len(p), nil
}
