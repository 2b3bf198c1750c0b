//go:build linux

package faults

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
	"github.com/landfall-go/landfall/store/sqlite"
	"github.com/landfall-go/landfall/transport/transporttest"
)

// layout is how a system is set up.
type layout struct {
	postgres  bool // one database for all, instead of a SQLite file for each
	instances map[string]int
	servers   int // of NATS
	road      *transporttest.Faults
	slowTake  time.Duration
	slow      time.Duration // of commits
	rate      int           // commands a second
}

var moduleNames = []string{ordersName, paymentsName, shippingName}

// world is a running system with its load.
type world struct {
	t      *testing.T
	layout layout
	folder string
	chance *rand.Rand

	cluster  *postgrescluster.Cluster
	database string // URL
	servers  []*process
	url      string // of NATS
	modules  map[string][]*process
	roads    map[*process]*proxy // to NATS
	lines    map[*process]*proxy // to PostgreSQL
	load     *load

	kills, cuts int
	peak        atomic.Int64 // of memory, in bytes
	newBoard    bool         // the new version of Shipping is last
}

func newWorld(t *testing.T, l layout, chance *rand.Rand, cluster *postgrescluster.Cluster) *world {
	t.Helper()
	w := &world{
		t: t, layout: l, folder: t.TempDir(), chance: chance, cluster: cluster,
		modules: map[string][]*process{}, roads: map[*process]*proxy{}, lines: map[*process]*proxy{},
	}
	t.Cleanup(w.close)
	if l.postgres {
		name := fmt.Sprintf("faults_%d", databases())
		if err := cluster.CreateDatabase(context.Background(), name); err != nil {
			t.Fatal(err)
		}
		w.database = cluster.URL(name)
	}
	w.serveNATS()
	for _, name := range moduleNames {
		for i := range max(1, l.instances[name]) {
			w.add(name, i)
		}
	}
	for _, p := range w.all() {
		w.must(p.start())
	}
	w.ready()
	var err error
	if w.load, err = newLoad(context.Background(), w.url, w.folder); err != nil {
		t.Fatal(err)
	}
	return w
}

