package gen

import (
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// checked reports whether a type has something to check: a member that must be
// one of an enum, an id, a time or a date that must be there.
func (m *module) checked(t *model.Type) bool { return m.checkedIn(t, map[*model.Element]bool{}) }

func (m *module) checkedIn(t *model.Type, seen map[*model.Element]bool) bool {
	switch {
	case t == nil:
		return false
	case t.List != nil:
		return m.checkedIn(t.List, seen)
	case t.Of != nil && t.Of.Kind == ast.Enum:
		return len(t.Of.Members) > 0
	case t.Of != nil:
		if seen[t.Of] || !t.Of.HasData {
			return false
		}
		seen[t.Of] = true
		for _, f := range t.Of.Fields {
			if m.checkedIn(f.Type, seen) {
				return true
			}
		}
		return false
	}
	return !t.Optional && (t.Basic == model.ID || t.Basic == model.Time || t.Basic == model.Date)
}

func (m *module) anyChecked(fields []field) bool {
	for _, x := range fields {
		if m.checked(x.Type) {
			return true
		}
	}
	return false
}

// validate writes the method that refuses data that breaks what the storm says
// of its types. It writes nothing where there is nothing to check.
func (f *file) validate(name string, fields []field) {
	if !f.module.anyChecked(fields) {
		return
	}
	r := receiver(name)
	f.comment("", "Validate rejects data that is missing or is not what it should be.")
	f.p("func (%s %s) Validate() error {", r, name)
	var last *model.Type
	for i, x := range fields {
		if !f.module.checked(x.Type) {
			continue
		}
		last = x.Type
		if plainEnum(last) && !f.module.anyChecked(fields[i+1:]) {
			f.p("\treturn %s.%s.Validate()", r, x.goName)
			break
		}
		f.check(r+"."+x.goName, label(x.Name), x.Type, "\t")
	}
	if !plainEnum(last) {
		f.p("\treturn nil")
	}
	f.p("}\n")
}

// plainEnum reports whether the check of a type is that of an enum.
func plainEnum(t *model.Type) bool {
	return t.List == nil && t.Of != nil && t.Of.Kind == ast.Enum && !t.Optional
}

// check writes the check of one value, which an expression gives.
func (f *file) check(value, what string, t *model.Type, indent string) {
	switch {
	case t.List != nil:
		f.checkList(value, what, t, indent)
	case t.Of != nil:
		f.checkNamed(value, what, t, indent)
	case t.Basic == model.ID:
		f.refuse(value+` == ""`, what+` is missing`, indent)
	case t.Basic == model.Time:
		f.refuse(value+".IsZero()", what+` is missing`, indent)
	case t.Basic == model.Date:
		f.refuse("!"+value+".IsValid()", what+` is no date`, indent)
	}
}

func (f *file) checkList(value, what string, t *model.Type, indent string) {
	item := strings.Repeat("x", strings.Count(indent, "\t"))
	f.p("%sfor _, %s := range %s {", indent, item, value)
	f.check(item, what, t.List, indent+"\t")
	f.p("%s}", indent)
}

func (f *file) checkNamed(value, what string, t *model.Type, indent string) {
	guard, isEnum := "err := "+value+".Validate(); err != nil", t.Of.Kind == ast.Enum
	if t.Optional {
		zero := "nil"
		if isEnum {
			zero = `""`
		}
		f.p("%sif %s != %s {", indent, value, zero)
		defer f.p("%s}", indent)
		indent += "\t"
	}
	f.p("%sif %s {", indent, guard)
	if isEnum {
		f.p("%s\treturn err", indent)
	} else {
		f.use(landfallPath)
		f.p("%s\treturn landfall.Reject(\"%s: %%v\", err)", indent, escaped(what))
	}
	f.p("%s}", indent)
}

func (f *file) refuse(condition, message, indent string) {
	f.use(landfallPath)
	f.p("%sif %s {\n%s\treturn landfall.Reject(%q)\n%s}", indent, condition, indent, strings.ReplaceAll(message, "%", "%%"), indent)
}

func escaped(text string) string { return strings.ReplaceAll(text, "%", "%%") }
