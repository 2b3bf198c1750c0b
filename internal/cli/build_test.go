package cli_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/internal/cli"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/handover"
	"github.com/landfall-go/landfall/storm/model"
)

// plugged is a generator and a comparer that write down what they are asked.
type plugged struct {
	asked []string
	err   error
}

func (p *plugged) NewProject(_ context.Context, s cli.Streams, o cli.NewOptions) error {
	p.asked = append(p.asked, fmt.Sprintf("new %+v", o))
	fmt.Fprintln(s.Out, "made")
	return p.err
}

func (p *plugged) Generate(_ context.Context, _ cli.Streams, o cli.GenerateOptions) error {
	p.asked = append(p.asked, fmt.Sprintf("gen %+v", o))
	return p.err
}

func (p *plugged) Compare(_ context.Context, _ cli.Streams, o cli.CompareOptions) error {
	p.asked = append(p.asked, fmt.Sprintf("drift %+v", o))
	return p.err
}

func (p *plugged) Progress(_ context.Context, o cli.CompareOptions, src *storm.Source) (handover.Progress, error) {
	p.asked = append(p.asked, fmt.Sprintf("progress %v of %s", o.Code, src.Model.Name))
	return func(e *model.Element) handover.State {
		if e.Name == "Do" {
			return handover.Done
		}
		return handover.Missing
	}, p.err
}

func (p *plugged) run(args ...string) (code int, out, errs string) {
	m := &cli.Main{Generator: p, Comparer: p}
	var stdout, stderr bytes.Buffer
	code = m.Run(context.Background(), args, strings.NewReader(""), &stdout, &stderr)
	return code, stdout.String(), stderr.String()
}

func TestPluggedCommands(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.storm")
	if err := os.WriteFile(path, []byte("storm \"X\"\naggregate A {\n  Do -> Done\n  Undo -> Undone\n}\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args  string
		asked string
		err   error
		code  int
		says  string
	}{
		{args: "new shop --from x.storm --module example.com/shop", asked: "new {Dir:shop From:x.storm Module:example.com/shop Source:}", says: "made"},
		{args: "new", code: 2, says: "name the folder of the project"},
		{args: "gen", asked: "gen {Path:. Out: Check:false}"},
		{args: "gen a.storm --out b --check", asked: "gen {Path:a.storm Out:b Check:true}", err: cli.ErrFound, code: 1},
		{args: "drift", asked: "drift {Path:. Code:[] JSON:false}"},
		{args: "drift a.storm --code ./x,./y --json", asked: "drift {Path:a.storm Code:[./x ./y] JSON:true}", err: cli.ErrFound, code: 1},
		{args: "drift", asked: "drift {Path:. Code:[] JSON:false}", err: errors.New("no such thing"), code: 2, says: "landfall: no such thing"},
		{args: "tasks " + path + " --code ./...", asked: "progress [./...] of X", says: "1 of 2 tasks done."},
		{args: "tasks " + path, says: "2 tasks."},
		{args: "help gen", says: "--check"},
	} {
		p := &plugged{err: c.err}
		code, out, errs := p.run(strings.Fields(c.args)...)
		var want []string
		if c.asked != "" {
			want = []string{c.asked}
		}
		if diff := cmp.Diff(want, p.asked); diff != "" {
			t.Errorf("%s: asked -want +got:\n%s", c.args, diff)
		}
		if code != c.code {
			t.Errorf("%s: exit code %d, want %d", c.args, code, c.code)
		}
		if !strings.Contains(out+errs, c.says) {
			t.Errorf("%s: said %q, want %q", c.args, out+errs, c.says)
		}
	}
}

func TestStopped(t *testing.T) {
	p := &plugged{err: context.Canceled}
	if code, _, errs := p.run("gen"); code != 2 || errs != "landfall: stopped\n" {
		t.Errorf("exit code %d, said %q", code, errs)
	}
}
