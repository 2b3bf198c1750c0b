package exporter

import "slices"

func constant(value string) object { return object{{"type", "string"}, {"const", value}} }

func says(description string) object { return object{{"type", "string"}, {"description", description}} }

func format(format, description string) object {
	return object{{"type", "string"}, {"format", format}, {"description", description}}
}

func decimal(description string) object {
	return object{{"type", "string"}, {"pattern", "^[0-9]+$"}, {"description", description}}
}

func listOf(names ...string) []any {
	var out []any
	for _, name := range names {
		out = append(out, name)
	}
	return out
}

// eventHeaders is the schema of the headers of events and commands.
func eventHeaders() object {
	return object{
		{"type", "object"},
		{"properties", object{{"content-type", constant(eventFormat)}}},
		{"required", listOf("content-type")},
	}
}

// eventFormat is the content type of events and commands.
const eventFormat = "application/cloudevents+json"

// cloudEvent is the schema of events and commands but for their data: a CloudEvent
// in the structured mode of the NATS protocol binding.
func cloudEvent() object {
	return object{
		{"title", "CloudEvent"},
		{"description", "A CloudEvent 1.0 in the JSON format. Attributes that begin with landfall are extensions."},
		{"type", "object"},
		{"properties", object{
			{"specversion", constant("1.0")},
			{"id", format("uuid", "the event's or command's own; the same however often it is sent")},
			{"source", says("who sends it")},
			{"type", says("the name of the event or command")},
			{"subject", says("the id of the aggregate that the event happened to, or that the command is for")},
			{"time", format("date-time", "when the event was recorded or the command sent, in UTC")},
			{"landfallnumber", decimal("the place in what the source sends here; numbers grow, and may leave places out")},
			{"landfallafter", decimal("the number of the message before this one, 0 for the first; another one shows a gap")},
			{"landfallkind", says("the kind of aggregate that the event happened to")},
			{"landfalltrigger", format("uuid", "the event that was answered")},
			{"landfallcorrelation", format("uuid", "the first command of the chain")},
			{"landfallactor", says("who issued that")},
			{"traceparent", says("of W3C Trace Context; made of the correlation when there is none")},
			{"tracestate", says("of W3C Trace Context")},
			{"landfallmetadata", says("what else the chain carries, a JSON object")},
			{"data", object{{"description", "what the event or command carries"}}},
		}},
		{"required", listOf("specversion", "id", "source", "type", "landfallnumber", "landfallafter", "data")},
	}
}

// callHeaders is the schema of the headers of a call or its answer.
func callHeaders(step string) object {
	return object{
		{"type", "object"},
		{"properties", object{
			{"Landfall-Step", constant(step)},
			{"Landfall-Size", decimal("how many bytes the payload has")},
		}},
		{"required", listOf("Landfall-Step", "Landfall-Size")},
	}
}

// envelope are the fields of a command that is dispatched by a call, but for its
// type and its data.
func envelope() object {
	return object{
		{"title", "Dispatch"},
		{"description", "A command, and whom it is for."},
		{"type", "object"},
		{"properties", object{
			{"id", format("uuid", "the command's own: a repeat under the same id takes effect once, and gets the first result; without it the command is a new one")},
			{"to", says("the id of the aggregate, or of what an external system is asked about")},
			{"actor", says("who issues it")},
			{"metadata", object{{"type", "object"}, {"additionalProperties", object{{"type", "string"}}}}},
			{"trigger", format("uuid", "the event that is answered, if it is one")},
			{"correlation", format("uuid", "the first command of the chain; that of a new chain is the command itself")},
		}},
		{"required", listOf("to")},
	}
}

// outcome is the schema of the answer to a command that is dispatched.
func outcome() object {
	event := object{
		{"type", "object"},
		{"properties", object{
			{"id", format("uuid", "the event's own")},
			{"type", says("the name of the event")},
			{"aggregate", says("the id of the aggregate that it happened to")},
			{"version", object{{"type", "integer"}, {"description", "of the aggregate after it"}}},
			{"position", object{{"type", "integer"}, {"description", "in the module's log"}}},
			{"time", format("date-time", "when it was recorded, in UTC")},
			{"trigger", format("uuid", "the event that was answered")},
			{"correlation", format("uuid", "the first command of the chain")},
			{"actor", says("who issued that")},
			{"metadata", object{{"type", "object"}, {"additionalProperties", object{{"type", "string"}}}}},
			{"data", object{{"description", "what the event carries"}}},
		}},
		{"required", listOf("id", "type", "aggregate", "version", "position", "time", "correlation", "data")},
	}
	failure := object{
		{"type", "object"},
		{"properties", object{
			{"kind", object{{"type", "string"}, {"enum", listOf(failures...)}}},
			{"text", says("what went wrong")},
			{"reason", says("why the command was rejected")},
		}},
		{"required", listOf("kind", "text")},
	}
	return object{
		{"title", "Outcome"},
		{"description", "What became of a command: events, or an error and then nothing happened."},
		{"type", "object"},
		{"properties", object{
			{"error", failure},
			{"result", object{
				{"type", "object"},
				{"properties", object{
					{"command", format("uuid", "the command's id")},
					{"repeated", object{{"type", "boolean"}, {"description", "the command was answered before, and these are the events of then"}}},
					{"events", object{{"type", "array"}, {"items", event}}},
				}},
			}},
		}},
	}
}

// failures are the kinds of errors in an answer.
var failures = slices.Sorted(slices.Values([]string{
	"rejected", "conflict", "invalid", "notFound", "unreadable", "unavailable", "full", "timeout", "failed",
}))
