package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// serveCeiling answers as the program does, from a table and without keeping
// anything: nothing that speaks HTTP and JSON in this way is faster.
func serveCeiling(ctx context.Context, addr string) error {
	f, err := rehearse()
	if err != nil {
		return err
	}
	return listen(ctx, addr, messages(f, func(context.Context, string, int) error { return nil }))
}

// messages answers the posts of scripted conversations once keep has returned.
func messages(f flow, keep func(ctx context.Context, conversation string, turn int) error) http.Handler {
	replies := make([]answer, len(f)) // not yet JSON: the program makes it anew for each
	for i, s := range f {
		replies[i] = answerTo(s.Commit.Outcome)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /api/v1/messages", func(w http.ResponseWriter, r *http.Request) {
		var m message
		if err := json.NewDecoder(r.Body).Decode(&m); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		turn, err := strconv.Atoi(strings.TrimPrefix(m.ID, "m"))
		if err != nil || turn < 1 || turn > len(replies) {
			http.Error(w, "id: not in the script", http.StatusBadRequest)
			return
		}
		if err := keep(r.Context(), m.Conversation, turn-1); err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(replies[turn-1]) // a client that has gone reads no answer
	})
	return mux
}

// listen serves until ctx ends.
func listen(ctx context.Context, addr string, h http.Handler) error {
	mux := http.NewServeMux()
	mux.Handle("/", h)
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ready") })
	server := &http.Server{
		Addr: addr, Handler: mux, ReadHeaderTimeout: 10 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	context.AfterFunc(ctx, func() { _ = server.Close() }) // it reports nothing but the end of its listener
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
