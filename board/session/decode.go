package session

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"time"

	"github.com/landfall-go/landfall"
)

// commands reads what people may issue from JSON, by name.
var commands = map[string]func([]byte) (reflect.Value, error){
	"NameBoard": read[NameBoard], "AddNotes": read[AddNotes], "RewriteNote": read[RewriteNote], "MoveNotes": read[MoveNotes],
	"TidyNotes": read[TidyNotes], "ChangeKind": read[ChangeKind], "RemoveNotes": read[RemoveNotes], "LinkNotes": read[LinkNotes],
	"UnlinkNotes": read[UnlinkNotes], "MarkPivotal": read[MarkPivotal], "DescribeNote": read[DescribeNote],
	"AttachSticky": read[AttachSticky], "AnswerHotspot": read[AnswerHotspot], "AssignTeam": read[AssignTeam],
	"MergeNotes": read[MergeNotes], "KeepApart": read[KeepApart], "RevealNotes": read[RevealNotes],
	"WriteComment": read[WriteComment], "SettleComment": read[SettleComment], "RemoveComment": read[RemoveComment],
	"PlaceVote": read[PlaceVote], "UndoStep": read[UndoStep], "RedoStep": read[RedoStep], "EditText": read[EditText],
	"SetGoals": read[SetGoals], "StartPhase": read[StartPhase], "SetTimer": read[SetTimer], "AllowVotes": read[AllowVotes],
	"CloseVotes": read[CloseVotes],
}

// Decode reads a command that a person issued, by its name and its fields in JSON,
// and says by whom and when it was issued; what the JSON says of that is not
// believed. A name that is none of a command, a field that the command does not
// have and a value that does not fit are errors that wrap [landfall.ErrInvalid].
// Whether the person may issue it is for [Allowed] to say.
func Decode(what string, data []byte, by string, at time.Time) (landfall.Command, error) {
	decode, ok := commands[what]
	if !ok {
		return nil, fmt.Errorf("there is no command %.40q: %w", what, landfall.ErrInvalid)
	}
	c, err := decode(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w: %w", what, err, landfall.ErrInvalid)
	}
	c.FieldByName("By").SetString(by)
	c.FieldByName("At").SetInt(at.UnixMilli())
	return c.Interface(), nil
}

// read decodes one value and nothing else.
func read[C any](data []byte) (reflect.Value, error) {
	var c C
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		return reflect.Value{}, err
	}
	if _, err := d.Token(); err != io.EOF {
		return reflect.Value{}, fmt.Errorf("something follows after the command")
	}
	return reflect.ValueOf(&c).Elem(), nil
}

func nameOf(command landfall.Command) string { return reflect.TypeOf(command).Name() }
