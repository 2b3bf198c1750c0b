package drift

import "github.com/landfall-go/landfall/storm/diag"

// Kind describes a kind of difference.
type Kind struct {
	Code     diag.Code
	Severity diag.Severity
	Name     string // a few words with hyphens, as stable as the code
	Doc      string // what it is, and why it matters
}

// The codes of differences. They never change their meaning.
const (
	Unreadable     diag.Code = "D001"
	Unfollowed     diag.Code = "D002"
	NoReason       diag.Code = "D003"
	NothingSilent  diag.Code = "D004"
	NoModuleInCode diag.Code = "D101"
	NoModuleInFile diag.Code = "D102"
	NotInCode      diag.Code = "D103"
	NotInStorm     diag.Code = "D104"
	Renaming       diag.Code = "D105"
	OtherKind      diag.Code = "D106"
	HistoryLost    diag.Code = "D107"
	HistoryUntold  diag.Code = "D108"
	WiredTwice     diag.Code = "D109"
	LeadsToMore    diag.Code = "D201" // in the storm
	EmitsMore      diag.Code = "D202" // in the code
	OtherTrigger   diag.Code = "D203"
	InvokesMore    diag.Code = "D204"
	SendsMore      diag.Code = "D205"
	OtherModule    diag.Code = "D206"
	OtherDelay     diag.Code = "D207"
	OtherUnless    diag.Code = "D208"
	ShowsMore      diag.Code = "D209"
	HearsMore      diag.Code = "D210"
	OtherHandler   diag.Code = "D211"
	NotPublished   diag.Code = "D212" // in the code
	PublishesMore  diag.Code = "D213"
	NotHeard       diag.Code = "D214" // in the code
	HeardForNobody diag.Code = "D215"
	OtherSource    diag.Code = "D216"
	HeardAs        diag.Code = "D217"
	FieldNotInCode diag.Code = "D301"
	FieldNotInFile diag.Code = "D302"
	OtherType      diag.Code = "D303"
	FieldRenaming  diag.Code = "D304"
	MemberNotInGo  diag.Code = "D305"
	MemberNotInSto diag.Code = "D306"
	UndeclaredEmit diag.Code = "D401"
	NeverEmitted   diag.Code = "D402"
	UndeclaredSend diag.Code = "D403"
	NeverSent      diag.Code = "D404"
	IdleDecision   diag.Code = "D405"
	GoImport       diag.Code = "D501"
	Undecided      diag.Code = "D601"
	UndecidedData  diag.Code = "D602"
)

// Kinds returns all kinds of differences in the order of their codes.
func Kinds() []Kind { return kinds }

