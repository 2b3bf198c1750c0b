package gen

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/landfall-go/landfall/storm/ast"
	"github.com/landfall-go/landfall/storm/model"
)

// initialisms are the words that Go writes in capitals.
var initialisms = map[string]bool{
	"api": true, "html": true, "http": true, "https": true, "id": true, "ip": true,
	"json": true, "sku": true, "sql": true, "uri": true, "url": true, "utc": true,
	"uuid": true, "vat": true, "xml": true,
}

// FieldName returns the Go name of a field: "productId" is ProductID. The name
// in JSON is the field's name as the storm has it.
func FieldName(name string) string {
	var b strings.Builder
	for _, word := range model.Words(name) {
		if lower := strings.ToLower(word); initialisms[lower] {
			word = strings.ToUpper(word)
		}
		b.WriteString(word)
	}
	out := model.GoName(ast.NoKind, b.String())
	if out == "Apply" || out == "Validate" || out == "UnmarshalJSON" { // methods of the types that gen writes
		out += "Field"
	}
	return out
}

// MemberName returns the Go name of a member of an enum: N of Direction is
// DirectionN. The enum's name stands before it, so that a member never takes
// the name of a type.
func MemberName(enum *model.Element, member string) string {
	return enum.GoName() + model.GoName(ast.NoKind, member)
}

// Decision returns the name of the method that answers a command: Start for
// the command StartMarsRover of the aggregate MarsRover, TurnLeft for TurnLeft.
// handler is the Go name of the aggregate or system.
func Decision(handler string, command *model.Element) string {
	words, own := model.Words(command.GoName()), model.Words(handler)
	if n := len(words) - len(own); n > 0 && slices.Equal(words[n:], own) {
		return strings.Join(words[:n], "")
	}
	return command.GoName()
}

// taken holds the names that the generated main package imports or declares,
// and those of folders with a meaning, so that no package of a module may have
// them.
var taken = []string{
	"bytes", "commandnames", "commands", "context", "embed", "errors", "flag", "fmt", "hears", "internal", "io", "json",
	"landfall", "landfalltest", "main", "maps", "modules", "os", "parse", "read", "run", "show", "slices", "sqlite",
	"store", "storm", "strings", "tell", "testdata", "testing", "time", "usage", "vendor",
}

// PackageName returns the name of a module's package, which is the name of its
// folder too: lower case, ASCII.
func PackageName(module string) string {
	name := strings.ToLower(strings.ReplaceAll(model.Identifier(module), "_", ""))
	if isReserved(name) {
		name += "module"
	}
	return name
}

// ModuleName returns the name under which the runtime keeps a module's log.
func ModuleName(module string) string { return model.Identifier(module) }

// PartName returns the name of a policy, a projection or a system at run time.
// A policy keeps the first name that it had, because under another one it would
// answer its whole history again.
func PartName(e *model.Element) string {
	if e.Kind == ast.Policy {
		return model.Identifier(first(e))
	}
	return model.Identifier(e.Name)
}

// StreamName returns the name under which the events of an aggregate are kept:
// the first that it had in Go.
func StreamName(e *model.Element) string { return model.GoName(e.Kind, first(e)) }

// first returns the oldest of an element's names: the last of its former ones.
func first(e *model.Element) string {
	if n := len(e.Was); n > 0 {
		return e.Was[n-1]
	}
	return e.Name
}

// PolicyNames returns the names at run time of a policy's parts, one for each
// event that it hears. The first has the policy's name; another one has its
// event's behind it, such as "RemindOnOrderPlaced", after that of its module
// where two of its events have one name. So a policy that comes to hear one more
// event goes on with the first.
func PolicyNames(e *model.Element) map[*model.Element]string {
	names := map[*model.Element]string{}
	used := map[string]bool{}
	for i, on := range heardEvents(e.Policy) {
		name := PartName(e)
		if i > 0 {
			policy, event := model.GoName(ast.Policy, first(e)), model.GoName(ast.Event, first(on))
			if name = model.Identifier(policy + "On" + event); used[name] {
				name = model.Identifier(policy + "On" + model.GoName(ast.NoKind, on.Module.Name) + event)
			}
		}
		names[on] = name
		used[name] = true
	}
	return names
}

// unexported returns a Go name with its first word in small letters.
func unexported(name string) string {
	words := model.Words(name)
	if len(words) == 0 {
		return name
	}
	words[0] = strings.ToLower(words[0])
	return strings.Join(words, "")
}

// receiver returns the name of a type's receiver: the first letter of its last
// word, r for MarsRover. Letters that the methods use otherwise are avoided.
func receiver(name string) string {
	words := model.Words(name)
	slices.Reverse(words)
	for _, w := range append(words, "s", "a") {
		first, _ := utf8.DecodeRuneInString(w)
		if letter := string(unicode.ToLower(first)); unicode.IsLetter(first) && !strings.Contains("ceimt", letter) {
			return letter
		}
	}
	return "s"
}

// isReserved reports whether a name has a meaning in Go or in what gen writes.
func isReserved(name string) bool {
	return token.IsKeyword(name) || types.Universe.Lookup(name) != nil || slices.Contains(taken, name)
}
