//go:build linux

package faults

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
)

// evidence is what the processes have left behind: their logs, the documents of
// their projections, and what was done outside.
type evidence struct {
	logs      map[string][]store.Record
	documents map[string]map[string]string // by projection with its module, and key
	outside   map[landfall.ID]int          // how often, by the id of the command
}

func (ev *evidence) read(ctx context.Context, module string, log store.Log) error {
	var records []store.Record
	var after uint64
	for {
		page, err := log.Read(ctx, after, 4096, nil)
		if err != nil {
			return err
		}
		if len(page) == 0 {
			break
		}
		records = append(records, page...)
		after = page[len(page)-1].Position
	}
	ev.logs[module] = records
	active, err := list(ctx, log, "projections")
	if err != nil {
		return err
	}
	for name, state := range active {
		var s struct{ Generation int }
		if err := json.Unmarshal([]byte(state), &s); err != nil {
			return err
		}
		if ev.documents[module+"."+name], err = list(ctx, log, fmt.Sprintf("view/%s@%d", name, s.Generation)); err != nil {
			return err
		}
	}
	return nil
}

func list(ctx context.Context, log store.Log, collection string) (map[string]string, error) {
	all := map[string]string{}
	after := ""
	for {
		docs, err := log.List(ctx, collection, store.Query{After: after, Limit: 1000})
		if err != nil || len(docs) == 0 {
			return all, err
		}
		for _, doc := range docs {
			all[doc.Key], after = string(doc.Data), doc.Key
		}
	}
}

// readOutside reads the file of the bank. A line may be torn when the process
// that wrote it was killed; it is then of an attempt that was repeated.
func readOutside(path string) (map[landfall.ID]int, error) {
	times := map[landfall.ID]int{}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return times, nil
	}
	for line := range strings.Lines(string(text)) {
		var id landfall.ID
		word, _, _ := strings.Cut(line, " ")
		if id.UnmarshalText([]byte(word)) == nil {
			times[id]++
		}
	}
	return times, err
}