var kinds = []Kind{
	{Unreadable, diag.Error, "unreadable-wiring", "A part of the wiring depends on what happens while the program runs, so nobody can say whether it agrees with the storm."},
	{Unfollowed, diag.Error, "unreadable-decision", "A decision or a policy gets its messages from a call that cannot be followed, so it may lead to more than it declares."},
	{NoReason, diag.Error, "silenced-without-reason", "A comment silences a difference without saying why, or names a code that does not exist."},
	{NothingSilent, diag.Hint, "nothing-to-silence", "A comment silences a difference that is not there any more. It would hide the next one."},
	{NoModuleInCode, diag.Error, "module-not-in-code", "The storm has a module that no landfall.NewModule wires."},
	{NoModuleInFile, diag.Error, "module-not-in-storm", "The code wires a module that the storm does not have."},
	{NotInCode, diag.Error, "not-in-code", "The storm has an aggregate, a system, a command, an event, a policy, a projection, a value or an enum that the code does not have."},
	{NotInStorm, diag.Error, "not-in-storm", "The code has an aggregate, a system, a command, an event, a policy or a projection that the storm does not have."},
	{Renaming, diag.Error, "looks-renamed", "What the storm and the code call differently seems to be the same."},
	{OtherKind, diag.Error, "other-kind", "The storm and the code have one name for different things: an aggregate and a system, a command and an event, a value and an enum."},
	{HistoryLost, diag.Error, "history-lost", "The storm knows a former name of an event, and the code does not read events of that name."},
	{HistoryUntold, diag.Hint, "history-untold", "The code reads an event under a former name that the storm does not tell."},
	{WiredTwice, diag.Error, "wired-twice", "Two landfall.NewModule have one name, so the storm's module has two answers."},
	{LeadsToMore, diag.Error, "command-leads-to-more", "In the storm a command leads to an event that its wiring does not declare."},
	{EmitsMore, diag.Error, "command-emits-more", "The wiring of a command declares an event that it does not lead to in the storm."},
	{OtherTrigger, diag.Error, "policy-hears-another", "A policy answers other events in the code than in the storm."},
	{InvokesMore, diag.Error, "policy-invokes-more", "In the storm a policy invokes a command that its wiring does not declare."},
	{SendsMore, diag.Error, "policy-sends-more", "The wiring of a policy declares a command that it does not invoke in the storm."},
	{OtherModule, diag.Error, "policy-sends-elsewhere", "A policy sends a command to another module than in the storm."},
	{OtherDelay, diag.Error, "policy-waits-otherwise", "A policy waits for another time in the code than in the storm."},
	{OtherUnless, diag.Error, "policy-stopped-by-others", "Other events keep a policy from acting in the code than in the storm."},
	{ShowsMore, diag.Error, "projection-misses-event", "In the storm an event updates a projection that does not hear it in the code."},
	{HearsMore, diag.Error, "projection-hears-more", "A projection hears an event that does not update it in the storm."},
	{OtherHandler, diag.Error, "other-handler", "A command is handled by another aggregate or system in the code than in the storm."},
	{NotPublished, diag.Error, "event-not-published", "The storm publishes an event that no landfall.Publishes names. It never leaves its module, and who waits for it waits forever."},
	{PublishesMore, diag.Error, "publishes-more", "landfall.Publishes names an event that the storm does not publish. What is published is a promise to others."},
	{NotHeard, diag.Error, "not-heard-from", "In the storm a policy or a projection hears an event of another module, which no landfall.HearsFrom declares."},
	{HeardForNobody, diag.Error, "heard-for-nobody", "landfall.HearsFrom declares an event of another module that the storm does not have, or that nothing hears."},
	{OtherSource, diag.Error, "heard-from-another", "An event is heard from another module in the code than in the storm."},
	{HeardAs, diag.Error, "heard-under-another-name", "An event of another module is heard under a name that it is not published under, so it is passed over in silence."},
	{FieldNotInCode, diag.Error, "field-not-in-code", "The storm has a field that the Go type does not have."},
	{FieldNotInFile, diag.Error, "field-not-in-storm", "The Go type has a field that the storm does not have."},
	{OtherType, diag.Error, "other-type", "A field has another type in the code than in the storm."},
	{FieldRenaming, diag.Error, "field-looks-renamed", "What the storm and the code call differently seems to be the same field."},
	{MemberNotInGo, diag.Error, "member-not-in-code", "The storm's enum has a member that is no constant of the Go type."},
	{MemberNotInSto, diag.Error, "member-not-in-storm", "The Go type has a constant that is no member of the storm's enum."},
	{UndeclaredEmit, diag.Error, "undeclared-event", "A decision constructs an event that its landfall.Emits does not declare. The runtime refuses it when it happens."},
	{NeverEmitted, diag.Hint, "declared-never-constructed", "landfall.Emits declares an event that the decision constructs nowhere."},
	{UndeclaredSend, diag.Error, "undeclared-command", "A policy constructs a command that its landfall.Sends does not declare. The runtime refuses it when it happens."},
	{NeverSent, diag.Hint, "declared-never-sent", "landfall.Sends declares a command that the policy constructs nowhere."},
	{IdleDecision, diag.Hint, "idle-decision", "An aggregate has a decision that no landfall.Handle wires."},
	{GoImport, diag.Error, "crosses-by-import", "Code of one module uses the Go type of another module's message. Modules share nothing but messages: each has its own type for what it hears or sends."},
	{Undecided, diag.Hint, "undecided", "The storm does not say enough for code: who handles a command, what leads to an event, which module it is in."},
	{UndecidedData, diag.Hint, "undecided-data", "The code has data that the storm does not list yet."},
}

func kindOf(code diag.Code) (Kind, bool) {
	for _, k := range kinds {
		if k.Code == code {
			return k, true
		}
	}
	return Kind{}, false
}
