// want package:"landfall: 5 functions and variables"

// Package parts has what several modules are wired with.
package parts

import (
	"time"

	"github.com/landfall-go/landfall"
)

type Placed struct {
	Article string `json:"article"`
	Amount  int    `json:"amount"`
}

type Lost struct{}

// Name is the module's.
const Name = "Orders"

// Patience is how a policy waits.
var Patience = landfall.After(3 * 24 * time.Hour)

func Wait() []landfall.Option { return []landfall.Option{Patience} }

func Both() landfall.Option { return landfall.Emits(Lost{}) }

func Maybe(e landfall.Event) landfall.Option { return landfall.Emits(e) }

func Lose() []landfall.Event { return []landfall.Event{Lost{}} }
