// Command landfall-vet runs the drift analyzer on its own or within go vet:
//
//	landfall-vet ./...
//	go vet -vettool=$(which landfall-vet) ./...
//
// It holds the modules that each package wires against the nearest storm, and
// exits with another code than 0 when they differ. The flag -storm names the
// storm, -hints shows hints too. For the storm as a whole there is landfall
// drift, which also finds what no package has.
package main

import (
	"golang.org/x/tools/go/analysis/singlechecker"

	"github.com/landfall-go/landfall/drift"
)

func main() { singlechecker.Main(drift.Analyzer) }
