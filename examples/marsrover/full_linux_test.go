package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/landfall-go/landfall/store"
)

// How a child makes room scarce: with a small disk of its own, where the system
// lets it, or else with a limit on the size of its files.
const (
	scarceVariable = "MARSROVER_TEST_SCARCE"
	scarceDisk     = "disk"
	scarceFile     = "file"
)

// TestAFullDiskLosesNothing drives rovers until the disk is full, then has
// room made, and goes on.
func TestAFullDiskLosesNothing(t *testing.T) {
	own := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	user := &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWNS | syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}},
	}
	for _, try := range []struct {
		scarce string
		attr   *syscall.SysProcAttr
	}{{scarceDisk, own}, {scarceDisk, user}, {scarceFile, nil}} {
		dir := t.TempDir()
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), childTask+"=fill", childDatabase+"="+filepath.Join(dir, "rovers.db"), scarceVariable+"="+try.scarce)
		c.SysProcAttr = try.attr
		out, err := c.CombinedOutput()
		if try.attr != nil && (errors.Is(err, os.ErrPermission) || bytes.Contains(out, []byte(noDisk))) {
			continue // this system gives no disk to tests
		}
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		t.Logf("made room scarce by a %s", try.scarce)
		whatWasAcknowledgedIsThere(t, filepath.Join(dir, "copy.db"), string(out))
		return
	}
	t.Fatal("there is no way to make room scarce")
}

func whatWasAcknowledgedIsThere(t *testing.T, db, told string) {
	h := &harness{t: t, db: db, acks: map[string]ack{}, printed: map[string]int{}, plan: make([]slot, slots)}
	var full []string
	for line := range strings.Lines(told) {
		line = strings.TrimSpace(line)
		word, rest, _ := strings.Cut(line, " ")
		switch word {
		case toldAck:
			h.acknowledge(rest)
		case toldPrinted:
			h.printed[rest]++
		case "full":
			full = append(full, rest)
		default:
			if !strings.HasPrefix(line, "time=") { // the runtime's log, which says it too
				t.Errorf("the child says: %s", line)
			}
		}
	}
	if len(full) == 0 {
		t.Error("the disk did not get full")
	}
	t.Logf("%d commands were acknowledged; then:\n%s", len(h.acks), strings.Join(full, "\n"))
	h.settle()
	if h.unacknowledged != 0 {
		t.Errorf("%d events were stored that nobody was told of", h.unacknowledged)
	}
}

const noDisk = "no disk of its own"

// fillDisk drives rovers until there is no room, then makes some and goes on.
func fillDisk(db string) error {
	dir := filepath.Dir(db)
	makeRoom, err := scarce(filepath.Join(dir, "disk"))
	if err != nil {
		return err
	}
	small := filepath.Join(dir, "disk", "rovers.db")
	plan := []slot{{number: 0}, {number: 1}, {number: 2}}
	if err := driveUntilFull(small, plan); err != nil {
		return err
	}
	if os.Getenv(scarceVariable) == scarceDisk {
		if err := runOnFullDisk(small); err != nil {
			return err
		}
	}
	if err := makeRoom(); err != nil {
		return err
	}
	if err := driveOn(small, plan); err != nil {
		return err
	}
	data, err := os.ReadFile(small)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "copy.db"), data, 0o644)
}

func runOnFullDisk(db string) error {
	var stderr bytes.Buffer
	m := Main{Stdout: io.Discard, Stderr: &stderr}
	if code := m.Run(context.Background(), "run", "--db", db, "MMM"); code != exitFailed || strings.Count(stderr.String(), "the disk is full") != 1 {
		return fmt.Errorf("marsrover run on a full disk: exit code %d: %s", code, &stderr)
	}
	say("full %s", strings.TrimSpace(stderr.String()))
	return nil
}

func driveUntilFull(db string, plan []slot) error {
	s, host, err := running(db, sayer{})
	if err != nil {
		return err
	}
	for err == nil {
		for i := range plan {
			if err = driveSlot(host, &plan[i]); err != nil {
				break
			}
		}
		if err == nil {
			err = host.Settle(context.Background())
		}
	}
	if os.Getenv(scarceVariable) == scarceDisk && !errors.Is(err, store.ErrFull) {
		return fmt.Errorf("a full disk is told as: %w", err)
	}
	say("full %v", err)
	// Neither may find room for what it has to write; it is made again.
	_, _ = host.Close(), s.Close()
	return nil
}

// driveOn repeats the commands that found no room, and sends some more.
func driveOn(db string, plan []slot) error {
	s, host, err := running(db, sayer{})
	if err != nil {
		return err
	}
	for range 20 {
		for i := range plan {
			if err := driveSlot(host, &plan[i]); err != nil {
				return err
			}
		}
		if err := host.Settle(context.Background()); err != nil {
			return err
		}
	}
	return errors.Join(host.Close(), s.Close())
}

// scarce makes a folder with little room and returns what makes more.
func scarce(dir string) (makeRoom func() error, err error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	if os.Getenv(scarceVariable) == scarceFile {
		signal.Ignore(syscall.SIGXFSZ)
		var limit syscall.Rlimit
		if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
			return nil, err
		}
		little := syscall.Rlimit{Cur: 1 << 20, Max: limit.Max}
		return func() error { return syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit) }, syscall.Setrlimit(syscall.RLIMIT_FSIZE, &little)
	}
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=8m"); err != nil {
		return nil, fmt.Errorf("%s: %w", noDisk, err)
	}
	ballast := filepath.Join(dir, "ballast")
	return func() error { return os.Remove(ballast) }, os.WriteFile(ballast, make([]byte, 7<<20), 0o644)
}
