package main

import (
	"context"
	"log/slog"
	"os"

	"supportbot/internal/telemetry"
)

// telemetryFlags are the settings of the log and of traces.
type telemetryFlags struct {
	LogFormat    string     `help:"Form of the log: ${enum}." enum:"text,json" default:"text" env:"SUPPORTBOT_LOG_FORMAT"`
	LogLevel     slog.Level `help:"Least level of the log: debug (every turn and request), info, warn, error." default:"info" placeholder:"LEVEL" env:"SUPPORTBOT_LOG_LEVEL"`
	OTLPEndpoint string     `help:"OpenTelemetry collector that takes traces over HTTP, such as http://127.0.0.1:4318; without one none are made." name:"otlp-endpoint" placeholder:"URL" env:"SUPPORTBOT_OTLP_ENDPOINT,OTEL_EXPORTER_OTLP_ENDPOINT"`
}

func (f telemetryFlags) log() *slog.Logger {
	return telemetry.NewLog(os.Stderr, f.LogFormat, f.LogLevel)
}

// trace records traces, if there is somewhere to send them to. stop delivers
// the last of them.
func (f telemetryFlags) trace(ctx context.Context, log *slog.Logger) (stop func(), err error) {
	if f.OTLPEndpoint == "" {
		return func() {}, nil
	}
	shutdown, err := telemetry.Trace(ctx, f.OTLPEndpoint, log)
	if err != nil {
		return nil, err
	}
	return func() {
		ctx, cancel := context.WithTimeout(context.Background(), shutdownLimit)
		defer cancel()
		if err := shutdown(ctx); err != nil {
			log.Warn("the last traces were lost", "error", err)
		}
	}, nil
}
