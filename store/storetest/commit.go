package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/landfall-go/landfall/store"
)

var commitTests = []test{
	{name: "checks what it rests on", run: testExpect},
	{name: "checks before it writes", run: testExpectBefore},
	{name: "lets one of many with the same position win", run: func(t *testing.T, f Features) { testFence(t, f, false) }},
	{name: "lets one of many lazy ones win", run: func(t *testing.T, f Features) { testFence(t, f, true) }},
	{name: "is all or nothing to readers", run: testAllOrNothing},
	{name: "leaves others alone when it fails", run: testFailsAlone},
	{name: "is seen when it has returned", run: testCommitSeen},
}

func testExpect(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	expect := func(key, data string) store.Expectation {
		return store.Expectation{Collection: "position", Key: key, Data: []byte(data)}
	}
	none := store.Expectation{Collection: "position", Key: "Path"}
	effect := store.Write{Collection: "view", Key: "k", Data: []byte("1")}
	err := l.Commit(ctx, store.Changes{Expect: []store.Expectation{expect("Path", "1")}, Writes: []store.Write{effect}})
	wantError(t, "expecting data where there is none", err, store.ErrConflict)
	wantNoDocument(t, l, "view", "k")
	err = l.Commit(ctx, store.Changes{Expect: []store.Expectation{none}, Writes: []store.Write{{Collection: "position", Key: "Path", Data: []byte("1")}}})
	wantError(t, "expecting none where there is none", err, nil)
	for _, wrong := range [][]store.Expectation{
		{none}, {expect("Path", "2")}, {expect("Path", "")}, {expect("Path", "10")}, {expect("Path", "1"), expect("Other", "1")},
		{expect("Other", "1"), expect("Path", "1")},
	} {
		err := l.Commit(ctx, store.Changes{Expect: wrong, Writes: []store.Write{effect}})
		wantError(t, fmt.Sprintf("expecting %q", wrong), err, store.ErrConflict)
		wantNoDocument(t, l, "view", "k")
	}
	err = l.Commit(ctx, store.Changes{Expect: []store.Expectation{expect("Path", "1")}, Writes: []store.Write{effect}})
	wantError(t, "expecting what is there", err, nil)
	wantDocument(t, l, "view", "k", "1")
}

func testExpectBefore(t *testing.T, f Features) {
	l := openLog(t, f)
	err := l.Commit(context.Background(), store.Changes{
		Expect: []store.Expectation{{Collection: "c", Key: "k"}},
		Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}},
	})
	wantError(t, "writing what is expected not to be", err, nil)
	err = l.Commit(context.Background(), store.Changes{
		Expect: []store.Expectation{{Collection: "c", Key: "k", Data: []byte("2")}},
		Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("2")}},
	})
	wantError(t, "expecting what is about to be written", err, store.ErrConflict)
}

func testFence(t *testing.T, f Features, lazy bool) {
	l := openLog(t, f)
	const consumers, rounds = 8, 15
	put(t, l, "position", "Path", "0")
	for round := range rounds {
		var o outcomes
		together(consumers, func(i int) {
			o.add(l.Commit(context.Background(), store.Changes{
				Lazy:   lazy,
				Expect: []store.Expectation{{Collection: "position", Key: "Path", Data: fmt.Append(nil, round)}},
				Writes: []store.Write{
					{Collection: "position", Key: "Path", Data: fmt.Append(nil, round+1)},
					{Collection: "view", Key: fmt.Sprintf("%d/%d", round, i), Data: []byte("data of " + fmt.Sprintf("%d/%d", round, i))},
				},
			}))
		})
		o.want(t, fmt.Sprintf("round %d", round), 1, consumers-1, 0)
	}
	wantDocument(t, l, "position", "Path", fmt.Sprint(rounds))
	if keys := list(t, l, "view", store.Query{Limit: 1000}); len(keys) != rounds {
		t.Errorf("%d documents, want one a round: %q", len(keys), keys)
	}
}

