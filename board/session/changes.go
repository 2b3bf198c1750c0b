package session

import (
	"github.com/landfall-go/landfall"
)

// Changes returns what an event changes on the wall. It is a pure function of the
// event: the aggregate, whoever follows the log, the replay and the browser all
// make the wall from the same changes. An event of another module changes nothing.
func Changes(event landfall.Event) []Change {
	switch e := event.(type) {
	case NotesAdded:
		return append(added(e), linked(e.Links)...)
	case NotesMoved:
		return placed(e.Places)
	case NotesTidied:
		return placed(e.Places)
	case NoteRewritten:
		return []Change{set(e.ID, "text", e.Text)}
	case KindChanged:
		return kindChanged(e)
	case NotesRemoved:
		return removed(e)
	case NotesLinked:
		return linked(e.Links)
	case NotesUnlinked:
		return allGone(e.Ids)
	case PivotalMarked:
		return each(e.Ids, "pivotal", e.Pivotal)
	case NoteDescribed:
		return []Change{set(e.ID, "doc", e.Doc)}
	case StickyAttached:
		return []Change{set(e.ID, "on", list(e.On))}
	case HotspotAnswered:
		return []Change{set(e.ID, "answer", e.Answer)}
	case TeamAssigned:
		return []Change{set(e.ID, "team", e.Team)}
	case NotesMerged:
		return merged(e)
	case NotesKeptApart:
		return []Change{set(e.ID, "type", ApartItem, "a", e.A, "b", e.B)}
	case NotesRevealed:
		return each(e.Ids, "private", false)
	case CommentWritten:
		return []Change{set(e.ID, "type", CommentItem, "note", e.Note, "text", e.Text, "by", e.By, "at", e.At)}
	case CommentSettled:
		return []Change{set(e.ID, "settled", e.Settled)}
	case CommentRemoved:
		return []Change{gone(e.ID)}
	case VotePlaced:
		return []Change{set(e.ID, "votes", counted(e.Votes))}
	case StepUndone:
		return e.Changes
	case StepRedone:
		return e.Changes
	case TextEdited:
		return []Change{{ID: FileID(e.Path), Edit: &Edit{e.Version + 1, e.Changes, e.Client}}}
	case BroughtInStep:
		return append(filesChanged(e.Files), e.Changes...)
	}
	return sessionChanges(event)
}

// sessionChanges returns the changes of the events that are about the board as a
// whole and its people.
func sessionChanges(event landfall.Event) []Change {
	switch e := event.(type) {
	case BoardOpened:
		return []Change{set(BoardID, "type", BoardItem, "name", e.Name, "phase", PhaseReview, "phaseAt", e.At)}
	case BoardNamed:
		return []Change{set(BoardID, "name", e.Name)}
	case PersonJoined:
		p := e.Person
		return []Change{set(p.ID, "type", PersonItem, "name", p.Name, "color", p.Color, "role", p.Role)}
	case GoalsSet:
		return []Change{set(BoardID, "goals", list(e.Goals))}
	case PhaseStarted:
		return []Change{set(BoardID, "phase", e.Phase, "phaseAt", e.At, "writing", e.Phase == PhaseExplore, "timerEnds", 0)}
	case TimerSet:
		return []Change{set(BoardID, "timerEnds", e.Ends)}
	case VotesAllowed:
		changes := []Change{set(BoardID, "votingOpen", true, "votesEach", e.Each)}
		return append(changes, each(e.Cleared, "votes", counted(nil))...)
	case VotesClosed:
		return []Change{set(BoardID, "votingOpen", false)}
	case StormLanded:
		return []Change{set(BoardID, "landedAt", e.At, "landedBy", e.By)}
	}
	return nil
}

