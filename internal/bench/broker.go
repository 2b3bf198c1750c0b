package bench

import (
	"context"
	"runtime"
	"runtime/debug"
	"time"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// Broker is a NATS server in a process of its own.
type Broker struct{ server *embedded.Server }

func startBroker() (*Broker, error) {
	s, err := embedded.Start(embedded.Options{})
	return &Broker{s}, err
}

func (b *Broker) stop() error {
	b.server.Shutdown()
	return nil
}

// Nothing is a question, or an answer, that says nothing.
type Nothing struct{}

// URL is where the server listens.
func (b *Broker) URL(_ Nothing, url *string) error {
	*url = b.server.URL()
	return nil
}

// BrokerMemory is what a broker has taken, in megabytes.
type BrokerMemory struct {
	Resident  float64 // of the process, with its garbage given back
	Heap      float64 // that is in use
	JetStream float64 // that JetStream counts as its own
	Disk      float64 // of its streams
	Messages  uint64  // in its streams
	Streams   int
	Consumers int
}

// Memory tells it.
func (b *Broker) Memory(_ Nothing, m *BrokerMemory) error {
	const mega = 1 << 20
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	conn, err := natsio.Connect(b.server.URL())
	if err != nil {
		return err
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	account, err := js.AccountInfo(ctx)
	if err != nil {
		return err
	}
	m.JetStream, m.Disk = float64(account.Memory)/mega, float64(account.Store)/mega
	m.Streams, m.Consumers = account.Streams, account.Consumers
	for info := range js.ListStreams(ctx).Info() {
		m.Messages += info.State.Msgs
	}
	debug.FreeOSMemory()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	m.Heap = float64(stats.HeapInuse) / mega
	m.Resident, err = residentMegabytes()
	return err
}
