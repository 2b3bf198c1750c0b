package server

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// Limits keep one visitor from taking what belongs to all. The zero value of a
// field is its default.
type Limits struct {
	// Connections is how many connections the server has open at once, and
	// PerAddress how many of them to one address (2048 and 256; there is no limit
	// for loopback). Another has to wait.
	Connections int
	PerAddress  int
	// Sockets is how many browsers may be on one board (500), and PerPerson how
	// many of them may be one person's (16).
	Sockets   int
	PerPerson int
	// Commands is how many commands a second one person may give (50); a tenfold
	// burst is allowed, for what was done offline. Those that come faster wait.
	Commands float64
	// Bytes is how many bytes of commands a second one person may send (256 KB), over a
	// burst of two minutes' worth. Those that come faster wait: what a board keeps
	// for ever grows no faster than that.
	Bytes float64
	// Messages is how many messages of all kinds a second one socket may send
	// (500). One that goes on sending more is closed.
	Messages float64
	// Work is how much work a second one person may ask for over HTTP (20 units, each
	// about five milliseconds on one processor), over a burst of a hundred seconds'
	// worth. Who asks for more is refused until there is some again.
	Work float64
	// Behind is how many bytes may wait for a browser that does not read (4 MB). One
	// that is further behind has to fetch the state anew.
	Behind int
	// Stalled is how long a browser may take for what is sent to it at once (15 s).
	Stalled time.Duration
	// Remembered is how long somebody is known after they were last there (30 days).
	Remembered time.Duration
	// Boards is how many boards there may be (1000).
	Boards int
	// Open is how long a board stays open after the last browser has left it (a
	// minute).
	Open time.Duration
}

func (l Limits) withDefaults() Limits {
	set(&l.Connections, 2048)
	set(&l.PerAddress, 256)
	set(&l.Sockets, 500)
	set(&l.PerPerson, 16)
	set(&l.Commands, 50)
	set(&l.Bytes, 256<<10)
	set(&l.Messages, 500)
	set(&l.Work, 20)
	set(&l.Behind, 4<<20)
	set(&l.Stalled, 15*time.Second)
	set(&l.Remembered, 30*24*time.Hour)
	set(&l.Boards, 1000)
	set(&l.Open, time.Minute)
	return l
}

func set[T int | float64 | time.Duration](v *T, to T) {
	if *v <= 0 {
		*v = to
	}
}

// limited is a listener that takes no more connections than it may.
type limited struct {
	net.Listener
	limits Limits
	slots  chan struct{}

	mu    sync.Mutex
	taken map[netip.Addr]int
}

func limit(l net.Listener, limits Limits) *limited {
	return &limited{Listener: l, limits: limits, slots: make(chan struct{}, limits.Connections), taken: map[netip.Addr]int{}}
}

// Accept waits for a connection. Of an address that has too many, a further one is
// closed at once, so that it does not hold up the others.
func (l *limited) Accept() (net.Conn, error) {
	l.slots <- struct{}{}
	for {
		conn, err := l.Listener.Accept()
		if err != nil {
			<-l.slots
			return nil, err
		}
		from := addressOf(conn.RemoteAddr())
		if l.take(from) {
			return &counted{Conn: conn, done: sync.OnceFunc(func() { l.give(from) })}, nil
		}
		_ = conn.Close()
	}
}

func addressOf(a net.Addr) netip.Addr {
	at, err := netip.ParseAddrPort(a.String())
	if err != nil {
		return netip.Addr{}
	}
	return at.Addr().Unmap()
}

func (l *limited) take(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken[from] >= l.limits.PerAddress && !from.IsLoopback() {
		return false
	}
	l.taken[from]++
	return true
}

func (l *limited) give(from netip.Addr) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.taken[from]--; l.taken[from] <= 0 {
		delete(l.taken, from)
	}
	<-l.slots
}

type counted struct {
	net.Conn
	done func()
}

// Close ends the connection, and counts it no more.
func (c *counted) Close() error {
	defer c.done()
	return c.Conn.Close()
}
