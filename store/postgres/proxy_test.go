package postgres_test

import (
	"net"
	"net/url"
	"sync"
	"testing"
)

// proxy stands between a store and the server, and breaks connections when a
// test wants it to.
type proxy struct {
	listener net.Listener
	server   string
	wait     sync.WaitGroup

	mu      sync.Mutex
	ended   bool
	refuses bool                  // new connections
	pass    int                   // replies that pass before cut, when it is set
	cut     bool                  // the next reply is lost, and its connection with it
	orphan  bool                  // the server does not hear of the loss
	clients map[net.Conn]struct{} // connections of the store
	orphans []net.Conn
}

// newProxy returns a proxy for the server of the URL, and the URL to use.
func newProxy(t testing.TB, to string) (*proxy, string) {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{listener: l, server: u.Host, clients: map[net.Conn]struct{}{}}
	p.wait.Go(p.accept)
	t.Cleanup(p.close)
	u.Host = l.Addr().String()
	return p, u.String()
}

func (p *proxy) close() {
	_ = p.listener.Close()
	p.mu.Lock()
	p.ended = true
	for c := range p.clients {
		_ = c.Close()
	}
	for _, c := range p.orphans {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.wait.Wait()
}

func (p *proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		refuses := p.refuses
		p.mu.Unlock()
		if refuses {
			_ = client.Close()
			continue
		}
		server, err := net.Dial("tcp4", p.server)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		if p.ended {
			_, _ = client.Close(), server.Close()
		}
		p.clients[client] = struct{}{}
		p.mu.Unlock()
		p.wait.Go(func() { p.requests(client, server) })
		p.wait.Go(func() { p.replies(client, server) })
	}
}

// requests carries what the store sends.
func (p *proxy) requests(client, server net.Conn) {
	buf := make([]byte, 64<<10)
	for {
		n, err := client.Read(buf)
		if err != nil {
			p.mu.Lock()
			orphan := p.orphan && !p.ended // close has closed the orphans that there were
			if orphan {
				p.orphans = append(p.orphans, server)
			}
			p.mu.Unlock()
			if !orphan {
				_ = server.Close()
			}
			return
		}
		if p.losesCancel(buf[:n]) {
			_, _ = client.Close(), server.Close()
			return
		}
		if _, err := server.Write(buf[:n]); err != nil {
			_ = client.Close()
			return
		}
	}
}

// losesCancel tells whether this is a request to cancel a statement, by which
// the server would hear that nobody waits for it.
func (p *proxy) losesCancel(message []byte) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.orphan && len(message) == 16 && string(message[4:8]) == "\x04\xd2\x16\x2e"
}

// replies carries what the server sends, but for a reply that is to be lost.
func (p *proxy) replies(client, server net.Conn) {
	defer func() {
		_ = client.Close()
		p.mu.Lock()
		delete(p.clients, client)
		p.mu.Unlock()
	}()
	buf := make([]byte, 64<<10)
	for {
		n, err := server.Read(buf)
		if err != nil {
			return
		}
		p.mu.Lock()
		lose := p.cut && p.pass == 0
		if lose {
			p.cut = false
		} else if p.cut {
			p.pass--
		}
		p.mu.Unlock()
		if lose {
			return
		}
		if _, err := client.Write(buf[:n]); err != nil {
			return
		}
	}
}

// refuse has new connections refused, or not any more.
func (p *proxy) refuse(refuses bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.refuses = refuses
}

// lose has a reply lost after so many that pass.
func (p *proxy) lose(pass int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut, p.pass = true, pass
}

// cutAll ends the store's connections, while the server goes on with what they
// have asked for.
func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.orphan = true
	for c := range p.clients {
		_ = c.Close()
	}
}
