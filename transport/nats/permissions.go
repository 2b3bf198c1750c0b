package nats

import "github.com/landfall-go/landfall/transport"

// Traffic is what a module says to others and hears of them.
type Traffic struct {
	// Module is the module itself.
	Module string
	// HearsFrom are the modules whose events it hears.
	HearsFrom []string
	// SendsTo are the modules that it sends commands to.
	SendsTo []string
	// ReceivesFrom are the modules that send it commands.
	ReceivesFrom []string
	// Calls are the modules whose operations it may call, all of them; those that
	// it hears or receives from it may ask to send again in any case.
	Calls []string
}

// Permissions are the subjects that a connection may publish and subscribe to.
type Permissions struct{ Publish, Subscribe []string }

// Permissions are what a module needs, and no more, if its subscriptions are
// named after it and its connection is made with WithInbox(module). A process of
// several modules needs those of each, with one of them as the name of the inbox.
//
// They keep a module from sending as another, from reading what it does not hear,
// and from streams of others. They let it write to any inbox, because that is
// where answers go.
func (n Names) Permissions(t Traffic) Permissions {
	m := t.Module
	own := []string{n.EventsStream(m)}
	p := Permissions{
		Publish:   []string{"_INBOX.>", n.EventsSubjects(m), n.HeadsSubject(transport.Topic{From: m})},
		Subscribe: []string{"_INBOX." + m + ".>", n.prefix() + "." + m + ".calls.*"},
	}
	for _, to := range t.SendsTo {
		p.Publish = append(p.Publish, n.CommandsSubject(to, m), n.HeadsSubject(transport.Topic{From: m, To: to}))
	}
	for _, from := range t.HearsFrom {
		p.Subscribe = append(p.Subscribe, n.HeadsSubject(transport.Topic{From: from}))
		p.Publish = append(p.Publish, n.CallsSubject(from, Resend))
		p.Publish = append(p.Publish, n.consumes(transport.Topic{From: from}, m)...)
	}
	for _, from := range t.ReceivesFrom {
		p.Publish = append(p.Publish, n.CallsSubject(from, Resend))
	}
	if len(t.ReceivesFrom) > 0 {
		own = append(own, n.CommandsStream(m))
		p.Subscribe = append(p.Subscribe, n.HeadsSubject(transport.Topic{To: m}))
		p.Publish = append(p.Publish, n.consumes(transport.Topic{To: m}, m)...)
	}
	for _, to := range t.Calls {
		p.Publish = append(p.Publish, n.prefix()+"."+to+".calls.*")
	}
	for _, stream := range own {
		p.Publish = append(p.Publish, "$JS.API.STREAM.INFO."+stream, "$JS.API.STREAM.CREATE."+stream, "$JS.API.STREAM.UPDATE."+stream)
	}
	return p
}

// consumes are the subjects by which a durable consumer is made and read.
func (n Names) consumes(topic transport.Topic, name string) []string {
	of := n.Stream(topic) + "." + n.Consumer(topic, name)
	return []string{
		"$JS.API.CONSUMER.CREATE." + of + "." + n.Subjects(topic),
		"$JS.API.CONSUMER.INFO." + of,
		"$JS.API.CONSUMER.MSG.NEXT." + of,
		"$JS.ACK." + of + ".>",
	}
}
