package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/board/server"
	"github.com/landfall-go/landfall/board/web"
)

type boardFlags struct {
	config  server.Config
	noOpen  bool
	verbose bool
}

func (c *command) boardCommand() *cobra.Command {
	var flags boardFlags
	cmd := &cobra.Command{
		Use:     "board [FILE.storm|DIR]",
		Short:   "Storm together on a board in the browser",
		GroupID: "write",
		Long: `Board serves a storm as a board in the browser, and opens it: a wall of notes that
a team works on together, and the text of the storm beside it, both always in step.
The file on the disk is written when somebody says "Land", or always with
--land-always, and never over what an editor or git wrote meanwhile.

For a folder, it and the folders below it that hold a storm are boards; a folder
without any begins with an empty board, which lands in a file named after it. What
happens in a session is kept in the folders .landfall beside the storms, which are
not for git.

The board is for this machine alone, where everyone is a facilitator. With --listen
it is shared: the link that is printed makes a facilitator, who can invite others on
the page. It is another at each start; who came by an earlier one still leads, unless
it is started with --revoke-owners. Across networks that are not your own, use --tls-cert and --tls-key. Behind
a proxy name its address with --public-url: an address of loopback alone, such as
--listen 127.0.0.1:7070, counts as this machine, and asks nobody for a link.

Several servers behind a balancer share their boards through --store postgres://…,
and the cursors of people through --nats.`,
		Example: `  landfall board
  landfall board shop.storm
  landfall board --listen :7070 --tls-cert cert.pem --tls-key key.pem`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE: func(cmd *cobra.Command, args []string) error {
			flags.config.Path = pathOf(args)
			if flags.config.Path == "-" {
				return usage(cmd, "a board needs a file or a folder to land in")
			}
			return c.serveBoard(cmd.Context(), flags)
		},
	}
	f := cmd.Flags()
	f.StringVar(&flags.config.Listen, "listen", "", "share the boards on this `ADDRESS`, such as :7070 (default loopback, port 7070 or the next that is free)")
	f.StringVar(&flags.config.PublicURL, "public-url", "", "the `URL` under which browsers reach a server behind a proxy")
	f.StringVar(&flags.config.TLSCert, "tls-cert", "", "a PEM `FILE` with a certificate, to speak TLS")
	f.StringVar(&flags.config.TLSKey, "tls-key", "", "the PEM `FILE` with the key of the certificate")
	f.StringVar(&flags.config.Store, "store", os.Getenv("LANDFALL_BOARD_STORE"), "postgres://… or memory: (default SQLite files beside the storms)")
	f.Lookup("store").DefValue = "" // a URL may hold a password
	f.StringVar(&flags.config.NATS, "nats", "", "the `URL` of a NATS server that carries cursors between servers")
	f.BoolVar(&flags.config.RevokeOwners, "revoke-owners", false, "put out whoever came by a link that was printed at an earlier start")
	f.BoolVar(&flags.config.LandAlways, "land-always", false, "write the storm's files whenever the wall changes")
	f.BoolVar(&flags.noOpen, "no-open", false, "do not open the browser")
	f.BoolVar(&flags.verbose, "verbose", false, "log more")
	return cmd
}

// serveBoard serves boards until the context ends.
func (c *command) serveBoard(ctx context.Context, flags boardFlags) error {
	level := slog.LevelWarn
	if flags.verbose {
		level = slog.LevelDebug
	}
	flags.config.Pages = web.Files()
	flags.config.Logger = slog.New(slog.NewTextHandler(c.Err, &slog.HandlerOptions{Level: level}))
	s, err := server.New(ctx, flags.config)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Out, "the board is at %s\n", s.Link())
	if s.Shared() {
		fmt.Fprintln(c.Out, "whoever has this link leads all boards here; invite others on the page")
	}
	fmt.Fprintln(c.Out, "stop with Ctrl+C; everything is kept")
	if !flags.noOpen {
		if err := browse(s.Link()); err != nil {
			fmt.Fprintln(c.Err, "the browser was not opened:", err)
		}
	}
	err = s.Run(ctx)
	if errors.Is(err, context.Canceled) {
		err = nil
	}
	if err == nil {
		fmt.Fprintln(c.Out, "stopped")
	}
	return err
}

// browse opens a page in the browser.
func browse(url string) error {
	name, args := "xdg-open", []string{url}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", url}
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return fmt.Errorf("there is no %s", name)
	}
	cmd := exec.Command(path, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	go func() { _ = cmd.Wait() }()
	return nil
}
