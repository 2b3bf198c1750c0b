package crowd

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"runtime/pprof"
	"strconv"
	"strings"
	"syscall"
	"testing/fstest"
	"time"

	"github.com/landfall-go/landfall/board/server"
)

// serverVariable holds what a process that is to be the server serves.
const serverVariable = "LANDFALL_BENCH_BOARD"

// served is what the server serves.
type served struct {
	Folder  string
	Store   string
	Profile string
}

// Child serves the board, when this process was started for that, and says whether
// it was. It belongs at the beginning of main.
func Child() (bool, error) {
	text, is := os.LookupEnv(serverVariable)
	if !is {
		return false, nil
	}
	var s served
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		return true, err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return true, s.serve(ctx)
}

func (s served) serve(ctx context.Context) error {
	if s.Profile != "" {
		f, err := os.Create(s.Profile)
		if err != nil {
			return err
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return err
		}
		defer pprof.StopCPUProfile()
	}
	b, err := server.New(ctx, server.Config{
		Path: s.Folder, Pages: fs.FS(fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}), Store: s.Store,
		Logger: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		Limits: server.Limits{Sockets: 2000, Connections: 10_000},
	})
	if err != nil {
		return err
	}
	fmt.Println(b.URL())
	return b.Run(ctx)
}

// process is the server as the browsers have it.
type process struct {
	cmd *exec.Cmd
	url string
}

func launch(s served) (*process, error) {
	text, err := json.Marshal(s)
	if err != nil {
		return nil, err
	}
	program, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p := &process{cmd: exec.Command(program)}
	p.cmd.Env = append(os.Environ(), serverVariable+"="+string(text))
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		return nil, fmt.Errorf("the server did not start: %w", errors.Join(err, p.stop()))
	}
	p.url = strings.TrimSuffix(strings.TrimSpace(line), "/")
	return p, nil
}

// stop ends the server, by force when it takes long.
func (p *process) stop() error {
	err := p.cmd.Process.Signal(os.Interrupt)
	overdue := time.AfterFunc(60*time.Second, func() { _ = p.cmd.Process.Kill() })
	defer overdue.Stop()
	return errors.Join(err, p.cmd.Wait())
}

// memory returns what the process has in memory, and had at most, in megabytes. Only
// Linux tells it; elsewhere it is zero.
func (p *process) memory() (now, peak float64) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		kb, _ := strconv.ParseFloat(fields[1], 64)
		switch fields[0] {
		case "VmRSS:":
			now = kb / 1024
		case "VmHWM:":
			peak = kb / 1024
		}
	}
	return now, peak
}

// busy returns the processor time that a process has used. Only Linux tells it.
func busy(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+system) * 10 * time.Millisecond
}
