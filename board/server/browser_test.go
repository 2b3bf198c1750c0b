package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/board/wire"
)

// browser is a page on a board: the socket, and the wall as it sees it.
type browser struct {
	t     *testing.T
	who   *person
	board string
	conn  *websocket.Conn
	ended chan struct{}

	mu      sync.Mutex
	wall    *session.Wall
	seq     uint64
	raw     []byte // all that came
	ops     []wire.Op
	here    map[string]wire.Presence
	gone    []string
	nos     map[string]wire.No
	dones   map[string]wire.Done
	others  []string // other messages
	welcome *wire.Welcome
	bye     *wire.Bye
	changed chan struct{}
}

// open fetches the state and connects from there.
func (p *person) open(board string) *browser {
	p.t.Helper()
	b := &browser{t: p.t, who: p, board: board}
	b.fetch()
	b.connect()
	return b
}

func (b *browser) fetch() {
	b.t.Helper()
	var state struct {
		Seq   uint64
		Items json.RawMessage
	}
	status, data := b.who.call("GET", "/api/boards/"+b.board+"/state", nil)
	if status != http.StatusOK || json.Unmarshal(data, &state) != nil {
		b.t.Fatalf("state: %d %.200s", status, data)
	}
	wall, err := session.DecodeWall(state.Items)
	if err != nil {
		b.t.Fatal(err)
	}
	b.wall, b.seq, b.raw = wall, state.Seq, data
}

func (p *person) dial(path string, header http.Header) (*websocket.Conn, *http.Response, error) {
	if header == nil {
		header = http.Header{}
	}
	if header.Get("Origin") == "" {
		header.Set("Origin", p.origin)
	}
	u, _ := url.Parse(p.base)
	for _, c := range p.http.Jar.Cookies(u) {
		header.Add("Cookie", c.String())
	}
	return websocket.Dial(context.Background(), "ws"+strings.TrimPrefix(p.base, "http")+path, &websocket.DialOptions{HTTPHeader: header, HTTPClient: &http.Client{Transport: p.http.Transport}})
}

// connect connects from the last operation seen.
func (b *browser) connect() {
	b.t.Helper()
	conn, res, err := b.who.dial("/api/boards/"+b.board+"/live?since="+strconv.FormatUint(b.seq, 10), nil)
	if err != nil {
		body := ""
		if res != nil && res.Body != nil {
			data, _ := io.ReadAll(res.Body)
			body = string(data)
		}
		b.t.Fatalf("dial: %v %s", err, body)
	}
	conn.SetReadLimit(64 << 20)
	b.mu.Lock()
	b.conn, b.ended, b.changed = conn, make(chan struct{}), make(chan struct{}, 1)
	b.here, b.nos, b.dones, b.welcome, b.bye = map[string]wire.Presence{}, map[string]wire.No{}, map[string]wire.Done{}, nil, nil
	b.mu.Unlock()
	go b.read(conn, b.ended)
	b.t.Cleanup(func() { _ = conn.CloseNow() })
	b.await("the welcome", func() bool { return b.welcome != nil })
}

func (b *browser) read(conn *websocket.Conn, ended chan struct{}) {
	defer close(ended)
	for {
		_, data, err := conn.Read(context.Background())
		if err != nil {
			return
		}
		b.mu.Lock()
		b.take(data)
		b.mu.Unlock()
		select {
		case b.changed <- struct{}{}:
		default:
		}
	}
}

func (b *browser) take(data []byte) {
	b.raw = append(b.raw, data...)
	var head struct {
		T  string `json:"t"`
		ID string `json:"id"`
	}
	must(json.Unmarshal(data, &head))
	switch head.T {
	case "welcome":
		b.welcome = new(wire.Welcome)
		must(json.Unmarshal(data, b.welcome))
		for _, o := range b.welcome.People {
			b.here[o.P] = o.Presence
		}
	case "tick":
		b.tick(data)
	case "no":
		var no wire.No
		must(json.Unmarshal(data, &no))
		b.nos[no.ID] = no
	case "done":
		var done wire.Done
		must(json.Unmarshal(data, &done))
		b.dones[done.ID] = done
	case "bye":
		b.bye = new(wire.Bye)
		must(json.Unmarshal(data, b.bye))
	default:
		b.others = append(b.others, head.T)
	}
}

