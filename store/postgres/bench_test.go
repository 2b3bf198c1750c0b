package postgres

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/store"
)

// The pairs of this file measure the store against the raw driver with the
// same server, tables, indexes, settings and rows: what Landfall adds is the
// difference. Each reports events/s. The server is durable.

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

// openBench opens a log with its streams.
func openBench(b *testing.B) (*log, string) {
	b.Helper()
	ctx := context.Background()
	c, err := postgrescluster.Start(ctx, postgrescluster.Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := c.Stop(); err != nil {
			b.Error(err)
		}
	})
	s, err := Open(ctx, c.URL("postgres"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := s.Close(); err != nil {
			b.Error(err)
		}
	})
	l, err := s.Log(ctx, "Rover")
	if err != nil {
		b.Fatal(err)
	}
	appends := make([]store.Append, benchStreams)
	for i := range appends {
		appends[i] = store.Append{Stream: benchStream(i), Records: []store.Record{benchRecord(store.NewCommandID(time.Now()))}}
	}
	if err := l.Commit(ctx, store.Changes{Appends: appends}); err != nil {
		b.Fatal(err)
	}
	return l.(*log), c.URL("postgres")
}

func benchStream(i int) string {
	return "MarsRover-" + uuid.NewSHA1(uuid.Nil, []byte{byte(i), byte(i >> 8)}).String()
}

func reportEvents(b *testing.B, n int) {
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkAppend1Raw(b *testing.B)  { benchmarkAppendRaw(b, 1) }
func BenchmarkAppend1(b *testing.B)     { benchmarkAppend(b, 1) }
func BenchmarkAppend64Raw(b *testing.B) { benchmarkAppendRaw(b, benchGroup) }
func BenchmarkAppend64(b *testing.B)    { benchmarkAppend(b, benchGroup) }

// benchmarkAppendRaw inserts b.N events with one connection, so many in a
// statement, which is a transaction.
func benchmarkAppendRaw(b *testing.B, group int) {
	l, url := openBench(b)
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close(ctx)
	insert := l.names.sql(`INSERT INTO {schema}.events (position, stream, version, time, type, number, command, actor, data)
		SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::smallint[], $7::uuid[], $8::text[], $9::bytea[])`)
	if _, err := c.Prepare(ctx, "insert", insert); err != nil {
		b.Fatal(err)
	}
	var columns [9]column
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += group {
		for i, oid := range []uint32{oidInt8, oidInt8, oidInt8, oidInt8, oidInt4, oidInt2, oidUUID, oidText, oidBytes} {
			columns[i].reset(oid)
		}
		for i := n; i < min(n+group, b.N); i++ {
			r := benchRecord(store.NewCommandID(time.Now()))
			columns[0].addInt8(int64(benchStreams + 1 + i))
			columns[1].addInt8(int64(i%benchStreams + 1))
			columns[2].addInt8(int64(i/benchStreams + 2))
			columns[3].addInt8(r.Time.UnixNano())
			columns[4].addInt4(1)
			columns[5].addInt2(0)
			columns[6].addBytes(r.Correlation[:])
			columns[7].addText(r.Actor)
			columns[8].addBytes(r.Data)
		}
		values := make([][]byte, len(columns))
		for i := range columns {
			values[i] = columns[i].value()
		}
		if result := c.PgConn().ExecPrepared(ctx, "insert", values, binaryFormat, binaryFormat).Read(); result.Err != nil {
			b.Fatal(result.Err)
		}
	}
	reportEvents(b, b.N)
}

// benchmarkAppend appends b.N events, one each time, from so many callers.
func benchmarkAppend(b *testing.B, callers int) {
	l, _ := openBench(b)
	ctx := context.Background()
	streams := make([]string, benchStreams)
	for i := range streams {
		streams[i] = benchStream(i)
	}
	var next atomic.Int64
	var wait sync.WaitGroup
	rounds := l.writer.session.round
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
	b.ReportMetric(float64(b.N)/float64(l.writer.session.round-rounds), "events/round-trip")
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

const benchPage = 1000

// BenchmarkReadRaw reads pages with pgx as its documentation shows.
func BenchmarkReadRaw(b *testing.B) {
	l, url := openBench(b)
	fillBench(b, l)
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close(ctx)
	b.ReportAllocs()
	read := 0
	for b.Loop() {
		var after int64
		for {
			rows, err := c.Query(ctx, l.sql.read, after, benchPage)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			var position, stream, version, at int64
			var kind int32
			var number int16
			var command uuid.UUID
			var trigger, correlation *uuid.UUID
			var actor *string
			var metadata, data []byte
			if _, err := pgx.ForEachRow(rows, []any{&position, &stream, &version, &at, &kind, &number, &command, &trigger, &correlation, &actor, &metadata, &data}, func() error {
				n++
				return nil
			}); err != nil {
				b.Fatal(err)
			}
			if n == 0 {
				break
			}
			after = position
			read += n
		}
	}
	reportEvents(b, read)
}

// BenchmarkReadRawValues reads pages without looking at the values: what the
// server and the connection can give.
func BenchmarkReadRawValues(b *testing.B) {
	l, url := openBench(b)
	fillBench(b, l)
	ctx := context.Background()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close(ctx)
	b.ReportAllocs()
	read := 0
	for b.Loop() {
		for after := 0; ; {
			rows, err := c.Query(ctx, l.sql.read, int64(after), benchPage)
			if err != nil {
				b.Fatal(err)
			}
			n := 0
			for rows.Next() {
				n++
			}
			if rows.Err() != nil {
				b.Fatal(rows.Err())
			}
			if n == 0 {
				break
			}
			after += n
			read += n
		}
	}
	reportEvents(b, read)
}

func BenchmarkRead(b *testing.B) {
	l, _ := openBench(b)
	fillBench(b, l)
	b.ReportAllocs()
	read := 0
	var page []store.Record
	for b.Loop() {
		var after uint64
		for {
			var err error
			if page, err = l.Read(context.Background(), after, benchPage, page[:0]); err != nil {
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
