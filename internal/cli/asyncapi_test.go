package cli_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-sql/civil"
	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/shopspring/decimal"

	runtime "github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/productcatalog/catalog"
	"github.com/landfall-go/landfall/examples/productcatalog/inventory"
	"github.com/landfall-go/landfall/examples/productcatalog/notification"
	"github.com/landfall-go/landfall/examples/productcatalog/pricing"
	"github.com/landfall-go/landfall/examples/productcatalog/search"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/exporter"
	"github.com/landfall-go/landfall/storm/model"
	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// document is an AsyncAPI document, with the schemas in it.
type document struct {
	module   string
	root     map[string]any
	compiler *jsonschema.Compiler
	url      string
}

func documents(t *testing.T, s *model.Storm) map[string]*document {
	t.Helper()
	all := map[string]*document{}
	for _, m := range s.Modules {
		text, err := exporter.AsyncAPIJSON(s, m)
		if err != nil {
			t.Fatal(err)
		}
		root, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		d := &document{exporter.RuntimeName(s, m), root.(map[string]any), jsonschema.NewCompiler(), "mem:///" + exporter.RuntimeName(s, m) + ".json"}
		d.compiler.AssertFormat()
		if err := d.compiler.AddResource(d.url, root); err != nil {
			t.Fatal(err)
		}
		all[d.module] = d
	}
	return all
}

func parsed(t *testing.T, name, text string) *model.Storm {
	t.Helper()
	src := storm.Parse(storm.File{Path: name, Text: []byte(text)})
	if err := src.Diagnostics.Err(); err != nil {
		t.Fatal(err)
	}
	return src.Model
}

// at follows keys into a document; what is not there is nil.
func at(v any, keys ...string) any {
	for _, key := range keys {
		object, _ := v.(map[string]any)
		v = object[key]
	}
	return v
}

// channel returns the key of the channel on a subject.
func (d *document) channel(subject string) (string, bool) {
	for key := range d.root["channels"].(map[string]any) {
		if at(d.root, "channels", key, "address") == subject {
			return key, true
		}
	}
	return "", false
}

// describes says whether one of the channel's messages is a message that was
// seen; the error is why the last of them is not.
func (d *document) describes(key string, headers, payload any) error {
	err := fmt.Errorf("channel %s has no messages", key)
	for name := range at(d.root, "channels", key, "messages").(map[string]any) {
		if err = d.fits("headers", name, headers); err == nil {
			err = d.fits("payload", name, payload)
		}
		if err == nil {
			return nil
		}
	}
	return err
}

func (d *document) fits(part, message string, value any) error {
	schema, err := d.compiler.Compile(d.url + "#/components/messages/" + message + "/" + part)
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// known returns the headers that the document knows, and the members of a
// CloudEvent.
func (d *document) known() []string {
	var all []string
	for _, schema := range []string{"EventHeaders", "CloudEvent", "CallHeaders"} {
		properties, _ := at(d.root, "components", "schemas", schema, "properties").(map[string]any)
		for name := range properties {
			all = append(all, name)
		}
	}
	return all
}

// wire notes what goes over a server.
type wire struct {
	server   *embedded.Server
	conn     *natsio.Conn
	mu       sync.Mutex
	messages []*natsio.Msg
}

func tap(t *testing.T, subjects ...string) *wire {
	t.Helper()
	server, err := embedded.Start(embedded.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Shutdown)
	w := &wire{server: server}
	if w.conn, err = natsio.Connect(server.URL()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.conn.Close)
	for _, subject := range subjects {
		if _, err := w.conn.Subscribe(subject, func(m *natsio.Msg) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.messages = append(w.messages, m)
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *wire) road(t *testing.T) *nats.Transport {
	t.Helper()
	road, err := nats.Connect(t.Context(), w.server.URL())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = road.Close() })
	return road
}

func (w *wire) seen() []*natsio.Msg {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.messages)
}

