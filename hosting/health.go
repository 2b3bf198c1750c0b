package hosting

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"
)

// checkTime bounds each question of /readyz.
const checkTime = 3 * time.Second

// health is the HTTP endpoint.
type health struct {
	address string
	server  *http.Server
	started atomic.Bool
	served  chan error
}

// listen opens the endpoint.
func (s *System) listen(ctx context.Context, address string) (*health, error) {
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, &OptionError{Flag: "--health", Value: address, Err: err}
	}
	h := &health{address: listener.Addr().String(), served: make(chan error, 1)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { answer(w, nil) })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), checkTime)
		defer cancel()
		answer(w, s.check(ctx, h.started.Load()))
	})
	h.server = &http.Server{Handler: mux, ReadHeaderTimeout: checkTime, WriteTimeout: 2 * checkTime}
	go func() { h.served <- h.server.Serve(listener) }()
	return h, nil
}

func answer(w http.ResponseWriter, err error) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	text := "ok"
	if err != nil {
		w.WriteHeader(http.StatusServiceUnavailable)
		text = err.Error()
	}
	_, _ = fmt.Fprintln(w, strings.TrimSpace(text)) // nobody to tell
}

// check says why the modules do not work now.
func (s *System) check(ctx context.Context, started bool) error {
	if !started {
		return errors.New("starting")
	}
	var errs []error
	for _, m := range s.here {
		log, err := s.store.Log(ctx, m.Name())
		if err == nil {
			_, err = log.Head(ctx)
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("store of %s: %w", m.Name(), err))
		}
	}
	if s.broker != nil {
		if err := s.broker.check(ctx); err != nil {
			errs = append(errs, fmt.Errorf("nats: %w", err))
		}
	}
	return errors.Join(errs...)
}

func (h *health) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), checkTime)
	defer cancel()
	err := h.server.Shutdown(ctx)
	if served := <-h.served; !errors.Is(served, http.ErrServerClosed) {
		err = errors.Join(err, served)
	}
	return err
}
