package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/landfall-go/landfall/storm/spell"
)

// unknownCommand refuses a word that is no command, and suggests one.
func (c *command) unknownCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	var names []string
	for _, sub := range cmd.Commands() {
		if sub.IsAvailableCommand() || sub.Name() == "help" {
			names = append(names, sub.Name())
		}
	}
	return usage(cmd, "there is no command %s%s", args[0], suggestion(args[0], names))
}

// suggestion returns "; did you mean x?" for a word that is near one of the
// names.
func suggestion(word string, names []string) string {
	near := spell.Nearest(word, names)
	if near == "" {
		for _, n := range names {
			if word != "" && strings.HasPrefix(n, word) {
				near = n
				break
			}
		}
	}
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %s?", near)
}

// unknownFlag turns the errors of the flag reader into our own, with a
// suggestion for a flag that there is not.
func unknownFlag(cmd *cobra.Command, err error) error {
	text := err.Error()
	name, found := strings.CutPrefix(text, "unknown flag: --")
	if !found {
		return usage(cmd, "%s", text)
	}
	var names []string
	cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return usage(cmd, "%s has no flag --%s%s", cmd.CommandPath(), name, suggestion("--"+name, names))
}

// oneOf checks that a flag has one of the words that it may have.
func oneOf[T ~string](cmd *cobra.Command, flag, word string, words []T) (T, error) {
	if i := slices.Index(words, T(word)); i >= 0 {
		return words[i], nil
	}
	var names []string
	for _, w := range words {
		names = append(names, string(w))
	}
	var none T
	if word == "" {
		return none, usage(cmd, "--%s is one of %s", flag, strings.Join(names, ", "))
	}
	return none, usage(cmd, "--%s has no %s%s (there are %s)", flag, word, suggestion(word, names), strings.Join(names, ", "))
}

// wordFlag defines a flag that has one of some words, and completes it.
func wordFlag[T ~string](cmd *cobra.Command, into *string, name, otherwise, help string, words []T) {
	cmd.Flags().StringVar(into, name, otherwise, help)
	var names []string
	for _, w := range words {
		names = append(names, string(w))
	}
	// The error is that of a flag that does not exist, and it was just made.
	_ = cmd.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// atMost returns a check of the number of arguments.
func atMost(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) > n {
			return usage(cmd, "there is one word too many: %s", strings.Join(args[n:], " "))
		}
		return nil
	}
}

// plural returns a count with its word.
func plural(n int, word string) string {
	if n == 1 {
		return "1 " + word
	}
	return fmt.Sprintf("%d %ss", n, word)
}
