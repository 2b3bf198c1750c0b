package gen

import (
	"fmt"
	"strings"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// valuesFile writes the values and the enums, or returns nil when there are
// none.
func (m *module) valuesFile() *file {
	f := m.file(true)
	for _, e := range m.types {
		switch {
		case m.left(e):
		case e.Kind == ast.Enum:
			f.enumType(e)
		default:
			f.valueType(e)
		}
	}
	for _, t := range m.loose {
		name := m.looseNames[t.Unknown]
		if m.written[name] != nil {
			continue
		}
		m.project.report("G118", t.Place, fmt.Sprintf("nothing declares the type %s; it is a text for now", t.Unknown),
			"declare it: value "+t.Unknown+" { … } or enum "+t.Unknown+" { … }")
		f.comment("", name+" is a text, until the storm declares what it is.")
		f.p("type %s string\n", name)
	}
	if f.body.Len() == 0 {
		return nil
	}
	return f
}

func (f *file) valueType(e *model.Element) {
	name := f.module.names[e]
	fields := f.module.fields(e.Fields)
	var labels []string
	for _, x := range fields {
		labels = append(labels, label(x.Name))
	}
	summary := name + " is a value of " + list(labels, "and") + "."
	if !e.HasData {
		summary = name + " is a text, until the storm says what is in it."
	}
	f.comment("", docOf(name, e.Name, e.Doc, summary), f.origin(e))
	if !e.HasData {
		f.p("type %s string\n", name)
		return
	}
	f.structType(name, fields)
	f.formerFields(name, fields)
	f.validate(name, fields)
}

// origin says where a type of another module comes from.
func (f *file) origin(e *model.Element) string {
	if home := f.module.project.of(e); home != nil && home != f.module {
		return "It is a copy of what the module " + home.name + " calls so."
	}
	return ""
}

func (f *file) enumType(e *model.Element) {
	name := f.module.names[e]
	var members []string
	for _, member := range e.Members {
		members = append(members, member.Name)
	}
	summary := name + " is one of " + list(members, "and") + "."
	if len(members) == 0 {
		summary = name + " is a text, until the storm lists its members."
	}
	f.comment("", docOf(name, e.Name, e.Doc, summary), f.origin(e))
	f.p("type %s string\n", name)
	if len(members) == 0 {
		return
	}
	f.comment("", "The members of "+name+".")
	f.p("const (")
	for i, member := range e.Members {
		if member.Doc != "" {
			f.comment("\t", docOf(f.member(e, i), member.Name, member.Doc, ""))
		}
		f.p("\t%s %s = %q", f.member(e, i), name, member.Name)
	}
	f.p(")\n")
	f.validateEnum(e, name, members)
}

// member returns the Go name of an enum's member.
func (f *file) member(enum *model.Element, i int) string {
	short := strings.TrimPrefix(MemberName(enum, enum.Members[i].Name), enum.GoName())
	name := f.module.names[enum] + short
	for _, before := range enum.Members[:i] {
		if MemberName(enum, before.Name) == MemberName(enum, enum.Members[i].Name) {
			return fmt.Sprintf("%s%d", name, i+1)
		}
	}
	return name
}

// shownMembers is how many members a refusal lists.
const shownMembers = 8

func (f *file) validateEnum(e *model.Element, name string, members []string) {
	f.use(landfallPath)
	r := receiver(name)
	f.comment("", "Validate rejects what is not a member.")
	f.p("func (%s %s) Validate() error {", r, name)
	f.p("\tswitch %s {", r)
	cases := make([]string, len(members))
	for i := range members {
		cases[i] = f.member(e, i)
	}
	f.p("\tcase %s:\n\t\treturn nil\n\t}", broken(cases, "\t\t"))
	of := "none of " + strings.Join(members, ", ")
	if len(members) > shownMembers {
		of = "no member of " + name
	}
	f.p("\treturn landfall.Reject(\"the %s %%q is %s\", string(%s))", label(e.Name), strings.ReplaceAll(of, "%", "%%"), r)
	f.p("}\n")
}

// broken joins names with commas, on several lines when they are many.
func broken(names []string, indent string) string {
	var b strings.Builder
	length := 0
	for i, name := range names {
		if i > 0 {
			b.WriteString(",")
			if length+len(name) > width {
				b.WriteString("\n" + indent)
				length = 0
			} else {
				b.WriteString(" ")
			}
		}
		b.WriteString(name)
		length += len(name) + 2
	}
	return b.String()
}
