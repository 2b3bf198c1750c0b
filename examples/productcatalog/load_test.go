package main

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/internal/postgrescluster"
	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/memory"
)

// asProgram has the test binary be the program, which starts itself again.
const asProgram = "PRODUCTCATALOG_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
		return
	}
	if err := os.Setenv(asProgram, "yes"); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// measured runs a load and wants it to find nothing wrong.
func measured(t *testing.T, args ...string) []result {
	t.Helper()
	var out bytes.Buffer
	if err := run(t.Context(), append([]string{"load", "--json"}, args...), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	var results []result
	if err := json.Unmarshal(out.Bytes(), &results); err != nil {
		t.Fatal(err)
	}
	for _, r := range results {
		plausible(t, r)
	}
	return results
}

func plausible(t *testing.T, r result) {
	t.Helper()
	n := r.Products
	if n == 0 || r.Commands != int64(4*n) || r.Messages != 6*n || r.Answered.Count != int64(5*n) || r.Published.Count < int64(n) ||
		r.Accepted.Count != r.Commands || r.Visible.Count == 0 || r.Records < 18*n || len(r.Wrong) != 0 {
		t.Errorf("implausible: %+v", r)
	}
	for _, s := range []spread{r.Accepted, r.Published, r.Answered, r.Visible} {
		if s.P50 <= 0 || s.P50 > s.P90 || s.P90 > s.P99 || s.P99 > s.P999 || s.P999 > s.Max {
			t.Errorf("no spread: %+v", s)
		}
	}
	if last := len(r.Backlog) - 1; last < 0 || r.Backlog[last] != 0 {
		t.Errorf("a backlog is left: %v", r.Backlog)
	}
}

func TestAModuleIsKilledUnderLoad(t *testing.T) {
	r := measured(t, "--rate", "30", "--for", "2s", "--kill", "Pricing", "--down", "300ms")[0]
	if r.Processes != 5 || r.Killed != "Pricing" || r.Products != 60 {
		t.Errorf("%+v", r)
	}
	if r.Accepted.Max < 200 {
		t.Errorf("Pricing was down for 300 ms, but no command waited longer than %v ms", r.Accepted.Max)
	}
}

func TestOneProcessAgainstFive(t *testing.T) {
	results := measured(t, "--rate", "20", "--for", "1s", "--compare")
	if len(results) != 2 || results[0].Processes != 1 || results[1].Processes != 5 {
		t.Fatalf("%+v", results)
	}
	var out bytes.Buffer
	if err := showResults(&out, results, false); err != nil {
		t.Fatal(err)
	}
	for _, says := range []string{"one process, sqlite", "5 processes, sqlite", "20 launched", "80 accepted", "nothing lost, nothing twice"} {
		if !strings.Contains(out.String(), says) {
			t.Errorf("%q is missing in\n%s", says, &out)
		}
	}
}

func TestFiveProcessesOnPostgreSQL(t *testing.T) {
	cluster, err := postgrescluster.Start(t.Context(), postgrescluster.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	if r := measured(t, "--rate", "20", "--for", "1s", "--store", cluster.URL(""))[0]; r.Store != "PostgreSQL" {
		t.Errorf("%+v", r)
	}
}

func TestBadFlagsStartNothing(t *testing.T) {
	for args, says := range map[string]string{
		"load now":                     `load takes no argument "now"`,
		"load --rate 0":                "--rate 0: it is more than 0",
		"load --rate 1 --for 100ms":    "this launches no product",
		"load --processes 3":           "--processes 3: it is 1 or 5",
		"load --kill Prices":           "--kill Prices: there is no such module; there are Catalog, Pricing, Inventory, Search, Notification",
		"load --kill Search --compare": "two undisturbed runs",
		"load --store mysql://x":       "it is sqlite or postgres://",
		"serve now":                    `serve takes no argument "now"`,
		"serve --modules Search":       "the others (Catalog, Pricing, Inventory, Notification) run in other processes",
	} {
		t.Chdir(t.TempDir())
		err := run(t.Context(), strings.Fields(args), io.Discard)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", args, err, says)
		}
		if made, err := os.ReadDir("."); err != nil || len(made) > 0 {
			t.Errorf("%s made %v, %v", args, made, err)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, command := range []string{"serve", "load"} {
		var out bytes.Buffer
		if err := run(t.Context(), []string{command, "--help"}, &out); err != nil || !strings.Contains(out.String(), "  productcatalog "+command+" --") {
			t.Errorf("%s: %v\n%s", command, err, &out)
		}
	}
}

// launched launches products in one process and returns their logs.
func launched(t *testing.T, products []product) logs {
	t.Helper()
	s := memory.New()
	host, err := landfall.Open(t.Context(), landfall.Config{Store: s, Modules: modulesUnderTest()})
	if err != nil {
		t.Fatal(err)
	}
	defer host.Close()
	for _, p := range products {
		for _, c := range p.launch() {
			if _, err := host.Dispatch(t.Context(), landfall.To(p.id, c)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := host.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	all := logs{}
	for _, module := range moduleNames() {
		log, err := s.Log(t.Context(), module)
		if err != nil {
			t.Fatal(err)
		}
		if all[module], err = log.Read(t.Context(), 0, 10_000, nil); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// TestTheCheckerSees breaks each promise in what the checker is shown.
func TestTheCheckerSees(t *testing.T) {
	products := []product{{"1", "Assam"}, {"2", "Darjeeling"}, {"3", "Sencha"}}
	good := launched(t, products)
	if wrong, messages := good.check(products); len(wrong) > 0 || messages != 18 {
		t.Fatalf("nothing is broken, but it sees %q, and %d messages", wrong, messages)
	}
	find := func(all logs, module, kind string) int {
		i := slices.IndexFunc(all[module], func(r store.Record) bool { return r.Type == kind })
		if i < 0 {
			t.Fatalf("there is no %s in %s", kind, module)
		}
		return i
	}
	remove := func(all logs, module, kind string) {
		i := find(all, module, kind)
		all[module] = slices.Delete(all[module], i, i+1)
	}
	double := func(all logs, module, kind string) {
		all[module] = append(all[module], all[module][find(all, module, kind)])
	}
	for name, c := range map[string]struct {
		harm func(logs)
		sees string
	}{
		"an event is lost":             {func(all logs) { remove(all, "Catalog", "ProductDescribed") }, "Catalog.ProductDescribed of Assam is there 0 times"},
		"an answer is lost":            {func(all logs) { remove(all, "Pricing", "PriceRequested") }, "Pricing.PriceRequested of Assam is there 0 times"},
		"an answer is there twice":     {func(all logs) { double(all, "Inventory", "TrackingStarted") }, "Inventory.TrackingStarted of Assam is there 2 times"},
		"nobody is told":               {func(all logs) { remove(all, "Notification", "TeamNotified") }, "Notification.TeamNotified of Assam is there 0 times"},
		"an answer to something else":  {func(all logs) { all["Search"][find(all, "Search", "ProductOffered")].Trigger = landfall.ID{1} }, "does not follow from Catalog.ProductPublished"},
		"a position is missing":        {func(all logs) { all["Pricing"] = all["Pricing"][1:] }, "position 2 follows 0"},
		"a version is missing":         {func(all logs) { all["Catalog"][find(all, "Catalog", "ProductPublished")].Version++ }, "is due"},
		"an offer is not indexed":      {func(all logs) { remove(all, "Search", "OfferIndexed") }, "was indexed 0 times"},
		"an offer is indexed again":    {func(all logs) { double(all, "Search", "OfferIndexed") }, "was indexed 2 times"},
		"a command is lost on the way": {func(all logs) { remove(all, "Pricing", "<RequestPrice") }, "Catalog sent 3 messages to Pricing, which has received 2"},
		"a command comes twice":        {func(all logs) { double(all, "Pricing", "<RequestPrice") }, "Catalog sent 3 messages to Pricing, which has received 4"},
		"an event is not heard":        {func(all logs) { remove(all, "Inventory", "@Catalog.ProductCreated") }, "Catalog sent 6 messages to Inventory, which has received 5"},
		"an event is heard twice":      {func(all logs) { double(all, "Inventory", "@Catalog.ProductPublished") }, "Catalog sent 6 messages to Inventory, which has received 7"},
		"a command comes changed":      {func(all logs) { all["Search"][find(all, "Search", "<ShowPrice")].Data = []byte(`{}`) }, "from Pricing to Search was received as"},
		"commands overtake each other": {func(all logs) {
			r := all["Notification"]
			first := find(all, "Notification", "<NotifyTeam")
			second := first + 1 + slices.IndexFunc(r[first+1:], func(r store.Record) bool { return r.Type == "<NotifyTeam" })
			r[first], r[second] = r[second], r[first]
		}, "the message number 1 from Pricing to Notification was received as"},
	} {
		all := maps.Clone(good)
		for module := range all {
			all[module] = slices.Clone(all[module])
		}
		c.harm(all)
		if wrong, _ := all.check(products); !strings.Contains(strings.Join(wrong, "\n"), c.sees) {
			t.Errorf("%s: it sees %q", name, wrong)
		}
	}
}

func TestBacklogCountsWhatIsNotAnsweredYet(t *testing.T) {
	begun := time.Now()
	at := func(seconds float64) time.Time { return begun.Add(time.Duration(seconds * float64(time.Second))) }
	got := backlog([]answer{{at(0), at(0.5)}, {at(0.1), at(1.2)}, {at(0.9), at(3.1)}, {at(2), at(2.1)}})
	if want := []int{2, 1, 1, 0}; !slices.Equal(got, want) {
		t.Errorf("backlog %v, want %v", got, want)
	}
	if got := backlog(nil); len(got) != 0 {
		t.Errorf("the backlog of nothing is %v", got)
	}
}

func TestAHistogramTakesAnyDuration(t *testing.T) {
	h := newHistogram()
	for _, d := range []time.Duration{-time.Second, 0, time.Millisecond, 24 * time.Hour} {
		h.record(d)
	}
	if s := h.spread(); s.Count != 4 || s.P50 > 1 || s.Max < 500_000 {
		t.Errorf("%+v", s)
	}
}
