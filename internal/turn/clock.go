package turn

import (
	"context"
	"sync"
	"time"
)

// clock is the database's, which all nodes share: one whose own clock is wrong
// must not ask every silent merchant whether he is still there. Between two
// looks at it time is measured by a clock that nobody sets.
type clock struct {
	mu       sync.Mutex
	database time.Time // when it was asked last
	asked    time.Time // by the clock that nobody sets; zero: never
}

// clockSlack is what the way of an answer may take. Time does not go back for it.
const clockSlack = 100 * time.Millisecond

// set looks at the database's clock.
func (c *clock) set(ctx context.Context, store Store) error {
	now, err := store.Now(ctx)
	if err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if off := now.Sub(c.at(time.Now())).Abs(); c.asked.IsZero() || off > clockSlack {
		c.database, c.asked = now, time.Now()
	}
	return nil
}

// now is the time in UTC, as exact as databases keep it.
func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at(time.Now()).UTC().Truncate(time.Microsecond)
}

// at is the database's time at a moment of this process.
func (c *clock) at(moment time.Time) time.Time {
	if c.asked.IsZero() {
		return moment
	}
	return c.database.Add(moment.Sub(c.asked))
}
