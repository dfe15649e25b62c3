package telemetry

import (
	"context"
	"io"
	"log/slog"
)

// NewLog makes a log that writes lines of a format, "json" or "text", from a
// level on. A line that is logged with a context bears its id as "trace". An error
// that comes again and again is a line a second, which says how many "more" there were.
func NewLog(w io.Writer, format string, level slog.Level) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if format == "json" {
		return slog.New(newCalm(withID{slog.NewJSONHandler(w, options)}))
	}
	return slog.New(newCalm(withID{slog.NewTextHandler(w, options)}))
}

type withID struct{ slog.Handler }

// Handle implements slog.Handler.
func (h withID) Handle(ctx context.Context, line slog.Record) error {
	if id := ID(ctx); id != "" {
		line.AddAttrs(slog.String("trace", id))
	}
	return h.Handler.Handle(ctx, line)
}

// WithAttrs implements slog.Handler.
func (h withID) WithAttrs(attrs []slog.Attr) slog.Handler { return withID{h.Handler.WithAttrs(attrs)} }

// WithGroup implements slog.Handler.
func (h withID) WithGroup(name string) slog.Handler { return withID{h.Handler.WithGroup(name)} }
