package catalog

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/landfall-go/landfall/board/wire"
	"github.com/landfall-go/landfall/store"
)

// AllBoards as the board of a grant stands for every board.
const AllBoards = "*"

// Person is somebody who has entered.
type Person struct {
	ID     string    `json:"id"`
	Name   string    `json:"name"`
	Color  string    `json:"color"`
	Grants []Grant   `json:"grants,omitempty"`
	Made   time.Time `json:"made"`
}

// Grant is a role on a board, by an invite.
type Grant struct {
	Board  string    `json:"board"`
	Role   wire.Role `json:"role"`
	Invite string    `json:"invite"`
}

// Role returns what the person may do on a board, or "".
func (p *Person) Role(board string) wire.Role {
	best := wire.Role("")
	for _, g := range p.Grants {
		if (g.Board == board || g.Board == AllBoards) && rank(g.Role) > rank(best) {
			best = g.Role
		}
	}
	return best
}

func rank(r wire.Role) int {
	return slices.Index([]wire.Role{"", wire.Viewer, wire.Participant, wire.Facilitator}, r)
}

// take takes grants away, and says whether there were any.
func (p *Person) take(gone func(Grant) bool) bool {
	before := len(p.Grants)
	p.Grants = slices.DeleteFunc(p.Grants, gone)
	return len(p.Grants) < before
}

// Invite gives a role on a board to whoever has its token.
type Invite struct {
	ID      string    `json:"id"`
	Board   string    `json:"board"`
	Role    wire.Role `json:"role"`
	Hash    string    `json:"hash"`
	Made    time.Time `json:"made"`
	Revoked bool      `json:"revoked,omitempty"`
	Used    int       `json:"used,omitempty"`
}

func (i *Invite) key() string { return i.Board + "/" + i.ID }

// NewToken returns 32 random bytes as text.
func NewToken() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// NewID returns an id of twelve letters and digits, the first a letter.
func NewID() string {
	const letters, all = "abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwxyz012345"
	var b [12]byte
	_, _ = rand.Read(b[:])
	for i := range b {
		b[i] = all[int(b[i])%len(all)]
	}
	if !strings.Contains(letters, string(b[0])) {
		b[0] = letters[b[0]-'0']
	}
	return string(b[:])
}

// IDOf returns the id of the board of a storm that was found: every server makes the
// same of it.
func IDOf(path string) string { return "s" + Hash(path)[:11] }

