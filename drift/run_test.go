package drift

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
)

// project writes the base with changes into a folder, as a Go module.
func project(t *testing.T, change func(files)) string {
	t.Helper()
	base, _ := archive(t, "testdata/base.txtar")
	all := maps.Clone(base)
	change(all)
	dir := t.TempDir()
	top, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		data, err := os.ReadFile(filepath.Join(top, name))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(string(data), "module "+root, "module shop", 1)
		if name == "go.mod" {
			text += "\nrequire " + root + " v0.0.0\n\nreplace " + root + " => " + top + "\n"
		}
		write(t, dir, name, text)
	}
	for name, text := range all {
		write(t, dir, name, text)
	}
	return dir
}

// TestRun runs drift on files, as the command line does, with one line of the
// code changed: text, JSON, exit code and progress.
func TestRun(t *testing.T) {
	dir := project(t, func(all files) {
		all["billing/billing.go"] = strings.Replace(all["billing/billing.go"], "Within   time.Duration", "Within   time.Time", 1)
	})
	report, err := Run(context.Background(), Config{Storm: filepath.Join(dir, "shop.storm"), Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(report.Differences) != 1 || report.ExitCode() != 1 {
		t.Fatalf("exit code %d, differences %v", report.ExitCode(), report.Differences)
	}
	var text bytes.Buffer
	if err := report.Printer().Write(&text, report.Differences); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"shop.storm:49:46: D303: within of the event InvoiceSent is duration in the storm, but time.Time in the code\n",
		"  billing/billing.go:46:2: the code\n", "    46 | \tWithin   time.Time        `json:\"within\"`\n       | \t^~~~~~\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("%q is not in\n%s", want, text.String())
		}
	}
	var data bytes.Buffer
	if err := report.Differences.WriteJSON(&data); err != nil {
		t.Fatal(err)
	}
	var back List
	if err := json.Unmarshal(data.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(back[0].Mends, report.Differences[0].Mends); diff != "" || back[0].Go != report.Differences[0].Go || back[0].Code != OtherType {
		t.Errorf("the JSON came back otherwise: %s", diff)
	}
	for _, s := range report.Progress() {
		want := Done
		if s.Element.ID() == "event:Billing.InvoiceSent" {
			want = Differing
		}
		if s.State != want {
			t.Errorf("%s is %s and not %s", s.Element, s.State, want)
		}
	}
}

func TestRunErrors(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	if _, err := Run(ctx, Config{Storm: dir}); !errors.Is(err, storm.ErrNoStorm) {
		t.Errorf("a folder without a storm: %v", err)
	}
	write(t, dir, "bad.storm", "module Shop {\n  aggregate\n}\n")
	var list diag.List
	if _, err := Run(ctx, Config{Storm: dir}); !errors.As(err, &list) || len(list) == 0 {
		t.Errorf("a storm with errors: %v", err)
	}
	write(t, dir, "bad.storm", "storm \"Good\"\n")
	if _, err := Run(ctx, Config{Storm: dir}); !errors.Is(err, ErrCode) {
		t.Errorf("a folder without code: %v", err)
	}
}

func TestProgress(t *testing.T) {
	base, _ := archive(t, "testdata/base.txtar")
	all := maps.Clone(base)
	all["shop.storm"] = strings.Replace(all["shop.storm"], "    Remind -> CustomerReminded\n",
		"    Remind -> CustomerReminded\n    Pack -> OrderPacked\n    Weigh ->\n", 1)
	all["shop.storm"] = strings.Replace(all["shop.storm"], "CancelOrder -> OrderCancelled", "CancelOrder -> OrderCancelled | OrderDelayed", 1)
	all["orders/order.go"] = strings.Replace(all["orders/order.go"], "return happened(CustomerReminded{}), nil", "return nil, nil", 1)
	code, err := load(t, all)
	if err != nil {
		t.Fatal(err)
	}
	src := stormOf(t, all)
	got := map[string]State{}
	for _, s := range Progress(src.Model, code, Compare(src.Model, code)) {
		got[s.Element.ID()] = s.State
	}
	for id, want := range map[string]State{
		"command:Orders.Pack": Missing, "event:Orders.OrderPacked": Missing, "command:Orders.Weigh": Open,
		"command:Orders.CancelOrder": Differing, "command:Orders.Remind": Started, "command:Orders.PlaceOrder": Done,
		"value:Orders.Line": Done, "policy:Orders.RemindLater": Done, "event:Orders.OrderDelayed": Differing,
	} {
		if got[id] != want {
			t.Errorf("%s is %q and not %q", id, got[id], want)
		}
	}
	if _, ok := got["actor:Orders.Customer"]; ok {
		t.Error("an actor is to be built")
	}
}

func TestPrinterInColour(t *testing.T) {
	var b strings.Builder
	p := Printer{Color: true, Hints: true, Source: files{}.source}
	list := List{{Code: Undecided, Severity: diag.Hint, Message: "undecided"}, {Code: NotInCode, Severity: diag.Error, Message: "missing"}}
	if err := p.Write(&b, list); err != nil {
		t.Fatal(err)
	}
	if want := "\x1b[36mhint D601\x1b[0m: undecided\n\n\x1b[31mD103\x1b[0m: missing\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	p.Hints = false
	b.Reset()
	if err := p.Write(&b, list[:1]); err != nil || b.Len() > 0 || list[:1].ExitCode() != 0 {
		t.Errorf("a hint is shown, or fails: %q", b.String())
	}
}
