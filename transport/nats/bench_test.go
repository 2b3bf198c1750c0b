package nats_test

import (
	"context"
	"testing"

	"github.com/landfall-go/landfall/transport"
	"github.com/landfall-go/landfall/transport/nats/embedded"
)

// benchmarked is how many messages one Publish of the benchmarks has.
const benchmarked = 500

func batch(first uint64) []transport.Message {
	messages := make([]transport.Message, 0, benchmarked)
	for n := first; n < first+benchmarked; n++ {
		messages = append(messages, message(n))
	}
	return messages
}

// BenchmarkPublish is one operation a message, in batches.
func BenchmarkPublish(b *testing.B) {
	conn := connect(b, start(b, embedded.Options{}).URL())
	messages := batch(1)
	b.ReportAllocs()
	for done := 0; b.Loop(); done++ {
		if done%benchmarked != 0 {
			continue
		}
		for i := range messages {
			messages[i].Number += benchmarked
		}
		if err := conn.Publish(b.Context(), rover, messages); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDeliver is one operation a message that is there already.
func BenchmarkDeliver(b *testing.B) {
	conn := connect(b, start(b, embedded.Options{}).URL())
	for done := 0; done < b.N; done += benchmarked {
		if err := conn.Publish(b.Context(), rover, batch(uint64(done)+1)); err != nil {
			b.Fatal(err)
		}
	}
	got, all := 0, make(chan struct{})
	b.ReportAllocs()
	b.ResetTimer()
	_, err := conn.Subscribe(rover, "Map", func(_ context.Context, d transport.Delivery) error {
		if got += len(d.Messages); got >= b.N && got-len(d.Messages) < b.N {
			close(all)
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	<-all
}

// BenchmarkLatency is one message from Publish to take, one after the other.
func BenchmarkLatency(b *testing.B) {
	url := start(b, embedded.Options{}).URL()
	sender, receiver := connect(b, url), connect(b, url)
	came := make(chan struct{}, 1)
	if _, err := receiver.Subscribe(rover, "Map", func(_ context.Context, d transport.Delivery) error {
		for range d.Messages {
			came <- struct{}{}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	n := uint64(0)
	send := func() {
		n++
		if err := sender.Publish(b.Context(), rover, []transport.Message{message(n)}); err != nil {
			b.Fatal(err)
		}
		<-came
	}
	send()
	b.ReportAllocs()
	for b.Loop() {
		send()
	}
}

func BenchmarkCall(b *testing.B) {
	url := start(b, embedded.Options{}).URL()
	caller, callee := connect(b, url), connect(b, url)
	if _, err := callee.Answer("Rover", "echo", func(_ context.Context, request []byte) []byte { return request }); err != nil {
		b.Fatal(err)
	}
	call := func(size int) func(*testing.B) {
		request := make([]byte, size)
		return func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(2 * size))
			for b.Loop() {
				if _, err := caller.Call(b.Context(), "Rover", "echo", request); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	for { // the answering may be about to begin
		if _, err := caller.Call(b.Context(), "Rover", "echo", nil); err == nil {
			break
		}
	}
	b.Run("100B", call(100))
	b.Run("100kB", call(100_000))
	b.Run("10MB", call(10_000_000))
}
