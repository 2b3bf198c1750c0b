// Package nats is a transport over NATS: JetStream keeps what is published until
// its receivers have it, and calls go over core NATS.
//
//	road, err := nats.Connect(ctx, "nats://localhost:4222")
//	host, err := landfall.Open(ctx, landfall.Config{Transport: road, …})
//
// A program may start before its server, and outlive any number of them: the
// connection is tried for ever, and whatever a server has lost is made again.
// NATS is the road and not the memory: what is on it may be lost, as each module
// keeps in its own log what it has sent and what it has heard.
//
// # Names
//
// All names begin with a prefix, which is "landfall" unless WithPrefix says
// otherwise. Names gives them to programs. For the modules Rover and Notification:
//
//	what                               subject                                  kept in, or shared by
//	events of Rover                    landfall.Rover.events.ObstacleFound      stream landfall_Rover_events
//	commands to Notification           landfall.Notification.commands.Rover     stream landfall_Notification_commands
//	  from Rover
//	head of Rover's events             landfall.Rover.heads                     core NATS
//	head of the commands to            landfall.Notification.heads.Rover        core NATS
//	  Notification from Rover
//	calls of Rover                     landfall.Rover.calls.dispatch            core NATS, queue group landfall
//	answers                            _INBOX.…                                 core NATS
//
// A name that is not made of letters, digits, "_" and "-" becomes one token by
// percent-encoding; see Token.
//
// # Streams and consumers
//
// A module makes the stream of its events when it publishes first, and the stream
// of the commands to it when it subscribes to them. If a stream is there but has
// other limits, they are changed.
//
//	limit of a stream                  default
//	age of messages                    1 h (WithKept)
//	size                               256 MB, oldest out (WithKept)
//	replicas                           1 (WithReplicas)
//	storage, retention                 file, limits
//
// A server sets the size of each stream aside, so its max_file_store is at least
// that of all streams together: one for each module that publishes events, and one
// for each that is sent commands.
//
// A subscription has one durable pull consumer, named after it, on the stream: as
// many as there are receivers of a source, however many aggregates there are.
// Events are acknowledged together with all before them (AckAll), commands, which
// come from several modules, one by one.
//
//	bound of a consumer                value
//	messages in hand, of all instances 2000; a batch is one
//	in hand of one process             about 1500, or 5 MB, or twice the server's largest message
//	one call of take                   500 messages, or 1 MB and one message
//	time to acknowledge                10 s (WithAckWait), extended while take runs
//	announcement                       delivered after 100 ms without messages, when no more
//	                                   are on their way, or 5 s without one of its topic
//	tries before another instance has  8 within about 5 s, then after 2 s more
//	  its turn
//
// # Messages
//
// Events and commands are CloudEvents 1.0 in the structured mode of the NATS
// protocol binding: the payload is a JSON object. Standard SDKs read them. There
// is one header, content-type, by which draft 1.0.3 of the binding knows the
// mode; version 1.0.2 knows no other.
//
//	member                Message
//	specversion           "1.0"
//	id                    ID
//	source                "/landfall/Rover": the prefix, and Topic.From
//	type                  Type
//	subject               Aggregate
//	time                  Time, RFC 3339 with nanoseconds
//	landfallnumber        Number, decimal
//	landfallafter         After, decimal
//	landfallkind          Kind
//	landfalltrigger       Trigger
//	landfallcorrelation   Correlation
//	landfallactor         Actor
//	traceparent           Metadata["traceparent"], or made of Correlation and ID
//	tracestate            Metadata["tracestate"]
//	landfallmetadata      the rest of Metadata, a JSON object
//	data                  Data
//
// Empty fields have no member. Without a trace context, traceparent has the
// chain's correlation as its trace-id and the last eight bytes of the message's
// id as its parent-id, not sampled; a receiver does not take it for metadata.
//
// Commands that are published together go as batches, messages with
// content-type "application/cloudevents-batch+json" whose payload is an array of
// such objects: at most 128 commands, and 256 KB or the server's largest message.
// Nothing waits for a batch to fill, and a command alone is a message as above. A
// batch is taken, acknowledged, lost or doubled as a whole. A version that knows no
// batches cannot read one and leaves it out; its receiver sees the gap and asks
// the sender, who answers by a call. Events of one type that follow each other go
// so with WithEventBatches; without it each is a message, as any listener reads it.
//
// The binary mode is read too: attributes are headers that begin with "ce-", and
// the payload is Data. What cannot be carried as JSON is sent so: data that is no
// JSON, and texts that are not UTF-8.
//
// # Calls
//
// A request of up to 128 KB, and an answer up to the server's largest message, are
// one message each. What is larger is fetched by its receiver in pieces, four at a
// time. An instance that works on a call says so after 100 ms and then each
// second; five seconds of silence, a lost connection, or nobody who answers give
// ErrUnavailable. When the caller's context ends, the answer's does.
package nats
