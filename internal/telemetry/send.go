package telemetry

import (
	"context"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"supportbot"
)

// SendOutcome is what came of an attempt to send.
type SendOutcome string

// The outcomes of attempts to send.
const (
	Sent       SendOutcome = "sent"
	SendRetry  SendOutcome = "retry"  // failed, and is tried again
	SendParked SendOutcome = "parked" // given up, until an operator decides
)

var sendOutcomes = []SendOutcome{Sent, SendRetry, SendParked}

// Desk is what metrics and traces call another desk, as if it were a channel.
const Desk supportbot.Channel = "desk"

// Sending is an attempt to give a reply to a provider.
type Sending struct {
	channel supportbot.Channel
	began   time.Time
	span    trace.Span
}

// Send begins an attempt to send an outbox row; parent is what Parent returned
// when the row was made.
func Send(ctx context.Context, parent string, channel supportbot.Channel) (context.Context, Sending) {
	ctx = w3c.Extract(ctx, propagation.MapCarrier{"traceparent": parent})
	ctx, span := start(ctx, "send", trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(attribute.String("channel", string(channel))))
	return ctx, Sending{channel: channel, began: time.Now(), span: span}
}

// End notes what came of the attempt.
func (s Sending) End(outcome SendOutcome) {
	sends.WithLabelValues(string(s.channel), string(outcome)).Inc()
	sendSeconds.WithLabelValues(string(s.channel)).Observe(time.Since(s.began).Seconds())
	end(s.span, outcome != Sent)
}
