package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/store"
	"supportbot/internal/telemetry"
)

// TestARoundIsCounted in the metrics and in the audit log, also one that is broken
// off.
func TestARoundIsCounted(t *testing.T) {
	s, err := store.Open(t.Context(), t.TempDir(), testKey())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	for i := range 3 {
		if err := s.Sessions().CommitCtx(t.Context(), fmt.Sprint(i), nil, time.Now().Add(-time.Second)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	one := rows("sessions", func(ctx context.Context, _ int) (int, error) {
		defer stop()
		return s.CutSessions(ctx, 2)
	})
	one.round(ctx, s, slog.New(slog.DiscardHandler))
	for _, cut := range cutters(s, defaultAges) {
		cut.round(t.Context(), s, slog.New(slog.DiscardHandler))
	}
	audited, err := s.AuditRows(t.Context(), 0, 9)
	if err != nil || len(audited) != 2 {
		t.Fatalf("audited are %+v, %v", audited, err)
	}
	for i, want := range []string{"2", "1"} {
		if a := audited[i]; a.Action != supportbot.CutByAge || a.Subject != "sessions" || a.Details["rows"] != want {
			t.Errorf("row %d is %+v, want %s sessions", i+1, a, want)
		}
	}
	answer := httptest.NewRecorder()
	telemetry.Handler(telemetry.Source{
		Figures: s.Figures, Content: func() string { return "" }, Notice: func() string { return "" }, Log: slog.New(slog.DiscardHandler),
	}).ServeHTTP(answer, httptest.NewRequest("GET", "/metrics", nil))
	for _, want := range []string{`supportbot_cut_total{kind="sessions"} 3`, `supportbot_cut_total{kind="transcripts"} 0`} {
		if !strings.Contains(answer.Body.String(), want) {
			t.Errorf("the metrics lack %s", want)
		}
	}
}
