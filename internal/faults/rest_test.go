//go:build linux

package faults

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// reports asks every process for what it has.
func (w *world) reports() (map[*process]report, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	var (
		mu     sync.Mutex
		all    = map[*process]report{}
		errs   []error
		asking sync.WaitGroup
	)
	for _, p := range w.all() {
		asking.Go(func() {
			r, err := p.ask(ctx, askReport)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				errs = append(errs, fmt.Errorf("%s: %w", p.name, err))
			}
			all[p] = r
		})
	}
	asking.Wait()
	return all, errors.Join(errs...)
}

// restLimit is how long nothing may move while something is missing.
const restLimit = 45 * time.Second

// rest waits until everything that has to happen has happened, as far as numbers
// can tell, and returns what is missing if that does not come to pass.
func (w *world) rest(missing func(counts) []string) []string {
	w.t.Helper()
	var before string
	moved := time.Now()
	for {
		all, err := w.reports()
		if err != nil {
			return []string{err.Error()}
		}
		c, lacking := w.count(all)
		lacking = append(lacking, missing(c)...)
		now := fmt.Sprint(c)
		if len(lacking) == 0 && now == before {
			return nil
		}
		if now != before {
			moved = time.Now()
		}
		if time.Since(moved) > restLimit {
			return lacking
		}
		before = now
		time.Sleep(100 * time.Millisecond)
	}
}

// counts are numbers of records, by module and type.
type counts map[string]map[string]int

func (w *world) count(all map[*process]report) (c counts, lacking []string) {
	c = counts{}
	for _, name := range moduleNames {
		for _, p := range w.modules[name] {
			r := all[p]
			if !r.Settled {
				lacking = append(lacking, p.name+" is not through: "+r.Error)
			}
			if old := c[name]; old == nil || total(old) < total(r.Counts) {
				c[name] = r.Counts
			}
		}
	}
	return c, lacking
}

func total(c map[string]int) (n int) {
	for _, k := range c {
		n += k
	}
	return n
}

// dead adds up the dead letters, which every instance of a module knows of.
func (w *world) dead() (n int) {
	w.t.Helper()
	all, err := w.reports()
	w.must(err)
	for _, name := range moduleNames {
		for i, p := range w.modules[name] {
			if i > 0 && all[p].Dead != all[w.modules[name][0]].Dead {
				w.t.Errorf("%s knows of %d dead letters, another instance of %d", p.name, all[p].Dead, all[w.modules[name][0]].Dead)
			}
		}
		n += all[w.modules[name][0]].Dead
	}
	return n
}

// missing says what must still happen, by the numbers of records.
func missing(c counts) (lacking []string) {
	same := func(what string, a, b int) {
		if a != b {
			lacking = append(lacking, fmt.Sprintf("%s: %d, want %d", what, b, a))
		}
	}
	for _, p := range publishers {
		for _, hearer := range p.hearers {
			for _, kind := range p.types {
				same(kind+" heard by "+hearer, c[p.module][kind], c[hearer]["@"+p.module+"."+kind])
			}
		}
	}
	for _, p := range policies {
		events := c[p.module][p.event]
		if p.from != "" {
			events = c[p.module]["@"+p.from+"."+p.event]
		}
		if p.to == "" {
			same("answers of "+p.name, events, c[p.module][p.leads])
			continue
		}
		same("answers of "+p.name, events, c[p.module][">"+p.to+"."+p.command])
		same(p.command+" received", events, c[p.to]["<"+p.command])
	}
	same("adjusted", c[shippingName]["<Adjust"], c[shippingName]["Adjusted"])
	same("confirmed", c[ordersName]["<Confirm"], c[ordersName]["Confirmed"])
	same("closed", c[ordersName]["<Close"], c[ordersName]["Closed"])
	return lacking
}
