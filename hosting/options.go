package hosting

import (
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"github.com/landfall-go/landfall"
)

// Embedded is the value of Options.NATS that starts a server in this process.
const Embedded = "embedded"

// What the zero values of Options stand for.
const (
	defaultStore = "landfall.db"
	defaultAddr  = "127.0.0.1:4222"
)

// Options say what this process runs, and on what. The zero value runs all
// modules on the SQLite file landfall.db, without a broker.
type Options struct {
	// Modules are the names of the modules that run here; none stands for all.
	Modules []string
	// Store is an SQLite file ("rover.db", "sqlite:rover.db"), a URL of PostgreSQL
	// ("postgres://…") or "memory:".
	Store string
	// NATS is the URL of a broker, several of them with commas between them, or
	// [Embedded]. Empty stands for no broker.
	NATS string
	// NATSAddr is where an embedded broker listens, by default 127.0.0.1:4222.
	// Port 0 takes a free one, which System.NATS returns.
	NATSAddr string
	// NATSDir is the folder of an embedded broker. By default it lies beside the
	// SQLite file: rover.nats beside rover.db.
	NATSDir string
	// NATSPrefix begins all subjects and streams, by default with "landfall".
	NATSPrefix string
	// NATSInbox names the inbox that answers come to, by default after the first
	// module that runs here. A server whose permissions keep users from reading
	// each other's answers wants it; see nats.Names.Permissions.
	NATSInbox string
	// NATSReplicas is on how many servers of a cluster each stream is kept, by
	// default on one.
	NATSReplicas int
	// NATSEventBatches has events share messages, which costs less and asks more
	// of listeners that are not modules; see nats.WithEventBatches.
	NATSEventBatches bool
	// NATSCreds is a file with the user's credentials (JWT and seed).
	NATSCreds string
	// NATSCA is a PEM file with the authorities that the broker's certificate is
	// checked with; NATSCert and NATSKey are the client's own.
	NATSCA, NATSCert, NATSKey string
	// Health is the address of the HTTP endpoint, such as 127.0.0.1:8080. Empty
	// stands for none.
	Health string
	// Config has what no flag says: Logger, Hooks, Retry, CacheSize and
	// SnapshotEvery. Open sets its other fields.
	Config landfall.Config

	mistakes []func() error // what variables of the environment say wrong, unless flags are given
}

// AddFlags adds the flags of a process that runs modules. Their defaults are the
// fields, over which LANDFALL_MODULES, LANDFALL_STORE, LANDFALL_NATS and so on go
// when they are set.
func (o *Options) AddFlags(flags *pflag.FlagSet) {
	if o.Store == "" {
		o.Store = defaultStore
	}
	if o.NATSAddr == "" {
		o.NATSAddr = defaultAddr
	}
	modules := o.Modules
	if names, set := os.LookupEnv(variable("modules")); set {
		modules = strings.FieldsFunc(names, func(r rune) bool { return r == ',' })
	}
	flags.StringSliceVar(&o.Modules, "modules", modules, "the `NAMES` of the modules that run here, with commas between them (default all)")
	text(flags, &o.Store, "store", "an SQLite `FILE`, postgres://… or memory:")
	o.AddClientFlags(flags)
	flags.Lookup("nats").Usage = "the `URL` of the NATS server that joins the processes, or embedded to start one here"
	text(flags, &o.NATSAddr, "nats-addr", "the `ADDRESS` on which an embedded NATS server listens")
	flags.IntVar(&o.NATSReplicas, "nats-replicas", o.NATSReplicas, "on how many servers of a NATS cluster streams are kept (default 1)")
	o.fromEnvironment(flags, "nats-replicas")
	flags.BoolVar(&o.NATSEventBatches, "nats-event-batches", o.NATSEventBatches, "send several events in a message, for listeners that can read it, as all modules can")
	o.fromEnvironment(flags, "nats-event-batches")
	text(flags, &o.NATSDir, "nats-dir", "the `FOLDER` of an embedded NATS server (default beside the SQLite file)")
	text(flags, &o.Health, "health", "an `ADDRESS` for /healthz and /readyz over HTTP, such as 127.0.0.1:8080")
}

// AddClientFlags adds only those flags that [Connect] looks at.
func (o *Options) AddClientFlags(flags *pflag.FlagSet) {
	text(flags, &o.NATS, "nats", "the `URL` of the NATS server of a running system")
	text(flags, &o.NATSPrefix, "nats-prefix", "the first `WORD` of all NATS subjects (default landfall)")
	text(flags, &o.NATSInbox, "nats-inbox", "the `NAME` of the inbox for answers, as the server's permissions have it")
	text(flags, &o.NATSCreds, "nats-creds", "a `FILE` with credentials for NATS")
	text(flags, &o.NATSCA, "nats-tls-ca", "a PEM `FILE` with the authorities that NATS servers are checked with")
	text(flags, &o.NATSCert, "nats-tls-cert", "a PEM `FILE` with a certificate to show to NATS servers")
	text(flags, &o.NATSKey, "nats-tls-key", "the PEM `FILE` with the key of the certificate")
}

