package store

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"supportbot/internal/turn"
)

// Hint implements turn.Store.
func (s *Store) Hint(h turn.Hint) { s.db.hint(h) }

// Hints implements turn.Store. Meanwhile the keys of conversations that others have
// erased are forgotten: by their hint, or, where that is lost, within a minute.
func (s *Store) Hints(ctx context.Context, f func(turn.Hint)) {
	look := make(chan struct{}, 1)
	var looking sync.WaitGroup
	defer looking.Wait()
	looking.Go(func() { s.forgetErased(ctx, look) })
	s.db.hints(ctx, func(h turn.Hint) {
		switch {
		case h.Erased:
			s.vault.forget(h.Thread)
		case h == turn.Hint{}:
			select {
			case look <- struct{}{}:
			default: // it is about to
			}
		}
		f(h)
	})
}

const (
	// forgetEvery is how often it is asked what others have erased, if nothing hints
	// at it.
	forgetEvery = 45 * time.Second
	// erasedBefore is how much earlier than it can be seen a conversation may have
	// been erased: a transaction takes its time.
	erasedBefore = time.Minute
)

// forgetErased forgets the keys of conversations that others erase, until ctx ends.
func (s *Store) forgetErased(ctx context.Context, look <-chan struct{}) {
	tick := time.NewTicker(forgetEvery)
	defer tick.Stop()
	for since := int64(0); ; {
		now, err := s.forgetSince(ctx, since)
		switch {
		case err == nil:
			since = now.Add(-erasedBefore).UnixMicro()
		case ctx.Err() == nil:
			slog.Error("cannot tell which conversations others have erased, will try again", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-look:
		case <-ctx.Done():
			return
		}
	}
}

// forgetSince forgets the keys of conversations that were erased since a time, in
// microseconds, by the clock of the database, which it returns.
func (s *Store) forgetSince(ctx context.Context, since int64) (now time.Time, err error) {
	if now, err = s.Now(ctx); err != nil || since == 0 { // there are no keys yet
		return now, err
	}
	ids, err := list(ctx, s.read, scanThreadID, `SELECT thread_id FROM erasure WHERE erased_at >= $1`, since)
	for _, id := range ids {
		s.vault.forget(id)
	}
	return now, err
}
