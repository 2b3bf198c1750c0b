package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/landfall-go/landfall/internal/bench/board/crowd"
)

// onTheBoard measures a session of many browsers on a board, and the page in one.
func onTheBoard(t *table, s sizes, _ string) error {
	session := crowd.Session{Notes: 2000, Operations: 5, Cursors: 10, Lasts: s.session}
	var all []*crowd.Result
	for range t.rounds {
		session.Browsers = 100
		r, err := session.Hold(context.Background())
		if err != nil {
			return err
		}
		all = append(all, r)
	}
	t.session(all)
	for _, browsers := range []int{200, 400} {
		session.Browsers = browsers
		r, err := session.Hold(context.Background())
		if err != nil {
			return err
		}
		t.print(fmt.Sprintf("  %d browsers", browsers), times(r), r.Lost == 0, fmt.Sprintf("%d lost; %.0f MB at most, %.2f CPUs, %.0f MB/s", r.Lost, r.Peak, r.Server, r.Bytes/1e6))
	}
	return t.page()
}

const (
	mostDelay  = 100 * time.Millisecond
	mostMemory = 250 // megabytes
)

// session prints the row of the session that is promised: the median of the rounds.
func (t *table) session(all []*crowd.Result) {
	slices.SortFunc(all, func(a, b *crowd.Result) int { return int(a.At(0.99) - b.At(0.99)) })
	r := all[len(all)/2]
	lost, peak := 0, 0.0
	for _, r := range all {
		lost += r.Lost
		peak = max(peak, r.Peak)
	}
	t.print("a board with 2,000 notes, 100 browsers with 5 operations/s each: sent to seen by all", times(r), r.At(0.99) <= mostDelay, fmt.Sprintf("99 %% at most %.0f ms", mostDelay.Seconds()*1000))
	t.print("  operations that somebody was not told of", strconv.Itoa(lost), lost == 0, "none")
	t.print("  the server's memory", fmt.Sprintf("%.0f MB, %.0f at most", r.Resident, peak), peak < mostMemory, fmt.Sprintf("under %d MB", mostMemory))
	t.print("  processors at work: the server, all browsers", fmt.Sprintf("%.2f, %.2f", r.Server, r.Clients), true, fmt.Sprintf("%.0f operations/s, %.0f MB/s", r.Rate, r.Bytes/1e6))
}

func times(r *crowd.Result) string {
	ms := func(share float64) float64 { return r.At(share).Seconds() * 1000 }
	return fmt.Sprintf("50 %% %.0f, 90 %% %.0f, 99 %% %.0f, most %.0f ms", ms(0.5), ms(0.9), ms(0.99), ms(1))
}

// page has the page measured in a browser by its own programs, and says so when there
// is none.
func (t *table) page() error {
	folder := filepath.Join("board", "web")
	missing := ""
	switch {
	case !exists(filepath.Join(folder, "package.json")):
		missing = "this is not the root of the repository"
	case !exists(filepath.Join(folder, "node_modules")):
		missing = "its tools are not there: run npm ci in board/web"
	case !found("npm"):
		missing = "there is no npm"
	case !exists(chromium()):
		missing = "there is no " + chromium() + "; CHROMIUM may name another"
	}
	if missing != "" {
		fmt.Printf("NOT MEASURED: how soon 5,000 notes are seen, the size of the scripts and the frame times: %s\n", missing)
		return nil
	}
	opened, err := script(folder, "bench:open")
	if err != nil {
		return err
	}
	if err := t.opening(opened); err != nil {
		return err
	}
	frames, err := script(folder, "bench:frames")
	if err != nil {
		return err
	}
	fmt.Println("\nframes while 5,000 notes are moved over, in headless Chromium without a graphics card:")
	fmt.Println(frames)
	return nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func found(program string) bool {
	_, err := exec.LookPath(program)
	return err == nil
}

func chromium() string {
	if path := os.Getenv("CHROMIUM"); path != "" {
		return path
	}
	return "/usr/bin/chromium"
}

// script runs a program of the page and returns what it prints. That it ends with an
// error may only say that a figure is missed.
func script(folder, name string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "npm", "run", "--silent", name)
	cmd.Dir, cmd.Stderr = folder, os.Stderr
	out, err := cmd.Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) && len(out) > 0 && ctx.Err() == nil {
		err = nil
	}
	if err != nil {
		return "", fmt.Errorf("npm run %s: %w", name, err)
	}
	return string(out), nil
}

var (
	firstPicture = regexp.MustCompile(`first picture of (\d+) notes \| ([0-9, ]+)`)
	scriptSize   = regexp.MustCompile(`(\d+) KB in all`)
)

const (
	mostOpening = 1500 // milliseconds
	mostScripts = 400  // kilobytes
)

// opening prints what bench:open has found.
func (t *table) opening(out string) error {
	first, size := firstPicture.FindStringSubmatch(out), scriptSize.FindStringSubmatch(out)
	if first == nil || size == nil {
		return fmt.Errorf("npm run bench:open printed something else than it did: %q", out)
	}
	var times []float64
	for _, text := range strings.Split(first[2], ",") {
		ms, err := strconv.ParseFloat(strings.TrimSpace(text), 64)
		if err != nil {
			return err
		}
		times = append(times, ms)
	}
	kb, err := strconv.Atoi(size[1])
	if err != nil {
		return err
	}
	t.print(fmt.Sprintf("a board with %s notes in headless Chromium: first picture, from navigation", first[1]), fmt.Sprintf("%.0f ms", median(times)), median(times) < mostOpening, fmt.Sprintf("under %d ms", mostOpening))
	t.print("  scripts of the page, compressed", fmt.Sprintf("%d KB", kb), kb < mostScripts, fmt.Sprintf("under %d KB", mostScripts))
	return nil
}
