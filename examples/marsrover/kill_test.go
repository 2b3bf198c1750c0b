package main

import (
	"bufio"
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

var (
	killRounds = flag.Int("kill.rounds", 8, "how often TestKill kills the process that drives rovers")
	killSeed   = flag.Uint64("kill.seed", 0, "of TestKill's chance; zero takes another one each time")
)

// TestKill starts a process that drives 200 rovers on SQLite, kills it with -9
// at a random moment, and checks after each restart that what the runtime has
// promised holds. The recovery is killed at times, too.
//
//	go test ./examples/marsrover -run Kill -v -kill.rounds=50
func TestKill(t *testing.T) {
	seed := *killSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	h := &harness{
		t: t, db: filepath.Join(t.TempDir(), "rovers.db"), chance: rand.New(rand.NewPCG(seed, 0)),
		acks: map[string]ack{}, printed: map[string]int{}, plan: make([]slot, slots),
	}
	for i := range h.plan {
		h.plan[i].number = i
	}
	t.Logf("seed %d (-kill.seed)", seed)
	for range *killRounds {
		h.round()
		if t.Failed() {
			break
		}
	}
	t.Log(h.summary())
	if h.answers.found == 0 || len(h.acks) < slots {
		t.Error("too little happened for the test to mean anything")
	}
}

// harness is the parent of the processes that are killed.
type harness struct {
	t      *testing.T
	db     string
	chance *rand.Rand

	plan    []slot
	acks    map[string]ack // by key
	printed map[string]int // by message
	answers answers

	rounds, kills, killedRecoveries, early int
	unanswered                             answers // when the process was killed
	unacknowledged                         int     // events that were stored and never acknowledged
	records, documents                     int
}

func (h *harness) round() {
	h.rounds++
	var plan bytes.Buffer
	if err := writePlan(&plan, h.plan); err != nil {
		h.t.Fatal(err)
	}
	lines := 1 + h.chance.IntN(2*linesARound)
	if h.chance.IntN(8) == 0 { // now and then it is killed while it starts
		lines = 0
		h.early++
	}
	h.kill("drive", &plan, lines, time.Duration(h.chance.IntN(20))*time.Millisecond)
	h.look("after kill -9")
	if h.chance.IntN(2) == 0 {
		h.killedRecoveries++
		h.kill("recover", nil, h.chance.IntN(2), time.Duration(h.chance.IntN(15))*time.Millisecond)
		h.look("after kill -9 of the recovery")
	}
	h.settle()
}

// linesARound is how many lines a child tells on average before it is killed:
// that it is ready, acknowledged commands, printed messages.
var linesARound = 1000

// kill starts a child, kills it a little after it has told some lines, and
// hears what it told until then.
func (h *harness) kill(task string, stdin io.Reader, lines int, pause time.Duration) {
	h.t.Helper()
	var stderr bytes.Buffer
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childTask+"="+task, childDatabase+"="+h.db)
	c.Stdin, c.Stderr = stdin, &stderr
	stdout, err := c.StdoutPipe()
	if err == nil {
		err = c.Start()
	}
	if err != nil {
		h.t.Fatal(err)
	}
	enough := make(chan struct{})
	var hearing sync.WaitGroup
	hearing.Go(func() { h.hear(stdout, lines, enough) })
	<-enough
	time.Sleep(pause)
	_ = c.Process.Kill() // a recovery may be through
	hearing.Wait()
	_ = c.Wait()
	h.kills++
	if stderr.Len() > 0 {
		h.t.Errorf("the process that was to %s says: %s", task, stderr.String())
	}
}

// hear takes down what a child tells, until it is dead, and says when it has
// told enough.
func (h *harness) hear(told io.Reader, enough int, reached chan struct{}) {
	say := sync.OnceFunc(func() { close(reached) })
	defer say()
	if enough == 0 {
		say()
	}
	lines := bufio.NewScanner(told)
	for n := 1; lines.Scan(); n++ {
		if n == enough {
			say()
		}
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case toldReady:
		case toldPrinted:
			h.printed[rest]++
		case toldAck:
			h.acknowledge(rest)
		default:
			h.t.Errorf("the child says: %s", lines.Text())
		}
	}
}

