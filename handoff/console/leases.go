package console

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Every call to which an agent is let in renews the leases of the agent's cases; the store is
// troubled with it no more often than this.
const renewEvery = 5 * time.Second

// leases remembers when those of each agent were last renewed. The zero value
// is ready.
type leases struct {
	mu      sync.Mutex
	renewed map[string]time.Time
}

// due tells whether it is time to renew, and takes it that this is done.
func (l *leases) due(agent string, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Sub(l.renewed[agent]) < renewEvery {
		return false
	}
	if l.renewed == nil {
		l.renewed = map[string]time.Time{}
	}
	l.renewed[agent] = now
	return true
}

// renew notes that an agent is there. A failure is only logged, since the next
// call tries again long before a lease ends.
func (c *Console) renew(ctx context.Context, agent string) {
	if !c.leases.due(agent, time.Now()) {
		return
	}
	if err := c.desk.Heartbeat(ctx, agent); err != nil {
		c.log.WarnContext(ctx, "console: renew leases", slog.String("agent", agent), slog.Any("error", err))
	}
}