func (b *browser) tick(data []byte) {
	var tick wire.Tick
	must(json.Unmarshal(data, &tick))
	for _, op := range tick.Ops {
		if op.Seq <= b.seq {
			panic(fmt.Sprintf("operation %d came after %d", op.Seq, b.seq))
		}
		b.seq = op.Seq
		var changes []session.Change
		must(json.Unmarshal(op.Changes, &changes))
		b.wall.Apply(changes)
		b.ops = append(b.ops, op)
	}
	if tick.Seq < b.seq {
		panic(fmt.Sprintf("a tick of %d after %d", tick.Seq, b.seq))
	}
	b.seq = tick.Seq
	for _, o := range tick.Here {
		at := b.here[o.P]
		text, err := json.Marshal(o.Presence)
		must(err)
		must(json.Unmarshal(text, &at))
		b.here[o.P] = at
	}
	for _, p := range tick.Gone {
		delete(b.here, p)
		b.gone = append(b.gone, p)
	}
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// await waits until something holds of what the browser has seen.
func (b *browser) await(what string, holds func() bool) {
	b.t.Helper()
	deadline := time.After(patience)
	for {
		b.mu.Lock()
		ok := holds()
		b.mu.Unlock()
		if ok {
			return
		}
		select {
		case <-b.changed:
		case <-b.ended:
			b.mu.Lock()
			defer b.mu.Unlock()
			if holds() {
				return
			}
			b.t.Fatalf("the socket ended before %s (bye: %+v, others: %v)", what, b.bye, b.others)
		case <-deadline:
			b.mu.Lock()
			defer b.mu.Unlock()
			b.t.Fatalf("%s did not come; %d operations, up to %d, nos: %v", what, len(b.ops), b.seq, b.nos)
		}
	}
}

func (b *browser) send(text string) {
	b.t.Helper()
	if err := b.conn.Write(context.Background(), websocket.MessageText, []byte(text)); err != nil {
		b.t.Fatal(err)
	}
}

// say sends a command without waiting.
func (b *browser) say(what string, data any) string {
	b.t.Helper()
	id := uuid.NewString()
	b.sayAs(id, what, data)
	return id
}

func (b *browser) sayAs(id, what string, data any) {
	b.t.Helper()
	text, err := json.Marshal(data)
	must(err)
	message, err := json.Marshal(wire.Do{T: "do", ID: id, What: what, Data: text})
	must(err)
	b.send(string(message))
}

// do gives a command and waits until it is acknowledged.
func (b *browser) do(what string, data any) string {
	b.t.Helper()
	id := b.say(what, data)
	b.acknowledged(id)
	return id
}

func (b *browser) acknowledged(id string) {
	b.t.Helper()
	b.await(id, func() bool {
		if no, refused := b.nos[id]; refused {
			b.t.Fatalf("refused: %+v", no)
		}
		_, done := b.dones[id]
		return done || slices.ContainsFunc(b.ops, func(o wire.Op) bool { return o.ID == id })
	})
}

// no gives a command and returns its refusal.
func (b *browser) no(what string, data any) wire.No {
	b.t.Helper()
	id := b.say(what, data)
	b.await("the refusal", func() bool { _, ok := b.nos[id]; return ok })
	return b.refusal(id)
}

func (b *browser) refusal(id string) wire.No {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.nos[id]
}

// at returns the last operation that the browser has seen.
func (b *browser) at() uint64 {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seq
}

// look looks at what the browser has seen.
func (b *browser) look(at func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	at()
}

// also adds to what came what was asked for over HTTP.
func (b *browser) also(data ...[]byte) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, d := range data {
		b.raw = append(b.raw, d...)
	}
}

// count counts the operations of a kind.
func (b *browser) count(what string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	n := 0
	for _, op := range b.ops {
		if op.What == what {
			n++
		}
	}
	return n
}

// close drops the line without a word.
func (b *browser) close() {
	_ = b.conn.CloseNow()
	<-b.ended
}

// note is a note as it is put on the wall.
func note(id, text string) map[string]any {
	return map[string]any{"id": id, "kind": "event", "text": text, "x": 10, "y": 20, "w": 120, "h": 80}
}

func notes(list ...map[string]any) map[string]any { return map[string]any{"notes": list} }

// sees waits until a note has a text.
func (b *browser) sees(id, text string) {
	b.t.Helper()
	b.await(fmt.Sprintf("note %s with %q", id, text), func() bool { n := b.wall.Notes[id]; return n != nil && n.Text == text })
}

// heard says whether bytes with the text ever came.
func (b *browser) heard(text string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return bytes.Contains(b.raw, []byte(text))
}

// encoded is the wall that the browser sees, as text.
func (b *browser) encoded() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	text, err := b.wall.Encode()
	must(err)
	return string(text)
}

// forget forgets refusals.
func (b *browser) forget() {
	b.mu.Lock()
	defer b.mu.Unlock()
	clear(b.nos)
}
