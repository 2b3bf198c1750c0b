package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/rpc"
	"net/rpc/jsonrpc"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"time"
)

// What runs in several processes is measured in several processes: the program
// starts itself again, with its task in the environment, and asks it over its
// standard input and output. A child ends when its parent does.
const taskVariable = "LANDFALL_BENCH_TASK"

// profilesVariable names a folder that the children write their CPU profiles to.
const profilesVariable = "LANDFALL_BENCH_PROFILES"

// task is what a child is to be: a broker, or a host of one module.
type task struct {
	Broker bool
	Node   *nodeTask
}

// Child does the task of a child, and says whether this process is one. It
// belongs at the beginning of main.
func Child() (bool, error) {
	text, is := os.LookupEnv(taskVariable)
	if !is {
		return false, nil
	}
	var t task
	if err := json.Unmarshal([]byte(text), &t); err != nil {
		return true, err
	}
	server := rpc.NewServer()
	stop, err := t.start(server)
	if err != nil {
		return true, err
	}
	if err := server.Register(&Process{}); err != nil {
		return true, errors.Join(err, stop())
	}
	profiled, err := t.profile()
	if err != nil {
		return true, errors.Join(err, stop())
	}
	server.ServeCodec(jsonrpc.NewServerCodec(stdio{os.Stdin, os.Stdout}))
	return true, errors.Join(profiled(), stop())
}

// profile writes a CPU profile, when that is asked for.
func (t task) profile() (stop func() error, err error) {
	folder := os.Getenv(profilesVariable)
	if folder == "" {
		return func() error { return nil }, nil
	}
	name := "broker"
	if t.Node != nil {
		name = strings.ReplaceAll(t.Node.Module, " ", "-")
	}
	file, err := os.Create(filepath.Join(folder, fmt.Sprintf("%s-%d.pprof", name, os.Getpid())))
	if err != nil {
		return nil, err
	}
	return func() error { pprof.StopCPUProfile(); return file.Close() }, pprof.StartCPUProfile(file)
}

// Process tells what the process takes.
type Process struct{}

// Resident tells its megabytes.
func (Process) Resident(_ Nothing, megabytes *float64) (err error) {
	*megabytes, err = residentMegabytes()
	return err
}

// Processor tells its seconds of processor time so far.
func (Process) Processor(_ Nothing, seconds *float64) (err error) {
	*seconds, err = processorSeconds()
	return err
}

func (t task) start(server *rpc.Server) (stop func() error, err error) {
	if t.Broker {
		b, err := startBroker()
		if err != nil {
			return nil, err
		}
		return b.stop, server.Register(b)
	}
	n, err := startNode(context.Background(), *t.Node)
	if err != nil {
		return nil, err
	}
	return n.stop, server.Register(n)
}

// stdio is standard input and output as one.
type stdio struct {
	io.ReadCloser
	io.Writer
}

// child is a process that was started here.
type child struct {
	*rpc.Client
	cmd *exec.Cmd
}

func startChild(t task) (*child, error) {
	text, err := json.Marshal(t)
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), taskVariable+"="+string(text))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &child{jsonrpc.NewClient(struct {
		io.Reader
		io.WriteCloser
	}{out, in}), cmd}, nil
}

// patience bounds every question to a child.
const patience = 10 * time.Minute

// ask asks the child. The method is that of broker or Node.
func (c *child) ask(method string, question, answer any) error {
	call := c.Go(method, question, answer, make(chan *rpc.Call, 1))
	select {
	case <-call.Done:
		if call.Error != nil {
			return fmt.Errorf("%s: %w", method, call.Error)
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%s: there is no answer after %s", method, patience)
	}
}

// stop ends the child cleanly, and kills it when it does not end.
func (c *child) stop() error {
	err := c.Close()
	if errors.Is(err, rpc.ErrShutdown) {
		err = nil
	}
	overdue := time.AfterFunc(30*time.Second, func() { _ = c.cmd.Process.Kill() })
	defer overdue.Stop()
	return errors.Join(err, c.cmd.Wait())
}

// children are stopped together, the last first.
type children []*child

func (all *children) start(t task) (*child, error) {
	c, err := startChild(t)
	if err == nil {
		*all = append(*all, c)
	}
	return c, err
}

func (all children) stop(err *error) {
	for i := range all {
		*err = errors.Join(*err, all[len(all)-1-i].stop())
	}
}
