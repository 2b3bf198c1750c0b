package search

import (
	"io"

	"github.com/landfall-go/landfall"
)

// moduleUnderTest is the module as the scenarios run it: with stand-ins for the
// outside.
func moduleUnderTest() landfall.Module { return Module(SearchEngine{Out: io.Discard}) }

// resultsKey is the key under which the scenarios find the document of Results:
// that of the aggregate that they are about.
const resultsKey = "1"
