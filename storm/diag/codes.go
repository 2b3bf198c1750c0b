package diag

// Meaning says what a code stands for.
type Meaning struct {
	Code Code
	Text string
}

// Codes returns the codes of the errors of syntax (E0…) and of names (E1…), in
// order.
func Codes() []Meaning {
	return []Meaning{
		{"E001", "Characters that have no place in a storm file."},
		{"E002", "A text that is not closed on its line."},
		{"E003", "Bytes that are not UTF-8."},
		{"E004", "A backslash in a text before a character that it gives no meaning."},
		{"E005", "A line that begins with a word that begins no statement."},
		{"E006", "Something else is expected here."},
		{"E007", "A name that needs quotes, or an empty one."},
		{"E008", "A file that is too large, or braces that are nested too deep."},
		{"E009", "Too many mistakes; the rest of the file was not read."},
		{"E010", "A level that does not exist."},
		{"E011", "A line of flow with a step too many."},
		{"E012", "A duration that is none."},
		{"E013", "A brace or a bracket without its partner."},
		{"E014", "A statement in a place where it cannot stand."},
		{"E101", "A module that does not exist."},
		{"E102", "A name that nothing has."},
		{"E103", "A name that may mean several things."},
		{"E104", "Something that is declared twice."},
		{"E105", "Something of one kind where only another can stand."},
		{"E106", "A second name, level or team where there can be one."},
		{"E107", "A field or a member that is there already."},
		{"E108", "A comment for tools that is incomplete or stands on nothing."},
		{"E109", "A former name that is still, or was twice, in use."},
		{"E110", "A value or an enum with the name of a type of the language."},
	}
}