// databases numbers the databases of a cluster.
var databases = func() func() int {
	var mu sync.Mutex
	n := 0
	return func() int {
		mu.Lock()
		defer mu.Unlock()
		n++
		return n
	}
}()

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func freePort() (int, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// serveNATS starts the servers of NATS, one or several that belong together.
func (w *world) serveNATS() {
	w.t.Helper()
	n := max(1, w.layout.servers)
	ports := make([]int, 2*n)
	for i := range ports {
		var err error
		if ports[i], err = freePort(); err != nil {
			w.t.Fatal(err)
		}
	}
	var urls []string
	for i := range n {
		name := fmt.Sprintf("nats-%d", i)
		task := &natsTask{Name: name, Dir: filepath.Join(w.folder, name), Port: ports[i]}
		if n > 1 {
			task.Cluster, task.Routes = ports[n+i], ports[n:]
		}
		p := &process{name: name, log: filepath.Join(w.folder, name+".log"), task: map[string]any{"NATS": task}}
		w.servers = append(w.servers, p)
		urls = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", ports[i]))
		w.must(p.start())
	}
	w.url = strings.Join(urls, ",")
	w.natsReady()
}

func (w *world) natsReady() {
	w.t.Helper()
	for _, p := range w.servers {
		w.await(p)
	}
}

// add makes another process of a module, with wires of its own.
func (w *world) add(name string, i int) {
	w.t.Helper()
	url := w.url
	id := fmt.Sprintf("%s-%d", name, i)
	task := &serveTask{Module: name, Folder: w.folder, SlowTake: w.layout.slowTake, SlowCommit: w.layout.slow}
	task.Batches = w.chance.IntN(2) == 0
	p := &process{name: id, log: filepath.Join(w.folder, id+".log"), serve: task}
	if w.layout.servers <= 1 {
		wire, err := newProxy(strings.TrimPrefix(w.url, "nats://"))
		w.must(err)
		w.roads[p], url = wire, "nats://"+wire.addr
	} else {
		task.Replicas = w.layout.servers
	}
	task.NATS, task.Store = url, filepath.Join(w.folder, name+".db")
	if w.layout.road != nil {
		road := *w.layout.road
		road.Seed = w.chance.Uint64()
		task.Road = &road
	}
	if w.layout.postgres {
		rest, _ := strings.CutPrefix(w.database, "postgres://postgres@")
		address, path, _ := strings.Cut(rest, "/")
		wire, err := newProxy(address)
		w.must(err)
		w.lines[p], task.Store = wire, "postgres://postgres@"+wire.addr+"/"+path
	}
	p.task = map[string]any{"Serve": task}
	w.modules[name] = append(w.modules[name], p)
}

// all returns the processes of modules.
func (w *world) all() (all []*process) {
	for _, name := range moduleNames {
		all = append(all, w.modules[name]...)
	}
	return all
}

// ready waits until everything runs.
func (w *world) ready() {
	w.t.Helper()
	w.natsReady()
	for _, p := range w.all() {
		w.await(p)
	}
}

func (w *world) await(p *process) {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
	defer cancel()
	if _, err := p.ask(ctx, askReady); err != nil {
		w.t.Fatalf("%s is not ready: %v\n%s", p.name, err, p.complaints())
	}
}

func (w *world) close() {
	if w.load != nil {
		_ = w.load.close() // the test is over
	}
	for _, p := range append(w.all(), w.servers...) {
		p.kill()
	}
	for _, wires := range []map[*process]*proxy{w.roads, w.lines} {
		for _, wire := range wires {
			wire.close()
		}
	}
}

// kill ends processes by kill -9.
func (w *world) kill(all ...*process) {
	var dying sync.WaitGroup
	for _, p := range all {
		w.kills++
		dying.Go(p.kill)
	}
	dying.Wait()
}

// pause lets the system run for a time by chance.
func (w *world) pause(least, most time.Duration) {
	time.Sleep(least + time.Duration(w.chance.Int64N(int64(most-least)+1)))
}

func (w *world) any() *process {
	all := w.all()
	return all[w.chance.IntN(len(all))]
}

// finish ends the processes and returns what they have left behind.
func (w *world) finish() (evidence, mistakes) {
	w.t.Helper()
	var wrong mistakes
	for _, p := range w.all() {
		if w.chance.IntN(3) == 0 {
			p.kill()
		} else if err := p.stop(); err != nil {
			wrong.add("%v", err)
		}
	}
	ev := evidence{logs: map[string][]store.Record{}, documents: map[string]map[string]string{}}
	for _, name := range moduleNames {
		w.must(w.read(name, &ev))
	}
	var err error
	ev.outside, err = readOutside(filepath.Join(w.folder, outsideFile))
	w.must(err)
	return ev, wrong
}

func (w *world) read(module string, ev *evidence) error {
	ctx := context.Background()
	var s store.Store
	var err error
	if w.layout.postgres {
		s, err = postgres.Open(ctx, w.database)
	} else {
		s, err = sqlite.Open(ctx, filepath.Join(w.folder, module+".db"))
	}
	if err != nil {
		return err
	}
	defer s.Close()
	log, err := s.Log(ctx, module)
	if err != nil {
		return err
	}
	return ev.read(ctx, module, log)
}

// flag makes or removes a file that the modules look for.
func (w *world) flag(name string, on bool) {
	w.t.Helper()
	path := filepath.Join(w.folder, name)
	if on {
		w.must(os.WriteFile(path, nil, 0o600))
		return
	}
	w.must(os.Remove(path))
}

// restart starts what does not run.
func (w *world) restart() {
	w.t.Helper()
	for _, p := range append(w.servers, w.all()...) {
		w.must(p.start())
	}
	w.ready()
}

// weigh notes the greatest memory that a module's process has needed.
func (w *world) weigh(ctx context.Context) {
	for ctx.Err() == nil {
		for _, p := range w.all() {
			if n := int64(p.memory()); n > w.peak.Load() {
				w.peak.Store(n)
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
}
