package postgres

import (
	"encoding/binary"
	"fmt"
)

// PostgreSQL's binary form of the values that we send: an array is a header
// and its elements, each of them its length and its bytes. Encoding them here
// takes no reflection and, once the buffer has grown, no memory.

const (
	oidBool  = 16
	oidBytes = 17
	oidInt8  = 20
	oidInt2  = 21
	oidInt4  = 23
	oidText  = 25
	oidUUID  = 2950
)

// column is an array that grows by its elements.
type column struct {
	buf   []byte
	count int
	nulls bool
}

const columnHeader = 20

// reset empties the column for elements of the type.
func (c *column) reset(oid uint32) {
	if cap(c.buf) > keptColumn {
		c.buf = nil
	}
	c.buf = append(c.buf[:0], make([]byte, columnHeader)...)
	c.count, c.nulls = 0, false
	binary.BigEndian.PutUint32(c.buf[8:], oid)
	binary.BigEndian.PutUint32(c.buf[16:], 1) // the first subscript
}

// keptColumn is the greatest buffer that is kept for the next group.
const keptColumn = 4 << 20

// value returns the array.
func (c *column) value() []byte {
	if c.count == 0 {
		empty := make([]byte, 12)
		copy(empty[8:], c.buf[8:12])
		return empty
	}
	binary.BigEndian.PutUint32(c.buf[0:], 1) // dimension
	if c.nulls {
		binary.BigEndian.PutUint32(c.buf[4:], 1)
	}
	binary.BigEndian.PutUint32(c.buf[12:], uint32(c.count))
	return c.buf
}

func (c *column) addNull() {
	c.count++
	c.nulls = true
	c.buf = append(c.buf, 0xff, 0xff, 0xff, 0xff)
}

func (c *column) addBytes(b []byte) {
	c.count++
	c.buf = binary.BigEndian.AppendUint32(c.buf, uint32(len(b)))
	c.buf = append(c.buf, b...)
}

func (c *column) addText(s string) {
	c.count++
	c.buf = binary.BigEndian.AppendUint32(c.buf, uint32(len(s)))
	c.buf = append(c.buf, s...)
}

func (c *column) addInt8(n int64) {
	c.count++
	c.buf = binary.BigEndian.AppendUint32(c.buf, 8)
	c.buf = binary.BigEndian.AppendUint64(c.buf, uint64(n))
}

func (c *column) addInt4(n int) {
	c.count++
	c.buf = binary.BigEndian.AppendUint32(c.buf, 4)
	c.buf = binary.BigEndian.AppendUint32(c.buf, uint32(int32(n)))
}

func (c *column) addInt2(n int) {
	c.count++
	c.buf = binary.BigEndian.AppendUint32(c.buf, 2)
	c.buf = binary.BigEndian.AppendUint16(c.buf, uint16(int16(n)))
}

func (c *column) addBool(b bool) {
	c.count++
	c.buf = binary.BigEndian.AppendUint32(c.buf, 1)
	if b {
		c.buf = append(c.buf, 1)
	} else {
		c.buf = append(c.buf, 0)
	}
}

func int8Value(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

func int4Value(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(int32(n))) }

func boolValue(b bool) []byte {
	if b {
		return []byte{1}
	}
	return []byte{0}
}

// decodeInt8s reads an array of bigint without nulls.
func decodeInt8s(b []byte) ([]int64, error) {
	if len(b) == 12 {
		return nil, nil
	}
	if len(b) < columnHeader || (len(b)-columnHeader)%12 != 0 || binary.BigEndian.Uint32(b[8:]) != oidInt8 {
		return nil, fmt.Errorf("postgres: not an array of bigint, in %d bytes", len(b))
	}
	ns := make([]int64, 0, (len(b)-columnHeader)/12)
	for at := columnHeader; at < len(b); at += 12 {
		ns = append(ns, int64(binary.BigEndian.Uint64(b[at+4:])))
	}
	return ns, nil
}
