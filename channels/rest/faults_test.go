package rest_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"supportbot"
	"supportbot/channels/rest"
)

func TestFaultsAcknowledgeNothing(t *testing.T) {
	tests := []struct {
		name   string
		fault  error
		status int
	}{
		{"store", errors.New("store: disk full"), 503},
		{"deadline", fmt.Errorf("turn: %w", context.DeadlineExceeded), 503},
		{"fenced", supportbot.ErrFenced, 503},
		{"busy", supportbot.ErrBusy, 503},
		{"invalid", fmt.Errorf("choice: %w", supportbot.ErrInvalid), 400},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			conv := newMemory()
			url := serve(t, conv)
			body := `{"conversation":"c","id":"1","text":"x"}`
			conv.fail(tt.fault)
			for _, request := range []struct{ method, path string }{
				{"POST", "/api/v1/messages"}, {"GET", "/api/v1/conversations/c/messages"},
			} {
				res, got := call(t, request.method, url+request.path, body)
				if res.StatusCode != tt.status || !strings.HasPrefix(got, `{"error":`) || strings.Contains(got, "disk") {
					t.Errorf("%s: got %d %s, want %d", request.method, res.StatusCode, got, tt.status)
				}
				if (res.Header.Get("Retry-After") != "") != (tt.status == 503) {
					t.Errorf("%s: Retry-After %q with %d", request.method, res.Header.Get("Retry-After"), res.StatusCode)
				}
			}
			conv.fail(nil)
			if res, got := call(t, "POST", url+"/api/v1/messages", body); res.StatusCode != http.StatusOK {
				t.Errorf("the same request afterwards: got %d %s", res.StatusCode, got)
			}
		})
	}
}

func TestSlowTurn(t *testing.T) {
	const body = `{"conversation":"c","id":"1","text":"wait"}`
	tests := []struct {
		name  string
		limit time.Duration // of the request; 0 = none
		want  time.Duration
	}{
		{"own limit", 0, 30 * time.Second},
		{"the server's limit", 5 * time.Second, 5 * time.Second},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx := t.Context()
				if tt.limit > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, tt.limit)
					defer cancel()
				}
				start := time.Now()
				res := direct(ctx, handler(newMemory(), rest.Options{Key: key}), "POST", "/api/v1/messages", body)
				if took := time.Since(start); res.StatusCode != http.StatusServiceUnavailable || took != tt.want {
					t.Errorf("got %d after %v, want 503 after %v", res.StatusCode, took, tt.want)
				}
			})
		})
	}
}

// A server that shuts down cancels requests whose clients still listen: they
// must not take the end of the request for an acknowledgement.
func TestCancelledTurnIsNotAcknowledged(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	res := direct(ctx, handler(newMemory(), rest.Options{Key: key}), "POST", "/api/v1/messages", `{"conversation":"c","id":"1","text":"wait"}`)
	if res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("got %d, want 503", res.StatusCode)
	}
}

func TestLogHoldsNoWords(t *testing.T) {
	var log bytes.Buffer
	conv := newMemory()
	conv.fail(errors.New("store: disk full"))
	mux := http.NewServeMux()
	for _, route := range rest.New(conv, rest.Options{Key: key, Log: slog.New(slog.NewTextHandler(&log, nil))}).Routes() {
		mux.Handle(route.Pattern, route.Handler)
	}
	direct(t.Context(), mux, "POST", "/api/v1/messages", `{"conversation":"shop-of-li","id":"1","text":"canary"}`)
	if !strings.Contains(log.String(), "disk full") {
		t.Errorf("the log lacks the fault: %s", &log)
	}
	for _, word := range []string{"canary", "shop-of-li", key} {
		if strings.Contains(log.String(), word) {
			t.Errorf("the log holds %q: %s", word, &log)
		}
	}
}
