package docs

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestTutorial does what the tutorial says, in its order.
func TestTutorial(t *testing.T) {
	r := newReader(t, "tutorial.md")
	r.write("library.storm", r.next("storm"))
	r.run(r.commands("landfall new")[0], "")
	r.dir = filepath.Join(r.dir, "library")
	r.run("make test", "LendBook is not rejected") // fails until somebody decides

	decision := "([]landfall.Event, error) {\n"
	r.edit("lending/book.go", "(c LendBook) "+decision, "(c LendBook) "+decision+r.next("go"))
	r.edit("lending/book.go", "// What does it change?", "b.Reader = \"\"")
	r.run("make test", "")
	lend := r.commands("Lending.LendBook")
	r.prints(lend[0], "Lending.BookLent of dune {\"reader\":\"Ann\"}\n")
	r.run(lend[1], "the book is out")

	r.storm(r.next("storm"))
	_, skeleton, _ := strings.Cut(r.run("landfall gen .", ""), "begin with\n")
	r.run("go build", "Book.Reserve undefined")
	r.edit("lending/book.go", "// Apply changes", skeleton+"\n// Apply changes")

	r.storm(r.next("storm"))
	setUp := r.commands("landfall gen")
	for _, command := range setUp[:2] {
		r.run(command, "")
	}
	r.prints(setUp[2], r.next("output"))
	r.moveOut()
}

// moveOut is the tutorial's last step.
func (r *reader) moveOut() {
	r.run(r.commands("cp library.db")[0], "")
	servers := r.commands("serve --modules")
	r.serve(servers[0])
	letters := r.serve(servers[1])
	r.prints(r.commands("LendBook ulysses")[0], r.next("output"))
	letter := r.next("output")
	letters.says(letter)
	letters.stop()

	r.prints("./library --nats nats://127.0.0.1:4222 LendBook moby '{\"reader\": \"Ann\"}'", "BookLent of moby {\"reader\":\"Ann\"}\n")
	again := r.serve(servers[1])
	again.says("LetterSent of moby {\"reader\":\"Ann\"}\n")
	if sent := letters.out.String() + again.out.String(); sent != letter+"LetterSent of moby {\"reader\":\"Ann\"}\n" {
		r.t.Errorf("a letter was sent twice:\n%s", sent)
	}
}

// reader follows a page: the blocks of each kind in their order, in a folder of
// their own.
type reader struct {
	t      *testing.T
	page   page
	blocks map[string][]string // by kind, those that are not used yet
	dir    string
	env    []string
	addr   string // in place of NATS's own
}

func newReader(t *testing.T, name string) *reader {
	t.Helper()
	r := &reader{t: t, page: readPage(t, name), blocks: map[string][]string{}, dir: t.TempDir()}
	for _, b := range fence.FindAllStringSubmatch(r.page.text, -1) {
		r.blocks[b[1]] = append(r.blocks[b[1]], b[2])
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r.addr = free.Addr().String()
	free.Close()
	bin := t.TempDir()
	if out, err := exec.Command("go", "build", "-buildvcs=auto", "-o", bin, "../cmd/landfall").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	r.env = append(os.Environ(), "PATH="+bin+":"+os.Getenv("PATH"), "GOWORK=off", "GOFLAGS=", "CGO_ENABLED=0", "LANDFALL_NATS_ADDR="+r.addr)
	return r
}

// next returns the next block of a kind.
func (r *reader) next(kind string) string {
	r.t.Helper()
	if len(r.blocks[kind]) == 0 {
		r.t.Fatalf("docs/%s has not enough blocks of the kind %q", r.page.name, kind)
	}
	block := r.blocks[kind][0]
	r.blocks[kind] = r.blocks[kind][1:]
	return block
}

// commands returns the lines of the next block of commands, which has to show
// the one that is asked for.
func (r *reader) commands(showing string) []string {
	r.t.Helper()
	block := r.next("")
	if !strings.Contains(block, showing) {
		r.t.Fatalf("docs/%s: %q is not in the block\n%s", r.page.name, showing, block)
	}
	return strings.Split(strings.TrimSpace(block), "\n")
}

func (r *reader) write(name, text string) {
	r.t.Helper()
	if err := os.WriteFile(filepath.Join(r.dir, name), []byte(text), 0o666); err != nil {
		r.t.Fatal(err)
	}
}

func (r *reader) edit(name, before, after string) {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.dir, name))
	if err != nil || !strings.Contains(string(text), before) {
		r.t.Fatalf("%s has no %q: %v", name, before, err)
	}
	r.write(name, strings.Replace(string(text), before, after, 1))
}

// storm adds to the storm what a block shows beside its name.
func (r *reader) storm(block string) {
	r.t.Helper()
	const name = "storm \"Library\"\n"
	added, ok := strings.CutPrefix(block, name)
	if !ok {
		r.t.Fatalf("this does not begin with %s:\n%s", name, block)
	}
	have, err := os.ReadFile(filepath.Join(r.dir, "library.storm"))
	if err != nil {
		r.t.Fatal(err)
	}
	r.write("library.storm", string(have)+added)
}

func (r *reader) command(line string) *exec.Cmd {
	cmd := exec.Command("bash", "-c", "exec "+strings.ReplaceAll(line, "127.0.0.1:4222", r.addr))
	cmd.Dir, cmd.Env = r.dir, r.env
	return cmd
}

// run runs a line and returns what it says. The line has to fail, saying so, when
// failing is not empty.
func (r *reader) run(line, failing string) string {
	r.t.Helper()
	out, err := r.command(line).CombinedOutput()
	if (err != nil) != (failing != "") || !strings.Contains(string(out), failing) {
		r.t.Fatalf("%s: %v; it should say %q\n%s", line, err, failing, out)
	}
	return string(out)
}

func (r *reader) prints(line, want string) {
	r.t.Helper()
	if got := r.run(line, ""); got != want {
		r.t.Fatalf("%s prints\n%s\nand not\n%s", line, got, want)
	}
}

// server is a process that runs until it is stopped.
type server struct {
	t    *testing.T
	cmd  *exec.Cmd
	out  output
	errs output
}

// output is what a process writes, for those who wait for it.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

func (r *reader) serve(line string) *server {
	r.t.Helper()
	s := &server{t: r.t, cmd: r.command(line)}
	s.cmd.Stdout, s.cmd.Stderr = &s.out, &s.errs
	if err := s.cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(s.stop)
	s.wait(&s.errs, "INFO ready")
	return s
}

// says waits until the process has printed a line.
func (s *server) says(line string) {
	s.t.Helper()
	s.wait(&s.out, line)
}

func (s *server) wait(o *output, text string) {
	s.t.Helper()
	for range 600 {
		if strings.Contains(o.String(), text) {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.t.Fatalf("%v has not said %q in a minute:\n%s%s", s.cmd, text, &s.out, &s.errs)
}

// stop does what Ctrl-C does, once.
func (s *server) stop() {
	if s.cmd.ProcessState != nil {
		return
	}
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		s.t.Error(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("%v: %v\n%s", s.cmd, err, &s.errs)
	}
}
