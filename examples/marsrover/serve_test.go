package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/hosting"
	"github.com/landfall-go/landfall/internal/postgrescluster"
)

// soon is how long a test waits for other processes at most.
const soon = 30 * time.Second

// server is a process of "marsrover serve".
type server struct {
	cmd  *exec.Cmd
	over chan struct{} // closed when it has ended
	err  error
}

// startServer starts a process whose output is added to the files name.out and
// name.err of the folder.
func startServer(folder, name string, args ...string) (*server, error) {
	s := &server{cmd: exec.Command("marsrover", append([]string{"serve"}, args...)...), over: make(chan struct{})}
	s.cmd.Dir = folder
	stdout, err := appendTo(folder, name+".out")
	if err != nil {
		return nil, err
	}
	defer stdout.Close()
	stderr, err := appendTo(folder, name+".err")
	if err != nil {
		return nil, err
	}
	defer stderr.Close()
	s.cmd.Stdout, s.cmd.Stderr = stdout, stderr
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		s.err = s.cmd.Wait()
		close(s.over)
	}()
	return s, nil
}

func appendTo(folder, name string) (*os.File, error) {
	return os.OpenFile(filepath.Join(folder, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
}

// kill ends the process as kill -9 does.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may have ended
	<-s.over
}

// end tells the process to end, and wants it to do so without an error.
func (s *server) end() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	select {
	case <-s.over:
		return s.err
	case <-time.After(soon):
		s.kill()
		return errors.New("it did not end after SIGTERM")
	}
}

// servers are those of a script, by name.
type servers map[string]*server

type serversKey struct{}

// withServers lets a script start servers, which end with it.
func withServers(env *testscript.Env) error {
	all := servers{}
	env.Values[serversKey{}] = all
	env.Defer(func() {
		for _, s := range all {
			s.kill()
		}
	})
	return nil
}

func named(ts *testscript.TestScript, name string) *server {
	s := ts.Value(serversKey{}).(servers)[name]
	if s == nil {
		ts.Fatalf("there is no server %s", name)
	}
	return s
}

// serveCommand NAME ARGUMENTS… starts "marsrover serve" and waits until it is
// ready. Its output goes to NAME.out and NAME.err; $NAME_nats becomes the address
// of its broker.
func serveCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: serve NAME ARGUMENTS…")
	}
	name, before := args[0], 0
	if old, err := os.ReadFile(ts.MkAbs(name + ".err")); err == nil {
		before = strings.Count(string(old), "msg=ready")
	}
	s, err := startServer(ts.MkAbs("."), name, args[1:]...)
	ts.Check(err)
	ts.Value(serversKey{}).(servers)[name] = s
	ready := regexp.MustCompile(`msg=ready.* nats=\S*//(\S+)|msg=ready`)
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		log := ts.ReadFile(name + ".err")
		if all := ready.FindAllStringSubmatch(log, -1); len(all) > before {
			ts.Setenv(name+"_nats", all[len(all)-1][1])
			return
		}
		select {
		case <-s.over:
			ts.Fatalf("%s ended: %v\n%s", name, s.err, log)
		default:
		}
		if time.Since(begun) > soon {
			ts.Fatalf("%s is not ready:\n%s", name, log)
		}
	}
}

// kill9 NAME ends a server without warning.
func kill9(ts *testscript.TestScript, neg bool, args []string) { named(ts, args[0]).kill() }

// end NAME… tells servers to end, and wants them to do so in order.
func end(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		if err := named(ts, name).end(); err != nil {
			ts.Fatalf("%s: %v\n%s", name, err, ts.ReadFile(name+".err"))
		}
	}
}

// awaitLines COUNT FILE REGEXP waits until so many lines of the file fit.
// With "different" before it, lines that are there again do not count.
func awaitLines(ts *testscript.TestScript, neg bool, args []string) {
	different := len(args) > 0 && args[0] == "different"
	if different {
		args = args[1:]
	}
	var want int
	if _, err := fmt.Sscan(args[0], &want); neg || err != nil || len(args) != 3 {
		ts.Fatalf("usage: await [different] COUNT FILE REGEXP")
	}
	line := regexp.MustCompile("(?m)" + args[2])
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		found := line.FindAllString(ts.ReadFile(args[1]), -1)
		if different {
			slices.Sort(found)
			found = slices.Compact(found)
		}
		if len(found) == want {
			return
		}
		if len(found) > want || time.Since(begun) > soon {
			ts.Fatalf("%s has %d such lines, not %d:\n%s", args[1], len(found), want, ts.ReadFile(args[1]))
		}
	}
}

// answered ROVERS NOTIFICATIONS holds the logs of two databases against each
// other: what was sent was received, and each obstacle was answered once.
func answered(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: answered ROVERS NOTIFICATIONS")
	}
	ev, err := readEvidenceOf(ts.MkAbs(args[0]), ts.MkAbs(args[1]))
	ts.Check(err)
	if wrong := slices.Concat(ev.kept(), ev.settled(nil)); len(wrong) > 0 {
		ts.Fatalf("%s", strings.Join(wrong, "\n"))
	}
	if ev.answers().found == 0 {
		ts.Fatalf("no obstacle was found")
	}
	ts.Logf("%+v", ev.answers())
}

// processes are two modules in a process each, and a folder with their files.
type processes struct {
	t         *testing.T
	folder    string
	nats      string
	arguments map[string][]string
	running   map[string]*server
}

// startProcesses starts them on two stores.
func startProcesses(t *testing.T, rovers, notifications string) *processes {
	t.Helper()
	nats := freeAddress(t)
	p := &processes{t: t, folder: t.TempDir(), nats: "nats://" + nats, running: map[string]*server{}, arguments: map[string][]string{
		"rover":        {"--modules", "Rover", "--store", rovers, "--nats", "embedded", "--nats-addr", nats},
		"notification": {"--modules", "Notification", "--store", notifications, "--nats", "nats://" + nats},
	}}
	p.start("rover")
	p.start("notification")
	return p
}

