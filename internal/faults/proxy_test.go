//go:build linux

package faults

import (
	"io"
	"net"
	"sync"
	"time"
)

// proxy is a wire between two processes on loopback that can be cut.
type proxy struct {
	target string
	addr   string

	mu     sync.Mutex
	listen net.Listener
	conns  map[net.Conn]struct{}
	open   chan struct{} // closed while data may pass
	cuts   int
}

// The ways to cut a wire.
const (
	reset = iota // connections break, new ones are refused
	stall        // nothing passes, nobody is told
)

func newProxy(target string) (*proxy, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &proxy{target: target, addr: l.Addr().String(), listen: l, conns: map[net.Conn]struct{}{}, open: make(chan struct{})}
	close(p.open)
	go p.accept(l)
	return p, nil
}

func (p *proxy) accept(l net.Listener) {
	for {
		from, err := l.Accept()
		if err != nil {
			return
		}
		go p.join(from)
	}
}

func (p *proxy) join(from net.Conn) {
	<-p.passing()
	to, err := net.DialTimeout("tcp4", p.target, 5*time.Second)
	if err != nil {
		_ = from.Close()
		return
	}
	p.mu.Lock()
	if p.listen == nil {
		p.mu.Unlock()
		hangUp(from)
		hangUp(to)
		return
	}
	p.conns[from], p.conns[to] = struct{}{}, struct{}{}
	p.mu.Unlock()
	var both sync.WaitGroup
	both.Go(func() { p.copy(to, from) })
	both.Go(func() { p.copy(from, to) })
	both.Wait()
	p.mu.Lock()
	delete(p.conns, from)
	delete(p.conns, to)
	p.mu.Unlock()
}

func (p *proxy) passing() <-chan struct{} {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.open
}

func (p *proxy) copy(to, from net.Conn) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		<-p.passing()
		if n > 0 {
			if _, err := to.Write(buffer[:n]); err != nil {
				return
			}
		}
		if err == io.EOF || err != nil {
			return
		}
	}
}

// hangUp ends a connection so that the other side hears of a failure.
func hangUp(c net.Conn) {
	if tcp, ok := c.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = c.Close()
}

func (p *proxy) cut(how int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cuts++
	if how == stall {
		p.open = make(chan struct{})
		return
	}
	p.hangUpAll()
	_ = p.listen.Close()
	p.listen = nil
}

func (p *proxy) hangUpAll() {
	for c := range p.conns {
		hangUp(c)
	}
	clear(p.conns)
}

// heal joins the wire again. With forget, what was stalled breaks.
func (p *proxy) heal(forget bool) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	select {
	case <-p.open:
	default:
		if forget {
			p.hangUpAll()
		}
		close(p.open)
	}
	if p.listen == nil {
		l, err := net.Listen("tcp4", p.addr)
		if err != nil {
			return err
		}
		p.listen = l
		go p.accept(l)
	}
	return nil
}

func (p *proxy) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.listen != nil {
		_ = p.listen.Close()
	}
	p.hangUpAll()
	select {
	case <-p.open:
	default:
		close(p.open)
	}
}
