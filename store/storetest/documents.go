package storetest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/landfall-go/landfall/store"
)

var documentTests = []test{
	{name: "puts, gets and deletes", run: testPutGetDelete},
	{name: "keeps empty data apart from none", run: testEmptyDocument},
	{name: "keeps data of any bytes and size", run: testDocumentData},
	{name: "applies writes in their order", run: testWriteOrder},
	{name: "keeps collections apart", run: testCollections},
	{name: "lists in the byte order of keys", run: testList},
	{name: "lists page by page", run: testListPages},
}

func put(t testing.TB, l store.Log, collection, key, data string) {
	t.Helper()
	change(t, l, store.Write{Collection: collection, Key: key, Data: []byte(data)})
}

func change(t testing.TB, l store.Log, writes ...store.Write) {
	t.Helper()
	if err := l.Commit(context.Background(), store.Changes{Writes: writes}); err != nil {
		t.Fatalf("commit: %v", err)
	}
}

// wantDocument fails the test unless the document has the data.
func wantDocument(t reporter, l store.Log, collection, key, data string) {
	t.Helper()
	d, err := l.Get(context.Background(), collection, key)
	if err != nil || d.Key != key || string(d.Data) != data || d.Data == nil {
		t.Errorf("document %q of %q is %q with %q, %v, want %q", key, collection, d.Key, d.Data, err, data)
	}
}

func wantNoDocument(t reporter, l store.Log, collection, key string) {
	t.Helper()
	d, err := l.Get(context.Background(), collection, key)
	if err == nil {
		t.Errorf("document %q of %q is there with %q", key, collection, d.Data)
		return
	}
	wantError(t, "get of no document", err, store.ErrNotFound)
}

func testPutGetDelete(t *testing.T, f Features) {
	l := openLog(t, f)
	wantNoDocument(t, l, "view/Path", "MarsRover-1")
	put(t, l, "view/Path", "MarsRover-1", "0:0:N")
	wantDocument(t, l, "view/Path", "MarsRover-1", "0:0:N")
	wantNoDocument(t, l, "view/Path", "MarsRover-2")
	put(t, l, "view/Path", "MarsRover-1", "0:0:E and a longer value than before")
	wantDocument(t, l, "view/Path", "MarsRover-1", "0:0:E and a longer value than before")
	change(t, l, store.Write{Collection: "view/Path", Key: "MarsRover-1"})
	wantNoDocument(t, l, "view/Path", "MarsRover-1")
	change(t, l, store.Write{Collection: "view/Path", Key: "MarsRover-1"}, store.Write{Collection: "never", Key: "there"})
	wantNoDocument(t, l, "view/Path", "MarsRover-1")
	change(t, l) // nothing at all
}

func testEmptyDocument(t *testing.T, f Features) {
	l := openLog(t, f)
	put(t, l, "c", "empty", "")
	wantDocument(t, l, "c", "empty", "")
	ds, err := l.List(context.Background(), "c", store.Query{Limit: 10})
	if err != nil || len(ds) != 1 || ds[0].Data == nil || len(ds[0].Data) != 0 {
		t.Errorf("list gives %v, %v", ds, err)
	}
	// It is an expectation of its own kind.
	for _, c := range []struct {
		key  string
		data []byte
		want error
	}{{"empty", []byte{}, nil}, {"empty", nil, store.ErrConflict}, {"none", nil, nil}, {"none", []byte{}, store.ErrConflict}} {
		err := l.Commit(context.Background(), store.Changes{Expect: []store.Expectation{{Collection: "c", Key: c.key, Data: c.data}}})
		wantError(t, fmt.Sprintf("expecting %#v of %s", c.data, c.key), err, c.want)
	}
}

func testDocumentData(t *testing.T, f Features) {
	l := openLog(t, f)
	for i, n := range []int{1, 200, 1000, 4096, 20_000, 1 << 20} {
		data := make([]byte, n)
		for k := range data {
			data[k] = byte(k * (i + 1))
		}
		put(t, l, "c", fmt.Sprint(n), string(data))
	}
	for i, n := range []int{1, 200, 1000, 4096, 20_000, 1 << 20} {
		d, err := l.Get(context.Background(), "c", fmt.Sprint(n))
		if err != nil || len(d.Data) != n {
			t.Fatalf("a document of %d bytes has %d, %v", n, len(d.Data), err)
		}
		for k := range d.Data {
			if d.Data[k] != byte(k*(i+1)) {
				t.Fatalf("byte %d of %d differs", k, n)
			}
		}
	}
}

