// Package landfall turns an Event Storming into a running system. Its building
// blocks bear the names of the sticky notes: [Command], [Event], [Aggregate],
// policy ([When]), projection ([Project]), external system ([Perform]) and
// [Module].
//
// # From the board to a module
//
// A command is a struct in the imperative, an event a struct in the past tense.
// An aggregate is a struct whose decisions are methods: each takes a command
// and returns the events that happen, or refuses with [Reject].
//
//	type Lend struct{ Reader string }
//	type BookLent struct{ Reader string }
//
//	type Book struct{ LentTo string }
//
//	func (b Book) Lend(c Lend) ([]landfall.Event, error) {
//		if b.LentTo != "" {
//			return nil, landfall.Reject("%s has it", b.LentTo)
//		}
//		return []landfall.Event{BookLent{c.Reader}}, nil
//	}
//
//	func (b *Book) Apply(e landfall.Event) {
//		switch e := e.(type) {
//		case BookLent:
//			b.LentTo = e.Reader
//		}
//	}
//
// [NewModule] wires them, a line a sticky. Types are inferred from the method
// expressions; what a part may emit or send is declared, and the runtime
// refuses the rest. So the wiring is a complete model of the module, which
// [Describe] returns as data.
//
//	landfall.NewModule("Library",
//		landfall.Handle(Book.Lend, landfall.Emits(BookLent{})),
//		landfall.When("RemindPolicy", Remind, landfall.Sends(SendReminder{}),
//			landfall.After(30*24*time.Hour), landfall.Unless(BookReturned{})),
//		landfall.Project("Lent", landfall.On((*Lent).Added)),
//	)
//
// # Running it
//
// [Open] checks the wiring, all of it at once, and opens the modules on a store:
// store/memory for tests, store/sqlite for a durable file, store/postgres for a
// server. [To] addresses a
// command to an aggregate, and [Host.Dispatch] returns what happened, once it is
// durable.
//
//	host, err := landfall.Open(ctx, landfall.Config{Store: store, Modules: modules})
//	result, err := host.Dispatch(ctx, landfall.To(id, Lend{Reader: "Ann"}))
//
// After [Host.Start] policies, projections and timers work in the background.
// Without it they work when [Host.Settle] says so, in an order that is always
// the same; a [Dispatcher] runs a queue of commands in that way.
//
// # Reading
//
// A projection's documents are read through [ViewOf]: one, a page, all, or as
// they change. [View.WaitFor] takes the position of a [Result], and you read
// what you wrote. [Host.Rebuild] builds a projection anew beside the old one.
// [RepositoryOf] loads an aggregate itself. [Host.Causes] and
// [Host.Consequences] walk from an event back to its first cause, and forward
// to everything that followed.
//
// # Modules that talk
//
// Modules share nothing but messages. A policy sends commands to another module
// ([SendsTo]); what a module [Publishes], another one hears ([HearsFrom]). Both
// have types of their own for it: what travels is JSON under its name.
//
//	landfall.NewModule("Rover", …, landfall.Publishes(ObstacleFound{}))
//	landfall.NewModule("Notification", …, landfall.HearsFrom("Rover", ObstacleFound{}))
//
// In one process that is all. The same modules run in several processes, each on
// a store of its own, when each host gets a Config.Transport, such as
// transport/nats. Then [Host.Dispatch] and [ViewOf] reach the modules of
// Config.Elsewhere too. On a database that processes share, such as
// store/postgres, several instances of one module share its work. Package
// hosting does all that by flags.
//
// # What it promises
//
//   - What Dispatch has acknowledged is durable, and happened once. Of writers
//     that race for one aggregate exactly one wins; the others decide anew.
//   - A policy answers every event. Its commands have ids that follow from the
//     event, so that a crash neither loses nor doubles what they lead to.
//   - A projection and its position are committed together.
//   - An event that cannot be answered is retried, then becomes a [DeadLetter].
//     It holds back the later events of its own aggregate for that one policy
//     or projection; all else goes on.
//   - What one module sends or publishes is in the other's log once and in its
//     order, whatever the road between them loses, doubles or delays.
//   - Every queue and cache is bounded. [Host.Close] ends what is under way and
//     saves what was done.
//
// docs/guarantees.md tells how each is kept, and which test would catch a
// breach.
//
// # Change
//
// Events outlive the code that wrote them. [Renamed] reads an older name,
// [Upcast] an older shape, [Retired] passes over what means nothing any more,
// and [Named] frees a stored name from the Go name. What cannot be read is an
// error that names the event, never a silent gap.
//
// # Testing
//
// Package landfalltest puts decisions, policies and projections to the test as
// given, when, then.
package landfall
