// Package contract checks the arguments of a store's calls, the same way for
// every driver. What it refuses wraps store.ErrInvalid and names the argument.
package contract

import (
	"fmt"
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/landfall-go/landfall/store"
)

// maxModule is the greatest length in bytes of a module's name.
const maxModule = 63

// Module checks the name of a module.
func Module(name string) error {
	if name == "" || len(name) > maxModule {
		return invalid("a module's name has 1 to %d bytes, %q has %d", maxModule, clip(name), len(name))
	}
	for i := range len(name) {
		c := name[i]
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || c != '_' && (c < '0' || c > '9')) {
			return invalid("a module's name is a letter, then letters, digits and underscores: %q", name)
		}
	}
	return nil
}

// Append checks an append and returns the id of its command.
func Append(a *store.Append) (uuid.UUID, error) {
	if len(a.Records) == 0 || len(a.Records) > store.MaxRecords {
		return uuid.Nil, invalid("an append has 1 to %d records, this has %d", store.MaxRecords, len(a.Records))
	}
	if err := Name("stream", a.Stream); err != nil {
		return uuid.Nil, err
	}
	command := store.CommandOf(a.Records[0].ID)
	for i := range a.Records {
		if a.Records[i].ID != store.EventID(command, i) {
			return uuid.Nil, invalid("the id of record %d is %s, not that of event %d of command %s", i, a.Records[i].ID, i, command)
		}
		if err := record(&a.Records[i]); err != nil {
			return uuid.Nil, fmt.Errorf("record %d: %w", i, err)
		}
	}
	return command, nil
}

func record(r *store.Record) error {
	if err := Name("type", r.Type); err != nil {
		return err
	}
	if r.Actor != "" {
		if err := Name("actor", r.Actor); err != nil {
			return err
		}
	}
	if len(r.Data) > store.MaxData || len(r.Metadata) > store.MaxData {
		return invalid("data of %d and metadata of %d bytes: at most %d are allowed", len(r.Data), len(r.Metadata), store.MaxData)
	}
	return instant(r.Time)
}

// The times that fit into 64 bits of nanoseconds since 1970.
const (
	firstSecond = math.MinInt64/1_000_000_000 + 1
	lastSecond  = math.MaxInt64/1_000_000_000 - 1
)

func instant(t time.Time) error {
	if s := t.Unix(); s < firstSecond || s > lastSecond {
		return invalid("the time %s is outside the years 1678 to 2261", t.Format(time.RFC3339))
	}
	return nil
}

// Changes checks the changes of a commit.
func Changes(c *store.Changes) error {
	if err := appends(c.Appends); err != nil {
		return err
	}
	for i := range c.Expect {
		e := &c.Expect[i]
		if err := document(e.Collection, e.Key, e.Data); err != nil {
			return fmt.Errorf("expectation %d: %w", i, err)
		}
	}
	for i := range c.Writes {
		w := &c.Writes[i]
		if err := document(w.Collection, w.Key, w.Data); err != nil {
			return fmt.Errorf("write %d: %w", i, err)
		}
	}
	return nil
}

// appends checks the appends of a commit, each and all of them together.
func appends(as []store.Append) error {
	total := 0
	for i := range as {
		if _, err := Append(&as[i]); err != nil {
			return fmt.Errorf("append %d: %w", i, err)
		}
		total += len(as[i].Records)
	}
	if total > store.MaxRecords {
		return invalid("the appends of a commit have at most %d records together, these have %d", store.MaxRecords, total)
	}
	return nil
}

func document(collection, key string, data []byte) error {
	if len(data) > store.MaxData {
		return invalid("data of %d bytes: at most %d are allowed", len(data), store.MaxData)
	}
	return Key(collection, key)
}

// Key checks the address of a document.
func Key(collection, key string) error {
	if err := Name("collection", collection); err != nil {
		return err
	}
	return Name("key", key)
}

// Query checks a listing of a collection.
func Query(collection string, q store.Query) error {
	if err := Name("collection", collection); err != nil {
		return err
	}
	if q.Limit < 1 || q.Limit > store.MaxList {
		return invalid("the limit of a query is 1 to %d, this is %d", store.MaxList, q.Limit)
	}
	if q.Prefix != "" {
		if err := Name("prefix", q.Prefix); err != nil {
			return err
		}
	}
	if q.After != "" {
		return Name("after", q.After)
	}
	return nil
}

// Page checks the size of a page of records.
func Page(max int) error {
	if max < 1 {
		return invalid("a page has at least one record, not %d", max)
	}
	return nil
}

// Name checks a name: 1 to store.MaxName bytes of UTF-8 without NUL.
func Name(what, s string) error {
	if plain(s) {
		return nil
	}
	switch {
	case s == "":
		return invalid("the %s is empty", what)
	case len(s) > store.MaxName:
		return invalid("the %s %q has %d bytes, at most %d are allowed", what, clip(s), len(s), store.MaxName)
	case !utf8.ValidString(s):
		return invalid("the %s %q is not UTF-8", what, clip(s))
	case strings.IndexByte(s, 0) >= 0:
		return invalid("the %s %q has a NUL", what, clip(s))
	}
	return nil
}

// plain says quickly that a name is fine, as nearly all are.
func plain(s string) bool {
	for i := range len(s) {
		if s[i]-1 >= utf8.RuneSelf-1 { // NUL, or not ASCII
			return false
		}
	}
	return 0 < len(s) && len(s) <= store.MaxName
}

func clip(s string) string {
	const most = 40
	if len(s) <= most {
		return s
	}
	return s[:most] + "…"
}

func invalid(format string, args ...any) error {
	return fmt.Errorf("%w: %s", store.ErrInvalid, fmt.Sprintf(format, args...))
}
