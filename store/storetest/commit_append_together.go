package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/landfall-go/landfall/store"
)

func testCommitAppendDo(t *testing.T, f Features) {
	l := openLog(t, f)
	want := mustAppend(t, l, write("MarsRover-1", 0, 1))
	a, b := write("MarsRover-1", 1, 1), write("MarsRover-2", 0, 1)
	runs := 0
	err := l.Commit(context.Background(), store.Changes{
		Appends: []store.Append{a, b},
		Do: func(ctx context.Context, tx any) error {
			runs++
			if (tx != nil) != transactional(f) {
				t.Errorf("tx is %T", tx)
			}
			// It may read, and the store does not say whether it sees the appends.
			if rs, err := l.ReadStream(ctx, "MarsRover-1", 0, 10, nil); err != nil || len(rs) == 0 {
				t.Errorf("Do reads %d records of the stream, %v", len(rs), err)
			}
			if rs, err := l.ByCommand(ctx, want[0].Command()); err != nil || len(rs) != 1 {
				t.Errorf("Do finds %d records by their command, %v", len(rs), err)
			}
			return nil
		},
	})
	if err != nil || runs != 1 {
		t.Errorf("Do ran %d times, %v", runs, err)
	}
	same(t, "log", readAll(t, l), storedAfter(want, a, b))
}

// testCommitAppendDoHolds has another append come while Do runs, to a version
// that the commit has been promised.
func testCommitAppendDoHolds(t *testing.T, f Features) {
	l := openLog(t, f)
	mine, others := write("MarsRover-1", 0, 2), write("MarsRover-1", 0, 1)
	returned := make(chan error, 1)
	err := l.Commit(context.Background(), store.Changes{
		Appends: []store.Append{mine},
		Do: func(context.Context, any) error {
			go func() {
				_, err := l.Append(context.Background(), others)
				returned <- err
			}()
			select {
			case err := <-returned:
				t.Errorf("another append to the stream returned while Do ran: %v", err)
				returned <- err
			case <-time.After(10 * time.Millisecond): // for it to do harm, if it can
			}
			return nil
		},
	})
	wantError(t, "commit", err, nil)
	wantError(t, "the other append", <-returned, store.ErrConflict)
	same(t, "log", readAll(t, l), storedAfter(nil, mine))
}

func testCommitAppendPanic(t *testing.T, f Features) {
	l := openLog(t, f)
	a := write("gone", 0, 2)
	besides(t, l, func(c store.Changes) {
		defer func() {
			if recover() != "own" {
				t.Error("the panic did not reach the caller")
			}
		}()
		c.Appends = []store.Append{a, write("gone", 2, 1)}
		c.Do = func(context.Context, any) error { panic("own") }
		err := l.Commit(context.Background(), c)
		t.Errorf("commit returned %v", err)
	})
	same(t, "the stream", readStream(t, l, "gone"), nil)
	want := storedAfter(readAll(t, l), a)
	wantError(t, "what panicked, again", commitAll(l, a), nil)
	same(t, "log", readAll(t, l), want)
}

func testCommitAppendListen(t *testing.T, f Features) {
	l := openLog(t, f)
	var heard atomic.Uint64
	var calls atomic.Int32
	defer l.Listen(func(rs []store.Record) {
		if calls.Add(1) != 1 {
			t.Error("two calls at one time")
		}
		defer calls.Add(-1)
		for i := range rs {
			if want := heard.Load() + 1; rs[i].Position != want {
				t.Errorf("heard of position %d, want %d", rs[i].Position, want)
			}
			if want := fmt.Sprint(rs[i].ID, rs[i].Stream); rs[i].Value != want || rs[i].Version == 0 {
				t.Errorf("value %v and version %d, want %s", rs[i].Value, rs[i].Version, want)
			}
			heard.Store(rs[i].Position)
		}
	})()
	told := func(stream string, n int) store.Append {
		a := write(stream, store.AnyVersion, n)
		for j := range a.Records {
			a.Records[j].Value = fmt.Sprint(a.Records[j].ID, stream)
		}
		return a
	}
	together(8, func(w int) {
		for i := range 15 {
			appends := []store.Append{told(fmt.Sprintf("MarsRover-%d", w), 1+i%3), told("MarsRover-all", 1)}
			if w%2 == 0 {
				wantError(t, "commit", commitAll(l, appends...), nil)
			} else {
				_, err := l.Append(context.Background(), appends[0])
				wantError(t, "append", err, nil)
			}
			rs, err := l.ByCommand(context.Background(), appends[0].Records[0].Command())
			if err != nil || len(rs) == 0 || heard.Load() < rs[0].Position {
				t.Errorf("heard up to %d when a write returned: its records are %v, %v", heard.Load(), rs, err)
			}
		}
	})
	if head, err := l.Head(context.Background()); err != nil || head != heard.Load() {
		t.Errorf("heard up to %d, the head is %d, %v", heard.Load(), head, err)
	}
}

