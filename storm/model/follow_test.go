package model_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/landfall-go/landfall/storm"
	"github.com/landfall-go/landfall/storm/model"
)

func TestFollow(t *testing.T) {
	read := func(text string) *model.Storm {
		src := storm.Parse(storm.File{Path: "a.storm", Text: []byte(text)})
		if len(src.Diagnostics) > 0 {
			t.Fatal(src.Diagnostics)
		}
		return src.Model
	}
	before := read("event Loose\nmodule Rover {\n  Move -> Moved\n  event Gone\n  event Same\n}\n")
	after := read("event Free was Loose\nmodule Robot was Rover {\n  Move -> Driven\n  event Driven was Moved\n  event Same\n}\n")
	want := map[string]string{
		"event:Loose":        "event:Free",
		"command:Rover.Move": "command:Robot.Move",
		"event:Rover.Moved":  "event:Robot.Driven",
		"event:Rover.Same":   "event:Robot.Same",
	}
	if diff := cmp.Diff(want, model.Follow(before, after)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}
