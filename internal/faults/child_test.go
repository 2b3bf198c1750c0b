//go:build linux

package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"
	natsio "github.com/nats-io/nats.go"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/sqlite"
	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats"
	"github.com/landfall-go/landfall/transport/transporttest"
)

// The test binary is started again as each process of the system. It gets its
// task in the environment, is asked a line each on its standard input, and
// answers a line each on its standard output.
const taskVariable = "FAULTS_TEST_TASK"

func TestMain(m *testing.M) {
	task := os.Getenv(taskVariable)
	if task == "" {
		os.Exit(m.Run())
	}
	if err := child(task); err != nil {
		fmt.Fprintln(os.Stderr, "the process ends:", err)
		os.Exit(1)
	}
}

func child(text string) error {
	var t struct {
		Serve *serveTask
		NATS  *natsTask
	}
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return err
	}
	if t.NATS != nil {
		return t.NATS.run()
	}
	return t.Serve.run()
}

// serveTask is to run a module.
type serveTask struct {
	Module   string
	New      bool   // the new version
	Store    string // postgres://…, or a file
	NATS     string
	Replicas int
	Batches  bool   // events share messages
	Folder   string // of the outside
	Road     *transporttest.Faults
	SlowTake time.Duration
	// SlowCommit is how long a commit may wait before it goes to the store.
	SlowCommit time.Duration
}

// What a process is asked.
const (
	askReady  = "ready"  // when the module runs
	askReport = "report" // what is in the log, when all is answered
	askRetry  = "retry"  // all dead letters
	askStop   = "stop"   // after which it ends
)

// report is what a process says of itself.
type report struct {
	Number  int // of the question
	Settled bool
	Counts  map[string]int // of records, by type
	Dead    int
	Retried int
	Board   int // the generation of the projection Board
	Error   string
}

func (t *serveTask) run() error {
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	ctx := context.Background()
	s, err := t.openStore(ctx)
	if err != nil {
		return err
	}
	if t.SlowCommit > 0 {
		s = slowStore{s, t.SlowCommit}
	}
	road, err := t.connect(ctx, logger)
	if err != nil {
		return err
	}
	var host *landfall.Host
	for {
		host, err = landfall.Open(ctx, landfall.Config{
			Store: s, Transport: road, Logger: logger,
			Modules:   []landfall.Module{module(t.Module, t.New, newOutsides(t.Folder))},
			CacheSize: 64, SnapshotEvery: 8,
			Retry: landfall.Retry{Attempts: 3, First: 20 * time.Millisecond, Most: time.Second},
		})
		if !errors.Is(err, store.ErrUnavailable) {
			break
		}
	}
	if err != nil {
		return err
	}
	host.Start()
	log, err := s.Log(ctx, t.Module)
	if err != nil {
		return err
	}
	err = (&served{task: t, host: host, log: log, counts: map[string]int{}}).answer(ctx)
	closed := host.Close()
	if errors.Is(closed, store.ErrUnavailable) {
		logger.Warn("the host ends without saving where it stands", "error", closed)
		closed = nil
	}
	return errors.Join(err, closed, road.Close(), s.Close())
}

// openStore tries for as long as the database is not there, as a supervisor
// would.
func (t *serveTask) openStore(ctx context.Context) (store.Store, error) {
	if !strings.HasPrefix(t.Store, "postgres:") {
		return sqlite.Open(ctx, t.Store)
	}
	for {
		s, err := postgres.Open(ctx, t.Store, postgres.Connections(4, 4), postgres.RetryFor(2*time.Second))
		if err == nil || !errors.Is(err, store.ErrUnavailable) {
			return s, err
		}
	}
}

// slowStore is a shared one whose commits take a while, so that a process is
// often paused between an answer and its commit.
type slowStore struct {
	store.Store
	by time.Duration
}

func (s slowStore) Shared() bool { return true }

func (s slowStore) Log(ctx context.Context, module string) (store.Log, error) {
	log, err := s.Store.Log(ctx, module)
	return slowLog{log, s.by}, err
}

type slowLog struct {
	store.Log
	by time.Duration
}

func (l slowLog) Commit(ctx context.Context, c store.Changes) error {
	time.Sleep(rand.N(l.by))
	return l.Log.Commit(ctx, c)
}

func (t *serveTask) connect(ctx context.Context, logger *slog.Logger) (transport.Transport, error) {
	options := []nats.Option{nats.WithLogger(logger), nats.WithConnection(natsio.IgnoreDiscoveredServers())}
	if t.Replicas > 0 {
		options = append(options, nats.WithReplicas(t.Replicas))
	}
	if t.Batches {
		options = append(options, nats.WithEventBatches())
	}
	var road transport.Transport
	road, err := nats.Connect(ctx, t.NATS, options...)
	if err != nil {
		return nil, err
	}
	if t.SlowTake > 0 {
		road = slowRoad{road, t.SlowTake}
	}
	if t.Road != nil {
		road = transporttest.NewFaulty(road, *t.Road)
	}
	return newCountingRoad(road, filepath.Join(t.Folder, againFile))
}

// againFile has a line with a number for messages that came again.
const againFile = "again"

// countingRoad notes what comes more than once, and what is sent again because a
// receiver has asked for it.
type countingRoad struct {
	transport.Transport
	file *os.File

	mu   sync.Mutex
	last map[transport.Topic]uint64
}

