package hosting_test

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"github.com/landfall-go/landfall/hosting"
)

// parse reads a command line into options with the defaults.
func parse(t *testing.T, defaults hosting.Options, args ...string) hosting.Options {
	t.Helper()
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	defaults.AddFlags(flags)
	if err := flags.Parse(args); err != nil {
		t.Fatal(err)
	}
	return defaults
}

func TestAFlagGoesBeforeTheEnvironmentAndThatBeforeTheDefault(t *testing.T) {
	defaults := hosting.Options{Store: "bells.db"}
	if o := parse(t, defaults); o.Store != "bells.db" || o.NATS != "" || o.NATSAddr != "127.0.0.1:4222" || len(o.Modules) != 0 {
		t.Errorf("by default %+v", o)
	}
	for name, value := range map[string]string{
		"MODULES": "Tower,Village", "STORE": "memory:", "NATS": "embedded", "NATS_ADDR": "127.0.0.1:1", "NATS_DIR": "d", "NATS_PREFIX": "p", "NATS_INBOX": "i", "NATS_REPLICAS": "3", "NATS_EVENT_BATCHES": "true",
		"NATS_CREDS": "c", "NATS_TLS_CA": "a", "NATS_TLS_CERT": "e", "NATS_TLS_KEY": "k", "HEALTH": "127.0.0.1:2",
	} {
		t.Setenv("LANDFALL_"+name, value)
	}
	o := parse(t, defaults)
	got := strings.Join(append(o.Modules, o.Store, o.NATS, o.NATSAddr, o.NATSDir, o.NATSPrefix, o.NATSInbox, strconv.Itoa(o.NATSReplicas), strconv.FormatBool(o.NATSEventBatches), o.NATSCreds, o.NATSCA, o.NATSCert, o.NATSKey, o.Health), " ")
	if want := "Tower Village memory: embedded 127.0.0.1:1 d p i 3 true c a e k 127.0.0.1:2"; got != want {
		t.Errorf("from the environment %s, want %s", got, want)
	}
	o = parse(t, defaults, "--modules", "Tower", "--store", "sqlite:x.db", "--nats", "")
	if len(o.Modules) != 1 || o.Store != "sqlite:x.db" || o.NATS != "" {
		t.Errorf("from flags %+v", o)
	}
}

func TestABadVariableOfTheEnvironmentIsRefused(t *testing.T) {
	for _, c := range []struct{ name, flag, bad, good string }{
		{"LANDFALL_NATS_REPLICAS", "--nats-replicas", "three", "1"},
		{"LANDFALL_NATS_EVENT_BATCHES", "--nats-event-batches", "often", "true"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Setenv(c.name, c.bad)
			o := parse(t, hosting.Options{Store: "memory:"})
			_, err := hosting.Open(t.Context(), o, modules(&ears{})...)
			if wrong := (*hosting.OptionError)(nil); !errors.As(err, &wrong) || wrong.Flag != c.flag || wrong.Value != c.bad || !strings.Contains(err.Error(), c.name) {
				t.Error(err)
			}
			open(t, parse(t, hosting.Options{Store: "memory:"}, c.flag+"="+c.good), modules(&ears{})...) // then the variable does not count
		})
	}
}

func TestTheHelpShowsNoPasswords(t *testing.T) {
	t.Setenv("LANDFALL_STORE", "postgres://me:secret@localhost/bells")
	t.Setenv("LANDFALL_NATS", "nats://me:secret@localhost")
	flags := pflag.NewFlagSet("test", pflag.ContinueOnError)
	var o hosting.Options
	o.AddFlags(flags)
	if help := flags.FlagUsages(); strings.Contains(help, "secret") || !strings.Contains(help, `(default "landfall.db")`) {
		t.Errorf("the help says\n%s", help)
	}
	if !strings.Contains(o.Store, "secret") {
		t.Errorf("the store is %q", o.Store)
	}
}

func TestBadOptionsAreRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("key.pem", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		options hosting.Options
		flag    string
		says    string
	}{
		{hosting.Options{Modules: []string{"Tower", "Vilage"}}, "--modules", `"Vilage": there is no such module; there are Tower, Village`},
		{hosting.Options{Modules: []string{""}, NATS: "nats://localhost"}, "--modules", `"": there is no such module`},
		{hosting.Options{Modules: []string{"Tower"}}, "--modules", "the others (Village) run in other processes"},
		{hosting.Options{Store: "sqlite:"}, "--store", "this names no store"},
		{hosting.Options{Store: "memory:x"}, "--store", "this names no store"},
		{hosting.Options{Store: "mysql://me:secret@localhost/x"}, "--store", "mysql://me:xxxxx@localhost/x: this names no store"},
		{hosting.Options{NATS: "embedded", NATSAddr: "4222"}, "--nats-addr", "this is no address"},
		{hosting.Options{NATS: "embedded", NATSAddr: "127.0.0.1:x"}, "--nats-addr", `"x" is no port`},
		{hosting.Options{NATS: "embedded", NATSAddr: "192.0.2.1:4222"}, "--nats-addr", "192.0.2.1:4222"},
		{hosting.Options{NATS: "nats://localhost", NATSCA: "none.pem"}, "--nats-tls-ca", "none.pem"},
		{hosting.Options{NATS: "nats://localhost", NATSKey: "key.pem"}, "--nats-tls-cert", "go together"},
		{hosting.Options{NATS: "nats://me:secret@a b", Store: "memory:"}, "--nats", "nats"},
		{hosting.Options{NATS: "nats://localhost", NATSPrefix: "a.b", Store: "memory:"}, "--nats", "prefix"},
		{hosting.Options{NATS: "nats://localhost", NATSReplicas: 6}, "--nats-replicas", "1 to 5 servers"},
		{hosting.Options{Health: "nowhere"}, "--health", "nowhere"},
	} {
		s, err := hosting.Open(t.Context(), c.options, modules(&ears{})...)
		if err == nil {
			t.Errorf("%+v is taken: %v", c.options, s.Close())
			continue
		}
		var wrong *hosting.OptionError
		if !errors.As(err, &wrong) || wrong.Flag != c.flag || !strings.Contains(err.Error(), c.says) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v; want %s and %q", c.options, err, c.flag, c.says)
		}
	}
	if left, err := os.ReadDir("."); err != nil || len(left) != 1 {
		t.Errorf("files were made: %v, %v", left, err)
	}
}

func TestAClientNeedsARunningSystem(t *testing.T) {
	for nats, says := range map[string]string{"": "is missing", hosting.Embedded: "name that one's URL"} {
		_, err := hosting.Connect(t.Context(), hosting.Options{NATS: nats}, modules(&ears{})...)
		var wrong *hosting.OptionError
		if !errors.As(err, &wrong) || wrong.Flag != "--nats" || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", nats, err)
		}
	}
}
