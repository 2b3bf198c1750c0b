package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.uber.org/goleak"

	"github.com/landfall-go/landfall/store/sqlite"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(childTask); task != "" {
		os.Exit(child(task))
	}
	testscript.Main(m, map[string]func(){"marsrover": main})
}

// TestCommandLine plays the sessions of testdata/script.
func TestCommandLine(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup:               withServers,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "rover": nameRover, "hold": hold, "files": files, "picture": samePicture,
			"serve": serveCommand, "kill9": kill9, "end": end, "await": awaitLines, "answered": answered,
		},
	})
}

// exits CODE PROGRAM ARGUMENTS… runs a program that ends with the exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE PROGRAM ARGUMENTS…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	code := 0
	var ended *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else {
		ts.Check(err)
	}
	if code != want {
		ts.Fatalf("exit code %d, want %d", code, want)
	}
}

// nameRover NAME sets a variable to the id of the rover that was started last.
func nameRover(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: rover NAME [FLAGS…]")
	}
	ts.Check(ts.Exec("marsrover", append([]string{"rovers"}, args[1:]...)...))
	ids := strings.Fields(ts.ReadFile("stdout"))
	ts.Setenv(args[0], ids[len(ids)-1])
}

// hold FILE keeps a database in use until the script ends.
func hold(ts *testscript.TestScript, neg bool, args []string) {
	s, err := sqlite.Open(context.Background(), ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Defer(func() { ts.Check(s.Close()) })
}

// files NAMES… wants exactly these files in the current folder.
func files(ts *testscript.TestScript, neg bool, args []string) {
	found, err := os.ReadDir(ts.MkAbs("."))
	ts.Check(err)
	var names []string
	for _, f := range found {
		if !strings.HasPrefix(f.Name(), ".") { // the scripts' own
			names = append(names, f.Name())
		}
	}
	if strings.Join(names, " ") != strings.Join(args, " ") {
		ts.Fatalf("the folder has %q, want %q", names, args)
	}
}

// picture FILE wants the picture of the README.
func samePicture(ts *testscript.TestScript, neg bool, args []string) {
	const readme = "../../docs/images/marsrover.svg"
	want, err := os.ReadFile(readme)
	ts.Check(err)
	if ts.ReadFile(args[0]) != string(want) {
		ts.Fatalf("%s is not what the program draws; in the root folder, run the command of testdata/script/picture.txtar", readme)
	}
}

// call runs the program in this process.
func call(t *testing.T, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	m := Main{Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs}
	code = m.Run(t.Context(), args...)
	return code, out.String(), errs.String()
}

// want runs the program in this process and wants it to succeed.
func want(t *testing.T, args ...string) (stdout string) {
	t.Helper()
	code, stdout, stderr := call(t, args...)
	if code != exitDone {
		t.Fatalf("marsrover %s: exit code %d: %s", strings.Join(args, " "), code, stderr)
	}
	return stdout
}

func TestNothingGoesOnAfterTheProgram(t *testing.T) {
	defer goleak.VerifyNone(t)
	db := filepath.Join(t.TempDir(), "rover.db")
	want(t, "run", "--db", db, "--obstacle", "0,2", "MMM")
	want(t, "fleet", "--db", db, "--rovers", "50", "--length", "10")
	want(t, "rebuild", "--db", db)
	want(t, "rovers", "--db", db)
	if code, _, _ := call(t, "show", "nobody", "--db", db); code != exitFailed {
		t.Errorf("exit code %d for a rover that is not there", code)
	}
}

func TestColoursAreForTerminals(t *testing.T) {
	db := filepath.Join(t.TempDir(), "rover.db")
	for _, colours := range []bool{false, true} {
		var out bytes.Buffer
		m := Main{Stdout: &out, Stderr: &out, Colours: colours}
		if code := m.Run(t.Context(), "run", "--db", db, "--obstacle", "1,2", "MRM"); code != exitDone {
			t.Fatal(out.String())
		}
		if got := strings.Contains(out.String(), "\x1b["); got != colours {
			t.Errorf("colours %v, but escape sequences %v:\n%s", colours, got, out.String())
		}
	}
}

func TestBarsAreForTerminals(t *testing.T) {
	for _, bars := range []bool{false, true} {
		var out, errs bytes.Buffer
		m := Main{Stdout: &out, Stderr: &errs, Bars: bars}
		db := filepath.Join(t.TempDir(), "rover.db")
		if code := m.Run(t.Context(), "fleet", "--db", db, "--rovers", "30", "--length", "4"); code != exitDone {
			t.Fatal(errs.String())
		}
		if got := strings.Contains(errs.String(), "\r"); got != bars {
			t.Errorf("a bar %v, but lines that are written over %v:\n%q", bars, got, errs.String())
		}
		if !strings.Contains(errs.String(), "100%") || strings.Contains(out.String(), "%") {
			t.Errorf("progress %q, output %q", errs.String(), out.String())
		}
	}
}

// full is a writer that has no room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestOutputThatReachesNobodyIsAFailure(t *testing.T) {
	db := filepath.Join(t.TempDir(), "rover.db")
	want(t, "run", "--db", db, "M")
	for _, args := range [][]string{{"run", "--quiet", "M"}, {"run", "--json", "M"}, {"run", "M"}, {"rovers"}, {"rebuild"}, {"fleet", "--rovers", "1"}} {
		var errs bytes.Buffer
		m := Main{Stdout: full{}, Stderr: &errs}
		if code := m.Run(t.Context(), append(args, "--db", db)...); code != exitFailed || !strings.Contains(errs.String(), "no room") {
			t.Errorf("marsrover %s: exit code %d: %s", strings.Join(args, " "), code, errs.String())
		}
	}
}

// stopAfter ends a context when a text was written.
type stopAfter struct {
	bytes.Buffer
	text string
	stop context.CancelCauseFunc
}

func (s *stopAfter) Write(p []byte) (int, error) {
	if strings.Contains(string(p), s.text) {
		s.stop(errors.New("stopped by a test"))
	}
	return s.Buffer.Write(p)
}

func TestARunThatIsInterruptedGoesOnLater(t *testing.T) {
	defer goleak.VerifyNone(t)
	db := filepath.Join(t.TempDir(), "rover.db")
	ctx, cancel := context.WithCancelCause(t.Context())
	out := &stopAfter{text: "point: 0:2", stop: cancel}
	var errs bytes.Buffer
	m := Main{Stdout: out, Stderr: &errs}
	if code := m.Run(ctx, "run", "--db", db, "MMMMM"); code != exitFailed {
		t.Errorf("exit code %d", code)
	}
	if !strings.Contains(errs.String(), "stopped by a test: 3 of 6 commands") {
		t.Errorf("it says %q", errs.String())
	}
	id := strings.TrimSpace(want(t, "rovers", "--db", db))
	if got := want(t, "path", id, "--db", db); got != "0:0:N 0:1:N 0:2:N\n" {
		t.Errorf("path %q", got)
	}
	if got := want(t, "continue", id, "MMM", "--quiet", "--db", db); got != "0:5:N\n" {
		t.Errorf("coordinate %q", got)
	}
}
