package postgres

import (
	"context"
	"slices"
	"sync"

	"github.com/landfall-go/landfall/store"
	"github.com/landfall-go/landfall/store/internal/contract"
)

// log is the log of one module.
type log struct {
	store     *Store
	module    string
	names     names
	sql       queries
	writeName string // of the prepared statements
	knownName string
	writer    *writer
	streams   *texts // names of streams by their ids
	types     *texts
	notifier  *notifier // from the first record written here on

	told      sync.Mutex
	listeners []*listener
	heard     uint64 // the position that the listeners have heard of
}

type listener struct{ fn func([]store.Record) }

var _ store.Log = (*log)(nil)

func newLog(s *Store, module string) *log {
	n := namesOf(module)
	l := &log{store: s, module: module, names: n, sql: queriesOf(n), writeName: "write " + n.schema, knownName: "write known " + n.schema, streams: newTexts(), types: newTexts()}
	l.writer = newWriter(l)
	return l
}

// queries are the texts of a module's statements.
type queries struct {
	write, writeKnown, register, ask, unregister string
	read, readStream, readTrigger                string
	readCommand, head                            string
	streamNames, typeNames                       string
	getDocument                                  string
	list, listBelow                              string
}

const eventColumns = `e.position, e.stream, e.version, e.time, e.type, e.number, e.command, e.trigger, e.correlation, e.actor, e.metadata, e.data`

func queriesOf(n names) queries {
	const list = `SELECT d.key, d.data FROM {schema}.documents d WHERE d.collection = $1 AND d.key > $2 AND d.key >= $3`
	q := queries{
		write:      writeCall,
		writeKnown: knownCall,
		register:   `INSERT INTO {schema}.writers DEFAULT VALUES RETURNING id`,
		ask:        `UPDATE {schema}.writers SET epoch = epoch + 1 WHERE id = $1 RETURNING epoch, round, outcome`,
		unregister: `DELETE FROM {schema}.writers WHERE id = $1 OR used < now() - interval '30 days'`,
		read:       `SELECT ` + eventColumns + ` FROM {schema}.events e WHERE e.position > $1 ORDER BY e.position LIMIT $2`,
		readStream: `SELECT ` + eventColumns + ` FROM {schema}.events e
			WHERE e.stream = (SELECT s.id FROM {schema}.streams s WHERE s.name = $1) AND e.version > $2 ORDER BY e.version LIMIT $3`,
		readTrigger: `SELECT ` + eventColumns + ` FROM {schema}.events e WHERE e.trigger = $1 ORDER BY e.position`,
		readCommand: `SELECT ` + eventColumns + ` FROM (SELECT f.position FROM {schema}.events f WHERE f.command = $1 AND f.number = 0 OFFSET 0) f
			JOIN {schema}.events e ON e.position >= f.position AND e.position < f.position + $2 WHERE e.command = $1 ORDER BY e.position`,
		head:        `SELECT e.position FROM {schema}.events e ORDER BY e.position DESC LIMIT 1`,
		streamNames: `SELECT s.id, s.name FROM {schema}.streams s WHERE s.id = ANY ($1)`,
		typeNames:   `SELECT t.id::bigint, t.name FROM {schema}.types t WHERE t.id = ANY ($1)`,
		getDocument: `SELECT d.data FROM {schema}.documents d WHERE d.collection = $1 AND d.key = $2`,
		list:        list + ` ORDER BY d.key LIMIT $4`,
		listBelow:   list + ` AND d.key < $5 ORDER BY d.key LIMIT $4`,
	}
	for _, text := range []*string{
		&q.write, &q.writeKnown, &q.register, &q.ask, &q.unregister, &q.read, &q.readStream, &q.readTrigger, &q.readCommand, &q.head,
		&q.streamNames, &q.typeNames, &q.getDocument, &q.list, &q.listBelow,
	} {
		*text = n.sql(*text)
	}
	return q
}

// Append implements store.Log.
func (l *log) Append(ctx context.Context, a store.Append) (store.Appended, error) {
	if err := ctx.Err(); err != nil {
		return store.Appended{}, err
	}
	if _, err := contract.Append(&a); err != nil {
		return store.Appended{}, err
	}
	t := &task{appends: []store.Append{a}}
	if err := l.writer.do(ctx, t); err != nil {
		return store.Appended{}, err
	}
	return t.appended, nil
}

// Commit implements store.Log. The tx of c.Do is a pgx.Tx
// (github.com/jackc/pgx/v5) for tables of the caller's own, whose Commit and
// Rollback return an error. No other process can write to the module while Do
// runs.
func (l *log) Commit(ctx context.Context, c store.Changes) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := contract.Changes(&c); err != nil {
		return err
	}
	t := &task{expect: c.Expect, appends: c.Appends, writes: c.Writes, lazy: c.Lazy}
	if c.Do != nil {
		t.do = func(tx doTx) error { return c.Do(ctx, tx) }
	}
	return l.writer.do(ctx, t)
}

// Listen implements store.Log. Once stop has returned, fn is not called again.
func (l *log) Listen(fn func([]store.Record)) (stop func()) {
	self := &listener{fn: fn}
	l.told.Lock()
	l.listeners = append(l.listeners, self)
	l.told.Unlock()
	l.store.follower.start()
	return func() {
		l.told.Lock()
		defer l.told.Unlock()
		l.listeners = slices.DeleteFunc(l.listeners, func(o *listener) bool { return o == self })
	}
}

// tell tells the listeners of records that this process has written.
func (l *log) tell(records []store.Record) {
	l.told.Lock()
	defer l.told.Unlock()
	l.heard = max(l.heard, records[len(records)-1].Position)
	if l.notifier == nil {
		l.notifier = newNotifier(l)
	}
	l.notifier.tell(l.heard)
	for _, listener := range l.listeners {
		listener.fn(records)
	}
}

// stopNotifying ends the notifications, when nothing is written any more.
func (l *log) stopNotifying() {
	l.told.Lock()
	n := l.notifier
	l.told.Unlock()
	if n != nil {
		n.stop()
	}
}

// moved tells the listeners that the head is at the position, unless they know.
func (l *log) moved(head uint64) {
	l.told.Lock()
	defer l.told.Unlock()
	if head <= l.heard {
		return
	}
	l.heard = head
	for _, listener := range l.listeners {
		listener.fn(nil)
	}
}
