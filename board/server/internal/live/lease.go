package live

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/landfall-go/landfall/store"
)

// lease says which server works on the text of a shared board.
type lease struct {
	Server string    `json:"server"`
	Until  time.Time `json:"until"`
}

const (
	leases   = "leases"
	leaseKey = "text"
	leaseFor = 6 * time.Second
)

// mine says whether this server is to work on the text. Of several only one is: two
// would lay the notes of the same text twice. Where the others' clocks are wrong, or
// a server was asleep, the version of the text refuses the second.
func (s *stepper) mine(ctx context.Context) bool {
	b := s.b
	if !b.config.Shared {
		return true
	}
	now := time.Now()
	doc, err := b.log.Get(ctx, leases, leaseKey)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return false
	}
	var l lease
	var old []byte
	if err == nil {
		old = doc.Data
		_ = json.Unmarshal(old, &l) // what cannot be read has ended
	}
	switch {
	case l.Server == b.name && now.Before(l.Until.Add(-leaseFor/2)):
		return true
	case l.Server != b.name && now.Before(l.Until):
		time.AfterFunc(time.Until(l.Until)+time.Second, s.poke) // it may be gone by then
		return false
	}
	err = b.log.Commit(ctx, store.Changes{
		Expect: []store.Expectation{{Collection: leases, Key: leaseKey, Data: old}},
		Writes: []store.Write{{Collection: leases, Key: leaseKey, Data: encode(lease{b.name, now.Add(leaseFor)})}},
	})
	return err == nil
}
