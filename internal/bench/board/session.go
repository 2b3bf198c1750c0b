package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/cookiejar"
	"os"
	"slices"
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
	conn  *websocket.Conn
	seq   uint64 // of its welcome
	ticks []seen
	ops   atomic.Int64      // how many operations it was told of
	ids   map[string]uint64 // of the first browser: the number of each operation
	err   error
	sent  map[string]time.Time
}

// seen is when a browser was told of all operations up to one.
type seen struct {
	seq uint64
	at  time.Time
}

// result is a row of the table.
type result struct {
	clients           int
	rate              float64
	all               []time.Duration
	lost              int
	memory, peak, cpu float64
}

func (r *result) String() string {
	slices.Sort(r.all)
	at := func(share float64) float64 {
		if len(r.all) == 0 {
			return 0
		}
		return float64(r.all[min(len(r.all)-1, int(share*float64(len(r.all))))]) / 1e6
	}
	return fmt.Sprintf("| %d | %.0f | %.1f | %.1f | %.1f | %.1f | %d | %.0f | %.0f | %.2f |",
		r.clients, r.rate, at(0.5), at(0.9), at(0.99), at(1), r.lost, r.memory, r.peak, r.cpu)
}

func measure(ctx context.Context, o options, clients int) (*result, error) {
	folder, err := os.MkdirTemp("", "landfall-bench-board-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(folder)
	p, err := launch(folder, o)
	if err != nil {
		return nil, err
	}
	defer p.stop()
	board, err := prepare(ctx, p, o.notes)
	if err != nil {
		return nil, err
	}
	listening, end := context.WithCancel(ctx)
	defer end()
	var readers sync.WaitGroup
	all := make([]*browser, clients)
	for i := range all {
		if all[i], err = enter(ctx, p.url, board, fmt.Sprintf("Person %d", i)); err != nil {
			return nil, err
		}
		defer func() { _ = all[i].conn.CloseNow() }()
		if i == 0 {
			all[i].ids = map[string]uint64{}
		}
		readers.Go(func() { all[i].read(listening) }) // at once: who does not read is given up
	}
	return play(ctx, o, p, all, func() { end(); readers.Wait() })
}

// play holds the session; leave ends what the browsers hear.
func play(ctx context.Context, o options, p *process, all []*browser, leave func()) (*result, error) {
	var writers sync.WaitGroup
	time.Sleep(2 * time.Second) // everyone has come in
	busy, begin := p.busy(), time.Now()
	for i, b := range all {
		writers.Go(func() { b.write(ctx, o, i) })
	}
	writers.Wait()
	took := time.Since(begin)
	r := &result{clients: len(all), cpu: (p.busy() - busy).Seconds() / took.Seconds()}
	settle(all)
	r.memory, r.peak = p.memory()
	leave()
	sent := 0
	for i, b := range all {
		if b.err != nil {
			return nil, fmt.Errorf("browser %d: %w", i, b.err)
		}
		sent += len(b.sent)
	}
	r.rate = float64(sent) / took.Seconds()
	r.count(all)
	return r, nil
}

// settle waits until everyone has been told the same for a while, but not for ever.
func settle(all []*browser) {
	for last, same, tries := int64(-1), 0, 0; same < 8 && tries < 200; tries++ {
		time.Sleep(250 * time.Millisecond)
		sum := int64(0)
		for _, b := range all {
			sum += b.ops.Load()
		}
		if same++; sum != last {
			last, same = sum, 0
		}
	}
}

// count finds out when everyone had seen each operation, and what somebody was never
// told of.
func (r *result) count(all []*browser) {
	first := all[0]
	for _, b := range all {
		for id, at := range b.sent {
			seq, ok := first.ids[id]
			if !ok {
				r.lost++
				continue
			}
			last := at
			for _, other := range all {
				n, _ := slices.BinarySearchFunc(other.ticks, seq, func(s seen, seq uint64) int {
					if s.seq < seq {
						return -1
					}
					return 1
				})
				if n == len(other.ticks) {
					r.lost++
					continue
				}
				if t := other.ticks[n].at; t.After(last) {
					last = t
				}
			}
			r.all = append(r.all, last.Sub(at))
		}
	}
	head := uint64(0)
	for _, b := range all {
		head = max(head, b.ticks[len(b.ticks)-1].seq)
	}
	for _, b := range all {
		r.lost += int(head-b.seq) - int(b.ops.Load())
	}
}

var tickHead = []byte(`{"t":"tick","seq":`)

// read takes what the server tells. All but the first browser only look at the
// number and count the operations, so that this process does not measure itself.
func (b *browser) read(ctx context.Context) {
	var buffer bytes.Buffer
	for {
		_, r, err := b.conn.Reader(ctx)
		if err != nil {
			if ctx.Err() == nil {
				b.err = err
			}
			return
		}
		buffer.Reset()
		if _, err := buffer.ReadFrom(r); err != nil {
			if ctx.Err() == nil {
				b.err = err
			}
			return
		}
		now, data := time.Now(), buffer.Bytes()
		rest, isTick := bytes.CutPrefix(data, tickHead)
		if !isTick {
			if !bytes.HasPrefix(data, []byte(`{"t":"problems"`)) {
				b.err = fmt.Errorf("the server says %.200s", data)
				return
			}
			continue
		}
		end := bytes.IndexAny(rest, ",}")
		seq, _ := strconv.ParseUint(string(rest[:end]), 10, 64)
		b.ticks = append(b.ticks, seen{seq, now})
		b.ops.Add(int64(bytes.Count(data, []byte(`,"changes":[{"id"`))))
		if b.ids == nil {
			continue
		}
		var tick wire.Tick
		if err := json.Unmarshal(data, &tick); err != nil {
			b.err = err
			return
		}
		for _, op := range tick.Ops {
			b.ids[op.ID] = op.Seq
		}
	}
}

// write works on the wall as a person does.
func (b *browser) write(ctx context.Context, o options, who int) {
	random := rand.New(rand.NewPCG(uint64(who), 1))
	b.sent = map[string]time.Time{}
	begin := time.Now().Add(time.Duration(random.Float64() * float64(time.Second)))
	nextOp, nextCursor := begin, begin
	for time.Since(begin) < o.lasts && ctx.Err() == nil {
		next := nextOp
		if nextCursor.Before(nextOp) {
			next = nextCursor
		}
		time.Sleep(time.Until(next))
		var text string
		if next == nextOp {
			id := uuid.NewString()
			text = operation(random, id, o.notes)
			nextOp = nextOp.Add(time.Duration(float64(time.Second) / o.ops))
			b.sent[id] = time.Now()
		} else {
			text = fmt.Sprintf(`{"t":"here","x":%d,"y":%d}`, random.IntN(10_000), random.IntN(10_000))
			nextCursor = nextCursor.Add(time.Duration(float64(time.Second) / o.cursors))
		}
		if err := b.conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			b.err = errors.Join(b.err, err)
			return
		}
	}
}

