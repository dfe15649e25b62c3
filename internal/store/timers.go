package store

import (
	"context"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

func putTimers(ctx context.Context, tx conn, id supportbot.ThreadID, timers []supportbot.Timer) error {
	for _, t := range timers {
		var err error
		if t.Due.IsZero() {
			_, err = tx.ExecContext(ctx, `DELETE FROM timer WHERE thread_id = $1 AND kind = $2`, id, t.Kind)
		} else {
			_, err = tx.ExecContext(ctx, `
				INSERT INTO timer (thread_id, kind, gen, due_at) VALUES ($1, $2, $3, $4)
				ON CONFLICT (thread_id, kind) DO UPDATE SET gen = excluded.gen, due_at = excluded.due_at`,
				id, t.Kind, t.Gen, t.Due.UnixMicro())
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Now implements turn.Store.
func (s *Store) Now(ctx context.Context) (now time.Time, err error) {
	defer wrap(&err, "ask the time")
	var micros int64
	err = row(ctx, s.read, `SELECT `+clock).Scan(&micros)
	return fromMicros(micros), err
}

// Due implements turn.Store.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) (timers []turn.Due, err error) {
	defer wrap(&err, "due timers")
	return list(ctx, s.read, func(row scanner) (d turn.Due, err error) {
		var h home
		var due int64
		if err := row.Scan(h.fields(&d.Timer.Kind, &d.Timer.Gen, &due)...); err != nil {
			return d, err
		}
		err = s.vault.open(&h)
		d.Address, d.Timer.Due = h.at, fromMicros(due)
		return d, err
	}, `
		SELECT `+columns+`, ti.kind, ti.gen, ti.due_at
		FROM timer ti JOIN thread t ON t.id = ti.thread_id
		WHERE ti.due_at <= $1 ORDER BY ti.due_at, ti.thread_id LIMIT $2`, now.UnixMicro(), limit)
}

// RenewLeases implements turn.Store. What endLeases has ended stays so: an agent who is
// shut out may still talk on the telephone.
func (s *Store) RenewLeases(ctx context.Context, agent string, due time.Time) (err error) {
	defer wrap(&err, "renew leases of %s", agent)
	if _, err := s.exec(ctx, `UPDATE agent SET here_until = $1 WHERE name = $2 AND here_until < $1 AND disabled = 0`, due.UnixMicro(), agent); err != nil {
		return err
	}
	_, err = s.exec(ctx, `
		UPDATE timer SET due_at = $1 WHERE kind = $2 AND due_at < $1 AND due_at > 0
		AND thread_id IN (SELECT thread_id FROM cases WHERE owner = $3 AND live = 1)`,
		due.UnixMicro(), supportbot.TimerLease, agent)
	return err
}
