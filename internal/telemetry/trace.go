package telemetry

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// exportTimeout bounds one delivery of spans to the collector.
const exportTimeout = 10 * time.Second

// Trace records traces from now on and sends them to a collector at endpoint,
// such as http://127.0.0.1:4318, over HTTP. stop delivers what is left. A
// collector that does not answer costs spans and a line in the log, nothing
// else. Which part of the traces is recorded follows OTEL_TRACES_SAMPLER and
// what they are called OTEL_SERVICE_NAME, as the OpenTelemetry SDK reads them.
func Trace(ctx context.Context, endpoint string, log *slog.Logger) (stop func(context.Context) error, err error) {
	at, err := url.Parse(endpoint)
	if err != nil || at.Scheme != "http" && at.Scheme != "https" || at.Host == "" {
		return nil, fmt.Errorf("--otlp-endpoint %q must be the address of a collector, such as http://127.0.0.1:4318", endpoint)
	}
	exporter, err := otlptrace.New(ctx, collector(strings.TrimRight(endpoint, "/")+"/v1/traces"))
	if err != nil {
		return nil, fmt.Errorf("telemetry: traces to %s: %w", endpoint, err)
	}
	service, err := resource.New(ctx,
		resource.WithAttributes(attribute.String("service.name", "supportbot")),
		resource.WithTelemetrySDK(), resource.WithHost(), resource.WithFromEnv())
	if err != nil {
		return nil, fmt.Errorf("telemetry: describe this service: %w", err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(service))
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("traces were lost", "error", err) }))
	by := provider.Tracer("supportbot")
	tracer.Store(&by)
	return provider.Shutdown, nil
}

// collector is the address that takes traces as OTLP over HTTP with protobuf
// (https://opentelemetry.io/docs/specs/otlp/#otlphttp). It is a client of our
// own because the ready-made one brings gRPC along, 7 MB that HTTP never uses.
type collector string

// Start implements otlptrace.Client.
func (collector) Start(context.Context) error { return nil }

// Stop implements otlptrace.Client.
func (collector) Stop(context.Context) error { return nil }

// UploadTraces implements otlptrace.Client. TracesData has the same encoding as
// the request of the protocol.
func (c collector) UploadTraces(ctx context.Context, spans []*tracepb.ResourceSpans) error {
	body, err := proto.Marshal(&tracepb.TracesData{ResourceSpans: spans})
	if err != nil {
		return fmt.Errorf("telemetry: encode spans: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, exportTimeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, string(c), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("telemetry: send spans: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-protobuf")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("telemetry: send spans: %w", err)
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(response.Body, 64<<10)) // so that the connection is used again
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("telemetry: send spans: the collector at %s answered %s", string(c), response.Status)
	}
	return nil
}
