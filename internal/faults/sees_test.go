//go:build linux

package faults

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// TestTheCheckerSees breaks each promise in what the checker is shown.
func TestTheCheckerSees(t *testing.T) {
	good, acks := sellWell(t)
	if wrong, seen := check(good, acks, false); len(wrong) > 0 || seen.commands == 0 || seen.effects == 0 {
		t.Fatalf("nothing is broken, but it sees %q in %+v", wrong, seen)
	}
	for _, c := range []struct {
		name string
		harm func(h *harmed)
		sees string
	}{
		{"an acknowledged event is lost", func(h *harmed) { h.remove(ordersName, "Changed", 0) }, "was acknowledged with 1 events, and has 0"},
		{"a command takes effect again", func(h *harmed) { h.again(ordersName, "Changed") }, "took effect in parts or again"},
		{"a command takes effect under another id", func(h *harmed) { h.add(ordersName, "Changed", landfall.ID{1}) }, "comes from nothing"},
		{"a position is left out", func(h *harmed) { h.last(ordersName).Position++ }, "is due"},
		{"a version is left out", func(h *harmed) { h.last(ordersName).Version++ }, "is due"},
		{"an answer was another one", func(h *harmed) { h.first(ordersName, "Placed").Version = 2 }, "was acknowledged as"},
		{"an event is not heard", func(h *harmed) { h.remove(paymentsName, "@Orders.Changed", 1) }, "got there 0 times"},
		{"the last event is not heard", func(h *harmed) { h.removeLast(shippingName, "@Orders.Confirmed") }, "got there 0 times"},
		{"an event is heard twice", func(h *harmed) { h.copy(shippingName, "@Orders.Placed") }, "got there 2 times"},
		{"events are heard in another order", func(h *harmed) { h.swap(shippingName, "@Orders.") }, "and got there as"},
		{"an event is changed on its way", func(h *harmed) { h.first(shippingName, "@Orders.Placed").Data = []byte(`{"Amount":7}`) }, "was changed on its way"},
		{"a command gets lost", func(h *harmed) { h.remove(shippingName, "<Adjust", 0) }, "got there 0 times"},
		{"a command comes twice", func(h *harmed) { h.copy(paymentsName, "<Pay") }, "got there 2 times"},
		{"commands come in another order", func(h *harmed) { h.swap(shippingName, "<Adjust") }, "and got there as"},
		{"a received command has no effect", func(h *harmed) { h.remove(shippingName, "Adjusted", 0) }, "took effect 0 times, want 1"},
		{"a policy does not answer", func(h *harmed) { h.remove(paymentsName, "Noted", 0) }, "answered @Orders.Changed"},
		{"a policy's command is not sent", func(h *harmed) { h.removeLast(ordersName, ">Payments.Pay") }, "PayPolicy answered Placed"},
		{"a policy answers twice", func(h *harmed) { h.add(paymentsName, "Noted", landfall.ID{2}) }, "comes from nothing"},
		{"an aggregate's events are in another order", func(h *harmed) { h.swap(paymentsName, "Noted") }, "comes where"},
		{"something was done outside and not recorded", func(h *harmed) { h.ev.outside[landfall.ID{9}] = 1 }, "is recorded 0 times"},
		{"something is recorded and was not done", func(h *harmed) { clear(h.ev.outside) }, "was never made"},
		{"a document is behind", func(h *harmed) { h.ev.documents["Shipping.Board"]["o1"] = `{"Amount":1,"Last":0,"Confirmed":false}` }, "Shipping.Board o1 shows"},
		{"a document is missing", func(h *harmed) { delete(h.ev.documents["Orders.Status"], "o2") }, "Orders.Status o2 shows"},
		{"a document is of nothing", func(h *harmed) { h.ev.documents["Orders.Tracking"]["x"] = `{"Shipped":1}` }, "Orders.Tracking x shows"},
		{"all documents are gone", func(h *harmed) { clear(h.ev.documents) }, "Payments.Heard o1 shows"},
	} {
		h := &harmed{t: t, ev: cloned(good)}
		c.harm(h)
		wrong, _ := check(h.ev, acks, false)
		if !strings.Contains(strings.Join(wrong, "\n"), c.sees) {
			t.Errorf("%s: it sees %q", c.name, wrong)
		}
	}
	again, _ := sellWell(t)
	if lacking := missing(counted(again)); len(lacking) > 0 {
		t.Errorf("nothing is missing, but %q", lacking)
	}
	again.logs[shippingName] = again.logs[shippingName][:len(again.logs[shippingName])-1]
	if len(missing(counted(again))) == 0 {
		t.Error("a record is missing, and nobody misses it")
	}
}

