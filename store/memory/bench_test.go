package memory_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// event is a record of the size that the project's figures are stated for.
var event = []byte(`{"point":{"x":12345,"y":67890},"direction":"N","world":{"width":100000,"height":100000},` +
	`"note":"the rover went one square ahead and saw nothing but sand and stones on its way to the far ridge, so it will go on as told"}`)

// commands returns ids that differ as those of busy senders do, made before
// the clock starts.
func commands(n int) []uuid.UUID {
	ids := make([]uuid.UUID, n)
	for i := range ids {
		ids[i] = store.NewCommandID(time.Now())
	}
	return ids
}

func BenchmarkAppend(b *testing.B) {
	for _, streams := range []int{1, 1000} {
		b.Run(fmt.Sprintf("streams=%d", streams), func(b *testing.B) { benchmarkAppend(b, streams) })
	}
}

func benchmarkAppend(b *testing.B, streams int) {
	ctx := context.Background()
	ids := commands(b.N)
	names := make([]string, streams)
	for i := range names {
		names[i] = "MarsRover-" + uuid.NewString()
	}
	now := time.Now()
	log, err := memory.New().Log(ctx, "Rover")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for i := range b.N {
		_, err := log.Append(ctx, store.Append{
			Stream:   names[i%streams],
			Expected: uint64(i / streams),
			Records: []store.Record{{
				ID: store.EventID(ids[i], 0), Type: "MarsRoverMoved", Time: now,
				Correlation: ids[i], Data: event,
			}},
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkCommitAppends commits 1000 appends of one record to 1000 streams at a
// time. The operation is a record, as in BenchmarkAppend.
func BenchmarkCommitAppends(b *testing.B) {
	const each = 1000
	ctx := context.Background()
	ids := commands(b.N)
	log, err := memory.New().Log(ctx, "Rover")
	if err != nil {
		b.Fatal(err)
	}
	defer log.Listen(func([]store.Record) {})()
	names := make([]string, each)
	for i := range names {
		names[i] = "MarsRover-" + uuid.NewString()
	}
	appends, records := make([]store.Append, each), make([]store.Record, each)
	now := time.Now()
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += each {
		commit := appends[:min(each, b.N-n)]
		for i := range commit {
			id := ids[n+i]
			records[i] = store.Record{ID: store.EventID(id, 0), Type: "MarsRoverMoved", Time: now, Correlation: id, Data: event}
			commit[i] = store.Append{Stream: names[i], Expected: store.AnyVersion, Records: records[i : i+1]}
		}
		position := store.Write{Collection: "heard", Key: "Rover", Data: event[:n%len(event)]}
		if err := log.Commit(ctx, store.Changes{Appends: commit, Writes: []store.Write{position}}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "records/s")
}

func BenchmarkRead(b *testing.B) {
	ctx := context.Background()
	log, err := memory.New().Log(ctx, "Rover")
	if err != nil {
		b.Fatal(err)
	}
	const n = 100_000
	for _, id := range commands(n) {
		_, err := log.Append(ctx, store.Append{Stream: "MarsRover-1", Expected: store.AnyVersion, Records: []store.Record{
			{ID: store.EventID(id, 0), Type: "MarsRoverMoved", Time: time.Now(), Correlation: id, Data: event},
		}})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportAllocs()
	b.ResetTimer()
	var page []store.Record
	read := 0
	for b.Loop() {
		var after uint64
		for {
			page, err = log.Read(ctx, after, 1000, page[:0])
			if err != nil {
				b.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			read += len(page)
			after = page[len(page)-1].Position
		}
	}
	b.ReportMetric(float64(read)/b.Elapsed().Seconds(), "events/s")
}

func BenchmarkCommit(b *testing.B) {
	ctx := context.Background()
	log, err := memory.New().Log(ctx, "Rover")
	if err != nil {
		b.Fatal(err)
	}
	keys := make([]string, 1000)
	for i := range keys {
		keys[i] = fmt.Sprintf("MarsRover-%d", i)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		err := log.Commit(ctx, store.Changes{Lazy: true, Writes: []store.Write{{Collection: "view/Path/1", Key: keys[i%len(keys)], Data: event}}})
		if err != nil {
			b.Fatal(err)
		}
		i++
	}
}
