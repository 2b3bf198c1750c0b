package postgrescluster

import (
	"context"
	"errors"
	"os"
	"os/exec"
)

var errUnix = errors.New("clusters are started on Unix only")

type owner struct{}

func findOwner() (*owner, error) { return nil, errUnix }

func (o *owner) own(string) error { return nil }

func (o *owner) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	return exec.CommandContext(ctx, name, args...)
}

type server struct{ ended chan struct{} }

func run(*owner, string, string, []string, *os.File) (*server, error) { return nil, errUnix }

type ending int

const (
	fast ending = iota
	immediate
	killed
)

const (
	pause  = 0
	resume = 0
)

func (s *server) end(ending) error { return errUnix }

func (s *server) signalAll(int) error { return errUnix }

func alive(int) bool { return true }
