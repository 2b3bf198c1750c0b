package server

import (
	"bufio"
	"net"
	"net/http"
)

// frameRoom is how much of a frame is gathered before it is written: what most ticks
// need, so that each of them is one call of the kernel for each browser.
const frameRoom = 16 << 10

// roomy is a response whose connection writes as much at once.
type roomy struct{ http.ResponseWriter }

// Hijack implements http.Hijacker.
func (w roomy) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, rw, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	return conn, bufio.NewReadWriter(rw.Reader, bufio.NewWriterSize(conn, frameRoom)), nil
}
