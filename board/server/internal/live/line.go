package live

import (
	"sync"

	"github.com/landfall-go/landfall/board/wire"
)

// maxFrames is how many frames wait for one slow browser. They are shared by all whom
// they are for, so that a full line costs less than it holds.
const maxFrames = 512

// Line is the way out to one browser: a bounded queue of frames. Who puts frames
// in never waits for who takes them out. It is safe for concurrent use.
type Line struct {
	most int // bytes

	mu     sync.Mutex
	frames [][]byte
	bytes  int
	ended  bool   // the last frame is in
	latest []byte // takes the place of one before it, if that has not been taken
	wake   chan struct{}
}

// NewLine returns an empty line that holds so many bytes at most.
func NewLine(most int) *Line { return &Line{most: most, wake: make(chan struct{}, 1)} }

// Send puts a frame at the end; nobody may change it afterwards. When the browser
// has fallen too far behind, all that waits is dropped, and it is told to reload.
func (l *Line) Send(frame []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	if len(l.frames) >= maxFrames || l.bytes+len(frame) > l.most && len(l.frames) > 0 {
		l.drop()
		frame, l.ended = encode(wire.Reload{T: "reload"}), true
	}
	l.put(frame)
}

// Latest puts in a frame that makes those put in by Latest before it pointless.
func (l *Line) Latest(frame []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.latest = frame
	l.rouse()
}

// End puts in the last frame, after which the socket is closed.
func (l *Line) End(frame []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	l.put(frame)
}

// Bye ends the line with a reason.
func (l *Line) Bye(reason wire.ByeReason, message string) {
	l.End(encode(wire.Bye{T: "bye", Reason: reason, Message: message}))
}

func (l *Line) drop() { l.frames, l.bytes = nil, 0 }

func (l *Line) put(frame []byte) {
	l.frames = append(l.frames, frame)
	l.bytes += len(frame)
	l.rouse()
}

func (l *Line) rouse() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// Wake tells that there are frames, now or since the last Take.
func (l *Line) Wake() <-chan struct{} { return l.wake }

// Take takes out all frames, appended to into, and says whether more may come.
func (l *Line) Take(into [][]byte) (frames [][]byte, more bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.latest != nil {
		into = append(into, l.latest)
		l.latest = nil
	}
	into = append(into, l.frames...)
	clear(l.frames)
	l.frames, l.bytes = l.frames[:0], 0
	return into, !l.ended
}
