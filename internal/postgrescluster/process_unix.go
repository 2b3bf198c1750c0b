//go:build unix

package postgrescluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"runtime"
	"strconv"
	"syscall"
)

// owner is the user that a server runs as; nil stands for this process's own.
type owner struct{ credential *syscall.Credential }

// findOwner chooses a user for the server when this process is root's.
func findOwner() (*owner, error) {
	if os.Geteuid() != 0 {
		return &owner{}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return nil, err
		}
		return &owner{credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
	}
	return nil, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it")
}

// own gives a folder to the owner.
func (o *owner) own(folder string) error {
	if o.credential == nil {
		return nil
	}
	return os.Chown(folder, int(o.credential.Uid), int(o.credential.Gid))
}

func (o *owner) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: o.credential}
	return cmd
}

// server is the first process of a running server.
type server struct {
	pid   int
	ended chan struct{} // closed when it has ended
}

// run starts a server. Its thread lives as long as the server does: on Linux
// the end of the thread that started a process is the end of its parent.
func run(o *owner, folder, binary string, args []string, log *os.File) (*server, error) {
	cmd := o.command(context.Background(), binary, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = folder, log, log
	cmd.SysProcAttr.Setpgid = true // an interrupt from the keyboard is for the test
	endWithParent(cmd.SysProcAttr)
	s := &server{ended: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := cmd.Start()
		if err == nil {
			s.pid = cmd.Process.Pid
		}
		started <- err
		if err == nil {
			_ = cmd.Wait() // how it ended is in its log
			close(s.ended)
		}
	}()
	return s, <-started
}

type ending int

const (
	fast      ending = iota // connections are cut, a checkpoint is made
	immediate               // as after a crash
	killed                  // kill -9 of every process
)

const (
	pause  = syscall.SIGSTOP
	resume = syscall.SIGCONT
)

func (s *server) end(how ending) error {
	switch how {
	case fast:
		return s.signal(s.pid, syscall.SIGINT)
	case immediate:
		return errors.Join(s.signalAll(resume), s.signal(s.pid, syscall.SIGQUIT))
	}
	// It must not see its children die.
	if err := s.signal(s.pid, syscall.SIGSTOP); err != nil {
		return err
	}
	return s.signalAll(syscall.SIGKILL)
}

// signalAll signals every process of the server, the first one last.
func (s *server) signalAll(sig syscall.Signal) error {
	pids, err := children(s.pid)
	if err != nil {
		return err
	}
	for _, pid := range append(pids, s.pid) {
		if err := s.signal(pid, sig); err != nil {
			return err
		}
	}
	return nil
}

// signal signals a process unless it has ended.
func (s *server) signal(pid int, sig syscall.Signal) error {
	if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("signal %s to process %d: %w", sig, pid, err)
	}
	return nil
}

func alive(pid int) bool { return !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) }
