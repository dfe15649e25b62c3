package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"supportbot/channels"
	"supportbot/internal/store"
	"supportbot/internal/telemetry"
	"supportbot/internal/turn"
)

// metricsRoute shows Prometheus how the server does. version is the content in
// force.
func metricsRoute(path *turn.Path, s *store.Store, version func() string, log *slog.Logger) channels.Route {
	figures := telemetry.Source{Figures: s.Figures, Content: version, Notice: path.Notice, Log: log}
	return channels.Route{Pattern: "GET /metrics", Handler: telemetry.Handler(figures)}
}

// serveMetrics answers for them at an address of their own, which the public
// does not reach, until stop is called.
func serveMetrics(ctx context.Context, addr string, metrics channels.Route, log *slog.Logger) (stop func(), err error) {
	var network net.ListenConfig
	listener, err := network.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, cannotListen("--metrics-listen", err)
	}
	server := &http.Server{
		Handler:           handler([]channels.Route{metrics}, log),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      time.Minute,
		MaxHeaderBytes:    64 << 10,
	}
	go func() {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			log.Error("metrics are not served any more", "error", err)
		}
	}()
	log.Info("metrics", "url", "http://"+listener.Addr().String()+"/metrics")
	return func() { _ = server.Close() }, nil // an operator who waits asks again
}

// cannotListen is the error of a server that cannot listen where a flag says.
func cannotListen(flag string, err error) error {
	remedy := "choose another address with " + flag
	if wrong := (*net.AddrError)(nil); errors.As(err, &wrong) {
		remedy = "write " + flag + " as HOST:PORT, such as 127.0.0.1:8081"
	}
	return fmt.Errorf("serve: %w; %s", err, remedy)
}
