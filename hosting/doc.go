// Package hosting is what the main of an application starts: it reads which
// modules run in this process, on which store and over which broker, opens all
// of that, and runs it until it is told to end.
//
//	var options hosting.Options
//	options.AddFlags(flags) // --modules, --store, --nats, …
//	…
//	system, err := hosting.Open(ctx, options, rover.Module(), notification.Module(console))
//	…
//	return system.Run(ctx) // until a signal ends ctx
//
// # One process or many
//
// The program always names all modules of the application. Which of them run in
// this process is a matter of configuration:
//
//	marsrover serve                                                     all of them, on an SQLite file
//	marsrover serve --modules Rover --store rover.db --nats embedded    one, with a broker for the others
//	marsrover serve --modules Notification --store notification.db --nats nats://127.0.0.1:4222
//
// The modules that do not run here are known by their wiring, so that
// Host.Dispatch, ViewOf and RepositoryOf reach them in their processes as if
// they ran here. [Connect] runs no module at all: it is for programs that give
// commands to a running system and ask it.
//
// Every flag has a variable of the environment that says the same when the flag
// is not given: --nats-addr is LANDFALL_NATS_ADDR.
//
// # Stores
//
// --store is the name of an SQLite file, or sqlite:FILE, or postgres://…, or
// memory: for one that forgets. An SQLite file belongs to one process; on
// PostgreSQL several processes may run the same module and share its work.
//
// # Brokers
//
// --nats is the URL of a NATS server with JetStream, several of them with commas
// between them, or the word embedded, which starts one in this process: on
// --nats-addr, with its data in --nats-dir. Without --nats there is no broker, and
// then all modules have to run here. A process that runs modules has its answers
// come to an inbox with the name of the first of them, as the permissions of
// nats.Names.Permissions want it; --nats-inbox gives another name.
//
// # Health
//
// --health is an address on which the process answers over HTTP: /healthz with 200
// as long as it lives, and /readyz with 200 while the modules work and their store
// and broker can be reached, else with 503 and the reason.
package hosting
