package crowd

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
)

func randomOf(who int) *rand.Rand { return rand.New(rand.NewPCG(uint64(who), 1)) }

// write works on the wall as a person does.
func (b *browser) write(ctx context.Context, s Session, who int) {
	b.sent = map[string]time.Time{}
	w := worker{random: b.random, who: who, notes: s.Notes}
	begin := time.Now().Add(time.Duration(b.random.Float64() * float64(time.Second)))
	nextOp, nextCursor := begin, begin
	for time.Since(begin) < s.Lasts && ctx.Err() == nil {
		next := nextOp
		if nextCursor.Before(nextOp) {
			next = nextCursor
		}
		time.Sleep(time.Until(next))
		var text string
		if next == nextOp {
			id := uuid.NewString()
			text = w.operation(id)
			nextOp = nextOp.Add(time.Duration(float64(time.Second) / s.Operations))
			b.sent[id] = time.Now()
		} else {
			text = fmt.Sprintf(`{"t":"here","x":%d,"y":%d}`, b.random.IntN(10_000), b.random.IntN(10_000))
			nextCursor = nextCursor.Add(time.Duration(float64(time.Second) / s.Cursors))
		}
		if err := b.conn.Write(ctx, websocket.MessageText, []byte(text)); err != nil {
			b.err = errors.Join(b.err, err)
			return
		}
	}
}

// worker makes what a person does: of twenty operations twelve move a note, four write
// a text, two put up a note or take one down again, two draw an arrow or remove it.
// None is refused whatever the others do.
type worker struct {
	random *rand.Rand
	who    int
	notes  int
	made   int    // notes that were put up
	up     string // the one that is up
	links  int
	drawn  string
}

func (w *worker) operation(id string) string {
	what, data := "", ""
	note := "note-" + strconv.Itoa(w.random.IntN(w.notes))
	switch w.random.IntN(20) {
	default:
		what = "MoveNotes"
		data = fmt.Sprintf(`{"places":[{"id":%q,"x":%d,"y":%d,"w":140,"h":90,"module":""}]}`, note, w.random.IntN(20_000), w.random.IntN(10_000))
	case 0, 1, 2, 3:
		what, data = "RewriteNote", fmt.Sprintf(`{"id":%q,"text":"%s was heard"}`, note, strconv.FormatUint(w.random.Uint64(), 36))
	case 4, 5:
		if what, data = "RemoveNotes", fmt.Sprintf(`{"ids":[%q]}`, w.up); w.up != "" {
			w.up = ""
			break
		}
		w.made++
		w.up = fmt.Sprintf("new-%d-%d", w.who, w.made)
		what = "AddNotes"
		data = fmt.Sprintf(`{"notes":[{"id":%q,"kind":"event","text":"Person %d saw %d","x":%d,"y":%d,"w":140,"h":90}]}`, w.up, w.who, w.made, w.random.IntN(20_000), w.random.IntN(10_000))
	case 6, 7:
		if what, data = "UnlinkNotes", fmt.Sprintf(`{"ids":[%q]}`, w.drawn); w.drawn != "" {
			w.drawn = ""
			break
		}
		w.links++
		w.drawn = fmt.Sprintf("link-%d-%d", w.who, w.links)
		pair := 2 * (w.who % (w.notes / 2)) // each has a command and an event of their own
		what, data = "LinkNotes", fmt.Sprintf(`{"links":[{"id":%q,"from":"note-%d","to":"note-%d"}]}`, w.drawn, pair, pair+1)
	}
	return fmt.Sprintf(`{"t":"do","id":%q,"what":%q,"data":%s}`, id, what, data)
}

// noteAt returns a note of the wall as it is at first: commands and events in turn.
func noteAt(i int) string {
	if i%2 == 0 {
		return fmt.Sprintf(`{"id":"note-%d","kind":"command","text":"Do the thing %d of gate %s","x":%d,"y":%d,"w":140,"h":90}`, i, i, gate(i), i%100*160, i/100*110)
	}
	subjects := []string{"Order", "Invoice", "Parcel", "Customer", "Payment", "Return", "Offer", "Contract", "Ticket", "Route", "Batch", "Account"}
	verbs := []string{"placed", "paid", "shipped", "opened", "closed", "refused", "approved", "moved", "counted", "printed", "merged", "found"}
	return fmt.Sprintf(`{"id":"note-%d","kind":"event","text":"%s %s at gate %s","x":%d,"y":%d,"w":140,"h":90}`,
		i, subjects[i%12], verbs[i/12%12], gate(i), i%100*160, i/100*110)
}

func gate(i int) string { return strings.Repeat(string(rune('A'+i%26)), 1+i/144) }
