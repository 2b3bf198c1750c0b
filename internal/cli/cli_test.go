package cli_test

import (
	"context"
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/landfall-go/landfall/internal/cli"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"landfall": landfall})
}

// landfall is the program itself, as a process of its own.
func landfall() {
	m := cli.New()
	m.Version = "v0.0.0-test"
	os.Exit(m.Run(context.Background(), os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// TestScripts plays the command line; with LANDFALL_UPDATE set, what scripts
// compare with is written anew.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:           "testdata/script",
		UpdateScripts: os.Getenv("LANDFALL_UPDATE") != "",
		Setup: func(env *testscript.Env) error {
			wd, err := os.Getwd()
			if err != nil {
				return err
			}
			env.Setenv("ROOT", wd+"/../..")
			return nil
		},
	})
}
