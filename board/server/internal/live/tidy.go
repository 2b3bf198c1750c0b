package live

import (
	"context"
	"time"

	"github.com/landfall-go/landfall"
	"github.com/landfall-go/landfall/board/session"
)

// Tidy puts notes elsewhere in the name of a person, as one step.
func (b *Board) Tidy(ctx context.Context, by string, places []session.Place) error {
	_, err := b.give(ctx, landfall.ID{}, by, session.TidyNotes{Places: places, By: by, At: int(time.Now().UnixMilli())})
	return err
}
