package docs

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	natsserver "github.com/nats-io/nats-server/v2/server"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"

	"github.com/landfall-go/landfall/hosting"
	"github.com/landfall-go/landfall/transport/nats"
)

// flagsOf returns the flags of a process, each with its variable.
func flagsOf() map[string]string {
	set := pflag.NewFlagSet("serve", pflag.ContinueOnError)
	new(hosting.Options).AddFlags(set)
	all := map[string]string{}
	set.VisitAll(func(f *pflag.Flag) {
		all["--"+f.Name] = "LANDFALL_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
	})
	return all
}

var (
	flagRow  = regexp.MustCompile("(?m)^\\| `(--[a-z-]+)` \\| `([A-Z_]+)` \\|")
	flagWord = regexp.MustCompile(`(?m)marsrover serve.*$`)
	flagName = regexp.MustCompile(`--[a-z][a-z-]*`)
	variable = regexp.MustCompile(`LANDFALL_[A-Z_]+`)
)

// TestDeploymentFlags finds every flag of a process in the page's table, and
// nothing on the page that is no flag or variable.
func TestDeploymentFlags(t *testing.T) {
	page := readPage(t, "deployment.md")
	flags, rows := flagsOf(), map[string]string{}
	for _, row := range flagRow.FindAllStringSubmatch(page.text, -1) {
		rows[row[1]] = row[2]
	}
	if d := cmp.Diff(flags, rows); d != "" {
		t.Errorf("the flags (-program +page)\n%s", d)
	}
	used := 0
	for _, line := range flagWord.FindAllString(page.text, -1) {
		for _, name := range flagName.FindAllString(line, -1) {
			used++
			if flags[name] == "" {
				t.Errorf("%s has no flag %s", line, name)
			}
		}
	}
	for _, name := range variable.FindAllString(page.text, -1) {
		used++
		if !slices.Contains(slices.Collect(mapValues(flags)), name) {
			t.Errorf("no flag has the variable %s", name)
		}
	}
	if used < 20 {
		t.Errorf("only %d flags and variables were found; has the form of the page changed?", used)
	}
}

func mapValues(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// TestDeploymentCompose reads the compose file as its tools do, and looks at what
// it gives to the program.
func TestDeploymentCompose(t *testing.T) {
	page := readPage(t, "deployment.md")
	var file struct {
		Services map[string]struct {
			Image       string
			Command     []string
			Environment map[string]string
			Volumes     []string
		}
		Volumes map[string]any
	}
	if err := yaml.Unmarshal([]byte("services:\n"+page.after(t, "services:")), &file); err != nil {
		t.Fatal(err)
	}
	ours := 0
	for name, s := range file.Services {
		for _, v := range s.Volumes {
			if from, _, _ := strings.Cut(v, ":"); file.Volumes[from] == nil {
				t.Errorf("%s mounts %s, which is not among the volumes", name, from)
			}
		}
		if s.Image != "marsrover" {
			continue
		}
		ours++
		set := pflag.NewFlagSet(name, pflag.ContinueOnError)
		var o hosting.Options
		o.AddFlags(set)
		if err := set.Parse(s.Command); err != nil || len(o.Modules) != 1 || !strings.EqualFold(o.Modules[0], name) {
			t.Errorf("%s: %v runs %v: %v", name, s.Command, o.Modules, err)
		}
		if s.Environment["LANDFALL_STORE"] == "" || s.Environment["LANDFALL_NATS"] == "" {
			t.Errorf("%s has no store or no broker", name)
		}
	}
	if ours != 2 {
		t.Errorf("%d services run modules, want 2", ours)
	}
}

// logRow is a row of the page's table of log messages.
var logRow = regexp.MustCompile("(?m)^\\| ((?:`[^`]+`(?:, )?)+) \\| [A-Z]")

// TestDeploymentLogs finds each message that the page explains in the code.
func TestDeploymentLogs(t *testing.T) {
	page := readPage(t, "deployment.md")
	_, section, _ := strings.Cut(page.text, "## Health and logs")
	section, _, _ = strings.Cut(section, "\n## ")
	sources := programSources(t)
	found := 0
	for _, row := range logRow.FindAllStringSubmatch(section, -1) {
		for _, message := range strings.Split(strings.Trim(row[1], "`"), "`, `") {
			found++
			if !strings.Contains(sources, `"`+message) {
				t.Errorf("nothing logs %q", message)
			}
		}
	}
	if found < 10 {
		t.Errorf("%d messages were found; has the form of the page changed?", found)
	}
}

// programSources returns the code of the runtime, the stores, the transports and
// hosting.
func programSources(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	for _, pattern := range []string{"../*.go", "../hosting/*.go", "../store/*/*.go", "../transport/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(text)
		}
	}
	return all.String()
}

