package storetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/landfall-go/landfall/store"
)

var contextTests = []test{
	{name: "that has ended ends every call", run: testEndedContext},
	{name: "that ends leaves nobody in doubt", run: testContextEnds},
}

// calls are all calls of a log.
func calls(l store.Log) map[string]func(context.Context) error {
	first := func(_ any, err error) error { return err }
	return map[string]func(context.Context) error{
		"Append": func(ctx context.Context) error { return first(l.Append(ctx, write("MarsRover-9", 0, 1))) },
		"Commit": func(ctx context.Context) error {
			return l.Commit(ctx, store.Changes{Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}}})
		},
		"lazy Commit": func(ctx context.Context) error {
			return l.Commit(ctx, store.Changes{Lazy: true, Writes: []store.Write{{Collection: "c", Key: "k", Data: []byte("1")}}})
		},
		"Read":           func(ctx context.Context) error { return first(l.Read(ctx, 0, 1, nil)) },
		"Read at end":    func(ctx context.Context) error { return first(l.Read(ctx, 1000, 1, nil)) },
		"ReadStream":     func(ctx context.Context) error { return first(l.ReadStream(ctx, "MarsRover-1", 0, 1, nil)) },
		"ByCommand":      func(ctx context.Context) error { return first(l.ByCommand(ctx, newCommand())) },
		"ByTrigger":      func(ctx context.Context) error { return first(l.ByTrigger(ctx, store.EventID(newCommand(), 0))) },
		"Head":           func(ctx context.Context) error { return first(l.Head(ctx)) },
		"Get":            func(ctx context.Context) error { return first(l.Get(ctx, "c", "there")) },
		"Get of nothing": func(ctx context.Context) error { return first(l.Get(ctx, "c", "not there")) },
		"List":           func(ctx context.Context) error { return first(l.List(ctx, "c", store.Query{Limit: 1})) },
	}
}

func testEndedContext(t *testing.T, f Features) {
	s := openStore(t, f)
	l := logOf(t, s, module)
	mustAppend(t, l, write("MarsRover-1", 0, 1))
	put(t, l, "c", "there", "1")
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	late, cancel := context.WithDeadline(context.Background(), time.Unix(0, 0))
	defer cancel()
	for name, call := range calls(l) {
		wantError(t, name, call(canceled), context.Canceled)
		wantError(t, name, call(late), context.DeadlineExceeded)
	}
	_, err := s.Log(canceled, "Other")
	wantError(t, "Log", err, context.Canceled)
	wantNoDocument(t, l, "c", "k")
	if n := len(readAll(t, l)); n != 1 {
		t.Errorf("%d records, want 1", n)
	}
}

// testContextEnds ends the contexts of writes at any moment, and then holds
// what they returned against what is stored.
func testContextEnds(t *testing.T, f Features) {
	l := openLog(t, f)
	const callers, each = 8, 12
	together(callers, func(i int) {
		for n := range each {
			ctx, cancel := context.WithCancel(context.Background())
			go func() {
				if n%3 > 0 {
					time.Sleep(time.Duration(n*i) * 20 * time.Microsecond)
				}
				cancel()
			}()
			a := write(fmt.Sprintf("MarsRover-%d-%d", i, n), 0, 1)
			_, err := l.Append(ctx, a)
			if err != nil && !errors.Is(err, context.Canceled) {
				t.Errorf("append: %v", err)
			}
			rs, readErr := l.ByCommand(context.Background(), a.Records[0].Command())
			if readErr != nil || (len(rs) == 1) != (err == nil) {
				t.Errorf("append returned %v and %d records are stored, %v", err, len(rs), readErr)
			}
			key := fmt.Sprintf("%d/%d", i, n)
			err = l.Commit(ctx, store.Changes{Lazy: n%2 == 0, Writes: []store.Write{{Collection: "c", Key: key, Data: []byte("1")}}})
			if err == nil {
				wantDocument(t, l, "c", key, "1")
			} else {
				wantError(t, "commit", err, context.Canceled)
				wantNoDocument(t, l, "c", key)
			}
			cancel()
		}
	})
}