// text adds a flag for a field. What the help shows as the default is not taken
// from the environment, because a URL may hold a password.
func text(flags *pflag.FlagSet, field *string, name, usage string) {
	shown := *field
	value := shown
	if set, ok := os.LookupEnv(variable(name)); ok {
		value = set
	}
	flags.StringVar(field, name, value, usage)
	flags.Lookup(name).DefValue = shown
}

// fromEnvironment sets a flag that is no text. What it cannot be set to is refused
// when the system is opened.
func (o *Options) fromEnvironment(flags *pflag.FlagSet, name string) {
	set, ok := os.LookupEnv(variable(name))
	if !ok {
		return
	}
	if err := flags.Lookup(name).Value.Set(set); err != nil {
		o.mistakes = append(o.mistakes, func() error {
			if flags.Changed(name) {
				return nil
			}
			return mistake("--"+name, set, "%s: %w", variable(name), err)
		})
	}
}

// environment returns what is wrong with the variables that count.
func (o *Options) environment() error {
	for _, wrong := range o.mistakes {
		if err := wrong(); err != nil {
			return err
		}
	}
	return nil
}

// variable returns the variable of the environment that says the same as a flag.
func variable(flag string) string {
	return "LANDFALL_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// OptionError is a mistake in what somebody configured.
type OptionError struct {
	// Flag is the flag that says it, with two dashes before it.
	Flag string
	// Value is what was said, without passwords.
	Value string
	// Err says what is wrong with it.
	Err error
}

// Error names the flag, what it said, and what is wrong.
func (e *OptionError) Error() string {
	if e.Value == "" {
		return fmt.Sprintf("%s: %v", e.Flag, e.Err)
	}
	return fmt.Sprintf("%s %s: %v", e.Flag, e.Value, e.Err)
}

// Unwrap returns what is wrong.
func (e *OptionError) Unwrap() error { return e.Err }

func mistake(flag, value, format string, args ...any) error {
	return &OptionError{Flag: flag, Value: value, Err: fmt.Errorf(format, args...)}
}

// sort parts the modules into those that run here and the others.
func (o *Options) sort(modules []landfall.Module) (here, elsewhere []landfall.Module, err error) {
	if len(o.Modules) == 0 {
		return modules, nil, nil
	}
	chosen := map[string]bool{}
	for _, name := range o.Modules {
		chosen[strings.TrimSpace(name)] = true
	}
	var names []string
	for _, m := range modules {
		names = append(names, m.Name())
		if chosen[m.Name()] {
			here = append(here, m)
		} else {
			elsewhere = append(elsewhere, m)
		}
		delete(chosen, m.Name())
	}
	for _, name := range o.Modules {
		if chosen[strings.TrimSpace(name)] {
			return nil, nil, mistake("--modules", fmt.Sprintf("%q", name), "there is no such module; there are %s", strings.Join(names, ", "))
		}
	}
	if len(elsewhere) > 0 && o.NATS == "" {
		return nil, nil, mistake("--modules", strings.Join(o.Modules, ","),
			"the others (%s) run in other processes, to which there is no way; --nats names one, such as --nats nats://%s", namesOf(elsewhere), defaultAddr)
	}
	return here, elsewhere, nil
}

func namesOf(modules []landfall.Module) string {
	names := make([]string, len(modules))
	for i, m := range modules {
		names[i] = m.Name()
	}
	return strings.Join(names, ", ")
}

// place is a value of --store.
type place struct{ driver, where string }

const (
	inMemory   = "memory"
	onSQLite   = "sqlite"
	onPostgres = "postgres"
)

func (o *Options) place() (place, error) {
	text := o.Store
	if text == "" {
		text = defaultStore
	}
	scheme, rest, _ := strings.Cut(text, ":")
	switch {
	case text == "memory:":
		return place{inMemory, ""}, nil
	case strings.HasPrefix(text, "postgres://"), strings.HasPrefix(text, "postgresql://"):
		return place{onPostgres, text}, nil
	case scheme == onSQLite && rest != "":
		return place{onSQLite, rest}, nil
	case scheme == onSQLite, scheme == inMemory && rest != "", strings.Contains(text, "://"):
		return place{}, mistake("--store", redacted(text), "this names no store; name an SQLite file (sqlite:FILE), postgres://… or memory:")
	}
	return place{onSQLite, text}, nil
}

// shown is what a log may tell of the place.
func (p place) shown() string {
	switch p.driver {
	case inMemory:
		return "memory:"
	case onPostgres:
		return redacted(p.where)
	}
	return p.where
}

// redacted takes the passwords out of URLs with commas between them.
func redacted(text string) string {
	all := strings.Split(text, ",")
	for i, one := range all {
		if u, err := url.Parse(one); err == nil {
			all[i] = u.Redacted()
			continue
		}
		if before, after, ok := strings.Cut(one, "@"); ok { // not a URL, but it may hold a password all the same
			scheme, _, _ := strings.Cut(before, "://")
			all[i] = scheme + "://…@" + after
		}
	}
	return strings.Join(all, ",")
}
