package telemetry

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/prometheus/client_golang/prometheus/testutil"

	"supportbot"
)

func TestNamesFollowTheRulesOfPrometheus(t *testing.T) {
	problems, err := testutil.GatherAndLint(registry)
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", err, problems)
	}
	problems, err = testutil.CollectAndLint(&store{from: Source{
		Figures: func(context.Context) (Figures, error) { return Figures{}, nil },
		Content: func() string { return "v" }, Notice: func() string { return "" },
	}})
	if err != nil || len(problems) > 0 {
		t.Errorf("%v %v", err, problems)
	}
}

// scrape reads /metrics.
func scrape(t *testing.T, from Source) string {
	t.Helper()
	w := httptest.NewRecorder()
	Handler(from).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	return w.Body.String()
}

func has(t *testing.T, text string, lines ...string) {
	t.Helper()
	for _, line := range lines {
		if !strings.Contains(text, "\n"+line+"\n") {
			t.Errorf("there is no line %q", line)
		}
	}
}

func TestFigures(t *testing.T) {
	source := Source{
		Figures: func(context.Context) (Figures, error) {
			return Figures{
				Inbox: Line{Waiting: 3, Oldest: time.Now().Add(time.Hour)}, // the clock was set back
				Queue: Line{Waiting: 2, Oldest: time.Now().Add(-time.Minute)}, ParkedOut: Line{Waiting: 4},
				Cases: map[supportbot.CaseState]int64{supportbot.CaseWaiting: 2, supportbot.CaseConsult: 1},
			}, nil
		},
		Content: func() string { return "abc" }, Notice: func() string { return "flows/a.yaml:3: unknown key" },
	}
	text := scrape(t, source)
	has(t, text, "supportbot_store_up 1", `supportbot_content_info{version="abc"} 1`, "supportbot_content_broken 1",
		`supportbot_waiting_rows{lane="in"} 3`, `supportbot_lag_seconds{lane="in"} 0`, `supportbot_parked_rows{lane="out"} 4`,
		`supportbot_cases{state="waiting"} 2`, `supportbot_cases{state="consult"} 1`, `supportbot_cases{state="deferred"} 0`)
	if !strings.Contains(text, "\nsupportbot_case_wait_seconds 60.") {
		t.Error("a case that has waited for a minute is not shown")
	}
}

func TestMetricsWithoutADatabase(t *testing.T) {
	var log bytes.Buffer
	asked := 0
	from := Source{
		Figures: func(context.Context) (Figures, error) { asked++; return Figures{}, errors.New("gone") },
		Content: func() string { return "abc" }, Notice: func() string { return "" }, Log: NewLog(&log, "text", slog.LevelInfo),
	}
	handler := Handler(from)
	for range 3 {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
		has(t, w.Body.String(), "supportbot_store_up 0", `supportbot_content_info{version="abc"} 1`)
		if strings.Contains(w.Body.String(), "supportbot_cases") {
			t.Error("figures are shown that nobody knows")
		}
	}
	if asked != 1 || strings.Count(log.String(), "metrics are incomplete") != 1 {
		t.Errorf("the database was asked %d times within a second\n%s", asked, &log)
	}
}

func TestARequestIsCountedAndHasAnID(t *testing.T) {
	var log bytes.Buffer
	logger := NewLog(&log, "json", slog.LevelDebug)
	server := httptest.NewServer(Route("GET /test", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		logger.InfoContext(r.Context(), "served")
		w.WriteHeader(http.StatusTeapot)
	}), logger))
	defer server.Close()
	request, _ := http.NewRequest(http.MethodGet, server.URL, nil)
	request.Header.Set("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
	for i, want := range []string{"0af7651916cd43dd8448eb211c80319c", ""} {
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		id := response.Header.Get("X-Request-Id")
		if len(id) != 32 || want != "" && id != want {
			t.Errorf("request %d has the id %q, want %q", i, id, want)
		}
		for line := range strings.SplitSeq(strings.TrimSpace(log.String()), "\n") {
			var entry struct{ Trace string }
			if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Trace != id {
				t.Errorf("request %s is logged as %s", id, line)
			}
		}
		log.Reset()
		request.Header.Del("traceparent")
	}
	if n := testutil.ToFloat64(requests.WithLabelValues("GET /test", "418")); n != 2 {
		t.Errorf("%v requests were counted", n)
	}
}

func TestOpenWebsocketsAreCounted(t *testing.T) {
	upgrader := websocket.Upgrader{}
	ended := make(chan struct{})
	server := httptest.NewServer(Route("GET /socket", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := upgrader.Upgrade(w, r, nil)
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _, _ = conn.ReadMessage()
		close(ended)
	}), slog.New(slog.DiscardHandler)))
	open := func() float64 { return testutil.ToFloat64(websockets.WithLabelValues("GET /socket")) }
	conn, _, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(server.URL, "http"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if open() != 1 {
		t.Errorf("%v are open, want 1", open())
	}
	conn.Close()
	<-ended
	server.Close() // does not wait for what was hijacked
	for deadline := time.Now().Add(5 * time.Second); open() != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%v are open, want none", open())
		}
	}
}

func TestAReplyIsSentInTheTraceOfItsMessage(t *testing.T) {
	ctx, stage := Begin(t.Context(), Whole, supportbot.SMS)
	stage.End(nil)
	parent := Parent(ctx)
	later, sending := Send(context.Background(), parent, supportbot.SMS)
	sending.End(SendRetry)
	if ID(later) == "" || ID(later) != ID(ctx) {
		t.Errorf("sent in %q, but it came in %q", ID(later), ID(ctx))
	}
	if n := testutil.ToFloat64(sends.WithLabelValues("sms", "retry")); n != 1 {
		t.Errorf("%v attempts were counted", n)
	}
}

// BenchmarkTurn is all that a turn pays while nobody records traces.
func BenchmarkTurn(b *testing.B) {
	log := NewLog(io.Discard, "text", slog.LevelInfo)
	for b.Loop() {
		ctx, whole := Begin(context.Background(), Whole, supportbot.REST)
		_, mask := Begin(ctx, Mask, supportbot.REST)
		mask.End(nil)
		_, step := Begin(ctx, Step, supportbot.REST)
		_, read := Begin(ctx, Read, supportbot.REST)
		step.Without(read.End(nil))
		step.End(nil)
		_, commit := Begin(ctx, Commit, supportbot.REST)
		commit.End(nil)
		Turn(supportbot.REST, TurnAnswered)
		_ = log.Enabled(ctx, slog.LevelDebug)
		whole.End(nil)
	}
}

// BenchmarkRequest is all that a request pays, beside a handler that does
// nothing.
func BenchmarkRequest(b *testing.B) {
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	request := httptest.NewRequest(http.MethodPost, "/", nil)
	for name, handler := range map[string]http.Handler{
		"bare": nothing, "counted": Route("POST /bench", nothing, NewLog(io.Discard, "text", slog.LevelInfo)),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				handler.ServeHTTP(httptest.NewRecorder(), request)
			}
		})
	}
}
