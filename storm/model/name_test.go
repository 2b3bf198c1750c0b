package model_test

import (
	"go/token"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

func TestGoName(t *testing.T) {
	for _, c := range []struct {
		kind ast.Kind
		name string
		want string
	}{
		{ast.Event, "MarsRoverMoved", "MarsRoverMoved"},
		{ast.Event, "Manufacturer's 3 year warranty expired", "Manufacturers3YearWarrantyExpired"},
		{ast.Event, "3rd party paid", "Event3rdPartyPaid"},
		{ast.Event, "order_placed", "OrderPlaced"},
		{ast.Event, "Ölstand geprüft", "ÖlstandGeprüft"},
		{ast.Event, "заказ оплачен", "ЗаказОплачен"},
		{ast.Event, "订单已支付", "Event订单已支付"},
		{ast.System, "EventPizza.com", "EventPizzaCom"},
		{ast.Event, "# of all types of instructors planned", "OfAllTypesOfInstructorsPlanned"},
		{ast.Command, "HTTPServer started", "HTTPServerStarted"},
		{ast.Hotspot, "???", "Hotspot7f8a03"},
	} {
		got := model.GoName(c.kind, c.name)
		if c.name == "???" {
			if !strings.HasPrefix(got, "Hotspot") || len(got) != len(c.want) {
				t.Errorf("GoName(%q) = %q", c.name, got)
			}
			continue
		}
		if got != c.want {
			t.Errorf("GoName(%q) = %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWords(t *testing.T) {
	for name, want := range map[string]string{
		"MarsRoverMoved":    "Mars Rover Moved",
		"HTTPServerStarted": "HTTP Server Started",
		"Version2Released":  "Version2 Released",
		"snake_case name":   "snake case name",
		"Don't stop":        "Dont stop",
		"ÉtéÖffnen":         "Été Öffnen",
		"":                  "",
		"  !! ":             "",
	} {
		if got := strings.Join(model.Words(name), " "); got != want {
			t.Errorf("Words(%q) = %q, want %q", name, got, want)
		}
	}
}

// The short way for ASCII names finds the same words as the long one, which a
// letter from elsewhere in a word of its own forces.
func TestWordsBothWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[ A-Za-z0-9_.-]{0,20}`).Draw(t, "name")
		got := model.Words(name)
		want := model.Words(name + " é")
		if !slices.Equal(append(got, "é"), want) {
			t.Errorf("Words(%q) = %q, but the long way %q", name, got, want)
		}
	})
}

// Any name of any kind gives an exported Go identifier.
func TestGoNameIsExported(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.String().Draw(t, "name")
		got := model.GoName(ast.Event, name)
		if !ast.IsIdentifier(got) || !isExported(got) {
			t.Errorf("GoName(%q) = %q, which is no exported identifier", name, got)
		}
	})
}

func isExported(name string) bool { return token.IsExported(name) && token.IsIdentifier(name) }
