package turn_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// elsewhere is a store whose database has a clock of its own.
type elsewhere struct {
	turn.Store
	ahead atomic.Int64 // of this process's clock
	asked atomic.Int64
}

func (s *elsewhere) Now(context.Context) (time.Time, error) {
	s.asked.Add(1)
	return time.Now().Add(time.Duration(s.ahead.Load())), nil
}

// TestANodeWhoseClockIsWrong: a node is an hour or a day ahead of the database or
// behind it, from the start or from one moment to the next. No lease ends early,
// nobody is thought to be silent, and what is said is dated by the database.
func TestANodeWhoseClockIsWrong(t *testing.T) {
	for _, ahead := range []time.Duration{-24 * time.Hour, -time.Hour, time.Hour, 24 * time.Hour} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel() // it mostly waits
			b := newBot(t)
			s := &elsewhere{Store: b.store}
			s.ahead.Store(int64(ahead))
			b.Path = turn.New(s, []byte("key"), contentOf(t), slog.New(slog.DiscardHandler))
			ctx, stop := context.WithCancel(t.Context())
			ended := make(chan struct{})
			go func() {
				defer close(ended)
				b.Path.Run(ctx)
			}()
			defer func() { stop(); <-ended }()
			looks := func(n int64) {
				for n += s.asked.Load(); s.asked.Load() < n; {
					time.Sleep(10 * time.Millisecond)
				}
			}
			looks(1)
			b.says("1", "errand")
			b.says("2", "red")
			b.act(supportbot.ActClaim, 0, nil)
			looks(3)
			if c, err := b.Case(t.Context(), "1-1"); err != nil || c.Owner != "Lin" {
				t.Errorf("the case is owned by %q (%v)", c.Owner, err)
			}
			said, err := b.Messages(t.Context(), merchant, 0, 100)
			if err != nil {
				t.Fatal(err)
			}
			last := time.Now().Add(ahead - time.Minute)
			for _, m := range said {
				if m.At.Before(last) || m.At.After(time.Now().Add(ahead)) {
					t.Errorf("message %d is of %s, after one of %s", m.Seq, m.At, last)
				}
				last = m.At
			}
		})
	}
}
