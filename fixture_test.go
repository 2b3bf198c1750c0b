package landfall_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
	"github.com/landfall-go/landfall/store/sqlite"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var ctx = context.Background()

// database is a store that a test can close and come back to.
type database struct {
	store.Store
	reopen func(*testing.T)
	file   string // of SQLite
}

// onEachStore runs a test on every store that the runtime is to behave the same
// on.
func onEachStore(t *testing.T, test func(t *testing.T, db *database)) {
	t.Helper()
	for name, create := range map[string]func(*testing.T) *database{"memory": inMemory, "sqlite": inSQLite} {
		t.Run(name, func(t *testing.T) { test(t, create(t)) })
	}
}

// inMemory returns a store that reopening leaves as it is, because closing it
// would lose it.
func inMemory(*testing.T) *database {
	return &database{Store: memory.New(), reopen: func(*testing.T) {}}
}

// inSQLite returns a store in a file, which reopening closes and opens again.
func inSQLite(t *testing.T) *database {
	t.Helper()
	file := filepath.Join(t.TempDir(), "test.db")
	db := &database{file: file}
	db.reopen = func(t *testing.T) {
		t.Helper()
		if db.Store != nil {
			if err := db.Store.Close(); err != nil {
				t.Fatal(err)
			}
		}
		s, err := sqlite.Open(ctx, file)
		if err != nil {
			t.Fatal(err)
		}
		db.Store = s
	}
	db.reopen(t)
	t.Cleanup(func() { _ = db.Store.Close() })
	return db
}

// quiet logs nothing, because tests provoke what an operator should know.
var quiet = slog.New(slog.DiscardHandler)

func open(t testing.TB, s store.Store, modules ...landfall.Module) *landfall.Host {
	t.Helper()
	return openWith(t, landfall.Config{Store: s, Modules: modules})
}

func openWith(t testing.TB, config landfall.Config) *landfall.Host {
	t.Helper()
	if config.Logger == nil {
		config.Logger = quiet
	}
	h, err := landfall.Open(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = h.Close() })
	return h
}

func shut(t testing.TB, h *landfall.Host) {
	t.Helper()
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
}

func do(t testing.TB, h *landfall.Host, id landfall.AggregateID, c landfall.Command) landfall.Result {
	t.Helper()
	return send(t, h, landfall.To(id, c))
}

