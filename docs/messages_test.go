package docs

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/hosting"
	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
)

// page is a page of the documentation as a reader has it.
type page struct {
	name, text string
}

func readPage(t *testing.T, name string) page {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return page{name, string(text)}
}

// blocks returns the blocks of code, of all languages.
func (p page) blocks() (all []string) {
	for _, match := range fence.FindAllStringSubmatch(p.text, -1) {
		all = append(all, match[2])
	}
	return all
}

// after returns the rest of the one block that begins with the line.
func (p page) after(t *testing.T, line string) string {
	t.Helper()
	for _, block := range p.blocks() {
		if rest, ok := strings.CutPrefix(block, line+"\n"); ok {
			return rest
		}
	}
	t.Fatalf("docs/%s has no block that begins with %q", p.name, line)
	return ""
}

func quiet() landfall.Config {
	return landfall.Config{Logger: slog.New(slog.NewTextHandler(io.Discard, nil))}
}

// noPaper is a console that cannot print.
type noPaper struct{}

func (noPaper) Write([]byte) (int, error) { return 0, errors.New("out of paper") }

// mars starts the modules of the Mars Rover, with a console that is out of
// paper, and a connection to their broker as a program in any language has one.
func mars(t *testing.T) (*hosting.System, *natsio.Conn) {
	t.Helper()
	config := quiet()
	config.Retry = landfall.Retry{First: time.Millisecond, Most: time.Millisecond}
	system, err := hosting.Open(t.Context(), hosting.Options{
		Store: "memory:", NATS: hosting.Embedded, NATSAddr: "127.0.0.1:0", NATSDir: t.TempDir(), Config: config,
	}, rover.Module(), notification.Module(notification.Console{Out: noPaper{}}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := system.Close(); err != nil {
			t.Error(err)
		}
	})
	system.Start()
	conn, err := natsio.Connect(system.NATS())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(conn.Close)
	return system, conn
}

// request makes a call as the page says: what to send, and which of the answers
// is the answer.
func request(conn *natsio.Conn, subject string, data []byte) ([]byte, error) {
	inbox := conn.NewInbox()
	sub, err := conn.SubscribeSync(inbox)
	if err != nil {
		return nil, err
	}
	defer sub.Unsubscribe() //nolint:errcheck // the connection may have ended
	err = conn.PublishMsg(&natsio.Msg{
		Subject: subject, Reply: inbox, Data: data,
		Header: natsio.Header{"Landfall-Step": {"request"}, "Landfall-Size": {strconv.Itoa(len(data))}},
	})
	for err == nil {
		var m *natsio.Msg
		if m, err = sub.NextMsg(5 * time.Second); err != nil {
			break
		}
		switch what := m.Header.Get("Landfall-Step"); {
		case what == "working":
		case what == "answer" && m.Header.Get("Landfall-Size") == strconv.Itoa(len(m.Data)):
			return m.Data, nil
		default:
			return nil, fmt.Errorf("the answer of %s: %v %s", subject, m.Header, m.Data)
		}
	}
	return nil, err
}

// plainly makes a call with the request function that every client has.
func plainly(conn *natsio.Conn, subject string, data []byte) ([]byte, error) {
	m, err := conn.Request(subject, data, 10*time.Second)
	if err != nil {
		return nil, err
	}
	if what := m.Header.Get("Landfall-Step"); what != "answer" {
		return nil, fmt.Errorf("%s is answered by %q", subject, what)
	}
	return m.Data, nil
}

// soon repeats a call until somebody answers.
func soon(t *testing.T, conn *natsio.Conn, subject string, data []byte, call func(*natsio.Conn, string, []byte) ([]byte, error)) []byte {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(10 * time.Millisecond) {
		answer, err := call(conn, subject, data)
		if err == nil {
			return answer
		}
		if time.Since(begun) > 20*time.Second {
			t.Fatal(err)
		}
	}
}