func (h *harness) acknowledge(line string) {
	var id, event string
	var sequence, number, generation int
	var a ack
	if _, err := fmt.Sscan(line, &id, &sequence, &event, &a.position, &a.version); err != nil {
		h.t.Errorf("%q: %v", line, err)
		return
	}
	if _, err := fmt.Sscanf(id, "rover-%d.%d", &number, &generation); err != nil {
		h.t.Errorf("%q: %v", line, err)
		return
	}
	s := &h.plan[number]
	if s.generation != generation || s.next != sequence {
		h.t.Errorf("%s is acknowledged, but %s is due", key(id, sequence), key(s.rover(), s.next))
	}
	a.event = event
	h.acks[key(id, sequence)] = a
	s.acknowledged(event)
}

// look checks what must hold in the middle of the work.
func (h *harness) look(when string) evidence {
	h.t.Helper()
	ev, err := readEvidence(h.db)
	if err != nil {
		h.t.Fatalf("round %d, %s: %v", h.rounds, when, err)
	}
	h.report(when, ev.check(h.acks))
	now := ev.answers()
	h.unanswered.notified += now.found - now.notified
	h.unanswered.turnedOff += now.found - now.turnedOff
	return ev
}

// settle answers what is left, with and without work in the background, and
// checks what must hold then.
func (h *harness) settle() {
	h.t.Helper()
	documents, err := h.recover(h.rounds%2 == 0)
	if err != nil {
		h.t.Fatalf("round %d: recover: %v", h.rounds, err)
	}
	ev, err := readEvidence(h.db)
	if err != nil {
		h.t.Fatalf("round %d, settled: %v", h.rounds, err)
	}
	h.report("settled", ev.check(h.acks))
	h.report("settled", ev.settled(h.printed))
	h.report("settled", differ(documents, ev.fold()))
	h.documents += len(documents.starts) + len(documents.paths) + len(documents.obstacles)
	h.answers = ev.answers()
	h.records = len(ev.rovers) + len(ev.notifications)
	h.unacknowledged = len(ev.rovers) - h.answers.sent - h.answers.turnedOff - len(h.acks)
}

func (h *harness) recover(background bool) (d documents, err error) {
	var console bytes.Buffer
	s, host, err := running(h.db, &console)
	if err != nil {
		return d, err
	}
	defer s.Close()
	defer host.Close()
	if background {
		host.Start()
	}
	if err := host.Settle(context.Background()); err != nil {
		return d, err
	}
	for line := range strings.Lines(console.String()) {
		h.printed[strings.TrimSuffix(line, "\n")]++
	}
	if dead := host.DeadLetters(); len(dead) > 0 {
		return d, fmt.Errorf("dead letters: %+v", dead)
	}
	return readDocuments(host)
}

func (h *harness) report(when string, wrong mistakes) {
	h.t.Helper()
	for i, w := range wrong {
		if i == 10 {
			h.t.Errorf("round %d, %s: … and %d mistakes more", h.rounds, when, len(wrong)-i)
			return
		}
		h.t.Errorf("round %d, %s: %s", h.rounds, when, w)
	}
}

func (h *harness) summary() string {
	printed := 0
	for _, n := range h.printed {
		printed += n
	}
	var b strings.Builder
	row := func(name, format string, args ...any) {
		fmt.Fprintf(&b, "  %-14s %s\n", name, fmt.Sprintf(format, args...))
	}
	b.WriteString("what was promised holds\n")
	if h.t.Failed() {
		b.Reset()
		b.WriteString("BROKEN PROMISES, see above\n")
	}
	row("rounds", "%d, with %d kills: %d while starting, %d of a recovery", h.rounds, h.kills, h.early, h.killedRecoveries)
	row("acknowledged", "%s commands of %d rovers at a time", comma(len(h.acks)), slots)
	row("records", "%s in two logs; %d of them stored, but the sender died before it heard", comma(h.records), h.unacknowledged)
	row("obstacles", "%s found, %s notified, %s turned off", comma(h.answers.found), comma(h.answers.notified), comma(h.answers.turnedOff))
	row("messages", "%s sent, %s received, each once and in order", comma(h.answers.sent), comma(h.answers.received))
	row("unanswered", "%s notifications and %s turnings-off when the process died, made up for later", comma(h.unanswered.notified), comma(h.unanswered.turnedOff))
	row("notifications", "%s printed, %s recorded", comma(printed), comma(h.answers.notified))
	row("checked", "%s documents of projections against a fold of the log", comma(h.documents))
	return b.String()
}
