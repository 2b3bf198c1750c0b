package cli

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/check"
	"github.com/landfall-go/landfall/storm/diag"
)

type checkFlags struct {
	fix, json    bool
	level, least string
}

func (c *command) checkCommand() *cobra.Command {
	var flags checkFlags
	cmd := &cobra.Command{
		Use:     "check [PATH]",
		Short:   "Find what is wrong with a storm, or smells",
		GroupID: "write",
		Long: `Check reads a storm and says what is wrong with it: mistakes in its text, names
that nothing has, and the smells that a good facilitator asks about.

Which smells are looked for, and how much they matter, depends on the level of
the storm: big-picture, process or design. A storm states its level, or has the
one that it has reached; --level takes another.

Errors make the exit code 1; warnings and hints do not. A finding is silenced
where it stands, with a reason, by a comment above it:

  //landfall:ignore S104 the registry of companies does call it an update

With --fix, what can be mended safely is mended in the files, and the rest is
reported. From standard input, the mended text goes to standard output and the
report to standard error.`,
		Example: `  landfall check
  landfall check shop.storm --fix
  landfall check --level process --least warning
  landfall check --json | jq '.diagnostics[].code'`,
		Args:              atMost(1),
		ValidArgsFunction: completePath,
		RunE:              func(cmd *cobra.Command, args []string) error { return c.check(cmd, pathOf(args), flags) },
	}
	cmd.Flags().BoolVar(&flags.fix, "fix", false, "mend what can be mended safely")
	cmd.Flags().BoolVar(&flags.json, "json", false, "report as JSON")
	wordFlag(cmd, &flags.level, "level", "", "check as if the storm were at this level: "+strings.Join(levels(), ", "), levels())
	wordFlag(cmd, &flags.least, "least", "hint", "report only what matters at least so much: "+strings.Join(severities, ", "), severities)
	return cmd
}

func levels() []string {
	return []string{ast.BigPicture.String(), ast.Process.String(), ast.Design.String()}
}

var severities = []string{diag.Hint.String(), diag.Warning.String(), diag.Error.String()}

func (c *command) check(cmd *cobra.Command, path string, flags checkFlags) error {
	var config check.Config
	if flags.level != "" {
		level, err := oneOf(cmd, "level", flags.level, levels())
		if err != nil {
			return err
		}
		config.Level = ast.LevelOf(level)
	}
	word, err := oneOf(cmd, "least", flags.least, severities)
	if err != nil {
		return err
	}
	var least diag.Severity
	if err := least.UnmarshalText([]byte(word)); err != nil {
		return err
	}
	src, err := c.load(path)
	if err != nil {
		return err
	}
	out := c.Out
	if flags.fix {
		if src, err = c.mend(src, config, path == "-"); err != nil {
			return err
		}
		if path == "-" {
			out = c.Err
		}
	}
	all := src.Check(config)
	shown := all.AtLeast(least)
	p := c.printer(out, src)
	if flags.json {
		err = printJSON(p, shown)
	} else {
		printFindings(p, shown, len(src.Files))
	}
	if err == nil && all.Count(diag.Error) > 0 {
		return ErrFound
	}
	return err
}

func printFindings(p *printer, list diag.List, files int) {
	for _, d := range list {
		p.diagnostic(d)
	}
	if len(list) == 0 {
		return
	}
	p.line("%s, %s, %s in %s", plural(list.Count(diag.Error), "error"), plural(list.Count(diag.Warning), "warning"),
		plural(list.Count(diag.Hint), "hint"), plural(files, "file"))
}

func printJSON(p *printer, list diag.List) error {
	if list == nil {
		list = diag.List{}
	}
	enc := json.NewEncoder(p.w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(struct {
		Diagnostics diag.List `json:"diagnostics"`
		Errors      int       `json:"errors"`
		Warnings    int       `json:"warnings"`
		Hints       int       `json:"hints"`
	}{list, list.Count(diag.Error), list.Count(diag.Warning), list.Count(diag.Hint)})
}

// rounds is how often a storm is mended: a fix may make way for another.
const rounds = 10

// mend applies the safe fixes to the files of a storm, and returns it as it is
// then.
func (c *command) mend(src *storm.Source, config check.Config, toStdout bool) (*storm.Source, error) {
	before := src.Files
	applied := 0
	for range rounds {
		list := src.Check(config)
		files := make([]storm.File, len(src.Files))
		n := 0
		for i, f := range src.Files {
			text, count := check.Apply(f.Path, f.Text, list)
			files[i] = storm.File{Path: f.Path, Text: text}
			n += count
		}
		if n == 0 {
			break
		}
		applied += n
		src = storm.Parse(files...)
	}
	if toStdout {
		if _, err := c.Out.Write(src.Files[0].Text); err != nil {
			return nil, err
		}
	} else if err := writeChanged(before, src.Files); err != nil {
		return nil, err
	}
	if applied > 0 {
		fmt.Fprintf(c.Err, "mended %s\n", plural(applied, "thing"))
	}
	return src, nil
}

func writeChanged(before, after []storm.File) error {
	for i, f := range after {
		if string(before[i].Text) == string(f.Text) {
			continue
		}
		if err := writeFile(f.Path, f.Text); err != nil {
			return err
		}
	}
	return nil
}
