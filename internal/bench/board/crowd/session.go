package crowd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"
)

// Session is how a session shall be.
type Session struct {
	// Browsers is how many there are, and Notes how many notes are on the wall.
	Browsers, Notes int
	// Operations and Cursors are how often each of them does something, and moves its
	// cursor, a second.
	Operations, Cursors float64
	Lasts               time.Duration
	// Store is as that of landfall board; "" is SQLite.
	Store string
	// Profile is a file for a profile of the server's processor time, or "".
	Profile string
}

// Hold holds the session. It leaves nothing behind.
func (s Session) Hold(ctx context.Context) (r *Result, err error) {
	folder, err := os.MkdirTemp("", "landfall-bench-board-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	p, err := launch(served{folder, s.Store, s.Profile})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, p.stop()) }()
	board, err := prepare(ctx, p, s.Notes)
	if err != nil {
		return nil, err
	}
	listening, end := context.WithCancel(ctx)
	var readers sync.WaitGroup
	leave := func() { end(); readers.Wait() }
	defer leave()
	all := make([]*browser, s.Browsers)
	for i := range all {
		if all[i], err = enter(ctx, p.url, board, fmt.Sprintf("Person %d", i)); err != nil {
			return nil, err
		}
		defer func() { _ = all[i].conn.CloseNow() }()
		all[i].random = randomOf(i)
		if i == 0 {
			all[i].ids = map[string]uint64{}
		}
		readers.Go(func() { all[i].read(listening) }) // at once: who does not read is given up
	}
	return s.play(ctx, p, all, leave)
}

// play has everyone work on the wall; leave ends what they hear.
func (s Session) play(ctx context.Context, p *process, all []*browser, leave func()) (*Result, error) {
	var writers sync.WaitGroup
	settle(all) // everyone has come in, and the text has the notes
	server, clients, frames, bytes := busy(p.cmd.Process.Pid), busy(os.Getpid()), 0, 0
	for _, b := range all {
		frames -= int(b.frames.Load())
		bytes -= int(b.bytes.Load())
	}
	begin := time.Now()
	for i, b := range all {
		writers.Go(func() { b.write(ctx, s, i) })
	}
	writers.Wait()
	took := time.Since(begin).Seconds()
	r := &Result{
		Browsers: len(all), Server: (busy(p.cmd.Process.Pid) - server).Seconds() / took,
		Clients: (busy(os.Getpid()) - clients).Seconds() / took,
	}
	for _, b := range all {
		frames += int(b.frames.Load())
		bytes += int(b.bytes.Load())
	}
	r.Frames, r.Bytes = float64(frames)/took, float64(bytes)/took
	settle(all)
	r.Resident, r.Peak = p.memory()
	leave()
	sent := 0
	for i, b := range all {
		if b.err != nil {
			return nil, fmt.Errorf("browser %d: %w", i, b.err)
		}
		sent += len(b.sent)
	}
	r.Rate = float64(sent) / took
	r.count(all)
	return r, nil
}

// patience bounds how long everyone is waited for: then what is missing is lost.
const patience = 2 * time.Minute

// settle waits until everyone has been told of everything, and nothing has come for a
// while.
func settle(all []*browser) {
	overdue := time.Now().Add(patience)
	for last, same := int64(-1), 0; time.Now().Before(overdue); {
		time.Sleep(250 * time.Millisecond)
		sum := int64(0)
		for _, b := range all {
			sum += b.ops.Load()
		}
		if same++; sum != last {
			last, same = sum, 0
		}
		if same >= 8 && toldAll(all) {
			return
		}
	}
}

// toldAll reports whether the first browser was told of all that was sent, and the
// others of as much.
func toldAll(all []*browser) bool {
	first := all[0]
	first.mu.Lock()
	defer first.mu.Unlock()
	for _, b := range all {
		if b.last.Load() != first.last.Load() {
			return false
		}
		for id := range b.sent {
			if _, told := first.ids[id]; !told {
				return false
			}
		}
	}
	return true
}