func testWriteOrder(t *testing.T, f Features) {
	l := openLog(t, f)
	change(t, l,
		store.Write{Collection: "c", Key: "twice", Data: []byte("1")},
		store.Write{Collection: "c", Key: "gone", Data: []byte("1")},
		store.Write{Collection: "c", Key: "twice", Data: []byte("2")},
		store.Write{Collection: "c", Key: "gone"},
		store.Write{Collection: "c", Key: "back"},
		store.Write{Collection: "c", Key: "back", Data: []byte("3")},
	)
	wantDocument(t, l, "c", "twice", "2")
	wantNoDocument(t, l, "c", "gone")
	wantDocument(t, l, "c", "back", "3")
}

func testCollections(t *testing.T, f Features) {
	l := openLog(t, f)
	names := []string{"c", "C", "c ", "c/", "collection", "ç", "c\u0327", strings.Repeat("c", store.MaxName)}
	for _, name := range names {
		put(t, l, name, "k", name)
	}
	for _, name := range names {
		wantDocument(t, l, name, "k", name)
	}
	change(t, l, store.Write{Collection: "c", Key: "k"})
	wantNoDocument(t, l, "c", "k")
	wantDocument(t, l, "C", "k", "C")
}

// someKeys are keys whose byte order is not that of any alphabet.
var someKeys = []string{
	"a", "A", "B", "aa", "ab", "a b", "a/b", "a/c", "a0", "Z", "~", " ", "\t", "\x01", "\x7f", "0", "10", "9",
	"ä", "a\u0308", "é", "ß", "日本", "日", "\u07ff", "\u0800", "\uffff", "😀", "😀a", "\U0010ffff", "\U0010ffffa",
	"%", "_", "a%", "a_", "'", `"`, `\`, "[a]*?", "view/1", "view/10", "view/2",
}

func list(t testing.TB, l store.Log, collection string, q store.Query) []string {
	t.Helper()
	ds, err := l.List(context.Background(), collection, q)
	if err != nil {
		t.Fatalf("list %+v: %v", q, err)
	}
	var keys []string
	for _, d := range ds {
		if !bytes.Equal(d.Data, []byte("data of "+d.Key)) {
			t.Errorf("key %q has data %q", d.Key, d.Data)
		}
		keys = append(keys, d.Key)
	}
	return keys
}

// choose is what List must answer.
func choose(keys []string, q store.Query) []string {
	sorted := slices.Clone(keys)
	slices.Sort(sorted)
	var chosen []string
	for _, key := range sorted {
		if strings.HasPrefix(key, q.Prefix) && key > q.After && len(chosen) < q.Limit {
			chosen = append(chosen, key)
		}
	}
	return chosen
}

func testList(t *testing.T, f Features) {
	l := openLog(t, f)
	if ds, err := l.List(context.Background(), "none", store.Query{Limit: 10}); err != nil || len(ds) != 0 {
		t.Errorf("no collection lists as %v, %v", ds, err)
	}
	for i, key := range someKeys {
		put(t, l, "c", key, "data of "+key)
		put(t, l, []string{"b", "d"}[i%2], key, "of another collection")
	}
	edges := append([]string{"", "b", "view", "view/", "zzz", "日本人", "a\u0308\u0308"}, someKeys...)
	for _, prefix := range edges {
		for _, after := range edges {
			q := store.Query{Prefix: prefix, After: after, Limit: 1 + len(prefix+after)%50}
			if got, want := list(t, l, "c", q), choose(someKeys, q); !slices.Equal(got, want) {
				t.Errorf("list %+v gives %q, want %q", q, got, want)
			}
		}
	}
}

func testListPages(t *testing.T, f Features) {
	l := openLog(t, f)
	var keys []string
	var writes []store.Write
	for i := range 500 {
		key := fmt.Sprintf("rover/%d", i*7919%500)
		keys = append(keys, key)
		writes = append(writes, store.Write{Collection: "c", Key: key, Data: []byte("data of " + key)})
	}
	writes = append(writes, store.Write{Collection: "c", Key: "rover0", Data: []byte("x")}, store.Write{Collection: "c", Key: "rover", Data: []byte("x")})
	change(t, l, writes...)
	var got []string
	q := store.Query{Prefix: "rover/", Limit: 33}
	for {
		page := list(t, l, "c", q)
		if len(page) == 0 {
			break
		}
		got = append(got, page...)
		q.After = page[len(page)-1]
	}
	slices.Sort(keys)
	if !slices.Equal(got, keys) {
		t.Errorf("the pages give %d keys, want %d in order", len(got), len(keys))
	}
	if n := len(list(t, l, "c", store.Query{Prefix: "rover/", Limit: store.MaxList})); n != 500 {
		t.Errorf("a page of the greatest size has %d keys, want 500", n)
	}
}