func (w *wire) subjects() []string {
	var all []string
	for _, m := range w.seen() {
		if !strings.HasPrefix(m.Subject, "_INBOX.") {
			all = append(all, m.Subject)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// await waits for a stream, which its receiver makes: what is published before
// would be answered by nobody but us who listen.
func (w *wire) await(ctx context.Context, t *testing.T, stream string) {
	t.Helper()
	js, err := jetstream.New(w.conn)
	if err != nil {
		t.Fatal(err)
	}
	until(ctx, t, func() bool {
		_, err = js.Stream(ctx, stream)
		return err == nil
	}, func() string { return err.Error() })
}

// holds demands that the documents of both ends describe a message.
func holds(t *testing.T, all map[string]*document, m *natsio.Msg) {
	t.Helper()
	headers := map[string]any{}
	for name := range m.Header {
		headers[name] = m.Header.Get(name)
	}
	inbox := strings.HasPrefix(m.Subject, "_INBOX.")
	if inbox && m.Header.Get("Landfall-Step") != "answer" {
		return // JetStream's own
	}
	payload, err := jsonschema.UnmarshalJSON(bytes.NewReader(m.Data))
	if err != nil {
		t.Errorf("%s: %v", m.Subject, err)
		return
	}
	if inbox {
		if err := all["Catalog"].describes("Outcomes", headers, payload); err != nil {
			t.Errorf("the answer %s: %v", m.Data, err)
		}
		return
	}
	found := 0
	for _, d := range all {
		key, ok := d.channel(m.Subject)
		if !ok {
			continue
		}
		found++
		if err := d.describes(key, headers, payload); err != nil {
			t.Errorf("%s of %s does not describe %s %v: %v", key, d.module, m.Data, headers, err)
		}
		names := slices.Collect(maps.Keys(headers))
		if event, is := payload.(map[string]any); is && at(payload, "specversion") != nil {
			names = slices.AppendSeq(names, maps.Keys(event))
		}
		for _, name := range names {
			if !slices.Contains(d.known(), name) {
				t.Errorf("the document of %s does not know the header or attribute %s", d.module, name)
			}
		}
	}
	if found == 0 {
		t.Errorf("no document has %s", m.Subject)
	}
}

// tea is a product's life, which takes every road but that of the forgotten
// draft.
var tea = []runtime.Command{
	catalog.CreateProduct{Name: "Darjeeling", Category: "Tea"},
	catalog.TranslateProduct{Description: catalog.Description{Language: catalog.LanguageEN, Text: "First flush"}},
	pricing.SetPrice{Price: pricing.Money{Amount: decimal.RequireFromString("12.50"), Currency: pricing.CurrencyEUR}},
	catalog.PublishProduct{},
	inventory.ReceiveDelivery{Items: 12, Arrived: civil.Date{Year: 2026, Month: 5, Day: 10}},
	inventory.PickItems{Items: 9},
	catalog.DiscontinueProduct{Reason: "no supplier"},
}

// TestAsyncAPIIsWhatTravels runs the five modules of the product catalog apart,
// with NATS between them, and holds all that goes over the server against the
// documents of the storm: subjects, headers and payloads, streams and consumers.
func TestAsyncAPIIsWhatTravels(t *testing.T) {
	text, err := os.ReadFile("../../examples/productcatalog/productcatalog.storm")
	if err != nil {
		t.Fatal(err)
	}
	all := documents(t, parsed(t, "productcatalog.storm", string(text)))
	w := tap(t, "landfall.*.events.*", "landfall.*.commands.*", "landfall.*.calls.dispatch", "_INBOX.>")
	modules := []runtime.Module{
		catalog.Module(), pricing.Module(), inventory.Module(), search.Module(search.SearchEngine{Out: io.Discard}),
		notification.Module(notification.MailServer{Out: io.Discard, Mailboxes: []string{"Pricing Desk", "Warehouse"}}),
	}
	for _, m := range modules {
		s := memory.New()
		t.Cleanup(func() { _ = s.Close() })
		host := open(t, runtime.Config{Store: s, Modules: []runtime.Module{m}, Transport: w.road(t)})
		host.Start()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for name := range all {
		w.await(ctx, t, nats.Names{}.CommandsStream(name))
	}
	outside := open(t, runtime.Config{Elsewhere: modules, Transport: w.road(t)})
	for _, c := range tea {
		dispatch(ctx, t, outside, c)
	}

	want := addresses(all)
	want = slices.DeleteFunc(want, func(s string) bool { return s == "landfall.Notification.commands.Catalog" }) // after 30 days
	until(ctx, t, func() bool { return slices.Equal(w.subjects(), want) }, func() string {
		return fmt.Sprintf("seen:\n%s\nin the documents:\n%s", strings.Join(w.subjects(), "\n"), strings.Join(want, "\n"))
	})
	for _, m := range w.seen() {
		holds(t, all, m)
	}
	keeps(ctx, t, w, all)
}

func open(t *testing.T, config runtime.Config) *runtime.Host {
	t.Helper()
	host, err := runtime.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Close() })
	return host
}

// dispatch issues a command until it is not rejected: what it needs may be on
// its way.
func dispatch(ctx context.Context, t *testing.T, host *runtime.Host, c runtime.Command) {
	t.Helper()
	message := runtime.To("tea-1", c)
	message.Actor = "Ada \"the\" manager"
	var err error
	until(ctx, t, func() bool {
		_, err = host.Dispatch(ctx, message)
		return err == nil
	}, func() string { return fmt.Sprintf("%T: %v", c, err) })
}

// until waits for what comes over the network.
func until(ctx context.Context, t *testing.T, done func() bool, why func() string) {
	t.Helper()
	for !done() {
		select {
		case <-ctx.Done():
			t.Fatal(why())
		case <-time.After(5 * time.Millisecond):
		}
	}
}

// addresses returns the subjects of all documents.
func addresses(all map[string]*document) []string {
	var out []string
	for _, d := range all {
		for key := range d.root["channels"].(map[string]any) {
			if address, ok := at(d.root, "channels", key, "address").(string); ok {
				out = append(out, address)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// keeps demands that the server has the streams and consumers that the documents
// name, and no others.
func keeps(ctx context.Context, t *testing.T, w *wire, all map[string]*document) {
	t.Helper()
	documented := map[string]bool{}
	for _, d := range all {
		commands := at(d.root, "x-nats", "commands")
		documented[at(commands, "stream").(string)] = true
		documented[fmt.Sprint(at(commands, "stream"), " ", at(commands, "consumer"))] = true
		for key := range d.root["operations"].(map[string]any) {
			operation := at(d.root, "operations", key)
			channel := strings.TrimPrefix(at(operation, "channel", "$ref").(string), "#/channels/")
			stream, kept := at(d.root, "channels", channel, "x-nats-stream").(string)
			if kept {
				documented[stream] = true
			}
			if consumer, ok := at(operation, "x-nats-consumer").(string); ok {
				documented[stream+" "+consumer] = true
			}
		}
	}
	js, err := jetstream.New(w.conn)
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	streams := js.ListStreams(ctx)
	for info := range streams.Info() {
		there[info.Config.Name] = true
		stream, err := js.Stream(ctx, info.Config.Name)
		if err != nil {
			t.Fatal(err)
		}
		consumers := stream.ListConsumers(ctx)
		for c := range consumers.Info() {
			there[info.Config.Name+" "+c.Name] = true
		}
	}
	for name := range documented {
		if !there[name] {
			t.Errorf("the server has no %s, which a document has", name)
		}
	}
	for name := range there {
		if !documented[name] {
			t.Errorf("no document has %s, which the server has", name)
		}
	}
}

// TestAsyncAPINames holds documents with names of all signs against what the
// transport makes of them.
func TestAsyncAPINames(t *testing.T) {
	const text = `storm "Odd"
module "Order desk" {
  publishes "Order's \"moved\" {now} 100%"
  aggregate Order { "Müller's command" -> "Order's \"moved\" {now} 100%" }
  policy Tell : "Order's \"moved\" {now} 100%" -> "日本"."tell 東京"
}
module "日本" {
  aggregate Desk { "tell 東京" -> Told }
  projection P : "Order desk"."Order's \"moved\" {now} 100%"
}
`
	s := parsed(t, "odd.storm", text)
	all := documents(t, s)
	desk, other := exporter.RuntimeName(s, s.Modules[0]), exporter.RuntimeName(s, s.Modules[1])
	names := nats.Names{}
	sent := []struct {
		topic transport.Topic
		event string
		kind  string
	}{
		{transport.Topic{From: desk}, "Order's \"moved\" {now} 100%", "Order"},
		{transport.Topic{From: desk, To: other}, "tell 東京", ""},
	}
	w := tap(t, "landfall.*.events.*", "landfall.*.commands.*")
	road := w.road(t)
	stop, err := road.Subscribe(transport.Topic{To: other}, other, func(context.Context, transport.Delivery) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	w.await(ctx, t, names.CommandsStream(other))
	var subjects []string
	for i, x := range sent {
		err = road.Publish(t.Context(), x.topic, []transport.Message{{
			Number: uint64(i + 1), ID: uuid.New(), Correlation: uuid.New(), Trigger: uuid.New(), Type: x.event, Kind: x.kind, Aggregate: "Ö 1",
			Time: time.Now(), Actor: "Ä", Metadata: map[string]string{"a": "b"}, Data: []byte("{}"),
		}})
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range all {
			for key := range d.root["channels"].(map[string]any) {
				channel := at(d.root, "channels", key)
				if at(channel, "x-nats-stream") == names.Stream(x.topic) && at(channel, "x-nats-heads") == names.HeadsSubject(x.topic) {
					subjects = append(subjects, at(channel, "address").(string))
				}
			}
		}
	}
	if err := w.conn.Flush(); err != nil {
		t.Fatal(err)
	}
	until(ctx, t, func() bool { return len(w.seen()) == len(sent) }, func() string { return "the messages do not arrive" })
	slices.Sort(subjects)
	if len(subjects) != 4 || !slices.Equal(slices.Compact(subjects), w.subjects()) {
		t.Errorf("the documents have %q on these streams, the transport %q", subjects, w.subjects())
	}
	for _, m := range w.seen() {
		holds(t, all, m)
	}
	if _, ok := all[desk].channel(names.CallsSubject(desk, "dispatch")); !ok {
		t.Errorf("the document of %s does not have %s", desk, names.CallsSubject(desk, "dispatch"))
	}
	server := map[string]any{
		"events":   map[string]any{"subjects": names.EventsSubjects(desk), "stream": names.EventsStream(desk), "heads": names.HeadsSubject(transport.Topic{From: desk})},
		"commands": map[string]any{"subjects": names.CommandsSubjects(desk), "stream": names.CommandsStream(desk), "heads": names.HeadsSubject(transport.Topic{To: desk}), "consumer": names.Consumer(transport.Topic{To: desk}, desk)},
		"calls":    map[string]any{"subjects": strings.TrimSuffix(names.CallsSubject(desk, "x"), "x") + "*", "queue": names.CallsQueue()},
	}
	if diff := cmp.Diff(server, at(all[desk].root, "x-nats")); diff != "" {
		t.Errorf("-transport +document:\n%s", diff)
	}
	if queue := at(all[desk].root, "operations", "answerDispatch", "bindings", "nats", "queue"); queue != names.CallsQueue() {
		t.Errorf("the queue is %v", queue)
	}
}