// certify makes a certificate for the loopback interface, as files of the names
// that the page's configuration has.
func certify(t *testing.T, dir string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "landfall"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]*pem.Block{
		"server.pem": {Type: "CERTIFICATE", Bytes: der}, "server.key": {Type: "EC PRIVATE KEY", Bytes: secret},
	} {
		if err := os.WriteFile(filepath.Join(dir, name), pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// configured reads a configuration of the page as a server does, with its files
// below dir and its address on the loopback interface.
func configured(t *testing.T, dir, text string) *natsserver.Options {
	t.Helper()
	here := strings.NewReplacer(`"/etc/nats/`, `"`+dir+"/", `"/var/lib/nats"`, `"`+filepath.Join(dir, "data")+`"`,
		`"0.0.0.0:4222"`, `"127.0.0.1:-1"`, `"0.0.0.0:6222"`, `"127.0.0.1:-1"`, `http: "127.0.0.1:8222"`, "").Replace(text)
	file := filepath.Join(dir, "nats.conf")
	if err := os.WriteFile(file, []byte(here), 0o600); err != nil {
		t.Fatal(err)
	}
	o, err := natsserver.ProcessConfigFile(file)
	if err != nil {
		t.Fatal(err)
	}
	o.NoLog, o.NoSigs = true, true
	return o
}

// TestDeploymentNATS starts a server with the page's configuration, and two
// modules and an operator who may do what it lists.
func TestDeploymentNATS(t *testing.T) {
	page := readPage(t, "deployment.md")
	dir := t.TempDir()
	certify(t, dir)
	o := configured(t, dir, "server_name: nats-1\n"+page.after(t, "server_name: nats-1"))
	users := 0
	for _, u := range o.Users {
		for _, of := range traffic[:2] {
			if !strings.EqualFold(u.Username, of.Module) {
				continue
			}
			users++
			want := nats.Names{}.Permissions(of)
			for what, lists := range map[string][2][]string{"publish": {want.Publish, u.Permissions.Publish.Allow}, "subscribe": {want.Subscribe, u.Permissions.Subscribe.Allow}} {
				if d := cmp.Diff(lists[0], lists[1]); d != "" {
					t.Errorf("%s may %s (-transport +page)\n%s", u.Username, what, d)
				}
			}
		}
	}
	if users != 2 {
		t.Errorf("%d modules may connect, want 2", users)
	}
	server, err := natsserver.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	go server.Start()
	t.Cleanup(func() { server.Shutdown(); server.WaitForShutdown() })
	if !server.ReadyForConnections(20 * time.Second) {
		t.Fatal("the server does not start")
	}
	as := func(user string) hosting.Options {
		return hosting.Options{
			Store: "memory:", Config: quiet(), NATSCA: filepath.Join(dir, "server.pem"),
			NATS: "tls://" + user + ":change-me@" + server.Addr().String(),
		}
	}
	options := as("rover")
	options.Modules = []string{"Rover"}
	process(t, options, nil)
	said := &console{}
	options = as("notification")
	options.Modules = []string{"Notification"}
	process(t, options, said)
	options = as("operator")
	options.NATSInbox = "operator"
	client := connect(t, options)
	hit(t, client, "1", "2")
	said.await(t, "1", "2")
}

// TestDeploymentCluster reads the page's addition for a cluster.
func TestDeploymentCluster(t *testing.T) {
	page := readPage(t, "deployment.md")
	o := configured(t, t.TempDir(), "server_name: nats-2\ncluster {\n"+page.after(t, "cluster {"))
	if o.Cluster.Name != "landfall" || len(o.Routes) != 3 {
		t.Errorf("cluster %+v with routes %v", o.Cluster, o.Routes)
	}
}

// connect opens a system without modules that ends with the test.
func connect(t *testing.T, o hosting.Options) *hosting.System {
	t.Helper()
	s, err := hosting.Connect(t.Context(), o, modules(nil)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeSystem(t, s) })
	return s
}

func closeSystem(t *testing.T, s *hosting.System) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

// within bounds what a test waits for.
func within(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	t.Cleanup(cancel)
	return ctx
}
