package check

import "strings"

// The checks on names know as much English as they need: which words say that
// something has happened, and which word of several forms is the verb. They
// look at letters of the Latin alphabet only; a storm in another language gets
// no findings about tense.

// irregular holds the past forms of verbs that do not take -ed, and their base.
var irregular = map[string]string{
	"arisen": "arise", "ate": "eat", "awoken": "awake", "been": "be", "became": "become", "become": "become",
	"began": "begin", "begun": "begin", "bent": "bend", "bet": "bet", "bid": "bid", "bound": "bind",
	"bought": "buy", "broke": "break", "broken": "break", "brought": "bring", "built": "build", "burnt": "burn",
	"came": "come", "cast": "cast", "caught": "catch", "chose": "choose", "chosen": "choose", "cost": "cost",
	"cut": "cut", "dealt": "deal", "did": "do", "done": "do", "drawn": "draw", "drew": "draw", "driven": "drive",
	"drove": "drive", "dug": "dig", "eaten": "eat", "fallen": "fall", "fed": "feed", "fell": "fall", "felt": "feel",
	"fled": "flee", "flew": "fly", "flown": "fly", "forbidden": "forbid", "forgotten": "forget", "forgot": "forget",
	"fought": "fight", "found": "find", "froze": "freeze", "frozen": "freeze", "gave": "give", "given": "give",
	"gone": "go", "got": "get", "gotten": "get", "grew": "grow", "grown": "grow", "had": "have", "heard": "hear",
	"held": "hold", "hid": "hide", "hidden": "hide", "hit": "hit", "hung": "hang", "hurt": "hurt", "kept": "keep",
	"knew": "know", "known": "know", "laid": "lay", "led": "lead", "left": "leave", "lent": "lend", "let": "let",
	"lit": "light", "lost": "lose", "made": "make", "meant": "mean", "met": "meet", "mistaken": "mistake",
	"outgrown": "outgrow", "overdrawn": "overdraw", "overridden": "override", "overrun": "overrun",
	"overtaken": "overtake", "paid": "pay", "prepaid": "prepay", "proven": "prove", "put": "put", "quit": "quit",
	"ran": "run", "rang": "ring", "read": "read", "rebuilt": "rebuild", "redone": "redo", "repaid": "repay",
	"resent": "resend", "reset": "reset", "rewritten": "rewrite", "ridden": "ride", "risen": "rise", "rose": "rise",
	"run": "run", "rung": "ring", "said": "say", "sang": "sing", "sank": "sink", "sat": "sit", "saw": "see",
	"seen": "see", "sent": "send", "set": "set", "shaken": "shake", "shot": "shoot", "shown": "show",
	"shrunk": "shrink", "shut": "shut", "slept": "sleep", "slid": "slide", "sold": "sell", "resold": "resell",
	"sought": "seek", "spent": "spend", "split": "split", "spoke": "speak", "spoken": "speak", "spread": "spread",
	"sprung": "spring", "stolen": "steal", "stood": "stand", "struck": "strike", "stuck": "stick", "sunk": "sink",
	"sworn": "swear", "swung": "swing", "taken": "take", "taught": "teach", "thought": "think", "threw": "throw",
	"thrown": "throw", "told": "tell", "took": "take", "torn": "tear", "undergone": "undergo",
	"understood": "understand", "undone": "undo", "unset": "unset", "upheld": "uphold", "upset": "upset",
	"went": "go", "withdrawn": "withdraw", "withdrew": "withdraw", "withheld": "withhold", "woken": "wake",
	"won": "win", "wore": "wear", "worn": "wear", "wound": "wind", "written": "write", "wrote": "write",
}

// notPast holds words that end in -ed and are no past forms.
var notPast = map[string]bool{
	"bed": true, "bleed": true, "breed": true, "creed": true, "deed": true, "embed": true, "exceed": true,
	"feed": true, "greed": true, "heed": true, "hundred": true, "indeed": true, "kindred": true, "need": true,
	"newsfeed": true, "proceed": true, "red": true, "reed": true, "sacred": true, "seed": true, "shed": true,
	"shred": true, "sled": true, "speed": true, "steed": true, "succeed": true,
	"united": true, "wed": true, "weed": true, "wicked": true, "naked": true, "embedded": true,
}

// nouns holds past forms that are as often something else in a name, so that
// they do not make a past tense on their own.
var nouns = map[string]bool{
	"left": true, "read": true, "set": true, "cost": true, "cut": true, "cast": true, "run": true, "split": true,
	"spread": true, "hit": true, "put": true, "let": true, "bid": true, "bet": true, "quit": true, "shut": true,
	"hurt": true, "upset": true, "unset": true, "reset": true, "overrun": true, "found": true, "lit": true,
	"become": true, "wound": true, "rose": true, "saw": true, "felt": true,
}

// isPast reports whether a word says that something has happened.
func isPast(word string) bool {
	word = strings.ToLower(word)
	if irregular[word] != "" {
		return true
	}
	return len(word) > 3 && strings.HasSuffix(word, "ed") && !notPast[word]
}

