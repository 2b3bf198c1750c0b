package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/landfall-go/landfall/drift"
	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/diag"
	"github.com/landfall-go/landfall/storm/handover"
	"github.com/landfall-go/landfall/storm/model"
)

// code is the Comparer of package drift.
type code struct{}

// Compare implements Comparer.
func (code) Compare(ctx context.Context, s Streams, o CompareOptions) error {
	found, err := drift.Run(ctx, drift.Config{Storm: o.Path, Patterns: o.Code})
	if err != nil {
		return unreadable(s, o.Path, err)
	}
	if o.JSON {
		err = found.Differences.WriteJSON(s.Out)
	} else {
		printer := found.Printer()
		printer.Color = coloured(s.Out)
		err = printer.Write(s.Out, found.Differences)
	}
	if err != nil {
		return err
	}
	if n := len(found.Differences.AtLeast(diag.Warning)); n > 0 && !o.JSON {
		fmt.Fprintf(s.Err, "landfall: the storm and its code part ways in %s\n", plural(n, "place"))
	}
	if found.ExitCode() != 0 {
		return ErrFound
	}
	return nil
}

// unreadable prints what is wrong with a storm that was to be compared.
func unreadable(s Streams, path string, err error) error {
	var wrong diag.List
	if !errors.As(err, &wrong) {
		return noSuchPath(path, err)
	}
	src, loadErr := storm.Load(path)
	if loadErr != nil {
		return loadErr
	}
	report(s, src, wrong)
	return ErrFound
}

// Progress implements Comparer.
func (code) Progress(ctx context.Context, o CompareOptions, src *storm.Source) (handover.Progress, error) {
	read, err := drift.Read(ctx, "", o.Code...)
	if err != nil {
		return nil, err
	}
	states := map[*model.Element]handover.State{}
	for _, status := range drift.Progress(src.Model, read, drift.Compare(src.Model, read)) {
		states[status.Element] = stateOf(status.State)
	}
	return func(e *model.Element) handover.State { return states[e] }, nil
}

func stateOf(s drift.State) handover.State {
	switch s {
	case drift.Done:
		return handover.Done
	case drift.Missing:
		return handover.Missing
	case drift.Differing, drift.Started:
		return handover.Differing
	default:
		return handover.Unknown
	}
}
