//go:build linux

package faults

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// process is one process of the system, as the test sees it. It may be killed
// and started again.
type process struct {
	name string
	log  string // what it says to its standard error
	task any
	// serve is the task of a process that runs a module; it may be changed before
	// the process is started again.
	serve *serveTask

	mu      sync.Mutex
	command *exec.Cmd
	stdin   io.WriteCloser
	answers chan string
	ended   chan struct{}
	starts  int
	asked   int
}

// start runs the process and returns at once. It ends with the test, however
// that ends.
func (p *process) start() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command != nil {
		return nil
	}
	task, err := json.Marshal(p.task)
	if err != nil {
		return err
	}
	stderr, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer stderr.Close()
	fmt.Fprintf(stderr, "-- start %d at %s\n", p.starts, time.Now().Format(time.TimeOnly))
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), taskVariable+"="+string(task), "GOMEMLIMIT=400MiB")
	c.Stderr = stderr
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	stdin, err := c.StdinPipe()
	if err != nil {
		return err
	}
	stdout, err := c.StdoutPipe()
	if err != nil {
		return err
	}
	if err := startOn(c); err != nil {
		return err
	}
	p.starts++
	p.command, p.stdin, p.answers, p.ended = c, stdin, make(chan string, 64), make(chan struct{})
	go hear(stdout, p.answers, p.ended)
	return nil
}

// starter is a thread that lives as long as the test: the kernel counts the
// thread that has started a process as its parent.
var starter = sync.OnceValue(func() chan func() {
	work := make(chan func())
	go func() {
		// Never unlocked, and never left.
		runtime.LockOSThread()
		for do := range work {
			do()
		}
	}()
	return work
})

func startOn(c *exec.Cmd) error {
	done := make(chan error)
	starter() <- func() { done <- c.Start() }
	return <-done
}

func hear(stdout io.Reader, answers chan<- string, ended chan<- struct{}) {
	defer close(ended)
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		select {
		case answers <- lines.Text():
		default: // nobody has waited for so many
		}
	}
}

var errGone = errors.New("the process is gone")

// ask returns the answer of the process.
func (p *process) ask(ctx context.Context, question string) (r report, err error) {
	p.mu.Lock()
	stdin, answers, ended, running := p.stdin, p.answers, p.ended, p.command != nil
	p.asked++
	number := p.asked
	p.mu.Unlock()
	if !running {
		return r, errGone
	}
	if _, err := fmt.Fprintln(stdin, question, number); err != nil {
		return r, errGone
	}
	for {
		select {
		case line := <-answers:
			if err := json.Unmarshal([]byte(line), &r); err != nil || r.Number == number {
				return r, err
			}
			r = report{} // the answer to an earlier question
		case <-ended:
			return r, errGone
		case <-ctx.Done():
			return r, fmt.Errorf("%s does not answer: %w", p.name, ctx.Err())
		}
	}
}

// kill ends the process at once, by kill -9.
func (p *process) kill() { p.end(func(c *exec.Cmd) { _ = c.Process.Kill() }) } // it may have ended

// stop has the process end in order, and kills it when it does not.
func (p *process) stop() (err error) {
	p.end(func(c *exec.Cmd) {
		_, _ = fmt.Fprintln(p.stdin, askStop, 0) // it may have ended
		select {
		case <-p.ended:
		case <-time.After(20 * time.Second):
			err = fmt.Errorf("%s does not end", p.name)
			_ = c.Process.Signal(syscall.SIGQUIT) // its stacks say where it hangs
			time.Sleep(time.Second)
			_ = c.Process.Kill()
		}
	})
	return err
}

func (p *process) end(how func(*exec.Cmd)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == nil {
		return
	}
	how(p.command)
	<-p.ended
	_ = p.command.Wait() // that it was killed is no news
	p.command = nil
}

func (p *process) signal(s syscall.Signal) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command != nil {
		_ = p.command.Process.Signal(s) // it may have ended
	}
}

// memory returns the resident memory in bytes.
func (p *process) memory() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.command == nil {
		return 0
	}
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.command.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			var kb int
			if _, err := fmt.Sscan(rest, &kb); err == nil {
				return kb << 10
			}
		}
	}
	return 0
}

// complaints returns the end of what the process said.
func (p *process) complaints() string {
	text, err := os.ReadFile(p.log)
	if err != nil {
		return err.Error()
	}
	if len(text) > 6000 {
		text = text[len(text)-6000:]
	}
	return string(text)
}

// crashes returns what the process has said that no fault excuses.
func (p *process) crashes() (wrong mistakes) {
	text, err := os.ReadFile(p.log)
	if err != nil {
		wrong.add("%v", err)
	}
	for _, sign := range []string{"WARNING: DATA RACE", "panic: ", "fatal error: ", "the process ends: "} {
		if i := strings.Index(string(text), sign); i >= 0 {
			wrong.add("%s crashes: %s", p.name, text[i:min(len(text), i+2000)])
		}
	}
	return wrong
}