func counted(ev evidence) counts {
	c := counts{}
	for module, records := range ev.logs {
		c[module] = map[string]int{}
		for i := range records {
			c[module][records[i].Type]++
		}
	}
	return c
}

// sellWell has the modules do their work in one process, with nothing in the
// way.
func sellWell(t *testing.T) (evidence, map[string]acknowledged) {
	t.Helper()
	ctx, folder := t.Context(), t.TempDir()
	var modules []landfall.Module
	for _, name := range moduleNames {
		modules = append(modules, module(name, false, newOutsides(folder)))
	}
	s := memory.New()
	host, err := landfall.Open(ctx, landfall.Config{Store: s, Modules: modules})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	l := &load{host: host, acks: map[string]acknowledged{}}
	for i, amount := range []int{5, unlucky, 6, 7} {
		for n, c := range []landfall.Command{Change{7}, Place{amount}, Change{1}, Change{2}, Place{amount}} {
			if err := l.dispatch(fmt.Sprintf("o%d", i), n, c); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 2 { // the second for what is due after a while
		if err := host.Settle(ctx); err != nil {
			t.Fatal(err)
		}
		time.Sleep(remindAfter + 10*time.Millisecond)
	}
	if err := host.Settle(ctx); err != nil {
		t.Fatal(err)
	}
	ev := evidence{logs: map[string][]store.Record{}, documents: map[string]map[string]string{}}
	for _, name := range moduleNames {
		log, err := s.Log(ctx, name)
		if err == nil {
			err = ev.read(context.Background(), name, log)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if ev.outside, err = readOutside(filepath.Join(folder, outsideFile)); err != nil {
		t.Fatal(err)
	}
	return ev, l.acks
}

func cloned(ev evidence) evidence {
	c := evidence{logs: map[string][]store.Record{}, documents: map[string]map[string]string{}, outside: maps.Clone(ev.outside)}
	for module, records := range ev.logs {
		c.logs[module] = slices.Clone(records)
	}
	for projection, documents := range ev.documents {
		c.documents[projection] = maps.Clone(documents)
	}
	return c
}

// harmed is evidence in which something is broken.
type harmed struct {
	t  *testing.T
	ev evidence
}

// index returns where the n-th record is whose type begins so.
func (h *harmed) index(module, kind string, n int) int {
	h.t.Helper()
	for i := range h.ev.logs[module] {
		if strings.HasPrefix(h.ev.logs[module][i].Type, kind) {
			if n == 0 {
				return i
			}
			n--
		}
	}
	h.t.Fatalf("%s has no %s", module, kind)
	return 0
}

func (h *harmed) first(module, kind string) *store.Record {
	return &h.ev.logs[module][h.index(module, kind, 0)]
}

func (h *harmed) last(module string) *store.Record {
	return &h.ev.logs[module][len(h.ev.logs[module])-1]
}

// put replaces a log by one whose positions and versions are in order.
func (h *harmed) put(module string, records []store.Record) {
	versions := map[string]uint64{}
	for i := range records {
		versions[records[i].Stream]++
		records[i].Position, records[i].Version = uint64(i+1), versions[records[i].Stream]
	}
	h.ev.logs[module] = records
}

func (h *harmed) remove(module, kind string, n int) {
	i := h.index(module, kind, n)
	h.put(module, slices.Delete(h.ev.logs[module], i, i+1))
}

func (h *harmed) removeLast(module, kind string) {
	n := 0
	for i := range h.ev.logs[module] {
		if h.ev.logs[module][i].Type == kind {
			n++
		}
	}
	h.remove(module, kind, n-1)
}

// copy adds the first record of the kind once more, under another id of its own.
func (h *harmed) copy(module, kind string) {
	r := *h.first(module, kind)
	r.ID = store.EventID(store.NewCommandID(time.Now()), 0)
	h.put(module, append(h.ev.logs[module], r))
}

// again adds the first record of the kind as a second event of its command.
func (h *harmed) again(module, kind string) {
	r := *h.first(module, kind)
	r.ID = store.EventID(r.Command(), 1)
	h.put(module, append(h.ev.logs[module], r))
}

// add adds the first record of the kind as one of another command.
func (h *harmed) add(module, kind string, command landfall.ID) {
	r := *h.first(module, kind)
	r.ID = store.EventID(command, 0)
	h.put(module, append(h.ev.logs[module], r))
}

// swap exchanges the first two records of the kind.
func (h *harmed) swap(module, kind string) {
	i, j := h.index(module, kind, 0), h.index(module, kind, 1)
	records := h.ev.logs[module]
	records[i], records[j] = records[j], records[i]
	h.put(module, records)
}
