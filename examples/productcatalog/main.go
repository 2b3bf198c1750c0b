// Command productcatalog runs the modules of the storm "Product Catalog".
//
// Without arguments it tells the story of a product, in memory. With a command
// it issues that one to the modules on a database in a file. Serve runs the
// modules for good, in one process or several, and load measures them.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/examples/productcatalog/notification"
	"github.com/landfall-go/landfall/examples/productcatalog/search"
	"github.com/landfall-go/landfall/store/sqlite"
)

const usage = `usage: productcatalog [-db FILE] [COMMAND ID [JSON]]

Without a command: tells the story of a product. With one: issues it to the
aggregate ID, and prints what follows from it:

  productcatalog CreateProduct tea-1 '{"name": "Darjeeling", "category": "Tea"}'

Two more run the modules in processes of their own; --help says more of each:

  productcatalog serve --modules Catalog --store catalog.db --nats nats://127.0.0.1:4222
  productcatalog load --rate 100 --for 30s

The commands:
`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "productcatalog:", err)
		os.Exit(1)
	}
}

// run issues the command that the arguments name.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	if len(args) > 0 {
		switch args[0] {
		case "serve":
			return serve(ctx, args[1:], out)
		case "load":
			return loadCommand(ctx, args[1:], out)
		}
	}
	flags := flag.NewFlagSet("productcatalog", flag.ContinueOnError)
	flags.Usage = func() { fmt.Fprint(flags.Output(), usage, commandNames()) }
	file := flags.String("db", "productcatalog.db", "the file of the database, which is made when it is new")
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		return nil
	} else if err != nil {
		return err
	}
	if flags.NArg() == 0 {
		return story(ctx, out)
	}
	if flags.NArg() < 2 || flags.NArg() > 3 {
		fmt.Fprint(out, usage, commandNames())
		return nil
	}
	command, err := parse(flags.Arg(0), flags.Arg(2))
	if err != nil {
		return err
	}

	store, err := sqlite.Open(ctx, *file)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, store.Close()) }()
	host, err := landfall.Open(ctx, landfall.Config{Store: store, Modules: outside(out)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, host.Close()) }()

	result, err := host.Dispatch(ctx, landfall.To(landfall.AggregateID(flags.Arg(1)), command))
	if err != nil {
		return err
	}
	if err := host.Settle(ctx); err != nil {
		return err
	}
	for _, event := range result.Events {
		if err := tell(ctx, host, event.ID, out); err != nil {
			return err
		}
	}
	for _, letter := range host.DeadLetters() {
		fmt.Fprintf(out, "%s.%s failed on %s: %s\n", letter.Module, letter.Consumer, letter.Type, letter.Error)
	}
	return nil
}

// outside returns the modules with the external systems of this program, which
// write down what they are asked for.
func outside(out io.Writer) []landfall.Module {
	return modules(
		search.SearchEngine{Out: out},
		notification.MailServer{Out: out, Mailboxes: []string{"Product Management", "Pricing Desk", "Warehouse"}},
	)
}

// parse reads a command. Its module may be left out where the name says enough.
func parse(name, data string) (landfall.Command, error) {
	if data == "" {
		data = "{}"
	}
	var found []string
	for full := range commands {
		if full == name || strings.HasSuffix(full, "."+name) {
			found = append(found, full)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%d commands are called %s; these are all:\n%s", len(found), name, commandNames())
	}
	command, err := commands[found[0]]([]byte(data))
	if err != nil {
		return nil, fmt.Errorf("the data of %s: %w", name, err)
	}
	return command, nil
}

func commandNames() string {
	return "  " + strings.Join(slices.Sorted(maps.Keys(commands)), "\n  ") + "\n"
}

// tell prints an event and what it led to.
func tell(ctx context.Context, host *landfall.Host, id landfall.ID, out io.Writer) error {
	consequence, err := host.Consequences(ctx, id)
	if err != nil {
		return err
	}
	return show(consequence, "", out)
}

func show(c landfall.Consequence, indent string, out io.Writer) error {
	data, err := json.Marshal(c.Event)
	if err != nil {
		return err
	}
	fmt.Fprintf(out, "%s%s.%s of %s %s\n", indent, c.Module, c.Type, c.Aggregate, data)
	for _, led := range c.Led {
		if err := show(led, indent+"  ", out); err != nil {
			return err
		}
	}
	return nil
}