func testAllOrNothing(t *testing.T, f Features) {
	l := openLog(t, f)
	const keys, rounds = 10, 60
	value := func(round int) []store.Write {
		var ws []store.Write
		for k := range keys {
			ws = append(ws, store.Write{Collection: "c", Key: fmt.Sprint(k), Data: fmt.Append(nil, round)})
		}
		return ws
	}
	change(t, l, value(0)...)
	together(2, func(i int) {
		for round := range rounds {
			if i == 0 {
				change(t, l, value(round)...)
				continue
			}
			ds, err := l.List(context.Background(), "c", store.Query{Limit: 100})
			if err != nil || len(ds) != keys {
				t.Errorf("list: %d documents, %v", len(ds), err)
				return
			}
			for _, d := range ds {
				if string(d.Data) != string(ds[0].Data) {
					t.Errorf("a reader sees parts of two commits: %s", ds)
					return
				}
			}
		}
	})
}

// testFailsAlone mixes writes that fail with writes that must not notice.
func testFailsAlone(t *testing.T, f Features) {
	l := openLog(t, f)
	ctx := context.Background()
	first := write("MarsRover-1", 0, 1)
	mustAppend(t, l, first)
	own := errors.New("the function's own error")
	const callers, rounds = 12, 8
	for round := range rounds {
		together(callers, func(i int) {
			name := fmt.Sprintf("%d/%d", round, i)
			effect := []store.Write{{Collection: "c", Key: name, Data: []byte("data of " + name)}}
			switch i % 6 {
			case 0:
				_, err := l.Append(ctx, write("MarsRover-2-"+name, 0, 2))
				wantError(t, "a good append", err, nil)
			case 1:
				wantError(t, "a good commit", l.Commit(ctx, store.Changes{Writes: effect, Lazy: i > 6}), nil)
			case 2:
				_, err := l.Append(ctx, write("MarsRover-1", 9, 2))
				wantError(t, "an append to the wrong version", err, store.ErrConflict)
			case 3:
				_, err := l.Append(ctx, store.Append{Stream: "new-" + name, Records: records(first.Records[0].Command(), 1)})
				wantError(t, "a repeat", err, store.ErrDuplicate)
			case 4:
				err := l.Commit(ctx, store.Changes{Writes: effect, Expect: []store.Expectation{{Collection: "c", Key: "none", Data: []byte("1")}}})
				wantError(t, "a commit with a wrong expectation", err, store.ErrConflict)
			case 5:
				err := l.Commit(ctx, store.Changes{Writes: append(effect, store.Write{Collection: "new-" + name, Key: "k", Data: []byte("1")}),
					Do: func(context.Context, any) error { return own }})
				wantError(t, "a commit whose function fails", err, own)
			}
		})
	}
	if got, want := len(readAll(t, l)), 1+rounds*callers/6*2; got != want {
		t.Errorf("%d records, want %d", got, want)
	}
	if got, want := len(list(t, l, "c", store.Query{Limit: 1000})), rounds*callers/6; got != want {
		t.Errorf("%d documents, want %d", got, want)
	}
	wantNoDocument(t, l, "new-0/5", "k")
	// What the failed one had begun to know of the collection is forgotten.
	put(t, l, "new-0/5", "k", "2")
	wantDocument(t, l, "new-0/5", "k", "2")
}

func testCommitSeen(t *testing.T, f Features) {
	l := openLog(t, f)
	together(6, func(i int) {
		for n := range 10 {
			key, data := fmt.Sprint(i), fmt.Sprint(n)
			err := l.Commit(context.Background(), store.Changes{
				Lazy: i%2 == 0, Writes: []store.Write{{Collection: "c", Key: key, Data: []byte(data)}},
			})
			wantError(t, "commit", err, nil)
			wantDocument(t, l, "c", key, data)
		}
	})
}
