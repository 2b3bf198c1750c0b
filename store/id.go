package store

import (
	"crypto/sha256"
	"encoding/binary"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
)

// Ids are built so that an index over them grows at its right edge, and so that
// an event's id tells its command. Both are UUIDs (RFC 9562) whose first 48
// bits are a time in milliseconds. The last twelve bits of a command's id are
// zero; those of its n-th event's id, counted from zero, are n+1.

const (
	low12   = 0x0fff
	version = 0x80 // RFC 9562 version 8: custom content after the time
)

// NewCommandID returns the id of a command that is new at the time: a UUIDv7 with its last twelve
// bits zero. Of the ids made in one process each is greater than those before.
//
// It is made here because it is on the path of every command, and uuid.NewV7
// reads its random bits from the kernel. The twelve bits after the
// milliseconds are their fraction (RFC 9562, section 6.2, method 3).
func NewCommandID(now time.Time) uuid.UUID {
	t := tick(now)
	var id uuid.UUID
	binary.BigEndian.PutUint64(id[:8], t>>12<<16|7<<12|t&low12)
	binary.BigEndian.PutUint64(id[8:], rand.Uint64()&(1<<62-1)|1<<63)
	return mask(id)
}

// lastTick is the time of the last new id, in units of 1/4096 ms.
var lastTick atomic.Uint64

func tick(now time.Time) uint64 {
	ns := uint64(now.UnixNano())
	t := ns/1e6<<12 | ns%1e6<<12/1e6
	for {
		last := lastTick.Load()
		t = max(t, last+1)
		if lastTick.CompareAndSwap(last, t) {
			return t
		}
	}
}

// KeyedCommandID returns the id for a command that its sender knows under a key
// of its own: the same key, the same id.
func KeyedCommandID(key string) uuid.UUID {
	return digest([6]byte{}, []byte("key"), []byte(key))
}

// DerivedCommandID returns the id of the n-th command that the sender (a policy
// or a timer) sends in answer to an event: the same answer, the same id.
func DerivedCommandID(sender string, event uuid.UUID, n int) uuid.UUID {
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(n))
	return digest([6]byte(event[:6]), []byte(sender), event[:], number[:])
}

// EventID returns the id of the n-th event of a command, counted from zero.
// n must be less than MaxRecords.
func EventID(command uuid.UUID, n int) uuid.UUID {
	id := mask(command)
	low := uint16(n+1) & low12
	id[14] |= byte(low >> 8)
	id[15] = byte(low)
	return id
}

// CommandOf returns the id of the command that led to the event.
func CommandOf(event uuid.UUID) uuid.UUID { return mask(event) }

// IndexOf returns the n of EventID, or -1 when the id is a command's.
func IndexOf(event uuid.UUID) int {
	return int(binary.BigEndian.Uint16(event[14:])&low12) - 1
}

func mask(id uuid.UUID) uuid.UUID {
	id[14] &= 0xf0
	id[15] = 0
	return id
}

func digest(prefix [6]byte, parts ...[]byte) uuid.UUID {
	h := sha256.New()
	var length [8]byte
	for _, part := range parts {
		binary.BigEndian.PutUint64(length[:], uint64(len(part)))
		h.Write(length[:])
		h.Write(part)
	}
	var id uuid.UUID
	copy(id[:], h.Sum(nil))
	copy(id[:6], prefix[:])
	id[6] = id[6]&0x0f | version
	id[8] = id[8]&0x3f | 0x80
	return mask(id)
}
