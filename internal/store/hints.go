package store

import (
	"context"

	"supportbot/internal/turn"
)

// Hint implements turn.Store.
func (s *Store) Hint(h turn.Hint) { s.db.hint(h) }

// Hints implements turn.Store.
func (s *Store) Hints(ctx context.Context, f func(turn.Hint)) { s.db.hints(ctx, f) }