// Hash returns what is kept of a token.
func Hash(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// NewInvite makes an invite and returns its token, of which no copy is kept.
func (c *Catalog) NewInvite(ctx context.Context, board string, role wire.Role) (Invite, string, error) {
	token := NewToken()
	i := Invite{ID: NewID(), Board: board, Role: role, Hash: Hash(token), Made: time.Now().UTC()}
	return i, token, c.log.Commit(ctx, store.Changes{Writes: []store.Write{put(invites, i.key(), i), put(tokens, i.Hash, i.key())}})
}

// Invites returns the invites to a board, in the order in which they were made.
func (c *Catalog) Invites(ctx context.Context, board string) ([]Invite, error) {
	all, err := list[Invite](ctx, c.log, invites, board+"/")
	slices.SortFunc(all, func(a, b Invite) int { return a.Made.Compare(b.Made) })
	return all, err
}

// Revoke ends an invite, and takes away what it gave. It returns
// store.ErrNotFound when there is no such invite.
func (c *Catalog) Revoke(ctx context.Context, board, id string) error {
	return c.retry(func() error {
		i, old, err := get[Invite](ctx, c.log, invites, board+"/"+id)
		if err != nil {
			return err
		}
		i.Revoked = true
		changes := store.Changes{
			Expect:  []store.Expectation{{Collection: invites, Key: i.key(), Data: old}},
			Writes:  []store.Write{put(invites, i.key(), i), {Collection: tokens, Key: i.Hash}},
			Appends: news("InviteRevoked"),
		}
		if err := c.takeAway(ctx, &changes, func(g Grant) bool { return g.Board == board && g.Invite == id }); err != nil {
			return err
		}
		return c.log.Commit(ctx, changes)
	})
}

// Owner is the invite of grants that the servers' own links give.
const Owner = "owner"

// RevokeOwners takes away what the servers' own links have given so far.
func (c *Catalog) RevokeOwners(ctx context.Context) error {
	return c.retry(func() error {
		changes := store.Changes{Appends: news("OwnersRevoked")}
		if err := c.takeAway(ctx, &changes, func(g Grant) bool { return g.Board == AllBoards && g.Invite == Owner }); err != nil {
			return err
		}
		return c.log.Commit(ctx, changes)
	})
}

// Forget takes a revoked invite out of the list. It returns store.ErrNotFound when
// there is no such invite, and does nothing to one that is not revoked.
func (c *Catalog) Forget(ctx context.Context, board, id string) error {
	return c.retry(func() error {
		i, old, err := get[Invite](ctx, c.log, invites, board+"/"+id)
		if err != nil || !i.Revoked {
			return err
		}
		return c.log.Commit(ctx, store.Changes{
			Expect: []store.Expectation{{Collection: invites, Key: i.key(), Data: old}},
			Writes: []store.Write{{Collection: invites, Key: i.key()}},
		})
	})
}

// invited returns the invite of a token, or store.ErrNotFound.
func (c *Catalog) invited(ctx context.Context, token string) (Invite, []byte, error) {
	key, _, err := get[string](ctx, c.log, tokens, Hash(token))
	if err != nil {
		return Invite{}, nil, err
	}
	return get[Invite](ctx, c.log, invites, key)
}

// MaxUsed is how many people one invite lets in.
const MaxUsed = 1000

// ErrUsedUp says that an invite has let in as many people as it may.
var ErrUsedUp = errors.New("the invite has let in as many people as it may")

// Enter lets somebody in under a name: a new person, or the one with that id.
// With an invite's token the person gets what it gives; gives has what they get
// anyhow. It returns store.ErrNotFound when the token is that of no invite, and ErrUsedUp
// when it has let in as many people as it may.
func (c *Catalog) Enter(ctx context.Context, id, name, token string, gives ...Grant) (p Person, invite Invite, err error) {
	err = c.retry(func() error {
		var changes store.Changes
		if p, err = c.person(ctx, id, &changes); err != nil {
			return err
		}
		p.Name = name
		for _, g := range gives {
			p.add(g)
		}
		if token != "" {
			var old []byte
			if invite, old, err = c.invited(ctx, token); err != nil {
				return err
			}
			if p.add(Grant{Board: invite.Board, Role: invite.Role, Invite: invite.ID}) {
				if invite.Used >= MaxUsed {
					return ErrUsedUp
				}
				changes.Expect = append(changes.Expect, store.Expectation{Collection: invites, Key: invite.key(), Data: old})
				invite.Used++
				changes.Writes = append(changes.Writes, put(invites, invite.key(), invite))
			}
		}
		changes.Writes = append(changes.Writes, put(people, p.ID, p))
		return c.log.Commit(ctx, changes)
	})
	return p, invite, err
}

// person returns a person to be changed, or a new one.
func (c *Catalog) person(ctx context.Context, id string, changes *store.Changes) (Person, error) {
	if id != "" {
		p, old, err := get[Person](ctx, c.log, people, id)
		if err == nil {
			changes.Expect = append(changes.Expect, store.Expectation{Collection: people, Key: id, Data: old})
			return p, nil
		}
		if !errors.Is(err, store.ErrNotFound) {
			return Person{}, err
		}
	}
	p := Person{ID: "p-" + NewID(), Made: time.Now().UTC()}
	var err error
	if p.Color, err = c.color(ctx); err != nil {
		return Person{}, err
	}
	changes.Expect = append(changes.Expect, store.Expectation{Collection: people, Key: p.ID})
	return p, nil
}

// colored is how many people are looked at for the color of a new one.
const colored = 200

// color returns one that fewest people have.
func (c *Catalog) color(ctx context.Context) (string, error) {
	docs, err := c.log.List(ctx, people, store.Query{Limit: colored})
	if err != nil {
		return "", err
	}
	have := map[string]int{}
	for _, d := range docs {
		var p Person
		if err := json.Unmarshal(d.Data, &p); err != nil {
			return "", unreadable(people, d.Key, err)
		}
		have[p.Color]++
	}
	return slices.MinFunc(colors, func(a, b string) int { return cmp.Compare(have[a], have[b]) }), nil
}

// add adds a grant that is not there, and says whether it did.
func (p *Person) add(g Grant) bool {
	if slices.Contains(p.Grants, g) {
		return false
	}
	p.Grants = append(p.Grants, g)
	return true
}

// colors are those of people, readable on both themes; each is far from those before it,
// as far as there are any left.
var colors = []string{
	"#1d4ed8", "#c2410c", "#15803d", "#a21caf", "#0f766e", "#be123c",
	"#6d28d9", "#4d7c0f", "#0369a1", "#be185d", "#b45309", "#475569",
}

// ByID returns a person, or store.ErrNotFound.
func (c *Catalog) ByID(ctx context.Context, id string) (Person, error) {
	p, _, err := get[Person](ctx, c.log, people, id)
	return p, err
}
