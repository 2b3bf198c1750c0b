package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"

	"github.com/spf13/pflag"

	"github.com/landfall-go/landfall/hosting"
)

const serveUsage = `usage: productcatalog serve [FLAGS]

Runs the modules Catalog, Pricing, Inventory, Search and Notification until it
gets a signal to end: all in this process, or those of --modules, with the others
in processes of their own and a NATS server between them:

  productcatalog serve --modules Catalog,Pricing --store first.db --nats embedded
  productcatalog serve --modules Inventory,Search,Notification --store second.db --nats nats://127.0.0.1:4222

What the search engine and the mail server are told goes to the standard output.
Each flag can be given by the environment too, --nats as LANDFALL_NATS:

`

// serve runs modules until the context ends.
func serve(ctx context.Context, args []string, out io.Writer) error {
	options := hosting.Options{Store: "productcatalog.db"}
	flags := pflag.NewFlagSet("productcatalog serve", pflag.ContinueOnError)
	options.AddFlags(flags)
	guarded := flags.Bool("while-stdin", false, "end when the standard input ends, as when the process is gone that started this one")
	flags.Usage = func() { fmt.Fprint(out, serveUsage, flags.FlagUsages()) }
	if err := flags.Parse(args); errors.Is(err, pflag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() > 0 {
		return fmt.Errorf("serve takes no argument %q", flags.Arg(0))
	}
	if *guarded {
		ctx = whileStdin(ctx)
	}
	options.Config.Logger = slog.New(slog.NewTextHandler(os.Stderr, nil))
	system, err := hosting.Open(ctx, options, outside(&sequential{out: out})...)
	if err != nil {
		return err
	}
	return system.Run(ctx)
}

var errStdin = errors.New("the standard input has ended")

func whileStdin(ctx context.Context) context.Context {
	ctx, end := context.WithCancelCause(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // an error is an end too
		end(errStdin)
	}()
	return ctx
}

// sequential lets the external systems, which work at the same time, write one
// after the other.
type sequential struct {
	mu  sync.Mutex
	out io.Writer
}

// Write writes all of it before anyone else does.
func (s *sequential) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.out.Write(p)
}
