package crowd

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"github.com/landfall-go/landfall/board/wire"
)

// browser is one WebSocket.
type browser struct {
	conn   *websocket.Conn
	seq    uint64 // of its welcome
	random *rand.Rand
	ticks  []seen
	ops    atomic.Int64      // how many operations it was told of
	frames atomic.Int64      // in how many frames
	bytes  atomic.Int64      // of this size
	last   atomic.Uint64     // the number of the last of them
	mu     sync.Mutex        // for ids
	ids    map[string]uint64 // of the first browser: the number of each operation
	err    error
	sent   map[string]time.Time
}

// seen is when a browser was told of all operations up to one.
type seen struct {
	seq uint64
	at  time.Time
}

var (
	tickHead  = []byte(`{"t":"tick","seq":`)
	opChanges = []byte(`,"changes":[{"id"`)
)

// read takes what the server tells. All but the first browser only look at the
// number and count the operations, so that this process does not measure itself.
func (b *browser) read(ctx context.Context) {
	var buffer bytes.Buffer
	for {
		_, r, err := b.conn.Reader(ctx)
		if err == nil {
			buffer.Reset()
			_, err = buffer.ReadFrom(r)
		}
		if err == nil {
			err = b.take(buffer.Bytes(), time.Now())
		}
		if err != nil {
			if ctx.Err() == nil {
				b.err = err
			}
			return
		}
	}
}

// take takes one frame. Nothing but ticks and problems is expected: no operation is
// refused, and none leads to nothing.
func (b *browser) take(data []byte, now time.Time) error {
	b.frames.Add(1)
	b.bytes.Add(int64(len(data)))
	rest, isTick := bytes.CutPrefix(data, tickHead)
	if !isTick {
		if !bytes.HasPrefix(data, []byte(`{"t":"problems"`)) {
			return fmt.Errorf("the server says %.200s", data)
		}
		return nil
	}
	end := bytes.IndexAny(rest, ",}")
	seq, err := strconv.ParseUint(string(rest[:end]), 10, 64)
	if err != nil {
		return err
	}
	b.ticks = append(b.ticks, seen{seq, now})
	b.last.Store(seq)
	b.ops.Add(int64(bytes.Count(rest, opChanges)))
	if b.ids == nil {
		return nil
	}
	var tick wire.Tick
	if err := json.Unmarshal(data, &tick); err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, op := range tick.Ops {
		b.ids[op.ID] = op.Seq
	}
	return nil
}

// enter lets a person in, and connects.
func enter(ctx context.Context, base, board, name string) (*browser, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, err
	}
	client := &http.Client{Jar: jar, Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}
	if err := post(client, base, "/api/enter", wire.Enter{Name: name}); err != nil {
		return nil, err
	}
	header := http.Header{"Origin": {base}}
	request, err := http.NewRequest(http.MethodGet, base, nil)
	if err != nil {
		return nil, err
	}
	for _, c := range jar.Cookies(request.URL) {
		header.Add("Cookie", c.String())
	}
	var state wire.State
	if err := get(client, base+"/api/boards/"+board+"/state", &state); err != nil {
		return nil, err
	}
	conn, _, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(base, "http")+"/api/boards/"+board+"/live?since="+strconv.FormatUint(state.Seq, 10), &websocket.DialOptions{HTTPHeader: header})
	if err != nil {
		return nil, err
	}
	conn.SetReadLimit(64 << 20)
	_, data, err := conn.Read(ctx)
	if err != nil {
		return nil, err
	}
	var welcome wire.Welcome
	if err := json.Unmarshal(data, &welcome); err != nil || welcome.T != "welcome" {
		return nil, fmt.Errorf("the server welcomes with %.200s", data)
	}
	return &browser{conn: conn, seq: state.Seq}, nil
}

// prepare puts the notes on the wall, and returns the board.
func prepare(ctx context.Context, p *process, notes int) (string, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return "", err
	}
	client := &http.Client{Jar: jar, Timeout: time.Minute}
	if err := post(client, p.url, "/api/enter", wire.Enter{Name: "First"}); err != nil {
		return "", err
	}
	var boards []wire.Summary
	if err := get(client, p.url+"/api/boards", &boards); err != nil || len(boards) != 1 {
		return "", fmt.Errorf("there are %d boards: %w", len(boards), err)
	}
	b, err := enter(ctx, p.url, boards[0].ID, "Second")
	if err != nil {
		return "", err
	}
	defer func() { _ = b.conn.CloseNow() }()
	const atOnce = 100
	for from := 0; from < notes; from += atOnce {
		var list []string
		for i := from; i < min(notes, from+atOnce); i++ {
			list = append(list, noteAt(i))
		}
		if err := b.add(ctx, list); err != nil {
			return "", err
		}
	}
	return boards[0].ID, nil
}

// add puts notes on the wall and waits until they are there.
func (b *browser) add(ctx context.Context, notes []string) error {
	id := uuid.NewString()
	text := fmt.Sprintf(`{"t":"do","id":%q,"what":"AddNotes","data":{"notes":[%s]}}`, id, strings.Join(notes, ","))
	if err := b.conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
		return err
	}
	for {
		_, data, err := b.conn.Read(ctx)
		if err != nil {
			return err
		}
		if bytes.HasPrefix(data, []byte(`{"t":"no"`)) {
			return fmt.Errorf("refused: %s", data)
		}
		if bytes.Contains(data, []byte(id)) {
			return nil
		}
	}
}

func post(client *http.Client, base, path string, body any) error {
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequest(http.MethodPost, base+path, bytes.NewReader(data))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", base)
	return read(client.Do(request))(nil)
}

func get(client *http.Client, url string, into any) error { return read(client.Get(url))(into) }

// read reads an answer.
func read(res *http.Response, err error) func(into any) error {
	return func(into any) error {
		if err != nil {
			return err
		}
		defer res.Body.Close()
		data, err := io.ReadAll(res.Body)
		if err != nil {
			return err
		}
		if res.StatusCode >= 300 {
			return fmt.Errorf("%s: %s", res.Status, data)
		}
		if into == nil {
			return nil
		}
		return json.Unmarshal(data, into)
	}
}
