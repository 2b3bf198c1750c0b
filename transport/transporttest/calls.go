package transporttest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/landfall-go/landfall/transport"
)

// noise returns bytes whose order matters.
func noise(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.NewChaCha8([32]byte{byte(n)}).Read(b) // never fails
	return b
}

// swap puts what follows at before what precedes it.
func swap(b []byte, at int) []byte { return append(bytes.Clone(b[at:]), b[:at]...) }

func testCallSizes(t *testing.T, r Road) {
	caller, callee := connect(t, r), connect(t, r)
	// The answer is the second half of the request, then the first.
	answer(t, callee, "Rover", "swap", func(_ context.Context, request []byte) []byte { return swap(request, len(request)/2) })
	const mb = 1 << 20
	for _, n := range []int{0, 1, 1000, 64_000, 128 << 10, 128<<10 + 1, 500_000, mb - 5000, mb - 1, mb, mb + 1, 2 * mb, 3*mb + 17, 40 * mb} {
		request := noise(n)
		got := callUntil(t, caller, "Rover", "swap", request)
		if got = swap(got, len(got)-len(got)/2); !bytes.Equal(got, request) {
			t.Fatalf("a call with %d bytes is answered with %d others", n, len(got))
		}
	}
	if _, err := caller.Call(patient(t), "Rover", "swap", make([]byte, transport.MaxCall+1)); !errors.Is(err, transport.ErrInvalid) {
		t.Errorf("a request of more than %d bytes: %v", transport.MaxCall, err)
	}
	stop := answer(t, callee, "Rover", "chatter", func(context.Context, []byte) []byte { return make([]byte, transport.MaxCall+1) })
	defer stop()
	eventually(t, "refusal of a large answer", func() bool {
		_, err := caller.Call(patient(t), "Rover", "chatter", nil)
		return errors.Is(err, transport.ErrInvalid)
	})
}

func testCallsTogether(t *testing.T, r Road) {
	caller, callee := connect(t, r), connect(t, r)
	answer(t, callee, "Rover", "echo", func(_ context.Context, request []byte) []byte { return request })
	callUntil(t, caller, "Rover", "echo", nil)
	var calling sync.WaitGroup
	for i := range 200 {
		calling.Go(func() {
			request := fmt.Appendf(nil, "request %d", i)
			if i%50 == 0 {
				request = noise(2<<20 + i)
			}
			got, err := caller.Call(patient(t), "Rover", "echo", request)
			if err != nil || !bytes.Equal(got, request) {
				t.Errorf("call %d is answered with %d bytes, %v", i, len(got), err)
			}
		})
	}
	calling.Wait()
}

func testCallsShared(t *testing.T, r Road) {
	caller := connect(t, r)
	var had [2]atomic.Int64
	for i := range had {
		answer(t, connect(t, r), "Rover", "echo", func(_ context.Context, request []byte) []byte {
			had[i].Add(1)
			return request
		})
	}
	eventually(t, "both answer", func() bool {
		callUntil(t, caller, "Rover", "echo", nil)
		return had[0].Load() > 0 && had[1].Load() > 0
	})
}

func testNobodyAnswers(t *testing.T, r Road) {
	caller, callee := connect(t, r), connect(t, r)
	unavailable := func() {
		t.Helper()
		begun := time.Now()
		if _, err := caller.Call(patient(t), "Rover", "echo", []byte("x")); !errors.Is(err, transport.ErrUnavailable) {
			t.Errorf("a call that nobody answers: %v", err)
		}
		if took := time.Since(begun); took > patience/15 {
			t.Errorf("it took %s to find out that nobody answers", took)
		}
	}
	unavailable()
	stop := answer(t, callee, "Rover", "echo", func(_ context.Context, request []byte) []byte { return request })
	callUntil(t, caller, "Rover", "echo", nil)
	if _, err := caller.Call(patient(t), "Rover", "other", nil); !errors.Is(err, transport.ErrUnavailable) {
		t.Errorf("a call of an operation that nobody answers: %v", err)
	}
	if _, err := caller.Call(patient(t), "Base", "echo", nil); !errors.Is(err, transport.ErrUnavailable) {
		t.Errorf("a call of a module that nobody answers: %v", err)
	}
	stop()
	stop()
	unavailable()
	stop = answer(t, callee, "Rover", "echo", func(_ context.Context, request []byte) []byte { return request })
	defer stop()
	callUntil(t, caller, "Rover", "echo", nil)
	if err := callee.Close(); err != nil {
		t.Fatal(err)
	}
	unavailable()
}

func testCallerGivesUp(t *testing.T, r Road) {
	caller, callee := connect(t, r), connect(t, r)
	begun, ended := make(chan struct{}, 1), make(chan struct{})
	answer(t, callee, "Rover", "wait", func(ctx context.Context, request []byte) []byte {
		if len(request) == 0 {
			return nil
		}
		begun <- struct{}{}
		<-ctx.Done()
		close(ended)
		return nil
	})
	callUntil(t, caller, "Rover", "wait", nil)
	ctx, cancel := context.WithCancel(context.Background())
	failed := make(chan error)
	go func() {
		_, err := caller.Call(ctx, "Rover", "wait", []byte("long"))
		failed <- err
	}()
	<-begun
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) {
		t.Errorf("a call whose context was cancelled: %v", err)
	}
	select {
	case <-ended:
	case <-time.After(patience):
		t.Error("the context of the answer did not end with the caller's")
	}
}

func testAnswerStops(t *testing.T, r Road) {
	caller, callee := connect(t, r), connect(t, r)
	begun := make(chan struct{}, 1)
	stop := answer(t, callee, "Rover", "wait", func(ctx context.Context, request []byte) []byte {
		if len(request) == 0 {
			return nil
		}
		begun <- struct{}{}
		<-ctx.Done()
		return []byte("stopped")
	})
	callUntil(t, caller, "Rover", "wait", nil)
	got := make(chan string)
	go func() {
		answer, err := caller.Call(patient(t), "Rover", "wait", []byte("long"))
		got <- fmt.Sprintf("%s %v", answer, err)
	}()
	<-begun
	stop()
	if got := <-got; got != "stopped <nil>" {
		t.Errorf("what ran when its answering stopped was answered with %s", got)
	}
}
