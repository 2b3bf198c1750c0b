package bench

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
)

// Server is a throw-away PostgreSQL server, durable as installed. Each
// measurement has a new database.
type Server struct {
	cluster *postgrescluster.Cluster
	next    atomic.Int64
}

// StartServer starts one; the caller calls Stop.
func StartServer() (*Server, error) {
	c, err := postgrescluster.Start(context.Background(), postgrescluster.Options{})
	return &Server{cluster: c}, err
}

// Stop ends the server, and removes what it has stored.
func (s *Server) Stop() error { return s.cluster.Stop() }

// Database makes an empty database and returns its URL.
func (s *Server) Database() (string, error) {
	name := fmt.Sprintf("bench%d", s.next.Add(1))
	return s.cluster.URL(name), s.cluster.CreateDatabase(context.Background(), name)
}

// postgresStreams is how many streams the rows are of.
const postgresStreams = 1000

// postgresEvent is an event of the usual size.
var postgresEvent = []byte(`{"point":{"x":12345,"y":67890},"direction":"N","world":{"width":100000,"height":100000},` +
	`"note":"the rover went one square ahead and saw nothing but sand and stones on its way to the far ridge, so it will go on as told"}`)

func postgresRecord() store.Record {
	now := time.Now()
	command := store.NewCommandID(now)
	return store.Record{ID: store.EventID(command, 0), Type: "MarsRoverMoved", Time: now, Correlation: command, Actor: "operator", Data: postgresEvent}
}

// open opens a store on a new database, with a log that has one event in each
// stream.
func (s *Server) open(b *testing.B) (db *postgres.Store, log store.Log, url string) {
	ctx := context.Background()
	url, err := s.Database()
	if err != nil {
		b.Fatal(err)
	}
	if db, err = postgres.Open(ctx, url); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	if log, err = db.Log(ctx, "Rover"); err != nil {
		b.Fatal(err)
	}
	var first []store.Append
	for i := range postgresStreams {
		first = append(first, store.Append{Stream: postgresStream(i), Records: []store.Record{postgresRecord()}})
	}
	if err := log.Commit(ctx, store.Changes{Appends: first}); err != nil {
		b.Fatal(err)
	}
	return db, log, url
}

func postgresStream(i int) string {
	return "MarsRover/" + uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}).String()
}

func dial(b *testing.B, url string) *pgx.Conn {
	c, err := pgx.Connect(context.Background(), url)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close(context.Background()) })
	return c
}

// Append is the store: so many callers append an event each time.
func (s *Server) Append(callers int) func(*testing.B) {
	return func(b *testing.B) {
		_, log, _ := s.open(b)
		var streams [postgresStreams]string
		for i := range streams {
			streams[i] = postgresStream(i)
		}
		b.ResetTimer()
		concurrently(b, callers, func(_, i int) error {
			_, err := log.Append(context.Background(), store.Append{Stream: streams[i%postgresStreams], Expected: store.AnyVersion, Records: []store.Record{postgresRecord()}})
			return err
		})
		b.StopTimer()
		rate(b, b.N, "events/s")
	}
}

// Durable is the runtime on the store: so many callers drive a rover each.
func (s *Server) Durable(callers int) func(*testing.B) {
	return func(b *testing.B) {
		ctx := context.Background()
		db, _, _ := s.open(b)
		h := openModules(b, db, Driver())
		ids := rovers(b, h, callers)
		b.ResetTimer()
		concurrently(b, callers, func(caller, _ int) error {
			_, err := h.Dispatch(ctx, landfall.To(ids[caller], rover.Move{}))
			return err
		})
		b.StopTimer()
		rate(b, b.N, "events/s")
	}
}

// RawAppend is the raw limit: one connection inserts the same rows into the same
// table, so many a statement, which is a transaction.
func (s *Server) RawAppend(rows int) func(*testing.B) {
	return func(b *testing.B) {
		_, _, url := s.open(b)
		c := dial(b, url)
		ctx := context.Background()
		const insert = `INSERT INTO "landfall_Rover".events (position, stream, version, time, type, number, command, actor, data)
			SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::smallint[], $7::uuid[], $8::text[], $9::bytea[])`
		if _, err := c.Prepare(ctx, "insert", insert); err != nil {
			b.Fatal(err)
		}
		var r rawRows
		b.ResetTimer()
		for n := 0; n < b.N; n += rows {
			r.fill(n, min(n+rows, b.N))
			if _, err := c.Exec(ctx, "insert", r.position, r.stream, r.version, r.time, r.kind, r.number, r.command, r.actor, r.data); err != nil {
				b.Fatal(err)
			}
		}
		b.StopTimer()
		rate(b, b.N, "events/s")
	}
}

// rawRows are rows by column.
type rawRows struct {
	position, stream, version, time []int64
	kind                            []int32
	number                          []int16
	command                         []uuid.UUID
	actor                           []string
	data                            [][]byte
}

func (r *rawRows) fill(from, to int) {
	*r = rawRows{
		r.position[:0], r.stream[:0], r.version[:0], r.time[:0],
		r.kind[:0], r.number[:0], r.command[:0], r.actor[:0], r.data[:0],
	}
	for i := from; i < to; i++ {
		record := postgresRecord()
		r.position = append(r.position, int64(postgresStreams+1+i))
		r.stream = append(r.stream, int64(i%postgresStreams+1))
		r.version = append(r.version, int64(i/postgresStreams+2))
		r.time = append(r.time, record.Time.UnixNano())
		r.kind = append(r.kind, 1)
		r.number = append(r.number, 0)
		r.command = append(r.command, record.Correlation)
		r.actor = append(r.actor, record.Actor)
		r.data = append(r.data, record.Data)
	}
}