func newCountingRoad(road transport.Transport, path string) (transport.Transport, error) {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	return &countingRoad{Transport: road, file: f, last: map[transport.Topic]uint64{}}, err
}

func (r *countingRoad) again(n int) {
	if n > 0 {
		_, _ = fmt.Fprintln(r.file, n) // a figure for the table only
	}
}

func (r *countingRoad) Subscribe(topic transport.Topic, name string, take func(context.Context, transport.Delivery) error) (func(), error) {
	return r.Transport.Subscribe(topic, name, func(ctx context.Context, d transport.Delivery) error {
		err := take(ctx, d)
		r.mu.Lock()
		defer r.mu.Unlock()
		n := 0
		for _, m := range d.Messages {
			if m.Number <= r.last[d.Topic] {
				n++
			}
			if err == nil {
				r.last[d.Topic] = max(r.last[d.Topic], m.Number)
			}
		}
		r.again(n)
		return err
	})
}

func (r *countingRoad) Call(ctx context.Context, module, operation string, request []byte) ([]byte, error) {
	answer, err := r.Transport.Call(ctx, module, operation, request)
	if operation == nats.Resend && err == nil {
		var resent struct {
			Result struct{ Messages []json.RawMessage }
		}
		if json.Unmarshal(answer, &resent) == nil {
			r.again(len(resent.Result.Messages))
		}
	}
	return answer, err
}

// slowRoad is one whose receivers need time.
type slowRoad struct {
	transport.Transport
	by time.Duration
}

func (r slowRoad) Subscribe(topic transport.Topic, name string, take func(context.Context, transport.Delivery) error) (func(), error) {
	return r.Transport.Subscribe(topic, name, func(ctx context.Context, d transport.Delivery) error {
		time.Sleep(r.by)
		return take(ctx, d)
	})
}

// served is a module that runs and is asked.
type served struct {
	task   *serveTask
	host   *landfall.Host
	log    store.Log
	seen   uint64
	counts map[string]int
}

func (s *served) answer(ctx context.Context) error {
	questions := bufio.NewScanner(os.Stdin)
	for questions.Scan() {
		var r report
		question, number, err := parseQuestion(questions.Text())
		if err != nil {
			return err
		}
		switch question {
		case askReady:
		case askReport:
			r = s.report(ctx)
		case askRetry:
			for _, letter := range s.host.DeadLetters() {
				if err := s.host.Retry(ctx, letter); err != nil && !errors.Is(err, landfall.ErrNotFound) {
					r.Error = err.Error()
					continue
				}
				r.Retried++
			}
		case askStop:
			return nil
		default:
			r.Error = "asked for " + question
		}
		r.Number = number
		line, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if _, err := os.Stdout.Write(append(line, '\n')); err != nil {
			return err
		}
	}
	return questions.Err()
}

func parseQuestion(line string) (question string, number int, err error) {
	_, err = fmt.Sscan(line, &question, &number)
	return question, number, err
}

func (s *served) report(ctx context.Context) (r report) {
	settling, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := s.host.Settle(settling); err != nil {
		r.Error = err.Error()
	} else {
		r.Settled = true
	}
	var page []store.Record
	for {
		var err error
		if page, err = s.log.Read(ctx, s.seen, 4096, page[:0]); err != nil {
			return report{Error: err.Error()}
		}
		if len(page) == 0 {
			break
		}
		for i := range page {
			s.counts[page[i].Type]++
		}
		s.seen = page[len(page)-1].Position
	}
	if s.task.Module == shippingName {
		var err error
		if r.Board, err = s.host.Generation("Board"); err != nil {
			return report{Error: err.Error()}
		}
	}
	r.Counts, r.Dead = s.counts, len(s.host.DeadLetters())
	return r
}

// natsTask is to run a NATS server.
type natsTask struct {
	Name    string
	Dir     string
	Port    int
	Cluster int   // the port for other servers; zero for one alone
	Routes  []int // of the other servers
}

func (t *natsTask) run() error {
	o := &natsserver.Options{
		ServerName: t.Name, Host: "127.0.0.1", Port: t.Port, JetStream: true, StoreDir: t.Dir,
		JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 16 << 30, NoLog: os.Getenv("FAULTS_NATS_LOG") == "", NoSigs: true,
	}
	if t.Cluster > 0 {
		o.Cluster = natsserver.ClusterOpts{Name: "faults", Host: "127.0.0.1", Port: t.Cluster}
		for _, port := range t.Routes {
			o.Routes = append(o.Routes, &url.URL{Scheme: "nats", Host: fmt.Sprintf("127.0.0.1:%d", port)})
		}
	}
	server, err := natsserver.NewServer(o)
	if err != nil {
		return err
	}
	go server.Start()
	if !server.ReadyForConnections(20 * time.Second) {
		return errors.New("the NATS server takes no connections")
	}
	questions := bufio.NewScanner(os.Stdin)
	for questions.Scan() {
		question, number, err := parseQuestion(questions.Text())
		if err != nil || question == askStop {
			server.Shutdown()
			server.WaitForShutdown()
			return err
		}
		fmt.Printf("{\"Number\":%d}\n", number)
	}
	return nil
}
