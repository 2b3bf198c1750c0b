package nats

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	natsio "github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"github.com/landfall-go/landfall/transport"
)

// What one Publish has on its way, not yet acknowledged.
const (
	windowMessages = 1000
	windowBytes    = 8 << 20
	headerBytes    = 1 << 10 // about what the headers of one have
)

// Publish implements transport.Transport. Messages go out without waiting for
// one another, up to 1000 and 8 MB; it returns when the server has acknowledged
// all of them.
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
	var window []sent
	bytes := 0
	for i := range messages {
		msg := t.names.encode(topic, &messages[i])
		size := len(msg.Data) + headerBytes
		for len(window) > 0 && (len(window) >= windowMessages || bytes+size > windowBytes) {
			if err := t.acked(ctx, topic, window[0], lost); err != nil {
				return err
			}
			bytes -= window[0].size
			window = window[1:]
		}
		ack, err := t.js.PublishMsgAsync(msg, jetstream.WithRetryAttempts(0))
		if errors.Is(err, natsio.ErrMaxPayload) {
			t.logger.Warn("a message is too large for NATS; its receivers ask for it", "topic", topic.String(), "number", messages[i].Number, "bytes", size)
			continue
		}
		if err != nil {
			return unavailable(ctx, "publish to "+topic.String(), err)
		}
		window = append(window, sent{ack, messages[i].Number, size})
		bytes += size
	}
	for _, s := range window {
		if err := t.acked(ctx, topic, s, lost); err != nil {
			return err
		}
	}
	return nil
}

// sent is a message that is to be acknowledged.
type sent struct {
	ack    jetstream.PubAckFuture
	number uint64
	size   int
}

func (t *Transport) acked(ctx context.Context, topic transport.Topic, s sent, lost <-chan struct{}) error {
	var err error
	select {
	case <-s.ack.Ok():
		return nil
	case err = <-s.ack.Err():
	case <-ctx.Done():
		err = ctx.Err()
	case <-lost:
		err = natsio.ErrDisconnected
	case <-t.ended:
		return transport.ErrClosed
	}
	return unavailable(ctx, fmt.Sprintf("publish message %d to %s", s.number, topic), err)
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
