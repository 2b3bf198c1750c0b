package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/dustin/go-humanize"
)

// showResults prints results side by side, or as JSON.
func showResults(out io.Writer, results []result, asJSON bool) error {
	if asJSON {
		encoder := json.NewEncoder(out)
		return encoder.Encode(results)
	}
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	row := func(name string, cell func(r *result) string) {
		line := name
		for i := range results {
			line += "\t" + cell(&results[i])
		}
		fmt.Fprintln(table, line)
	}
	row("", func(r *result) string { return fmt.Sprintf("%s, %s", processes(r.Processes), r.Store) })
	row("products", func(r *result) string {
		return fmt.Sprintf("%s launched in %.1f s (wanted %g/s)", humanize.Comma(int64(r.Products)), r.Seconds, r.Rate)
	})
	row("commands", func(r *result) string {
		return fmt.Sprintf("%s accepted, %.0f/s; %d sent again", humanize.Comma(r.Commands), float64(r.Commands)/r.Seconds, r.Again)
	})
	row("messages", func(r *result) string {
		return fmt.Sprintf("%s between modules, %.0f/s", humanize.Comma(int64(r.Messages)), float64(r.Messages)/r.Seconds)
	})
	row("records", func(r *result) string {
		return fmt.Sprintf("%s in five logs, %.0f/s", humanize.Comma(int64(r.Records)), float64(r.Records)/r.Seconds)
	})
	row("settled", func(r *result) string { return fmt.Sprintf("%.2f s after the last launch", r.Settled) })
	row("cpu", func(r *result) string {
		return fmt.Sprintf("%.1f s in the modules' processes, of %d CPUs", r.CPU, r.CPUs)
	})
	row("", func(*result) string { return "   p50     p90     p99   p99.9     max   ms" })
	row("accepted", func(r *result) string { return r.Accepted.text() })
	row("published", func(r *result) string { return r.Published.text() })
	row("answered", func(r *result) string { return r.Answered.text() })
	row("visible", func(r *result) string { return r.Visible.text() })
	row("backlog", func(r *result) string { return numbers(r.Backlog) })
	row("outside", func(r *result) string {
		return fmt.Sprintf("told of every product; %d times again after a kill", r.Twice)
	})
	row("checked", func(r *result) string {
		if len(r.Wrong) == 0 {
			return "nothing lost, nothing twice, all in order"
		}
		return fmt.Sprintf("%d MISTAKES, see below", len(r.Wrong))
	})
	if err := table.Flush(); err != nil {
		return err
	}
	return complain(out, results)
}

func complain(out io.Writer, results []result) error {
	const most = 20
	for _, r := range results {
		for i, wrong := range r.Wrong {
			if i == most {
				wrong = fmt.Sprintf("… and %d more", len(r.Wrong)-most)
			}
			if _, err := fmt.Fprintf(out, "%s: %s\n", processes(r.Processes), wrong); err != nil {
				return err
			}
			if i == most {
				break
			}
		}
	}
	return nil
}

func processes(n int) string {
	if n == 1 {
		return "one process"
	}
	return fmt.Sprintf("%d processes", n)
}

func (s spread) text() string {
	return fmt.Sprintf("%6.1f  %6.1f  %6.1f  %6.1f  %6.1f   of %s", s.P50, s.P90, s.P99, s.P999, s.Max, humanize.Comma(s.Count))
}

// numbers writes at most twelve of the numbers, evenly spread, and their greatest.
func numbers(all []int) string {
	if len(all) == 0 {
		return "none"
	}
	const most = 12
	step := (len(all) + most - 1) / most
	greatest := 0
	var shown []string
	for i, n := range all {
		greatest = max(greatest, n)
		if i%step == 0 {
			shown = append(shown, fmt.Sprint(n))
		}
	}
	return fmt.Sprintf("%s (every %d s; at most %d)", strings.Join(shown, " "), step, greatest)
}
