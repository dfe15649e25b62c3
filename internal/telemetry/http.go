package telemetry

import (
	"bufio"
	"context"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// route is a handler whose requests are counted and named.
type route struct {
	pattern string
	next    http.Handler
	log     *slog.Logger
	open    prometheus.Gauge           // websockets
	answers map[int]prometheus.Counter // by status, the frequent ones
}

// Route counts the requests of a pattern of http.ServeMux and gives each an id,
// that of the caller's trace if there is one, which the log and the header
// X-Request-Id show. A request that changes something begins a span. Messages
// within a websocket are traced one by one instead.
func Route(pattern string, next http.Handler, log *slog.Logger) http.Handler {
	rt := &route{pattern: pattern, next: next, log: log, open: websockets.WithLabelValues(pattern), answers: map[int]prometheus.Counter{}}
	for _, code := range []int{http.StatusOK, http.StatusUnauthorized, http.StatusTooManyRequests} { // 0 before the first time
		rt.answers[code] = requests.WithLabelValues(pattern, strconv.Itoa(code))
	}
	return rt
}

// ServeHTTP implements http.Handler.
func (rt *route) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	began, ctx := time.Now(), r.Context()
	var span trace.Span
	if r.Header.Get("Upgrade") == "" {
		ctx, span = rt.begin(r)
		w.Header().Set("X-Request-Id", ID(ctx))
	}
	watched := &response{ResponseWriter: w, code: http.StatusOK, open: rt.open}
	defer func() { rt.done(ctx, span, watched.code, time.Since(began)) }()
	rt.next.ServeHTTP(watched, r.WithContext(ctx))
}

func (rt *route) begin(r *http.Request) (context.Context, trace.Span) {
	ctx := r.Context()
	if r.Header.Get("traceparent") != "" {
		ctx = w3c.Extract(ctx, propagation.HeaderCarrier(r.Header))
	}
	if r.Method == http.MethodPost {
		return start(ctx, rt.pattern, trace.WithSpanKind(trace.SpanKindServer))
	}
	return identify(ctx), nil
}

func (rt *route) done(ctx context.Context, span trace.Span, code int, took time.Duration) {
	if counter := rt.answers[code]; counter != nil {
		counter.Inc()
	} else {
		requests.WithLabelValues(rt.pattern, strconv.Itoa(code)).Inc()
	}
	if span != nil {
		span.SetAttributes(attribute.Int("http.response.status_code", code))
		end(span, code >= http.StatusInternalServerError)
	}
	if rt.log.Enabled(ctx, slog.LevelDebug) {
		rt.log.DebugContext(ctx, "request", "route", rt.pattern, "code", code, "took", took)
	}
}

// response remembers how a request was answered.
type response struct {
	http.ResponseWriter
	code int
	open prometheus.Gauge // grows when it becomes a websocket
}

// WriteHeader implements http.ResponseWriter.
func (w *response) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

// Hijack implements http.Hijacker.
func (w *response) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffer, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err == nil {
		w.code = http.StatusSwitchingProtocols
		w.open.Inc()
		conn = &socket{Conn: conn, ended: sync.OnceFunc(w.open.Dec)}
	}
	return conn, buffer, err
}

// socket is the connection of a websocket, which may outlive its request.
type socket struct {
	net.Conn
	ended func()
}

// Close implements net.Conn.
func (s *socket) Close() error {
	s.ended()
	return s.Conn.Close()
}

// Unwrap is for http.ResponseController.
func (w *response) Unwrap() http.ResponseWriter { return w.ResponseWriter }
