package main

import (
	"fmt"
	"log/slog"
	"net/http"
	"sync/atomic"

	"supportbot/internal/store"
)

// healthz tells that the process lives.
func healthz(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }

// readyz tells whether messages should come here.
func readyz(s *store.Store, stopping *atomic.Bool, log *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if stopping.Load() {
			http.Error(w, "the server is stopping", http.StatusServiceUnavailable)
			return
		}
		if err := s.Ready(r.Context()); err != nil {
			log.ErrorContext(r.Context(), "not ready", "error", err)
			http.Error(w, "the database does not answer", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
}
