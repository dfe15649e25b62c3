package console

import (
	"context"
	"log/slog"
	"net/http"
	"strconv"
	"sync"
	"time"

	"supportbot"
)

// Anybody can be refused as often as they like, and the audit log is never
// shortened. So of one name and network it tells the first
// refusal at once, and how many more there were when a quarter of an hour has
// passed, or before the agent of that name is let in. Networks beyond a number are
// told of together.
const (
	guessesWindow = 15 * time.Minute
	guessesKept   = 200
)

// guess is what refused log-ins are told of by. Its name is "" where there is no
// such agent, since what was typed may be anything, also a password.
type guess struct{ name, why, from string }

// guesses counts those that the audit log has not been told of. The zero value is
// ready. Each process counts for itself.
type guesses struct {
	mu   sync.Mutex
	open map[guess]tally // of windows that have begun, without their first
}

// note counts one and returns what the audit log is to be told now.
func (g *guesses) note(key guess, now time.Time) (acts []supportbot.Audited) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.open == nil {
		g.open = map[guess]tally{}
	}
	if _, known := g.open[key]; !known && len(g.open) >= guessesKept {
		key.from = "others"
	}
	t, known := g.open[key]
	if known && now.Sub(t.since) <= guessesWindow {
		t.n++
		g.open[key] = t
		return nil
	}
	if known {
		acts = key.rest(t)
	}
	g.open[key] = tally{since: now}
	return append(acts, key.act())
}

// ended returns what is to be told of windows that are over.
func (g *guesses) ended(now time.Time) []supportbot.Audited {
	return g.take(func(_ guess, t tally) bool { return now.Sub(t.since) > guessesWindow })
}

// about returns what is to be told of an agent.
func (g *guesses) about(name string) []supportbot.Audited {
	return g.take(func(key guess, _ tally) bool { return key.name == name })
}

// all returns what is to be told at all.
func (g *guesses) all() []supportbot.Audited {
	return g.take(func(guess, tally) bool { return true })
}

func (g *guesses) take(which func(guess, tally) bool) (acts []supportbot.Audited) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for key, t := range g.open {
		if which(key, t) {
			acts = append(acts, key.rest(t)...)
			delete(g.open, key)
		}
	}
	return acts
}

// act tells of one.
func (key guess) act() supportbot.Audited {
	details := map[string]string{"for": key.why}
	if key.from != "" {
		details["network"] = key.from
	}
	return supportbot.Audited{Action: supportbot.LoginRefused, Subject: key.name, Details: details}
}

// rest tells of those after the first, if there were any.
func (key guess) rest(t tally) []supportbot.Audited {
	if t.n == 0 {
		return nil
	}
	act := key.act()
	act.Details["more"], act.Details["since"] = strconv.Itoa(t.n), t.since.UTC().Format(time.RFC3339)
	return []supportbot.Audited{act}
}

// refused takes note of a log-in that was refused; name is "" where there is no
// such agent.
func (c *Console) refused(r *http.Request, name, why string) {
	c.log.InfoContext(r.Context(), "console: log-in refused", slog.String("address", r.RemoteAddr))
	c.tell(r.Context(), c.guesses.note(guess{name: name, why: why, from: c.client(r)}, time.Now()))
}

// tell writes into the audit log what nobody waits for.
func (c *Console) tell(ctx context.Context, acts []supportbot.Audited) {
	for _, act := range acts {
		if err := c.accounts.Audit(ctx, act); err != nil {
			c.log.ErrorContext(ctx, "console: audit refused log-ins", slog.Any("details", act.Details), slog.Any("error", err))
		}
	}
}

// lastWords is how long the audit log may take when the program ends.
const lastWords = 5 * time.Second

// Run tells the audit log, until ctx ends and then for the last time, of log-ins
// that were refused since.
func (c *Console) Run(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case now := <-tick.C:
			c.tell(ctx, c.guesses.ended(now))
		case <-ctx.Done():
			ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lastWords)
			defer cancel()
			c.tell(ctx, c.guesses.all())
			return
		}
	}
}