// surelyPast is isPast without the words that are as often in the present.
func surelyPast(word string) bool {
	return isPast(word) && !nouns[strings.ToLower(word)]
}

// verbs holds what commands begin with.
var verbs = set(`abort accept acknowledge activate add adjust advance allocate amend announce answer apply appoint
approve archive ask assemble assess assign attach authorize authorise ban begin bill bind block book borrow brew bring broadcast
build buy calculate call cancel capture change charge check choose claim clean clear close collect commit compare complete compute
configure confirm connect consume contact convert cook copy correct count create credit cut deactivate debit declare decline
deliver deny deploy deposit designate detach determine disable discard discontinue dispatch display distribute divide download
draft draw drop edit eject email enable end enroll enrol enter escalate estimate evaluate examine exchange execute expire export
extend fetch file fill find finish fix follow forward freeze fulfil fulfill generate get give grant greet handle hand hire hold
identify import increase inform initiate inspect install introduce invite invoice issue join keep launch leave lend list load lock
log login look mail make mark match merge migrate modify monitor move name negotiate notify offer open order organise organize
pack park pause pay perform pick place plan play post postpone prepare present price print process produce promote propose provide
publish purchase push put quote raise rate read reactivate rebook recalculate receive recommend reconcile record recover redeem
redirect reduce refill refund refuse register reject release remind remove rename renew rent repair repay repeat replace reply
report request reroute reschedule rescue reserve reset resend resolve restart restock restore resume retire retrieve retry return
reverse review revoke reward route run save scan schedule score search select sell send serve set settle setup share ship show sign
solve sort specify split start stop store submit subscribe supply suspend swap switch take tell terminate test track train transfer
transport treat trigger turn unassign unblock undo unlock unpublish unsubscribe update upgrade upload use validate verify visit
vote wait warn wash watch welcome withdraw withhold write`)

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

// past returns the past form of a verb in its base form.
func past(verb string) string {
	found := ""
	for form, base := range irregular {
		if base == verb && preferred(form) && (found == "" || form < found) {
			found = form
		}
	}
	switch {
	case found != "":
		return found
	case strings.HasSuffix(verb, "e"):
		return verb + "d"
	case endsInConsonantY(verb):
		return verb[:len(verb)-1] + "ied"
	case doubles[verb]:
		return verb + verb[len(verb)-1:] + "ed"
	}
	return verb + "ed"
}

// preferred leaves out those past forms that do not stand behind "was".
func preferred(form string) bool {
	switch form {
	case "ate", "became", "began", "broke", "came", "chose", "did", "drew", "drove", "fell", "flew", "forgot",
		"froze", "gave", "grew", "hid", "knew", "ran", "rang", "rose", "sang", "sank", "saw", "spoke", "threw", "took", "went", "withdrew", "wore", "wrote", "burnt", "gotten":
		return false
	}
	return true
}

var doubles = set("ban commit cut drop forget get log map pad permit pin plan plug quit refer scan ship shop skip stop submit swap tag transfer trim wrap")

func endsInConsonantY(verb string) bool {
	n := len(verb)
	return n > 1 && verb[n-1] == 'y' && !strings.ContainsRune("aeiou", rune(verb[n-2]))
}

// stem cuts a word down to what its forms share: orders and order, placed and
// place, changes and changing.
func stem(word string) string {
	word = strings.ToLower(word)
	if base := irregular[word]; base != "" && !nouns[word] {
		word = base
	}
	switch n := len(word); {
	case n > 4 && strings.HasSuffix(word, "ies"), n > 4 && strings.HasSuffix(word, "ied"):
		return word[:n-3] + "y"
	case n > 5 && strings.HasSuffix(word, "ing"):
		word = word[:n-3]
	case n > 4 && strings.HasSuffix(word, "ed") && !notPast[word]:
		word = word[:n-2]
	case n > 4 && (strings.HasSuffix(word, "ses") || strings.HasSuffix(word, "xes") || strings.HasSuffix(word, "ches") || strings.HasSuffix(word, "shes")):
		word = word[:n-2]
	case n > 3 && strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") && !strings.HasSuffix(word, "us") && !strings.HasSuffix(word, "is"):
		word = word[:n-1]
	}
	return undouble(strings.TrimSuffix(word, "e"))
}

func undouble(word string) string {
	n := len(word)
	if n > 3 && word[n-1] == word[n-2] && !strings.ContainsRune("lsz", rune(word[n-1])) {
		return word[:n-1]
	}
	return word
}

// base returns the verb that a word is a past form of, or "" when it is not
// known.
func base(word string) string {
	word = strings.ToLower(word)
	if b := irregular[word]; b != "" {
		return b
	}
	if !isPast(word) {
		return ""
	}
	cut := strings.TrimSuffix(word, "ed")
	for _, candidate := range []string{cut + "e", cut, undouble(cut), strings.TrimSuffix(cut, "i") + "y"} {
		if verbs[candidate] {
			return candidate
		}
	}
	return ""
}

// latin reports whether a name is written in letters that the checks on tense
// can judge.
func latin(words []string) bool {
	for _, w := range words {
		for _, r := range w {
			if r > 127 {
				return false
			}
		}
	}
	return len(words) > 0
}