func added(e NotesAdded) []Change {
	changes := make([]Change, 0, len(e.Notes)+len(e.Links))
	for _, n := range e.Notes {
		c := set(n.ID, "type", NoteItem, "kind", n.Kind, "text", n.Text, "x", n.X, "y", n.Y, "w", n.W, "h", n.H, "by", e.By, "at", e.At)
		c.and("module", n.Module, n.Module == "")
		c.and("private", n.Private, !n.Private)
		c.and("pivotal", n.Pivotal, !n.Pivotal)
		c.and("answer", n.Answer, n.Answer == "")
		c.and("doc", n.Doc, n.Doc == "")
		c.and("on", n.On, len(n.On) == 0)
		c.and("team", n.Team, n.Team == "")
		changes = append(changes, c)
	}
	return changes
}

func linked(links []LinkData) []Change {
	changes := make([]Change, 0, len(links))
	for _, l := range links {
		changes = append(changes, set(l.ID, "type", LinkItem, "from", l.From, "to", l.To, "verb", l.Verb))
	}
	return changes
}

func placed(places []Place) []Change {
	changes := make([]Change, 0, len(places))
	for _, p := range places {
		changes = append(changes, set(p.ID, "x", p.X, "y", p.Y, "w", p.W, "h", p.H, "module", p.Module))
	}
	return changes
}

func kindChanged(e KindChanged) []Change {
	changes := append(allGone(e.Unlinked), each(e.Ids, "kind", e.Kind)...)
	return append(changes, linked(e.Links)...)
}

func removed(e NotesRemoved) []Change {
	changes := attached(e.Attached)
	changes = append(changes, each(e.Freed, "module", "")...)
	changes = append(changes, allGone(e.Links)...)
	changes = append(changes, allGone(e.Comments)...)
	changes = append(changes, allGone(e.Aparts)...)
	return append(changes, allGone(e.Ids)...)
}

func merged(e NotesMerged) []Change {
	m := e.Merged
	changes := []Change{set(e.Into, "doc", m.Doc, "answer", m.Answer, "pivotal", m.Pivotal, "private", m.Private,
		"votes", counted(m.Votes), "authors", list(m.Authors), "was", list(m.Was), "on", list(m.On))}
	changes = append(changes, allGone(e.Unlinked)...)
	changes = append(changes, linked(e.Links)...)
	changes = append(changes, each(e.Comments, "note", e.Into)...)
	changes = append(changes, allGone(e.Together)...)
	for _, a := range e.Aparts {
		changes = append(changes, set(a.ID, "a", a.A, "b", a.B))
	}
	changes = append(changes, attached(e.Attached)...)
	return append(changes, allGone(e.From)...)
}

func attached(attachments []Attachment) []Change {
	var changes []Change
	for _, a := range attachments {
		changes = append(changes, set(a.ID, "on", list(a.On)))
	}
	return changes
}

func filesChanged(files []FileChange) []Change {
	var changes []Change
	for _, f := range files {
		id := FileID(f.Path)
		if len(f.Changes) > 0 {
			changes = append(changes, Change{ID: id, Edit: &Edit{Version: f.Version + 1, Changes: f.Changes}})
			continue
		}
		changes = append(changes, set(id, "type", FileItem, "path", f.Path, "text", f.Text, "version", f.Version+1))
	}
	return changes
}

func each(ids []string, name string, value any) []Change {
	changes := make([]Change, 0, len(ids))
	for _, id := range ids {
		changes = append(changes, set(id, name, value))
	}
	return changes
}

func allGone(ids []string) []Change {
	changes := make([]Change, 0, len(ids))
	for _, id := range ids {
		changes = append(changes, gone(id))
	}
	return changes
}

// list makes an empty list of none, so that JSON says so.
func list(ids []string) []string {
	if ids == nil {
		return []string{}
	}
	return ids
}

// counted returns votes by person.
func counted(votes []Vote) map[string]int {
	count := make(map[string]int, len(votes))
	for _, v := range votes {
		count[v.Person] = v.Votes
	}
	return count
}