// testCommitAppendFence has many commit with one position as their fence, to
// streams that others append to, while readers follow.
func testCommitAppendFence(t *testing.T, f Features) {
	l := openLog(t, f)
	const inboxes, others, rounds = 6, 2, 15
	put(t, l, "heard", "Plateau", "0")
	var won [rounds]store.Append
	var total atomic.Uint64
	var ended atomic.Bool
	var readers sync.WaitGroup
	for _, page := range []int{1, 100} {
		readers.Go(func() {
			follow(t, l, page, func() (uint64, bool) {
				done := ended.Load() // before total, which may still grow
				return total.Load(), done
			})
		})
	}
	for round := range rounds {
		var o outcomes
		together(inboxes+others, func(i int) {
			if i >= inboxes {
				_, err := l.Append(context.Background(), write(fmt.Sprintf("MarsRover-%d", i%3), store.AnyVersion, 2))
				wantError(t, "another's append", err, nil)
				total.Add(2)
				return
			}
			mine := write(fmt.Sprintf("MarsRover-%d", i%3), store.AnyVersion, 1+i%2)
			c := store.Changes{
				Expect:  []store.Expectation{{Collection: "heard", Key: "Plateau", Data: fmt.Append(nil, round)}},
				Appends: []store.Append{mine, write("MarsRover-0", store.AnyVersion, 1), write("Round-"+fmt.Sprint(round), 0, 1)},
				Writes:  []store.Write{{Collection: "heard", Key: "Plateau", Data: fmt.Append(nil, round+1)}},
			}
			err := l.Commit(context.Background(), c)
			o.add(err)
			if err == nil {
				won[round] = mine
				total.Add(uint64(len(mine.Records)) + 2)
			}
		})
		o.want(t, fmt.Sprintf("round %d", round), 1, inboxes-1, 0)
	}
	ended.Store(true)
	readers.Wait()
	wantTogether(t, readAll(t, l), won[:])
	wantVersions(t, readAll(t, l))
}

// wantTogether makes sure that the records of each commit that won lie in a row.
func wantTogether(t *testing.T, all []store.Record, won []store.Append) {
	t.Helper()
	for round, a := range won {
		i, n := 0, len(a.Records)
		for i < len(all) && all[i].ID != a.Records[0].ID {
			i++
		}
		if i+n+2 > len(all) {
			t.Errorf("the commit of round %d is not whole", round)
			continue
		}
		if all[i+n-1].ID != a.Records[n-1].ID || all[i+n].Stream != "MarsRover-0" || all[i+n+1].Stream != "Round-"+fmt.Sprint(round) {
			t.Errorf("the records of round %d are not together: %v", round, all[i:i+n+2])
		}
	}
}

// wantVersions makes sure that positions, and the versions of each stream, count
// from one.
func wantVersions(t *testing.T, all []store.Record) {
	t.Helper()
	versions := map[string]uint64{}
	for i, r := range all {
		versions[r.Stream]++
		if r.Position != uint64(i)+1 || r.Version != versions[r.Stream] {
			t.Errorf("record %d has position %d and version %d of %s, want %d", i, r.Position, r.Version, r.Stream, versions[r.Stream])
		}
	}
}

func testCommitAppendOneWinner(t *testing.T, f Features) {
	l := openLog(t, f)
	const writers, rounds = 8, 15
	for round := range rounds {
		var o outcomes
		together(writers, func(i int) {
			shared := write("MarsRover-1", uint64(round), 1)
			if i%2 == 0 {
				_, err := l.Append(context.Background(), shared)
				o.add(err)
				return
			}
			o.add(commitAll(l, write(fmt.Sprintf("MarsRover-%d-%d", round, i), 0, 1), shared, write("MarsRover-2", store.AnyVersion, 1)))
		})
		o.want(t, fmt.Sprintf("round %d", round), 1, writers-1, 0)
	}
	all := readAll(t, l)
	wantVersions(t, all)
	if n := len(readStream(t, l, "MarsRover-1")); n != rounds {
		t.Errorf("%d records in the stream, want %d", n, rounds)
	}
	if whole := rounds + 2*len(readStream(t, l, "MarsRover-2")); len(all) != whole {
		t.Errorf("%d records, want %d: those of a commit are all there, or none", len(all), whole)
	}
}

