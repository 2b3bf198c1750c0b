package sqlite

import (
	"context"
	"path/filepath"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"zombiezen.com/go/sqlite"

	"github.com/landfall-go/landfall/store"
)

// The pairs of this file measure the store against the raw driver with the
// same tables, indexes, settings and rows: what Landfall adds is the
// difference. Each reports events/s.

const (
	benchStreams = 1000
	benchGroup   = 64
)

var benchEvent = []byte(`{"point":{"x":12345,"y":67890},"direction":"N","world":{"width":100000,"height":100000},` +
	`"note":"the rover went one square ahead and saw nothing but sand and stones on its way to the far ridge, so it will go on as told"}`)

func benchRecord(command uuid.UUID) store.Record {
	return store.Record{
		ID: store.EventID(command, 0), Type: "MarsRoverMoved", Time: time.Now(),
		Correlation: command, Actor: "operator", Data: benchEvent,
	}
}

func openBench(b *testing.B) (*Store, *log) {
	b.Helper()
	s, err := Open(context.Background(), filepath.Join(b.TempDir(), "bench.db"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	l, err := s.Log(context.Background(), "Rover")
	if err != nil {
		b.Fatal(err)
	}
	return s, l.(*log)
}

func reportEvents(b *testing.B, n int) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkAppend1Raw(b *testing.B)  { benchmarkAppendRaw(b, 1) }
func BenchmarkAppend1(b *testing.B)     { benchmarkAppend(b, 1) }
func BenchmarkAppend64Raw(b *testing.B) { benchmarkAppendRaw(b, benchGroup) }
func BenchmarkAppend64(b *testing.B)    { benchmarkAppend(b, benchGroup) }

// benchmarkAppendRaw inserts b.N events with the driver alone, so many in a
// transaction.
func benchmarkAppendRaw(b *testing.B, group int) {
	s, l := openBench(b)
	c := s.writer.conn
	for i := range benchStreams {
		if _, err := add(c, l.sql.addStream, benchStream(i)); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := add(c, l.sql.addType, "MarsRoverMoved"); err != nil {
		b.Fatal(err)
	}
	begin, commit := c.Prep("BEGIN IMMEDIATE"), c.Prep("COMMIT")
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += group {
		mustStep(b, begin)
		for i := n; i < min(n+group, b.N); i++ {
			r := benchRecord(store.NewCommandID(time.Now()))
			r.Position, r.Version = uint64(i+1), uint64(i/benchStreams+1)
			bindRecord(l.insert, &r, int64(i%benchStreams+1), 1, 1<<30)
			mustStep(b, l.insert)
		}
		mustStep(b, commit)
	}
	reportEvents(b, b.N)
}

func mustStep(b *testing.B, stmt *sqlite.Stmt) {
	if err := step(stmt); err != nil {
		b.Fatal(err)
	}
}

func benchStream(i int) string {
	return "MarsRover-" + uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}).String()
}

// benchmarkAppend appends b.N events, one each time, from so many callers.
func benchmarkAppend(b *testing.B, callers int) {
	_, l := openBench(b)
	ctx := context.Background()
	for i := range benchStreams {
		r := benchRecord(store.NewCommandID(time.Now()))
		if _, err := l.Append(ctx, store.Append{Stream: benchStream(i), Records: []store.Record{r}}); err != nil {
			b.Fatal(err)
		}
	}
	streams := make([]string, benchStreams)
	for i := range streams {
		streams[i] = benchStream(i)
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	b.ReportAllocs()
	b.ResetTimer()
	for range callers {
		wait.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				r := benchRecord(store.NewCommandID(time.Now()))
				a := store.Append{Stream: streams[i%benchStreams], Expected: store.AnyVersion, Records: []store.Record{r}}
				if _, err := l.Append(ctx, a); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wait.Wait()
	reportEvents(b, b.N)
}

// BenchmarkCommitAppends commits 1000 appends of one record at a time, to 1000
// streams that are there, or to new ones. The operation is a record, as in
// BenchmarkAppend64.
func BenchmarkCommitAppends(b *testing.B) {
	b.Run("known", func(b *testing.B) {
		streams := make([]string, benchStreams)
		for i := range streams {
			streams[i] = benchStream(i)
		}
		benchmarkCommitAppends(b, func(n int) string { return streams[n%benchStreams] })
	})
	b.Run("new", func(b *testing.B) {
		benchmarkCommitAppends(b, func(n int) string { return "MarsRover-" + strconv.Itoa(n) })
	})
}

func benchmarkCommitAppends(b *testing.B, stream func(n int) string) {
	const each = 1000
	_, l := openBench(b)
	appends, records := make([]store.Append, each), make([]store.Record, each)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += each {
		commit := appends[:min(each, b.N-n)]
		for i := range commit {
			records[i] = benchRecord(store.NewCommandID(time.Now()))
			commit[i] = store.Append{Stream: stream(n + i), Expected: store.AnyVersion, Records: records[i : i+1]}
		}
		position := store.Write{Collection: "heard", Key: "Rover", Data: benchEvent[:n%len(benchEvent)]}
		if err := l.Commit(context.Background(), store.Changes{Appends: commit, Writes: []store.Write{position}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

const benchRead = 200_000

func fillBench(b *testing.B, l *log) {
	b.Helper()
	ctx := context.Background()
	for n := 0; n < benchRead; n += 1000 {
		command := store.NewCommandID(time.Now())
		records := make([]store.Record, 1000)
		for i := range records {
			records[i] = benchRecord(command)
			records[i].ID = store.EventID(command, i)
		}
		if _, err := l.Append(ctx, store.Append{Stream: benchStream(n % 97), Expected: store.AnyVersion, Records: records}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadRaw(b *testing.B) {
	s, l := openBench(b)
	fillBench(b, l)
	b.ReportAllocs()
	read := 0
	for b.Loop() {
		err := s.readers.with(context.Background(), func(c *sqlite.Conn) error {
			stmt := c.Prep("SELECT " + eventColumns + ` FROM "Rover_events" ORDER BY position`)
			raw := scanner{stmt: stmt}
			for {
				more, err := stmt.Step()
				if err != nil || !more {
					return err
				}
				var r store.Record
				if _, _, _, ok := raw.fields(&r); !ok {
					b.Fatal("not a record")
				}
				read++
			}
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	reportEvents(b, read)
}

func BenchmarkRead(b *testing.B) {
	_, l := openBench(b)
	fillBench(b, l)
	b.ReportAllocs()
	read := 0
	var page []store.Record
	for b.Loop() {
		var after uint64
		for {
			var err error
			if page, err = l.Read(context.Background(), after, 1000, page[:0]); err != nil {
				b.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			after = page[len(page)-1].Position
			read += len(page)
		}
	}
	reportEvents(b, read)
}
