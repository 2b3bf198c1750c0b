package bench

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/postgres"
)

// postgresPage is how many records are read at once.
const postgresPage = 1000

// Past is a database with a long log.
type Past struct {
	url    string
	Events int
}

// MakePast writes a log of so many events.
func (s *Server) MakePast(events int) (p Past, err error) {
	ctx := context.Background()
	if p.url, err = s.Database(); err != nil {
		return p, err
	}
	db, err := postgres.Open(ctx, p.url)
	if err != nil {
		return p, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	log, err := db.Log(ctx, "Rover")
	if err != nil {
		return p, err
	}
	p.Events = events
	return p, fill(ctx, log, 0, events, postgresEvent)
}

// Read reads the log through the store, a page at a time, as a rebuild does.
func (p Past) Read(b *testing.B) {
	ctx := context.Background()
	db, err := postgres.Open(ctx, p.url)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	log, err := db.Log(ctx, "Rover")
	if err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	var page []store.Record
	for range b.N {
		n := 0
		for page = page[:0]; ; {
			if page, err = log.Read(ctx, uint64(n), postgresPage, page[:0]); err != nil {
				b.Fatal(err)
			}
			if len(page) == 0 {
				break
			}
			n += len(page)
		}
		if n != p.Events {
			b.Fatal("read", n)
		}
	}
	b.StopTimer()
	rate(b, b.N*p.Events, "events/s")
}

// RawRead is the raw limit of reading: pages, with the driver alone.
func (p Past) RawRead(b *testing.B) { p.rawRead(b, false) }

// RawDecode is the raw limit of a rebuild: encoding/json decodes each event too.
func (p Past) RawDecode(b *testing.B) { p.rawRead(b, true) }

func (p Past) rawRead(b *testing.B, decode bool) {
	c := dial(b, p.url)
	b.ResetTimer()
	for range b.N {
		n, more := 0, 1
		for more > 0 {
			var err error
			if more, err = rawPage(c, n, decode); err != nil {
				b.Fatal(err)
			}
			n += more
		}
		if n != p.Events {
			b.Fatal("read", n)
		}
	}
	b.StopTimer()
	rate(b, b.N*p.Events, "events/s")
}

func rawPage(c *pgx.Conn, after int, decode bool) (n int, err error) {
	rows, err := c.Query(context.Background(), `SELECT position, stream, version, time, type, number, command, trigger, correlation, actor, metadata, data
		FROM "landfall_Rover".events WHERE position > $1 ORDER BY position LIMIT $2`, int64(after), postgresPage)
	if err != nil {
		return 0, err
	}
	var (
		position, stream, version, at int64
		kind                          int32
		number                        int16
		command                       uuid.UUID
		trigger, correlation          *uuid.UUID
		actor                         *string
		metadata, data                []byte
	)
	into := []any{&position, &stream, &version, &at, &kind, &number, &command, &trigger, &correlation, &actor, &metadata, &data}
	_, err = pgx.ForEachRow(rows, into, func() error {
		n++
		if !decode {
			return nil
		}
		var e rover.MarsRoverMoved
		return json.Unmarshal(data, &e)
	})
	return n, err
}

// placed is a module whose one projection shows where the rovers are.
func placed() landfall.Module {
	return landfall.NewModule("Rover",
		landfall.Handle(rover.MarsRover.Start, landfall.Emits(rover.MarsRoverStarted{})),
		landfall.Handle(rover.MarsRover.Move, landfall.Emits(rover.MarsRoverMoved{}, rover.ObstacleFound{})),
		landfall.Project("Places", landfall.On((*Place).Moved)))
}

// Rebuild builds the projection of places anew.
func (p Past) Rebuild(b *testing.B) {
	ctx := context.Background()
	db, err := postgres.Open(ctx, p.url)
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	h, err := landfall.Open(ctx, landfall.Config{Store: db, Modules: []landfall.Module{placed()}, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	defer h.Close()
	h.Start()
	if err := h.Settle(ctx); err != nil {
		b.Fatal(err)
	}
	b.ResetTimer()
	for range b.N {
		if err := h.Rebuild(ctx, "Places", nil); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	rate(b, b.N*p.Events, "events/s")
}
