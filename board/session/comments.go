package session

import (
	"maps"
	"strings"

	"github.com/landfall-go/landfall"
)

// WriteComment says something about a note.
func (b Board) WriteComment(c WriteComment) ([]landfall.Event, error) {
	if _, err := b.note(c.Note, c.By); err != nil {
		return nil, err
	}
	if err := b.checkNew(c.ID, nil); err != nil {
		return nil, err
	}
	if strings.TrimSpace(c.Text) == "" {
		return nil, landfall.Reject("The comment is empty.")
	}
	if len(b.Wall().Comments) >= MaxComments {
		return nil, landfall.Reject("The wall holds %d comments, and no more.", MaxComments)
	}
	if err := checkText("The comment", c.Text, MaxComment); err != nil {
		return nil, err
	}
	return one(CommentWritten(c))
}

// SettleComment says that nothing is left to be done about a comment, or that
// something is.
func (b Board) SettleComment(c SettleComment) ([]landfall.Event, error) {
	comment, err := b.comment(c.ID, c.By)
	if err != nil || comment.Settled == c.Settled {
		return nil, err
	}
	return one(CommentSettled(c))
}

// RemoveComment takes a comment away.
func (b Board) RemoveComment(c RemoveComment) ([]landfall.Event, error) {
	if _, err := b.comment(c.ID, c.By); err != nil {
		return nil, err
	}
	return one(CommentRemoved(c))
}

func (b *Board) comment(id, by string) (*Comment, error) {
	c := b.Wall().Comments[id]
	if c == nil || b.Wall().Hidden(c, by) {
		return nil, landfall.Reject("The comment is no longer there.")
	}
	return c, nil
}

// AllowVotes opens the voting and gives everyone so many votes; those of before are
// taken away.
func (b Board) AllowVotes(c AllowVotes) ([]landfall.Event, error) {
	if err := b.open(); err != nil {
		return nil, err
	}
	if c.Each < 1 || c.Each > MaxVotes {
		return nil, landfall.Reject("Everyone has between 1 and %d votes.", MaxVotes)
	}
	cleared := map[string]bool{}
	for id, n := range b.Wall().Notes {
		if len(n.Votes) > 0 {
			cleared[id] = true
		}
	}
	return one(VotesAllowed{Each: c.Each, Cleared: sorted(cleared), By: c.By, At: c.At})
}

// CloseVotes ends the voting. The votes stay to be seen.
func (b Board) CloseVotes(c CloseVotes) ([]landfall.Event, error) {
	if err := b.open(); err != nil || !b.Wall().Board.VotingOpen {
		return nil, err
	}
	return one(VotesClosed(c))
}

// PlaceVote says how many of one's votes lie on a note.
func (b Board) PlaceVote(c PlaceVote) ([]landfall.Event, error) {
	n, err := b.note(c.ID, c.By)
	if err != nil {
		return nil, err
	}
	switch {
	case c.By == "":
		return nil, landfall.Reject("Only people vote.")
	case !b.Wall().Board.VotingOpen:
		return nil, landfall.Reject("The voting is closed.")
	case n.Kind.Helps():
		return nil, landfall.Reject("Votes are not for %s.", n.Kind.article())
	case c.Votes < 0:
		return nil, landfall.Reject("There are no negative votes.")
	case c.Votes == n.Votes[c.By]:
		return nil, nil
	}
	elsewhere := 0
	for _, other := range b.Wall().Notes {
		if other != n {
			elsewhere += other.Votes[c.By]
		}
	}
	if each := b.Wall().Board.VotesEach; elsewhere+c.Votes > each && c.Votes > n.Votes[c.By] {
		return nil, landfall.Reject("You have %d votes in all, and %d elsewhere already.", each, elsewhere)
	}
	votes := maps.Clone(n.Votes)
	if votes == nil {
		votes = map[string]int{}
	}
	if votes[c.By] = c.Votes; c.Votes == 0 {
		delete(votes, c.By)
	}
	e := VotePlaced{ID: c.ID, By: c.By, At: c.At}
	for _, p := range sorted(votes) {
		e.Votes = append(e.Votes, Vote{p, votes[p]})
	}
	return one(e)
}
