package postgres

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"
)

// maxIdentifier is the length in bytes that PostgreSQL cuts identifiers to.
const maxIdentifier = 63

// names are what a module's things are called in the database.
type names struct {
	schema  string // as it is
	quoted  string // as it is written in SQL
	channel string
	lock    int64 // the key of the advisory lock that writers hold
	migrate int64 // the key of the one that is held while tables are made
}

func namesOf(module string) names {
	schema := "landfall_" + module
	if len(schema) > maxIdentifier {
		sum := sha256.Sum256([]byte(module))
		end := "_" + hex.EncodeToString(sum[:8])
		schema = schema[:maxIdentifier-len(end)] + end
	}
	return names{
		schema: schema, quoted: pgx.Identifier{schema}.Sanitize(), channel: schema,
		lock: lockKey("write " + schema), migrate: lockKey("migrate " + schema),
	}
}

// lockKey makes the key of an advisory lock from what it guards.
func lockKey(what string) int64 {
	sum := sha256.Sum256([]byte("landfall " + what))
	return int64(binary.BigEndian.Uint64(sum[:8]))
}

// sql writes the names into a text of SQL.
func (n names) sql(text string) string {
	return strings.NewReplacer("{schema}", n.quoted, "{lock}", strconv.FormatInt(n.lock, 10), "{channel}", "'"+n.channel+"'").Replace(text)
}
