package drift

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReading reads the wiring of each archive; the last file is what is
// understood of it, a line a sticky.
func TestReading(t *testing.T) {
	for _, name := range archives(t, "testdata/read/*.txtar") {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) {
			all, a := archive(t, name)
			code, err := load(t, all)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, name, a, summary(code))
		})
	}
}

// summary writes what was read for people.
func summary(c *Code) string {
	var b strings.Builder
	for _, m := range c.Modules {
		fmt.Fprintf(&b, "module %s\n", m.Name)
		for _, d := range m.Commands {
			fmt.Fprintf(&b, "  %s handles %s%s -> %s%s\n", d.Handler, d.GoName, stable(d.Message), join(d.Emits), built(d.Builds, d.Emits))
		}
		for _, e := range m.Events {
			if len(e.Formerly) > 0 || e.Name != e.GoName {
				fmt.Fprintf(&b, "  event %s%s\n", e.GoName, stable(e.Message))
			}
		}
		for _, p := range m.Policies {
			var sends []Ref
			for _, s := range p.Sends {
				r := s.Ref
				if s.Module != "" {
					r.GoName = s.Module + "." + r.GoName
				}
				sends = append(sends, r)
			}
			fmt.Fprintf(&b, "  policy %s : %s", p.Name, p.Hears.GoName)
			if p.After > 0 {
				fmt.Fprintf(&b, " after %s", stormDuration(p.After))
			}
			if len(p.Unless) > 0 {
				fmt.Fprintf(&b, " unless %s", join(p.Unless))
			}
			fmt.Fprintf(&b, " -> %s%s\n", join(sends), built(p.Builds, unqualified(p.Sends)))
		}
		for _, p := range m.Projections {
			fmt.Fprintf(&b, "  projection %s : %s (%s)\n", p.Name, join(p.Hears), p.Document)
		}
		if len(m.Retired) > 0 {
			fmt.Fprintf(&b, "  retired %s\n", strings.Join(m.Retired, ", "))
		}
		for _, u := range m.Unread {
			fmt.Fprintf(&b, "  unread at %s: %s\n", u.Place, u.Why)
		}
	}
	for _, u := range c.Unread {
		fmt.Fprintf(&b, "unread at %s: %s\n", u.Place, u.Why)
	}
	for _, x := range c.Crossings {
		fmt.Fprintf(&b, "crossing at %s: %s uses %s %s of %s\n", x.Place, x.From, x.Kind, x.Message.GoName, x.To)
	}
	return b.String()
}

func unqualified(list []Sent) []Ref {
	var out []Ref
	for _, s := range list {
		out = append(out, s.Ref)
	}
	return out
}

func join(list []Ref) string { return strings.Join(refNames(list), ", ") }

func stable(m Message) string {
	s := ""
	if m.Name != m.GoName {
		s = fmt.Sprintf(" (as %q)", m.Name)
	}
	for _, f := range m.Formerly {
		s += fmt.Sprintf(" (was %q)", f.From)
	}
	return s
}

// built says what a function constructs, where that is not what is declared.
func built(b Builds, declared []Ref) string {
	var s string
	known := map[string]bool{}
	for _, r := range declared {
		known[r.key()] = true
	}
	for _, r := range b.Messages {
		if !known[r.key()] {
			s += " + " + r.GoName
		}
		delete(known, r.key())
	}
	for _, r := range declared {
		if known[r.key()] {
			s += " - " + r.GoName
		}
	}
	for _, u := range b.Unread {
		s += fmt.Sprintf(" (%s: %s)", u.Place, u.Why)
	}
	return s
}

const marsRover = "../examples/marsrover"

// TestExamplesAgree demands that the examples and their storms do not differ,
// and that all of them is built.
func TestExamplesAgree(t *testing.T) {
	storms, err := filepath.Glob("../examples/*/*.storm")
	if err != nil || len(storms) == 0 {
		t.Fatalf("there is no example with a storm: %v", err)
	}
	for _, name := range storms {
		t.Run(filepath.Base(name), func(t *testing.T) {
			report, err := Run(context.Background(), Config{Storm: filepath.Dir(name)})
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			if err := report.Printer().Write(&b, report.Differences); err != nil {
				t.Fatal(err)
			}
			if report.ExitCode() != 0 || b.Len() > 0 {
				t.Errorf("the example and its storm differ:\n%s", b.String())
			}
			for _, s := range report.Progress() {
				if s.State != Done {
					t.Errorf("%s is %s", s.Element, s.State)
				}
			}
		})
	}
}

// TestCallsAreBounded reads a wiring of functions that each call the next one
// twice: to follow all of them would take for ever.
func TestCallsAreBounded(t *testing.T) {
	var b strings.Builder
	b.WriteString("package shop\n\nimport \"github.com/landfall-go/landfall\"\n\n")
	b.WriteString("func Module() landfall.Module { return landfall.NewModule(\"Shop\", f0()...) }\n")
	const depth = 50
	for i := range depth {
		fmt.Fprintf(&b, "func f%d() []landfall.Part { return append(f%d(), f%d()...) }\n", i, i+1, i+1)
	}
	fmt.Fprintf(&b, "func f%d() []landfall.Part { return nil }\n", depth)
	code, err := load(t, files{"shop/shop.go": b.String()})
	if err != nil {
		t.Fatal(err)
	}
	if m := code.Module("Shop"); m == nil || len(m.Unread) == 0 || !strings.Contains(m.Unread[0].Why, "go too far") {
		t.Errorf("the module was read as %+v", m)
	}
}

func TestCodeIsPlainData(t *testing.T) {
	code, err := Read(context.Background(), marsRover, "./rover")
	if err != nil {
		t.Fatal(err)
	}
	data, err := json.Marshal(code)
	if err != nil {
		t.Fatal(err)
	}
	var back Code
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	m := back.Module("Rover")
	if m == nil || len(m.Commands) != 5 {
		t.Errorf("the module came back as %+v", m)
	}
}

func TestReadErrors(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "go.mod", "module broken\n\ngo 1.26\n")
	write(t, dir, "a.go", "package broken\n\nimport _ \"github.com/landfall-go/landfall\"\n\nvar x int = \"text\"\n")
	_, err := Read(context.Background(), dir)
	if !errors.Is(err, ErrCode) || !strings.Contains(err.Error(), "a.go:") {
		t.Errorf("broken code: %v", err)
	}
	if _, err := Read(context.Background(), dir, "./none"); !errors.Is(err, ErrCode) {
		t.Errorf("a folder that does not exist: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Read(ctx, marsRover); err == nil {
		t.Error("a cancelled context: no error")
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	name = filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
