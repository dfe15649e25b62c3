package telemetry

import (
	"context"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// calm writes an error at once and, while it comes again, the last one of each
// second with how many there were. Errors are the same if all but the field "error"
// is. At most so many are remembered; the others are written as they come.
type calm struct {
	slog.Handler
	with string // the attributes of the logger
	said *said
}

const (
	calmEvery = time.Second
	calmKept  = 1000
)

// said are the errors of the last second.
type said struct {
	mu   sync.Mutex
	more map[string]*again
}

// again are those that were held back.
type again struct {
	ctx  context.Context // of the last
	last slog.Record
	n    int
}

func newCalm(h slog.Handler) calm {
	return calm{Handler: h, said: &said{more: map[string]*again{}}}
}

// Handle implements slog.Handler.
func (h calm) Handle(ctx context.Context, line slog.Record) error {
	if line.Level >= slog.LevelError && h.heldBack(ctx, line) {
		return nil
	}
	return h.Handler.Handle(ctx, line)
}

// heldBack tells whether an error was told within the last second, and counts it.
func (h calm) heldBack(ctx context.Context, line slog.Record) bool {
	key := h.key(line)
	h.said.mu.Lock()
	defer h.said.mu.Unlock()
	if a, told := h.said.more[key]; told {
		a.ctx, a.last = context.WithoutCancel(ctx), line.Clone()
		a.n++
		return true
	}
	if len(h.said.more) < calmKept {
		h.said.more[key] = &again{}
		time.AfterFunc(calmEvery, func() { h.tell(key) })
	}
	return false
}

// tell writes what was held back in the last second.
func (h calm) tell(key string) {
	h.said.mu.Lock()
	a := *h.said.more[key]
	if a.n == 0 {
		delete(h.said.more, key)
	} else {
		*h.said.more[key] = again{}
		time.AfterFunc(calmEvery, func() { h.tell(key) })
	}
	h.said.mu.Unlock()
	if a.n > 0 {
		a.last.AddAttrs(slog.Int("more", a.n))
		_ = h.Handler.Handle(a.ctx, a.last) // nobody waits for it
	}
}

// key is what tells one error from another.
func (h calm) key(line slog.Record) string {
	var b strings.Builder
	b.WriteString(h.with + line.Message)
	line.Attrs(func(a slog.Attr) bool {
		if a.Key != "error" {
			b.WriteString("\n" + a.String())
		}
		return true
	})
	return b.String()
}

// WithAttrs implements slog.Handler.
func (h calm) WithAttrs(attrs []slog.Attr) slog.Handler {
	with := h.with
	for _, a := range attrs {
		with += a.String() + "\n"
	}
	return calm{h.Handler.WithAttrs(attrs), with, h.said}
}

// WithGroup implements slog.Handler.
func (h calm) WithGroup(name string) slog.Handler {
	return calm{h.Handler.WithGroup(name), h.with + name + "\n", h.said}
}