// freeAddress returns an address that nobody listens on.
func freeAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	return listener.Addr().String()
}

func (p *processes) start(name string) {
	p.t.Helper()
	s, err := startServer(p.folder, name, p.arguments[name]...)
	if err != nil {
		p.t.Fatal(err)
	}
	p.running[name] = s
	p.t.Cleanup(s.kill)
}

// read returns what is in a file.
func (p *processes) read(name string) string {
	data, err := os.ReadFile(filepath.Join(p.folder, name))
	if err != nil {
		p.t.Fatal(err)
	}
	return string(data)
}

// printed counts the messages of the console.
func (p *processes) printed() map[string]int {
	times := map[string]int{}
	for line := range strings.Lines(p.read("notification.out")) {
		times[strings.TrimSpace(line)]++
	}
	return times
}

// until waits for something to be true.
func (p *processes) until(what string, is func() bool) {
	p.t.Helper()
	for begun := time.Now(); !is(); time.Sleep(10 * time.Millisecond) {
		if time.Since(begun) > soon {
			p.t.Fatalf("not within %v: %s\nrover: %s\nnotification: %s", soon, what, p.read("rover.err"), p.read("notification.err"))
		}
	}
}

// fleet drives rovers in the running system, while something happens to it.
func (p *processes) fleet(seed int, meanwhile func()) error {
	driving := make(chan error, 1)
	go func() {
		out, err := exec.Command("marsrover", "fleet", "--nats", p.nats, "--rovers", strconv.Itoa(fleetRovers), "--length", "40", "--seed", strconv.Itoa(seed)).CombinedOutput()
		if err != nil {
			err = fmt.Errorf("%w: %s", err, out)
		}
		driving <- err
	}()
	meanwhile()
	return <-driving
}

// settle waits until each rover that has found an obstacle is off, and its message
// was printed.
func (p *processes) settle() {
	p.t.Helper()
	ctx := p.t.Context()
	m := &Main{Stdout: io.Discard, Stderr: io.Discard}
	s, err := m.connect(ctx, hosting.Options{NATS: p.nats})
	if err != nil {
		p.t.Fatal(err)
	}
	defer s.close()
	// A rover that starts now comes after all obstacles in the log.
	last, err := s.host.Dispatch(ctx, landfall.To("last", rover.StartMarsRover{Direction: rover.N, World: rover.World{Width: 1, Height: 1}}))
	if err == nil {
		err = s.obstacles.WaitFor(ctx, last.Position())
	}
	if err != nil {
		p.t.Fatal(err)
	}
	p.until("all is answered", func() bool {
		printed := p.printed()
		for found, err := range s.obstacles.All(ctx, "") {
			if err != nil || printed["Rover "+found.Key+" hit obstacle"] == 0 {
				return false
			}
			loaded, err := s.rovers.Load(ctx, landfall.AggregateID(found.Key))
			if err != nil || loaded.State.Status != rover.TurnedOff {
				return false
			}
		}
		return true
	})
}

// fleetRovers is how many rovers a fleet has that is driven while something is killed.
var fleetRovers = 60

// end tells both processes to end, and holds their logs against each other and
// against what was printed.
func (p *processes) end(rovers, notifications string) {
	p.t.Helper()
	p.settle()
	for name, s := range p.running {
		if err := s.end(); err != nil {
			p.t.Errorf("%s: %v\n%s", name, err, p.read(name+".err"))
		}
	}
	ev, err := readEvidenceOf(rovers, notifications)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, wrong := range slices.Concat(ev.kept(), ev.settled(p.printed())) {
		p.t.Error(wrong)
	}
	if a := ev.answers(); a.found < fleetRovers/4 {
		p.t.Errorf("too little happened for the test to mean anything: %+v", a)
	} else {
		p.t.Logf("%+v, printed %d", a, len(p.printed()))
	}
}

// killWhileDriving kills a process as soon as something was printed of a fleet,
// and starts it again.
func (p *processes) killWhileDriving(seed int, victim string) {
	p.t.Helper()
	before := len(p.printed())
	err := p.fleet(seed, func() {
		p.until("a message", func() bool { return len(p.printed()) > before })
		p.running[victim].kill()
		p.start(victim)
	})
	if err != nil && victim != "rover" { // who drives rovers may notice when their module is gone
		p.t.Fatal(err)
	}
}

// TestKillOfTwoProcesses drives fleets through two processes, of which now one
// and now the other is killed, and the broker with it. In the end nothing is
// missing, and nothing took effect twice.
func TestKillOfTwoProcesses(t *testing.T) {
	p := startProcesses(t, "rover.db", "notification.db")
	for seed, victim := range []string{"notification", "rover", "notification"} {
		p.killWhileDriving(seed, victim)
	}
	p.end(filepath.Join(p.folder, "rover.db"), filepath.Join(p.folder, "notification.db"))
}

// TestKillOfTwoProcessesOnPostgreSQL does the same with a database each.
func TestKillOfTwoProcessesOnPostgreSQL(t *testing.T) {
	cluster, err := postgrescluster.Start(t.Context(), postgrescluster.Options{Fast: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cluster.Stop(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"rovers", "notifications"} {
		if err := cluster.CreateDatabase(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	p := startProcesses(t, cluster.URL("rovers"), cluster.URL("notifications"))
	for seed, victim := range []string{"rover", "notification"} {
		p.killWhileDriving(seed, victim)
	}
	p.end(cluster.URL("rovers"), cluster.URL("notifications"))
}
