package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall"
)

// letter is a dead letter as it is printed.
type letter struct {
	Module    string               `json:"module"`
	Consumer  string               `json:"consumer"`
	Type      string               `json:"type"`
	Aggregate landfall.AggregateID `json:"aggregate"`
	Position  uint64               `json:"position"`
	Attempts  int                  `json:"attempts"`
	Error     string               `json:"error"`
}

func (m *Main) deadLetters() *cobra.Command {
	var w where
	var retry, skip, asJSON bool
	c := &cobra.Command{
		Use:   "deadletters",
		Short: "List, retry or skip what could not be answered",
		Long: `Deadletters lists the events and commands that could not be answered after several
attempts, such as messages that the console could not print. Each holds back what
comes later for the same rover, and nothing else. Retry has them answered again,
skip gives them up.

Commands that open a database retry what they find there before they do their own
work; this one is for a system that runs, and for looking at what is left.`,
		Example: `  marsrover deadletters --nats nats://127.0.0.1:4222
  marsrover deadletters --nats nats://127.0.0.1:4222 --retry`,
		Args: arguments(),
		RunE: func(c *cobra.Command, _ []string) error {
			if retry && skip {
				return &badInput{errors.New("--retry and --skip: do one or the other")}
			}
			s, err := m.open(c.Context(), &w)
			if err != nil {
				return err
			}
			var do func(context.Context, landfall.DeadLetter) error
			if retry {
				do = s.host.Retry
			} else if skip {
				do = s.host.Skip
			}
			return s.end(m.handleLetters(c.Context(), s, do, asJSON))
		},
	}
	c.Flags().BoolVar(&retry, "retry", false, "have them answered again")
	c.Flags().BoolVar(&skip, "skip", false, "give them up")
	w.addFlags(c.Flags())
	jsonFlag(c.Flags(), &asJSON)
	return c
}

// handleLetters prints the dead letters, and does something with each if it is to.
func (m *Main) handleLetters(ctx context.Context, s *system, do func(context.Context, landfall.DeadLetter) error, asJSON bool) error {
	all := s.host.DeadLetters()
	if s.remote {
		elsewhere, err := s.host.DeadLettersElsewhere(ctx)
		if err != nil {
			return err
		}
		all = elsewhere
	}
	letters := []letter{}
	for _, d := range all {
		if do != nil {
			if err := do(ctx, d); err != nil && !errors.Is(err, landfall.ErrNotFound) {
				return err
			}
		}
		letters = append(letters, letter{d.Module, d.Consumer, d.Type, d.Aggregate, d.Position, d.Attempts, d.Error})
	}
	if asJSON {
		return writeJSON(m.Stdout, letters)
	}
	lines := make([]string, len(letters))
	for i, l := range letters {
		lines[i] = fmt.Sprintf("%s, %s: %s of %s at position %d failed %d times: %s", l.Module, l.Consumer, l.Type, l.Aggregate, l.Position, l.Attempts, l.Error)
	}
	return m.list(lines, false)
}
