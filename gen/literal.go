package gen

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// message returns a message of a scenario as a Go literal. The error says what
// does not fit.
func (f *file) message(msg *model.Message) (string, error) {
	m := f.module
	fields := m.fields(msg.Element.Fields)
	for _, p := range m.projections {
		if p.element == msg.Element {
			fields = p.fields
		}
	}
	body, err := f.object(fields, msg.Data)
	if err != nil {
		return "", fmt.Errorf("%s: %w", msg.Element, err)
	}
	return m.names[msg.Element] + body, nil
}

// object returns the fields of a literal in braces.
func (f *file) object(fields []field, data *model.Value) (string, error) {
	if data == nil {
		return "{}", nil
	}
	var parts []string
	for _, pair := range data.Pairs {
		x := find(fields, pair.Name)
		if x == nil {
			return "", fmt.Errorf("it has no field %s", pair.Name)
		}
		value, err := f.literal(x.Type, pair.Value, false)
		if err != nil {
			return "", fmt.Errorf("%s: %w", pair.Name, err)
		}
		parts = append(parts, x.goName+": "+value)
	}
	return braces(parts), nil
}

// braces joins the fields of a literal, a field a line when they are long.
func braces(parts []string) string {
	line := strings.Join(parts, ", ")
	if len(line) > longest || strings.Contains(line, "\n") {
		return "{\n" + strings.Join(parts, ",\n") + ",\n}"
	}
	return "{" + line + "}"
}

// literal returns a value as Go has it. In a list of that type the name of a
// value is left out.
func (f *file) literal(t *model.Type, v *model.Value, inList bool) (string, error) {
	pointed := f.module.shapeOf(t) == pointer
	switch {
	case t == nil:
		return "", fmt.Errorf("it has no type")
	case t.List != nil:
		return f.array(t, v)
	case t.Of != nil && t.Of.Kind == ast.Enum:
		return f.enumLiteral(t.Of, v)
	case t.Of != nil && t.Of.HasData:
		return f.valueLiteral(t.Of, v, inList, pointed)
	case t.Basic == "":
		if v.Kind == ast.Object || v.Kind == ast.Array {
			return "", fmt.Errorf("nothing says what is in a %s", t)
		}
		return strconv.Quote(v.Text), nil
	}
	out, err := f.basic(t.Basic, v)
	if err == nil && pointed {
		out = "new(" + out + ")"
	}
	return out, err
}

func (f *file) array(t *model.Type, v *model.Value) (string, error) {
	if v.Kind != ast.Array {
		return "", fmt.Errorf("%s is no list", v)
	}
	items := make([]string, len(v.Items))
	for i, item := range v.Items {
		var err error
		if items[i], err = f.literal(t.List, item, true); err != nil {
			return "", err
		}
	}
	return f.bareType(t) + "{" + strings.Join(items, ", ") + "}", nil
}

func (f *file) enumLiteral(e *model.Element, v *model.Value) (string, error) {
	i := slices.IndexFunc(e.Members, func(m *model.Member) bool { return m.Name == v.Text })
	switch {
	case i >= 0 && (v.Kind == ast.Word || v.Kind == ast.Text):
		return f.member(e, i), nil
	case len(e.Members) == 0:
		return strconv.Quote(v.Text), nil
	}
	return "", fmt.Errorf("%s is no member of %s", v, e.Name)
}

func (f *file) valueLiteral(e *model.Element, v *model.Value, inList, pointed bool) (string, error) {
	if v.Kind != ast.Object {
		return "", fmt.Errorf("%s is no %s", v, e.Name)
	}
	body, err := f.object(f.module.fields(e.Fields), v)
	if err != nil || inList {
		return body, err
	}
	name := f.module.names[e]
	if pointed {
		name = "&" + name
	}
	return name + body, nil
}

// basic returns a value of a basic type.
func (f *file) basic(t model.Basic, v *model.Value) (string, error) {
	if !model.Fits(t, v) {
		return "", fmt.Errorf("%s is no %s, which is written as %s", v, t, model.Sample(t))
	}
	switch t {
	case model.Int:
		n, err := strconv.ParseInt(v.Text, 10, 64)
		return strconv.FormatInt(n, 10), err
	case model.Bool:
		return v.Text, nil
	case model.Decimal:
		f.use(decimalPath)
		return fmt.Sprintf("decimal.RequireFromString(%q)", v.Text), nil
	case model.Duration:
		return f.duration(v.Text), nil
	case model.Date:
		f.use(civilPath)
		f.use("time")
		day, err := time.Parse(time.DateOnly, v.Text)
		return fmt.Sprintf("civil.Date{Year: %d, Month: time.%s, Day: %d}", day.Year(), day.Month(), day.Day()), err
	case model.Time:
		f.use("time")
		at, err := time.Parse(time.RFC3339Nano, v.Text)
		at = at.UTC()
		return fmt.Sprintf("time.Date(%d, time.%s, %d, %d, %d, %d, %d, time.UTC)",
			at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond()), err
	}
	return strconv.Quote(v.Text), nil
}
