package nats

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
)

// Bounds of a durable consumer.
const (
	maxPending = 2000            // messages that all instances of a receiver have in hand
	duplicates = 2 * time.Second // how long JetStream knows a message again
)

// checked says whether a stream has been made and brought in line on this
// connection. It is locked while that is being done.
type checked struct {
	sync.Mutex
	done bool
}

// stream makes the stream of a topic, or brings it in line, unless that has been
// done on this connection.
func (t *Transport) stream(ctx context.Context, topic transport.Topic) error {
	name := t.names.Stream(topic)
	t.mu.Lock()
	state := t.streams[name]
	if state == nil {
		state = &checked{}
		t.streams[name] = state
	}
	t.mu.Unlock()
	state.Lock()
	defer state.Unlock()
	if state.done {
		return nil
	}
	ctx, cancel := t.request(ctx)
	defer cancel()
	created, err := t.alignStream(ctx, t.streamConfig(topic))
	if err != nil {
		return fmt.Errorf("stream %s: %w", name, err)
	}
	state.done = true
	if created && topic.To == "" {
		// Those who wait for the stream look again at once.
		_ = t.conn.Publish(t.names.HeadsSubject(topic), []byte("0"))
	}
	return nil
}

// request returns the context of requests to JetStream, which are not answered
// once the connection is lost.
func (t *Transport) request(ctx context.Context) (context.Context, context.CancelFunc) {
	_, lost := t.changes()
	ctx, cancel := context.WithTimeout(ctx, requestTimeout)
	go func() {
		select {
		case <-lost:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// forget has the stream checked again before the next message.
func (t *Transport) forget(topic transport.Topic) {
	t.mu.Lock()
	defer t.mu.Unlock()
	delete(t.streams, t.names.Stream(topic))
}

func (t *Transport) streamConfig(topic transport.Topic) jetstream.StreamConfig {
	subjects, what := t.names.EventsSubjects(topic.From), "Events that "+topic.From+" publishes"
	if topic.To != "" {
		subjects, what = t.names.CommandsSubjects(topic.To), "Commands to "+topic.To
	}
	return jetstream.StreamConfig{
		Name: t.names.Stream(topic), Description: what, Subjects: []string{subjects},
		Retention: jetstream.LimitsPolicy, Discard: jetstream.DiscardOld, Storage: jetstream.FileStorage,
		MaxAge: t.maxAge, MaxBytes: t.maxBytes, MaxMsgs: -1, MaxMsgSize: -1, MaxMsgsPerSubject: -1,
		Replicas: t.replicas, Duplicates: min(duplicates, max(t.maxAge, 100*time.Millisecond)),
	}
}

// alignStream makes a stream, or changes of one that is there what we mind.
func (t *Transport) alignStream(ctx context.Context, want jetstream.StreamConfig) (created bool, err error) {
	stream, err := t.js.Stream(ctx, want.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		_, err = t.js.CreateStream(ctx, want)
		if !errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) {
			return err == nil, err
		}
		stream, err = t.js.Stream(ctx, want.Name) // another instance was faster
	}
	if err != nil {
		return false, err
	}
	have := stream.CachedInfo().Config
	next := have
	next.Subjects, next.Retention, next.Discard, next.Storage = want.Subjects, want.Retention, want.Discard, want.Storage
	next.MaxAge, next.MaxBytes, next.MaxMsgs, next.MaxMsgsPerSubject = want.MaxAge, want.MaxBytes, want.MaxMsgs, want.MaxMsgsPerSubject
	next.Replicas, next.Duplicates = want.Replicas, want.Duplicates
	if slices.Equal(have.Subjects, next.Subjects) && have.Retention == next.Retention && have.Discard == next.Discard && have.Storage == next.Storage &&
		have.MaxAge == next.MaxAge && have.MaxBytes == next.MaxBytes && have.MaxMsgs == next.MaxMsgs && have.MaxMsgsPerSubject == next.MaxMsgsPerSubject &&
		have.Replicas == next.Replicas && have.Duplicates == next.Duplicates {
		return false, nil
	}
	if _, err := t.js.UpdateStream(ctx, next); err != nil {
		return false, fmt.Errorf("its configuration is another and cannot be changed to ours, so delete the stream or pick another prefix: %w", err)
	}
	return false, nil
}

// consumer makes the durable consumer of a subscription, or brings it in line.
func (t *Transport) consumer(ctx context.Context, topic transport.Topic, name string) (jetstream.Consumer, error) {
	if topic.To != "" {
		if err := t.stream(ctx, topic); err != nil {
			return nil, err
		}
	}
	ctx, cancel := t.request(ctx)
	defer cancel()
	config := jetstream.ConsumerConfig{
		Durable: t.names.Consumer(topic, name), AckPolicy: jetstream.AckExplicitPolicy, DeliverPolicy: jetstream.DeliverAllPolicy,
		AckWait: t.ackWait, MaxAckPending: maxPending, MaxDeliver: -1, FilterSubject: t.names.Subjects(topic),
	}
	if topic.To == "" {
		config.AckPolicy = jetstream.AckAllPolicy // all are of one topic, so that who has one has those before it
	}
	consumer, err := t.js.CreateOrUpdateConsumer(ctx, t.names.Stream(topic), config)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		t.forget(topic)
	} else if err != nil && t.conn.IsConnected() {
		consumer, err = t.replace(ctx, t.names.Stream(topic), config, err)
	}
	if err != nil {
		return nil, fmt.Errorf("consumer %s of stream %s: %w", config.Durable, t.names.Stream(topic), err)
	}
	return consumer, nil
}

// replace makes a consumer anew that acknowledges in another way, as one of an
// earlier version does: that cannot be changed. What the receiver has had comes
// again, and it knows it by its numbers.
func (t *Transport) replace(ctx context.Context, stream string, config jetstream.ConsumerConfig, why error) (jetstream.Consumer, error) {
	old, err := t.js.Consumer(ctx, stream, config.Durable)
	if err != nil || old.CachedInfo().Config.AckPolicy == config.AckPolicy {
		return nil, why
	}
	if err := t.js.DeleteConsumer(ctx, stream, config.Durable); err != nil {
		return nil, fmt.Errorf("delete one that acknowledges in another way: %w", err)
	}
	return t.js.CreateOrUpdateConsumer(ctx, stream, config)
}
