package session

// Shared is what people are to be told of some changes: Public is for everyone,
// Alone for one person each, by their ids, and comes after what is public.
type Shared struct {
	Public []Change
	Alone  map[string][]Change
}

// For returns what a person is told.
func (s *Shared) For(person string) []Change {
	if len(s.Alone[person]) == 0 {
		return s.Public
	}
	return append(s.Public[:len(s.Public):len(s.Public)], s.Alone[person]...)
}

// Share makes the changes, as Apply does, and returns what people are to be told of
// them: what belongs to a private note is for its author alone, and a note that is
// private no longer is told to everyone as a whole, with its links and comments.
func (w *Wall) Share(changes []Change) Shared {
	s := sharing{wall: w}
	for i := range changes {
		s.change(&changes[i])
	}
	return s.Shared
}

type sharing struct {
	Shared
	wall *Wall
}

func (s *sharing) change(c *Change) {
	was, author := s.wall.Item(c.ID), ""
	if was != nil {
		author = s.wall.Author(was)
	}
	_, is := s.wall.apply(c)
	now := author
	if is != nil {
		now = s.wall.Author(is)
	}
	switch {
	case was == nil || author == now:
		s.tell(now, *c)
	default:
		s.turn(is, author, now)
		if n, ok := is.(*Note); ok {
			s.turnAll(n.ID, author, now)
		}
	}
}

// turn tells that an item is for others than before.
func (s *sharing) turn(i Item, was, now string) {
	if was == "" && now != "" {
		s.tell("", gone(i.ItemID()))
	}
	if was != "" && now != "" && was != now {
		s.tell(was, gone(i.ItemID()))
	}
	c := Change{ID: i.ItemID(), Set: whole(i)}
	if n, ok := i.(*Note); ok && !n.Private {
		c.and("private", false, false) // its author has it as private
	}
	s.tell(now, c)
}

// turnAll tells that what belongs to a note is for others than before.
func (s *sharing) turnAll(note, was, now string) {
	for _, id := range s.wall.LinksOf(note) {
		if l := s.wall.Links[id]; s.wall.Author(l) == now {
			s.turn(l, was, now)
		}
	}
	for _, id := range sorted(s.wall.Comments) {
		if c := s.wall.Comments[id]; c.Note == note {
			s.turn(c, was, now)
		}
	}
	for _, id := range sorted(s.wall.Aparts) {
		if a := s.wall.Aparts[id]; (a.A == note || a.B == note) && s.wall.Author(a) == now {
			s.turn(a, was, now)
		}
	}
}

func (s *sharing) tell(person string, c Change) {
	if person == "" {
		s.Public = append(s.Public, c)
		return
	}
	if s.Alone == nil {
		s.Alone = map[string][]Change{}
	}
	s.Alone[person] = append(s.Alone[person], c)
}

// VisibleTo returns the items that a person sees, in the order of [Wall.Items].
func (w *Wall) VisibleTo(person string) []Item {
	items := w.Items()
	n := 0
	for _, i := range items {
		if !w.Hidden(i, person) {
			items[n] = i
			n++
		}
	}
	return items[:n]
}
