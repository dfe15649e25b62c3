package telemetry

import (
	"context"
	"encoding/binary"
	"math/rand/v2"
	"sync/atomic"

	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// tracer makes the spans; nil until Trace was called, so that without traces
// nothing is paid for them.
var tracer atomic.Pointer[trace.Tracer]

// w3c carries the id of a trace from process to process
// (https://www.w3.org/TR/trace-context/).
var w3c propagation.TraceContext

// start begins a span, nil if nobody records it. ctx has an id from now on.
func start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	if by := tracer.Load(); by != nil {
		next, span := (*by).Start(ctx, name, options...)
		if span.IsRecording() {
			return next, span
		}
		ctx = next
	}
	return identify(ctx), nil
}

// end ends a span that start began. Of a failure a trace is told only that
// there was one: an error may quote what a person wrote.
func end(span trace.Span, failed bool) {
	if span == nil {
		return
	}
	if failed {
		span.SetStatus(codes.Error, "failed, see the log")
	}
	span.End()
}

// identify gives ctx an id under which logs know it, unless it has one.
func identify(ctx context.Context) context.Context {
	if trace.SpanContextFromContext(ctx).IsValid() {
		return ctx
	}
	var id trace.TraceID
	binary.BigEndian.PutUint64(id[:8], rand.Uint64()|1) // all zeroes would be no id
	binary.BigEndian.PutUint64(id[8:], rand.Uint64())
	return trace.ContextWithSpanContext(ctx, trace.NewSpanContext(trace.SpanContextConfig{TraceID: id, SpanID: trace.SpanID(id[:8])}))
}

// ID is the id of what ctx belongs to, 32 hexadecimal digits; "" if it has none.
func ID(ctx context.Context) string {
	if id := trace.SpanContextFromContext(ctx).TraceID(); id.IsValid() {
		return id.String()
	}
	return ""
}

// Parent is what an outbox row keeps of ctx, so that sending it, later and
// perhaps on another node, belongs to the same trace: the traceparent of W3C,
// "" if there is none.
func Parent(ctx context.Context) string {
	carrier := propagation.MapCarrier{}
	w3c.Inject(ctx, carrier)
	return carrier["traceparent"]
}
