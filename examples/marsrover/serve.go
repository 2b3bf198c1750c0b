package main

import (
	"errors"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/examples/marsrover/notification"
	"github.com/landfall-go/landfall/examples/marsrover/rover"
	"github.com/landfall-go/landfall/hosting"
)

func (m *Main) serve() *cobra.Command {
	options := hosting.Options{Store: "marsrover.db"}
	c := &cobra.Command{
		Use:   "serve",
		Short: "Run the modules until they are told to end",
		Long: `Serve runs the modules Rover and Notification until it gets a signal to end (SIGINT,
SIGTERM): both in this process, or one here and the other in another process, each
with a store of its own and a NATS server between them. The messages of obstacles
come out of the process of Notification, on the standard output; the log goes to
the standard error.

A NATS server with JetStream is needed as soon as there is more than one process;
--nats embedded starts one in this process. Each flag can be given by the
environment too: --nats as LANDFALL_NATS, --nats-addr as LANDFALL_NATS_ADDR.`,
		Example: `  marsrover serve --nats embedded

  marsrover serve --modules Rover --store rover.db --nats embedded --nats-addr 127.0.0.1:4222
  marsrover serve --modules Notification --store notification.db --nats nats://127.0.0.1:4222
  marsrover run --nats nats://127.0.0.1:4222 --obstacle 2,2 RMMLMMMMMM

  marsrover serve --modules Rover --store postgres://rover@localhost/mars --nats nats://localhost`,
		Args: arguments(),
		RunE: func(c *cobra.Command, _ []string) error {
			options.Config.Logger = slog.New(slog.NewTextHandler(m.Stderr, nil))
			printer := &console{out: m.Stdout, most: all}
			s, err := hosting.Open(c.Context(), options, rover.Module(), notification.Module(notification.Console{Out: printer}))
			if err != nil {
				return asInput(err)
			}
			if err := retryAll(c.Context(), s.Host); err != nil {
				return errors.Join(err, s.Close())
			}
			return s.Run(c.Context())
		},
	}
	options.AddFlags(c.Flags())
	return c
}
