package sqlite

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/gofrs/flock"

	"github.com/landfall-go/landfall/store"
)

// holder is what the one who holds the lock writes into the lock's file.
type holder struct {
	PID   int       `json:"pid"`
	Since time.Time `json:"since"`
}

// lockFile takes the lock of a database for this process. The system frees it
// when the process ends, however it ends, so the file is never removed.
func lockFile(path string) (*flock.Flock, error) {
	lock := flock.New(path+".lock", flock.SetPermissions(0o644))
	ok, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	if !ok {
		return nil, inUse(path)
	}
	// The text only serves the message of the next one, so that a full disk or
	// a system that forbids to write to a locked file is no reason to fail.
	if text, err := json.Marshal(holder{PID: os.Getpid(), Since: time.Now().UTC().Truncate(time.Second)}); err == nil {
		_ = os.WriteFile(lock.Path(), append(text, '\n'), 0o644)
	}
	return lock, nil
}

func inUse(path string) error {
	who := "a process that left no name"
	var h holder
	if text, err := os.ReadFile(path + ".lock"); err == nil && json.Unmarshal(text, &h) == nil {
		who = fmt.Sprintf("process %d since %s", h.PID, h.Since.Format(time.RFC3339))
		if h.PID == os.Getpid() {
			who = "this very process, which opened it before"
		}
	}
	return fmt.Errorf("%w: %s is held by %s: end that one first, or open another file", store.ErrInUse, path, who)
}
