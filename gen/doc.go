// Package gen turns a storm into a Go project that runs on Landfall.
//
// [Files] makes every file of the project, as a map from path to content, and
// writes nothing. There are two sorts:
//
//   - Generated files begin with [Mark] and have names that end in _gen.go or
//     _gen_test.go. They say what the storm says: the types of messages and
//     values, the wiring of each module, the scenarios as tests. They are
//     written anew each time.
//   - Scaffolds are for people: decisions, policies, projections, systems and
//     the program itself. They are written once, when nothing of what they
//     declare exists, and never touched again.
//
// The storm "Mars Rover" with the modules Rover and Notification gives
//
//	modules_gen.go                    the modules, and their commands by name
//	main.go                           the program
//	rover/module_gen.go               the wiring, a line a sticky
//	rover/messages_gen.go             commands and events
//	rover/values_gen.go               values and enums
//	rover/scenarios_gen_test.go       the scenarios as tests
//	rover/module.go                   the module, with what no sticky shows
//	rover/marsrover.go                the aggregate: its state and its decisions
//	rover/policies.go                 the policies
//	rover/projections.go              the projections
//	notification/console.go           the external system
//
// and the generated files of Notification likewise. [New] adds what makes it a
// project of its own: go.mod, Makefile, README.md and the storm.
//
// A scaffold decides what is obvious: a command that leads to one event whose
// data it carries. Everything else says that it is not decided yet, and the
// scenarios that need it fail with that message.
//
// [Compare] holds a project against its storm and returns what would change, what
// is missing and what is left over: [Plan.Apply] writes it. What a person wrote
// is only read, to learn what exists. A decision that the storm asks for and
// nobody wrote is an error of the compiler, because the generated wiring names
// it; the plan has its skeleton.
//
// Where the storm says nothing about the data of a message or a value, a type of
// that name that a person wrote is used as it is.
//
// The rules for names are functions, so that others can apply them: [Decision],
// [FieldName], [MemberName], [PackageName], [ModuleName], [PartName],
// [PolicyNames], [StreamName].
package gen