// testCommitAppendFailsAlone mixes commits that fail with writes to the same
// streams that must not notice.
func testCommitAppendFailsAlone(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	first := write("MarsRover-1", 0, 1)
	mustAppend(t, l, first)
	own := errors.New("the function's own error")
	const callers, rounds = 12, 8
	for round := range rounds {
		together(callers, func(i int) {
			name := fmt.Sprintf("%d/%d", round, i)
			// All have a part in one stream, and the first to name another, and a type.
			appends := []store.Append{write("shared", store.AnyVersion, 1), write(fmt.Sprint("round-", round), store.AnyVersion, 1)}
			appends[1].Records[0].Type = fmt.Sprint("TypeOf", round)
			c := store.Changes{Appends: appends, Writes: []store.Write{{Collection: fmt.Sprint("c", round), Key: name, Data: []byte("data of " + name)}}}
			switch i % 6 {
			case 0:
				_, err := l.Append(ctx, appends[1])
				wantError(t, "a good append", err, nil)
			case 1:
				wantError(t, "a good commit", l.Commit(ctx, c), nil)
			case 2:
				c.Appends = append(c.Appends, write("MarsRover-1", 9, 2))
				wantError(t, "a commit to the wrong version", l.Commit(ctx, c), store.ErrConflict)
			case 3:
				c.Appends = append(c.Appends, store.Append{Stream: "new-" + name, Records: records(first.Records[0].Command(), 1)})
				wantError(t, "a repeat", l.Commit(ctx, c), store.ErrDuplicate)
			case 4:
				c.Expect = []store.Expectation{{Collection: "c", Key: "none", Data: []byte("1")}}
				wantError(t, "a commit with a wrong expectation", l.Commit(ctx, c), store.ErrConflict)
			case 5:
				c.Do = func(context.Context, any) error { return own }
				wantError(t, "a commit whose function fails", l.Commit(ctx, c), own)
			}
		})
		if n := len(list(t, l, fmt.Sprint("c", round), store.Query{Limit: 100})); n != callers/6 {
			t.Errorf("%d documents in round %d, want %d", n, round, callers/6)
		}
	}
	all := readAll(t, l)
	wantVersions(t, all)
	if got, want := len(all), 1+rounds*callers/6*3; got != want {
		t.Errorf("%d records, want %d", got, want)
	}
	for _, r := range all {
		var round int
		if _, err := fmt.Sscanf(r.Stream, "round-%d", &round); err == nil && r.Type != fmt.Sprint("TypeOf", round) {
			t.Errorf("a record of %s has type %s", r.Stream, r.Type)
		}
	}
}

func testCommitAppendSeen(t *testing.T, f Features) {
	l := openLog(t, f)
	const each, atLeast, atMost = 16, 20, 20_000 // a fast driver must be looked at for long enough, too
	enough := time.Now().Add(150 * time.Millisecond)
	var ended atomic.Bool
	put(t, l, "heard", "Plateau", "0")
	together(2, func(i int) {
		if i == 1 {
			for !ended.Load() {
				wantWholeCommits(t, l, each)
			}
			return
		}
		defer ended.Store(true)
		for n := 1; n <= atLeast || n <= atMost && time.Now().Before(enough); n++ {
			appends := make([]store.Append, each)
			for j := range appends {
				appends[j] = write(fmt.Sprintf("MarsRover-%d", j%5), store.AnyVersion, 1)
			}
			position := store.Write{Collection: "heard", Key: "Plateau", Data: fmt.Append(nil, each*n)}
			err := l.Commit(context.Background(), store.Changes{Appends: appends, Writes: []store.Write{position}})
			wantError(t, "commit", err, nil)
		}
	})
}

// wantWholeCommits makes sure that the head is at the end of a commit, so many
// records each, whose document is there too.
func wantWholeCommits(t *testing.T, l store.Log, each uint64) {
	t.Helper()
	head, err := l.Head(context.Background())
	wantError(t, "head", err, nil)
	d, err := l.Get(context.Background(), "heard", "Plateau")
	wantError(t, "get", err, nil)
	var seen uint64
	if _, err := fmt.Sscan(string(d.Data), &seen); err != nil || seen < head {
		t.Errorf("the head is %d, and the document of its commit says %s", head, d.Data)
	}
	if head%each != 0 {
		t.Errorf("the head is %d, in the middle of a commit", head)
	}
}
