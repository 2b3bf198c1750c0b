package memory

import (
	"bytes"
	"slices"

	"github.com/google/uuid"
)

// index finds the position of a command's first record.
//
// Ids begin with a time, so that most commands come in the order of their ids.
// Those that do are a run, sorted as it grows: a command greater than all of
// it is known to be new at the cost of one comparison. The others, which had
// been waiting, or whose sender chose the id, are in a map.
type index struct {
	run    []entry
	others map[uuid.UUID]uint64
}

type entry struct {
	command  uuid.UUID
	position uint64
}

func newIndex() index { return index{others: map[uuid.UUID]uint64{}} }

// find returns the position of the command's first record, or zero.
func (x *index) find(command uuid.UUID) uint64 {
	if x.isLast(command) {
		return 0
	}
	// What comes late comes a little late: look near the end of the run first.
	from, to := len(x.run)-1, len(x.run)
	for step := 1; from > 0 && bytes.Compare(x.run[from].command[:], command[:]) > 0; step *= 2 {
		from, to = max(0, from-step), from
	}
	i, ok := slices.BinarySearchFunc(x.run[from:to], command, func(e entry, c uuid.UUID) int {
		return bytes.Compare(e.command[:], c[:])
	})
	if ok {
		return x.run[from+i].position
	}
	return x.others[command]
}

// put notes the position of a command that find did not know.
func (x *index) put(command uuid.UUID, position uint64) {
	if x.isLast(command) {
		x.run = append(x.run, entry{command, position})
		return
	}
	x.others[command] = position
}

func (x *index) isLast(command uuid.UUID) bool {
	return len(x.run) == 0 || bytes.Compare(command[:], x.run[len(x.run)-1].command[:]) > 0
}
