package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

const loadUsage = `usage: productcatalog load [FLAGS]

Starts the modules in processes of their own on this machine, launches products at
a fixed rate through a NATS server, and measures what happens. In the end it stops
the processes, and holds their logs and what the search engine and the mail server
were told against what must be there.

  productcatalog load --rate 100 --for 30s
  productcatalog load --rate 100 --for 30s --kill Pricing
  productcatalog load --rate 100 --for 30s --compare
  productcatalog load --store postgres://postgres@localhost --nats nats://localhost

A product is launched by four commands, one after the other: CreateProduct,
DescribeProduct and PublishProduct to Catalog, SetPrice to Pricing. The modules
send each other what follows.

How it is measured: "accepted" by the clock of this program, from when the product
was due, so that a queue here counts; "published" when a listener on the broker gets
the event; "answered" between the times of two records, the event in the log of one
module and the event that follows from it in the log of another; "visible" from the
time of ProductPublished until this program finds the product by asking Search.

`

// load are the flags of a load.
type load struct {
	rate      float64
	lasting   time.Duration
	processes int
	compare   bool
	kill      string
	down      time.Duration
	store     string
	nats      string
	asJSON    bool
	dir       string
}

// loadCommand measures what the arguments say.
func loadCommand(ctx context.Context, args []string, out io.Writer) error {
	var l load
	flags := pflag.NewFlagSet("productcatalog load", pflag.ContinueOnError)
	flags.Float64Var(&l.rate, "rate", 50, "how many products are launched a second")
	flags.DurationVar(&l.lasting, "for", 10*time.Second, "how long")
	flags.IntVar(&l.processes, "processes", 5, "1 for all modules in one process, 5 for one each")
	flags.BoolVar(&l.compare, "compare", false, "measure one process, then five, and print both")
	flags.StringVar(&l.kill, "kill", "", "kill -9 the process of this `MODULE` half-way")
	flags.DurationVar(&l.down, "down", 3*time.Second, "how long it is down")
	flags.StringVar(&l.store, "store", "sqlite", "sqlite, or the `URL` of a PostgreSQL server, which gets a database for the run")
	flags.StringVar(&l.nats, "nats", "embedded", "embedded, or the `URL` of a NATS server")
	flags.BoolVar(&l.asJSON, "json", false, "print JSON")
	flags.StringVar(&l.dir, "dir", "", "keep logs and databases in this `FOLDER` (default a temporary one)")
	flags.Usage = func() { fmt.Fprint(out, loadUsage, flags.FlagUsages()) }
	if err := flags.Parse(args); errors.Is(err, pflag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if err := l.check(flags); err != nil {
		return err
	}
	results, err := l.run(ctx)
	if err != nil {
		return err
	}
	if err := showResults(out, results, l.asJSON); err != nil {
		return err
	}
	wrong := 0
	for _, r := range results {
		wrong += len(r.Wrong)
	}
	if wrong > 0 {
		return fmt.Errorf("%d promises were broken", wrong)
	}
	return nil
}

func (l *load) check(flags *pflag.FlagSet) error {
	names := moduleNames()
	switch {
	case flags.NArg() > 0:
		return fmt.Errorf("load takes no argument %q", flags.Arg(0))
	case l.rate <= 0 || l.rate > 100_000:
		return fmt.Errorf("--rate %v: it is more than 0, and 100000 at most", l.rate)
	case l.rate*l.lasting.Seconds() < 1:
		return fmt.Errorf("--rate %v --for %v: this launches no product", l.rate, l.lasting)
	case l.processes != 1 && l.processes != len(names):
		return fmt.Errorf("--processes %d: it is 1 or %d", l.processes, len(names))
	case l.kill != "" && !slices.Contains(names, l.kill):
		return fmt.Errorf("--kill %s: there is no such module; there are %s", l.kill, strings.Join(names, ", "))
	case l.kill != "" && l.compare:
		return errors.New("--kill and --compare: a comparison is of two undisturbed runs")
	case l.store != "sqlite" && !strings.HasPrefix(l.store, "postgres://") && !strings.HasPrefix(l.store, "postgresql://"):
		return fmt.Errorf("--store %s: it is sqlite or postgres://…", l.store)
	}
	return nil
}

// run measures each arrangement of processes, one after the other.
func (l *load) run(ctx context.Context) (results []result, err error) {
	dir := l.dir
	if dir == "" {
		if dir, err = os.MkdirTemp("", "productcatalog-load-"); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	arrangements := []int{l.processes}
	if l.compare {
		arrangements = []int{1, len(moduleNames())}
	}
	for _, processes := range arrangements {
		r, err := l.measure(ctx, dir, processes)
		if err != nil {
			return nil, err
		}
		results = append(results, r)
	}
	return results, nil
}

// moduleNames are the modules of the storm.
func moduleNames() []string {
	var names []string
	for _, m := range outside(io.Discard) {
		names = append(names, m.Name())
	}
	return names
}
