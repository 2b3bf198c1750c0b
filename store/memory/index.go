package memory

import (
	"bytes"
	"sort"

	"github.com/google/uuid"
)

// index finds the position of a command's first record.
//
// Ids begin with a time, so that most commands come in the order of their ids.
// Those that do are a run, sorted as it grows: a command greater than all of
// it is known to be new at the cost of one comparison. The others, which had
// been waiting, or whose sender chose the id, are in a map.
type index struct {
	last   uuid.UUID
	length int
	run    []*[runChunk]entry // chunks never move, so that nothing is copied
	others map[uuid.UUID]uint64
}

const runChunk = 1024

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
	from, to := x.length-1, x.length
	for step := 1; from > 0 && bytes.Compare(x.at(from).command[:], command[:]) > 0; step *= 2 {
		from, to = max(0, from-step), from
	}
	i := from + sort.Search(to-from, func(i int) bool {
		return bytes.Compare(x.at(from + i).command[:], command[:]) >= 0
	})
	if i < x.length && x.at(i).command == command {
		return x.at(i).position
	}
	return x.others[command]
}

func (x *index) at(i int) *entry { return &x.run[i/runChunk][i%runChunk] }

// put notes the position of a command that find did not know.
func (x *index) put(command uuid.UUID, position uint64) {
	if !x.isLast(command) {
		x.others[command] = position
		return
	}
	if x.length == len(x.run)*runChunk {
		x.run = append(x.run, new([runChunk]entry))
	}
	*x.at(x.length) = entry{command, position}
	x.last = command
	x.length++
}

// reset empties the index and keeps its room.
func (x *index) reset() {
	x.length = 0
	clear(x.others)
}

func (x *index) isLast(command uuid.UUID) bool {
	return x.length == 0 || bytes.Compare(command[:], x.last[:]) > 0
}
