package session

// Hidden says whether a person does not see an item, because it belongs to a note
// that somebody else wrote alone.
func (w *Wall) Hidden(i Item, person string) bool {
	author := w.Author(i)
	return author != "" && author != person
}

// Author returns the only person who sees the item, or "" when everyone does:
// items that belong to a private note are for its author alone.
func (w *Wall) Author(i Item) string {
	switch i := i.(type) {
	case *Note:
		if i.Private {
			return i.By
		}
	case *Link:
		if by := w.authorOf(i.From); by != "" {
			return by
		}
		return w.authorOf(i.To)
	case *Comment:
		return w.authorOf(i.Note)
	case *Apart:
		if by := w.authorOf(i.A); by != "" {
			return by
		}
		return w.authorOf(i.B)
	}
	return ""
}

func (w *Wall) authorOf(note string) string {
	if n := w.Notes[note]; n != nil && n.Private {
		return n.By
	}
	return ""
}
