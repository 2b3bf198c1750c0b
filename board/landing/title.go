package landing

import (
	"strings"

	"github.com/landfall-go/landfall/board/session"
	"github.com/landfall-go/landfall/storm/edit"
)

// nameOf returns a name of a storm as a board can have it: one line that is not too long.
func nameOf(storm string) string {
	return strings.TrimSpace(clip(strings.Join(strings.Fields(seen(storm)), " "), session.MaxName))
}

// nameStorm gives the storm the name of its board, when that is another than it was.
func (f *follower) nameStorm() {
	if f.wall.Board == nil || f.wall.Board.Name == f.title {
		return
	}
	f.title = f.wall.Board.Name
	delete(f.refused, session.BoardID)
	if nameOf(f.batch.Model().Name) == f.title {
		return
	}
	if err := f.do(edit.NameStorm{To: f.title}); err != nil {
		f.refuse(session.BoardID, err)
	}
}

// nameBoard gives the board the name of its storm, when that is another than it was. A
// storm without a name leaves the board its own.
func (f *follower) nameBoard(before, after string) {
	name := nameOf(after)
	if name == "" || f.wall.Board == nil || name == nameOf(before) {
		return
	}
	f.title = name
	if f.wall.Board.Name != name {
		f.changes.set(session.BoardID, "name", name)
	}
}
