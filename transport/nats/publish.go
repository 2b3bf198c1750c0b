package nats

import (
	"context"
	"errors"
	"strconv"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
)

// Publish implements transport.Transport. Messages go out without waiting for
// one another, up to 1000 and 8 MB; it returns when the server has acknowledged
// all of them. Commands that are published together share messages of NATS, up
// to 128 and 256 KB in each, and so do events of one type with WithEventBatches.
func (t *Transport) Publish(ctx context.Context, topic transport.Topic, messages []transport.Message) error {
	if err := transport.CheckPublish(topic, messages); err != nil {
		return err
	}
	lost, err := t.ready(ctx)
	if err != nil || len(messages) == 0 {
		return err
	}
	for again := topic.To == ""; ; again = false {
		// Only the receiver of commands makes their stream.
		if topic.To == "" {
			if err := t.stream(ctx, topic); err != nil {
				return unavailable(ctx, "publish to "+topic.String(), err)
			}
		}
		err := t.publish(ctx, topic, messages, lost)
		if errors.Is(err, jetstream.ErrNoStreamResponse) {
			t.forget(topic)
			if again {
				continue // the server has lost the stream
			}
		}
		return err
	}
}

// publish sends the messages once.
func (t *Transport) publish(ctx context.Context, topic transport.Topic, messages []transport.Message, lost <-chan struct{}) error {
	w := t.openWindow(topic)
	defer w.close()
	form := encoder{names: t.names, topic: topic, batches: t.batches || topic.To != "", most: min(batchedBytes, int(t.conn.MaxPayload())-headerBytes)}
	for len(messages) > 0 {
		number := messages[0].Number
		m, n := form.encode(messages)
		messages = messages[n:]
		m.Reply = w.end.address
		size := len(m.Data) + headerBytes
		if err := w.room(ctx, size, lost); err != nil {
			return err
		}
		err := t.conn.PublishMsg(m)
		if errors.Is(err, natsio.ErrMaxPayload) {
			t.logger.Warn("a message is too large for NATS; its receivers ask for it", "topic", topic.String(), "number", number, "bytes", size)
			continue
		}
		if err != nil {
			return unavailable(ctx, "publish to "+topic.String(), err)
		}
		w.sent(number, size)
	}
	return w.all(ctx, lost)
}

// Announce implements transport.Transport.
func (t *Transport) Announce(ctx context.Context, topic transport.Topic, head uint64) error {
	if err := transport.CheckTopic(topic); err != nil {
		return err
	}
	if _, err := t.ready(ctx); err != nil {
		return err
	}
	if err := t.conn.Publish(t.names.HeadsSubject(topic), strconv.AppendUint(nil, head, 10)); err != nil {
		return unavailable(ctx, "announce "+topic.String(), err)
	}
	return nil
}
