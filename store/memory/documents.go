package memory

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"

	"github.com/tidwall/btree"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// documents are the documents of one log. Collections are B-trees, because
// List needs the keys in order and a view may hold millions.
type documents struct {
	// commits makes one commit at a time. Readers do not wait for it, so that
	// Changes.Do may read.
	commits sync.Mutex
	// mu guards collections. It is taken after commits.
	mu          sync.RWMutex
	collections map[string]*collection
}

type collection = btree.Map[string, []byte]

func newDocuments() documents {
	return documents{collections: map[string]*collection{}}
}

func (d *documents) check(expect []store.Expectation) error {
	for i := range expect {
		e := &expect[i]
		data, ok := d.get(e.Collection, e.Key)
		if ok != (e.Data != nil) || !bytes.Equal(data, e.Data) {
			return fmt.Errorf("%w: document %q of %q is not what was expected", store.ErrConflict, e.Key, e.Collection)
		}
	}
	return nil
}

// apply does the writes. Who sees one of them sees all, and what publish, when
// it is not nil, has published.
func (d *documents) apply(writes []store.Write, publish func()) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if publish != nil {
		defer publish()
	}
	for i := range writes {
		w := &writes[i]
		keys := d.collections[w.Collection]
		if keys == nil {
			keys = new(collection)
			d.collections[w.Collection] = keys
		}
		if w.Data == nil {
			keys.Delete(w.Key)
		} else {
			keys.Set(w.Key, w.Data)
		}
	}
}

func (d *documents) get(collection, key string) ([]byte, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	keys := d.collections[collection]
	if keys == nil {
		return nil, false
	}
	return keys.Get(key)
}

// Get implements store.Log.
func (l *log) Get(ctx context.Context, collection, key string) (store.Document, error) {
	if err := l.open(ctx); err != nil {
		return store.Document{}, err
	}
	if err := contract.Key(collection, key); err != nil {
		return store.Document{}, err
	}
	data, ok := l.documents.get(collection, key)
	if !ok {
		return store.Document{}, store.ErrNotFound
	}
	return store.Document{Key: key, Data: data}, nil
}

// List implements store.Log.
func (l *log) List(ctx context.Context, collection string, q store.Query) ([]store.Document, error) {
	if err := l.open(ctx); err != nil {
		return nil, err
	}
	if err := contract.Query(collection, q); err != nil {
		return nil, err
	}
	d := &l.documents
	d.mu.RLock()
	defer d.mu.RUnlock()
	keys := d.collections[collection]
	if keys == nil {
		return nil, nil
	}
	var found []store.Document
	keys.Ascend(max(q.Prefix, q.After), func(key string, data []byte) bool {
		if !strings.HasPrefix(key, q.Prefix) {
			// Past the prefix, unless After itself lies before it.
			return key < q.Prefix
		}
		if key > q.After {
			found = append(found, store.Document{Key: key, Data: data})
		}
		return len(found) < q.Limit
	})
	return found, nil
}