// operation is a move, or now and then a new text.
func operation(random *rand.Rand, id string, notes int) string {
	note := "note-" + strconv.Itoa(random.IntN(notes))
	if random.IntN(5) == 0 {
		return fmt.Sprintf(`{"t":"do","id":%q,"what":"RewriteNote","data":{"id":%q,"text":"%s was heard"}}`, id, note, strconv.FormatUint(random.Uint64(), 36))
	}
	return fmt.Sprintf(`{"t":"do","id":%q,"what":"MoveNotes","data":{"places":[{"id":%q,"x":%d,"y":%d,"w":140,"h":90,"module":""}]}}`,
		id, note, random.IntN(20_000), random.IntN(10_000))
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
	defer b.conn.CloseNow()
	for from := 0; from < notes; from += 100 {
		var list []string
		subjects := []string{"Order", "Invoice", "Parcel", "Customer", "Payment", "Return", "Offer", "Contract", "Ticket", "Route", "Batch", "Account"}
		verbs := []string{"placed", "paid", "shipped", "opened", "closed", "refused", "approved", "moved", "counted", "printed", "merged", "found"}
		for i := from; i < min(notes, from+100); i++ {
			list = append(list, fmt.Sprintf(`{"id":"note-%d","kind":"event","text":"%s %s at gate %s","x":%d,"y":%d,"w":140,"h":90}`,
				i, subjects[i%12], verbs[i/12%12], strings.Repeat(string(rune('A'+i%26)), 1+i/144), i%100*160, i/100*110))
		}
		id := uuid.NewString()
		text := fmt.Sprintf(`{"t":"do","id":%q,"what":"AddNotes","data":{"notes":[%s]}}`, id, strings.Join(list, ","))
		if err := b.conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			return "", err
		}
		for {
			_, data, err := b.conn.Read(ctx)
			if err != nil {
				return "", err
			}
			if bytes.HasPrefix(data, []byte(`{"t":"no"`)) {
				return "", fmt.Errorf("refused: %s", data)
			}
			if bytes.Contains(data, []byte(id)) {
				break
			}
		}
	}
	return boards[0].ID, nil
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
	return answer(client.Do(request))(nil)
}

func get(client *http.Client, url string, into any) error { return answer(client.Get(url))(into) }

func answer(res *http.Response, err error) func(into any) error {
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
