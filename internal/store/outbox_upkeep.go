package store

import (
	"context"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
)

// CutOutbox deletes messages from the outbox, never from a transcript, that were
// sent or given up by hand longer than age ago: at most limit, the oldest first.
// It returns how many. Nodes that do so at the same time take turns or find nothing.
// The clock is asked once, in a query of its own, or PostgreSQL would ask it for
// every row rather than use the index.
func (s *Store) CutOutbox(ctx context.Context, age time.Duration, limit int) (n int, err error) {
	defer wrap(&err, "cut the outbox")
	deleted, err := affected(s.exec(ctx, `
		DELETE FROM outbox WHERE (thread_id, seq) IN (
			SELECT thread_id, seq FROM outbox WHERE status IN ('sent', 'resent', 'dropped') AND changed_at <= (SELECT `+clock+` - $1)
			ORDER BY changed_at LIMIT $2)`, age.Microseconds(), limit))
	return int(deleted), err
}

// Undeliverable lists parked messages, the oldest first.
func (s *Store) Undeliverable(ctx context.Context, limit int) (parked []delivery.Undeliverable, err error) {
	defer wrap(&err, "parked messages")
	return list(ctx, s.read, s.scanParked, `
		SELECT `+columns+`, o.seq, o.message_seq, o.tries, o.refusals, o.unsure, o.error, o.changed_at
		FROM outbox o JOIN thread t ON t.id = o.thread_id
		WHERE o.status = 'parked' ORDER BY o.changed_at, o.thread_id, o.seq LIMIT $1`, limit)
}

func (s *Store) scanParked(row scanner) (u delivery.Undeliverable, err error) {
	var h home
	var unsure, at int64
	if err := row.Scan(h.fields(&u.Seq, &u.Message, &u.Tries, &u.Refusals, &unsure, &u.Error, &at)...); err != nil {
		return u, err
	}
	err = s.vault.open(&h)
	u.Thread, u.To, u.Unsure, u.At = h.id, h.at, unsure != 0, fromMicros(at)
	return u, err
}

// Resend puts a parked message into the outbox again, after all that is there
// and under the key that it had. ErrNotFound if it is not parked.
func (s *Store) Resend(ctx context.Context, id supportbot.ThreadID, seq int64) (err error) {
	defer wrap(&err, "send parked message %d to %d again", seq, id)
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		e, err := unpark(ctx, tx, id, seq, delivery.Resent)
		if err != nil {
			return err
		}
		return putOut(ctx, tx, id, e)
	})
}

// Drop gives a parked message up for good; it stays in the transcript.
// ErrNotFound if it is not parked.
func (s *Store) Drop(ctx context.Context, id supportbot.ThreadID, seq int64) (err error) {
	defer wrap(&err, "drop parked message %d to %d", seq, id)
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		_, err := unpark(ctx, tx, id, seq, delivery.Dropped)
		return err
	})
}

// unpark gives a parked message another status.
func unpark(ctx context.Context, tx conn, id supportbot.ThreadID, seq int64, now delivery.Status) (e entry, err error) {
	var unsure int64
	err = row(ctx, tx, `
		UPDATE outbox SET status = $3, changed_at = `+clock+`
		WHERE thread_id = $1 AND seq = $2 AND status = 'parked'
		RETURNING message_seq, idem, trace, unsure`, id, seq, now).Scan(&e.message, &e.key, &e.trace, &unsure)
	e.unsure = unsure != 0
	return e, err
}
