package main

import (
	"io"

	"github.com/landfall-go/landfall"
)

// modulesUnderTest are the modules with stand-ins for the outside.
func modulesUnderTest() []landfall.Module { return outside(io.Discard) }