var (
	moment = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z`)
	record = regexp.MustCompile(`"record": "[0-9a-f-]+"`)
)

// timeless makes what differs from time to time the same: times, and which of
// two records that are written together is the last.
func timeless(text string) string {
	text = moment.ReplaceAllString(text, "2026-05-10T08:00:00Z")
	return strings.TrimSpace(record.ReplaceAllString(text, `"record": "0198cf2e-7c00-8a1d-9b3c-5d2e4f601001"`))
}

// indented writes JSON as the page does.
func indented(t *testing.T, data []byte) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Indent(&b, bytes.TrimSpace(data), "", "  "); err != nil {
		t.Fatalf("%v: %s", err, data)
	}
	return timeless(plain.Replace(b.String()))
}

// plain writes signs as people do that Go's JSON has in another, equal way.
var plain = strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&")

// TestMessages has a program without Landfall listen and call, and compares what
// goes to and fro with the page.
func TestMessages(t *testing.T) {
	page := readPage(t, "messages.md")
	system, conn := mars(t)
	heard, err := conn.SubscribeSync("landfall.Rover.events.*")
	if err != nil {
		t.Fatal(err)
	}
	blocks := page.blocks()
	calls := 0
	for i, block := range blocks {
		subject, body, _ := strings.Cut(block, "\n")
		if !strings.HasPrefix(subject, "landfall.") || !strings.Contains(subject, ".calls.") {
			continue
		}
		calls++
		if err := system.Host.Settle(t.Context()); err != nil { // so that the answers are always the same
			t.Fatal(err)
		}
		call := plainly
		if calls%2 == 0 { // both ways are on the page
			call = request
		}
		got := indented(t, soon(t, conn, subject, []byte(body), call))
		if want := indented(t, []byte(blocks[i+1])); got != want {
			t.Errorf("%s answers\n%s\nand not\n%s", subject, got, want)
		}
	}
	if calls < 12 {
		t.Errorf("the page has %d calls; has its form changed?", calls)
	}
	m, err := heard.NextMsg(10 * time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for name := range m.Header {
		fmt.Fprintf(&got, "%s: %s\n", name, m.Header.Get(name))
	}
	header, event, _ := strings.Cut(page.after(t, m.Subject), "\n\n")
	if d := cmp.Diff(header+"\n", got.String()); d != "" {
		t.Errorf("%s (-page +heard)\n%s", m.Subject, d)
	}
	if d := cmp.Diff(indented(t, []byte(event)), indented(t, m.Data)); d != "" {
		t.Errorf("%s (-page +heard)\n%s", m.Subject, d)
	}
	for _, name := range []string{
		nats.HeaderSpecVersion, nats.HeaderID, nats.HeaderSource, nats.HeaderType, nats.HeaderSubject, nats.HeaderTime,
		nats.HeaderTraceParent, nats.HeaderTraceState, nats.HeaderNumber, nats.HeaderAfter, nats.HeaderKind, nats.HeaderTrigger, nats.HeaderCorrelation,
		nats.HeaderActor, nats.HeaderMetadata,
	} {
		if !strings.Contains(page.text, "| `"+strings.TrimPrefix(name, "ce-")+"` |") {
			t.Errorf("docs/messages.md does not say what %s is", name)
		}
	}
}

// TestListeningAsThePageSays follows the page's steps for a service that must
// not miss anything: it loses a message on purpose, sees the gap, and asks.
func TestListeningAsThePageSays(t *testing.T) {
	system, conn := mars(t)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	drive := func(id landfall.AggregateID) {
		t.Helper()
		world := rover.World{Width: 4, Height: 4, Obstacles: []rover.Point{{X: 0, Y: 1}}}
		for _, c := range []landfall.Command{rover.StartMarsRover{Direction: rover.N, World: world}, rover.Move{}} {
			if _, err := system.Host.Dispatch(t.Context(), landfall.To(id, c)); err != nil {
				t.Fatal(err)
			}
		}
	}
	drive("1")
	var consumer jetstream.Consumer
	for begun := time.Now(); consumer == nil; time.Sleep(10 * time.Millisecond) {
		consumer, err = js.CreateConsumer(t.Context(), "landfall_Rover_events", jetstream.ConsumerConfig{Durable: "billing", AckPolicy: jetstream.AckExplicitPolicy})
		if err != nil && (!errors.Is(err, jetstream.ErrStreamNotFound) || time.Since(begun) > 20*time.Second) {
			t.Fatal(err)
		}
	}
	drive("2")
	drive("3")
	var got []string
	number := uint64(0) // step 1: it begins at zero, and is stored with what was made of the messages
	for i := 0; len(got) < 3; i++ {
		m, err := consumer.Next(jetstream.FetchMaxWait(10 * time.Second))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Ack(); err != nil {
			t.Fatal(err)
		}
		if i == 1 {
			continue // this one gets lost
		}
		var event struct {
			Subject string
			Number  uint64 `json:"landfallnumber,string"`
			After   uint64 `json:"landfallafter,string"`
		}
		if err := json.Unmarshal(m.Data(), &event); err != nil {
			t.Fatal(err)
		}
		if event.After > number { // step 3
			got, number = fetchMissing(t, conn, got, number)
		}
		if event.Number > number { // step 2
			got, number = append(got, event.Subject), event.Number
		}
	}
	if want := []string{"1", "2", "3"}; !slices.Equal(got, want) {
		t.Errorf("it heard of %v, want %v", got, want)
	}
}

// fetchMissing asks the sender for what comes after the number.
func fetchMissing(t *testing.T, conn *natsio.Conn, got []string, number uint64) ([]string, uint64) {
	t.Helper()
	for {
		var answer struct {
			Result struct {
				Messages []transport.Message
				Upto     uint64
			}
		}
		data := soon(t, conn, "landfall.Rover.calls.resend", fmt.Appendf(nil, `{"topic":{"from":"Rover"},"after":%d}`, number), request)
		if err := json.Unmarshal(data, &answer); err != nil {
			t.Fatal(err)
		}
		if answer.Result.Upto <= number {
			return got, number
		}
		for _, m := range answer.Result.Messages {
			got = append(got, m.Aggregate)
		}
		number = answer.Result.Upto
	}
}

// TestMessagesNamesLimits holds what the page says of streams and consumers
// against those of a server.
func TestMessagesNamesLimits(t *testing.T) {
	page := readPage(t, "messages.md")
	_, conn := mars(t)
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	const name = "landfall_Notification_commands"
	var consumer jetstream.Consumer
	for consumer == nil {
		if consumer, err = js.Consumer(ctx, name, "Notification"); err != nil && ctx.Err() != nil {
			t.Fatal(err)
		}
	}
	stream, err := js.Stream(ctx, name)
	if err != nil {
		t.Fatal(err)
	}
	s, c := stream.CachedInfo().Config, consumer.CachedInfo().Config
	if s.Storage != jetstream.FileStorage || s.Retention != jetstream.LimitsPolicy || s.Discard != jetstream.DiscardOld ||
		c.AckPolicy != jetstream.AckExplicitPolicy || c.DeliverPolicy != jetstream.DeliverAllPolicy || c.MaxDeliver != -1 {
		t.Errorf("the page says otherwise: %+v, %+v", s, c)
	}
	for _, row := range []string{
		fmt.Sprintf("| age of messages | %v h |", s.MaxAge.Hours()),
		fmt.Sprintf("| size of the stream | %d MB, oldest out |", s.MaxBytes>>20),
		fmt.Sprintf("| replicas | %d |", s.Replicas),
		fmt.Sprintf("| time to acknowledge | %v s, extended while the receiver is at it |", c.AckWait.Seconds()),
		fmt.Sprintf("| messages in hand | %d |", c.MaxAckPending),
	} {
		if !strings.Contains(page.text, row) {
			t.Errorf("docs/messages.md lacks %q", row)
		}
	}
}

// traffic is that of the page's example, a third module among it.
var traffic = []nats.Traffic{
	{Module: "Rover", SendsTo: []string{"Notification"}},
	{Module: "Notification", ReceivesFrom: []string{"Rover"}},
	{Module: "Weather", HearsFrom: []string{"Rover"}, Calls: []string{"Rover"}},
}

// TestMessagesListsPermissions holds the page's lists against what the transport
// says a module needs; its own tests run modules with no more.
func TestMessagesListsPermissions(t *testing.T) {
	page := readPage(t, "messages.md")
	for _, of := range traffic {
		p := nats.Names{}.Permissions(of)
		for what, subjects := range map[string][]string{"publish": p.Publish, "subscribe": p.Subscribe} {
			got := strings.Fields(page.after(t, of.Module+" may "+what))
			if d := cmp.Diff(subjects, got); d != "" {
				t.Errorf("%s may %s (-transport +page)\n%s", of.Module, what, d)
			}
		}
	}
}