func send(t testing.TB, h *landfall.Host, m landfall.Message) landfall.Result {
	t.Helper()
	r, err := h.Dispatch(ctx, m)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func settle(t testing.TB, h *landfall.Host) {
	t.Helper()
	within, cancel := context.WithTimeout(ctx, 5*time.Minute) // virtual time, mostly
	defer cancel()
	if err := h.Settle(within); err != nil {
		t.Fatal(err)
	}
}

// records returns what has happened in the module: its own events.
func records(t testing.TB, s store.Store, module string) []store.Record {
	t.Helper()
	return slices.DeleteFunc(allRecords(t, s, module), func(r store.Record) bool { return strings.ContainsAny(r.Type[:1], "@<>") })
}

// allRecords returns the whole log, with the messages from and to other modules.
func allRecords(t testing.TB, s store.Store, module string) []store.Record {
	t.Helper()
	log, err := s.Log(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	var all []store.Record
	for {
		before := len(all)
		if all, err = log.Read(ctx, uint64(before), 1000, all); err != nil {
			t.Fatal(err)
		}
		if len(all) == before {
			return all
		}
	}
}

// kinds returns the types of all events in the log, in order.
func kinds(t testing.TB, s store.Store, module string) []string {
	t.Helper()
	var types []string
	for _, r := range records(t, s, module) {
		types = append(types, r.Type)
	}
	return types
}

// count returns how many events of a type the log holds.
func count(t testing.TB, s store.Store, module, kind string) int {
	t.Helper()
	n := 0
	for _, k := range kinds(t, s, module) {
		if k == kind {
			n++
		}
	}
	return n
}

// write appends an event to a log as if an older program had.
func write(t testing.TB, s store.Store, module, stream, kind, data string, at time.Time) store.Record {
	t.Helper()
	log, err := s.Log(ctx, module)
	if err != nil {
		t.Fatal(err)
	}
	command := store.NewCommandID(time.Now())
	r := store.Record{ID: store.EventID(command, 0), Type: kind, Time: at, Correlation: command, Data: []byte(data)}
	where, err := log.Append(ctx, store.Append{Stream: stream, Expected: store.AnyVersion, Records: []store.Record{r}})
	if err != nil {
		t.Fatal(err)
	}
	r.Position, r.Version = where.First, where.Version
	return r
}

func view[D any](t testing.TB, h *landfall.Host, name string) landfall.View[D] {
	t.Helper()
	v, err := landfall.ViewOf[D](h, name)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// documents returns all that a projection shows.
func documents[D any](t testing.TB, h *landfall.Host, name string) map[string]D {
	t.Helper()
	all := map[string]D{}
	for d, err := range view[D](t, h, name).All(ctx, "") {
		if err != nil {
			t.Fatal(err)
		}
		all[d.Key] = d.Document
	}
	return all
}

// tapped is a store whose calls a test listens to and disturbs. A nil function
// disturbs nothing.
type tapped struct {
	store.Store
	append     func(store.Append) error
	appended   func(store.Append) error // after it took effect
	commit     func(store.Changes) error
	committed  func(store.Changes) error // after it took effect
	readStream func(stream string, records int)
	read       func()
	get        func(collection string) error
	listen     func()
}

func (s *tapped) Log(ctx context.Context, module string) (store.Log, error) {
	log, err := s.Store.Log(ctx, module)
	return &tappedLog{log, s}, err
}

type tappedLog struct {
	store.Log
	tap *tapped
}

func (l *tappedLog) Append(ctx context.Context, a store.Append) (store.Appended, error) {
	if l.tap.append != nil {
		if err := l.tap.append(a); err != nil {
			return store.Appended{}, err
		}
	}
	at, err := l.Log.Append(ctx, a)
	if err == nil && l.tap.appended != nil {
		err = l.tap.appended(a)
	}
	return at, err
}

func (l *tappedLog) Commit(ctx context.Context, c store.Changes) error {
	if l.tap.commit != nil {
		if err := l.tap.commit(c); err != nil {
			return err
		}
	}
	err := l.Log.Commit(ctx, c)
	if err == nil && l.tap.committed != nil {
		err = l.tap.committed(c)
	}
	return err
}

func (l *tappedLog) Read(ctx context.Context, after uint64, max int, into []store.Record) ([]store.Record, error) {
	if l.tap.read != nil {
		l.tap.read()
	}
	return l.Log.Read(ctx, after, max, into)
}

func (l *tappedLog) Listen(fn func([]store.Record)) func() {
	if l.tap.listen != nil {
		l.tap.listen()
	}
	return l.Log.Listen(fn)
}

func (l *tappedLog) Get(ctx context.Context, collection, key string) (store.Document, error) {
	if l.tap.get != nil {
		if err := l.tap.get(collection); err != nil {
			return store.Document{}, err
		}
	}
	return l.Log.Get(ctx, collection, key)
}

func (l *tappedLog) ReadStream(ctx context.Context, stream string, after uint64, max int, into []store.Record) ([]store.Record, error) {
	got, err := l.Log.ReadStream(ctx, stream, after, max, into)
	if l.tap.readStream != nil {
		l.tap.readStream(stream, len(got))
	}
	return got, err
}

// touches says whether a commit writes to the collection.
func touches(c store.Changes, collection string) bool {
	return slices.ContainsFunc(c.Writes, func(w store.Write) bool { return w.Collection == collection })
}

// notebook gathers what happens on several goroutines.
type notebook struct {
	mu    sync.Mutex
	lines []string
}

func (n *notebook) note(line string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, line)
}

func (n *notebook) all() []string {
	n.mu.Lock()
	defer n.mu.Unlock()
	return slices.Clone(n.lines)
}

func newID() landfall.ID { return uuid.Must(uuid.NewV7()) }

func textLogger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }
