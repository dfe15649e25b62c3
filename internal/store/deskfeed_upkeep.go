package store

import (
	"context"
	"encoding/json"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
)

// Cut deletes what another desk was told, or was given up by hand, longer than age
// ago, and what nobody has tried to tell it for so long, as where there is no such
// desk any more: at most limit, the oldest first. It returns how many.
func (f *Feed) Cut(ctx context.Context, age time.Duration, limit int) (n int, err error) {
	defer wrap(&err, "cut the feed")
	deleted, err := affected(f.s.exec(ctx, `
		DELETE FROM deskfeed WHERE (thread_id, seq) IN (
			SELECT thread_id, seq FROM deskfeed WHERE status <> 'parked' AND changed_at <= (SELECT `+clock+` - $1)
			ORDER BY changed_at LIMIT $2)`, age.Microseconds(), limit))
	return int(deleted), err
}

// Undeliverable lists parked events, the oldest first; the address is not told.
func (f *Feed) Undeliverable(ctx context.Context, limit int) (parked []delivery.Undeliverable, err error) {
	defer wrap(&err, "parked events")
	return list(ctx, f.s.read, func(row scanner) (u delivery.Undeliverable, err error) {
		var text string
		var unsure, at int64
		if err := row.Scan(&u.Thread, &u.Seq, &text, &u.Tries, &u.Refusals, &unsure, &u.Error, &at); err != nil {
			return u, err
		}
		var e supportbot.CaseEvent
		err = json.Unmarshal([]byte(text), &e)
		u.Event, u.Message, u.Unsure, u.At = e.Kind, e.Message, unsure != 0, fromMicros(at)
		return u, err
	}, `SELECT thread_id, seq, event, tries, refusals, unsure, error, changed_at FROM deskfeed
		WHERE status = 'parked' ORDER BY changed_at, thread_id, seq LIMIT $1`, limit)
}

// Resend has a parked event told again: under its id and number, before all that
// waits in its conversation. ErrNotFound if it is not parked.
func (f *Feed) Resend(ctx context.Context, id supportbot.ThreadID, seq int64) (err error) {
	defer wrap(&err, "tell parked event %d of %d again", seq, id)
	return f.unpark(ctx, id, seq, delivery.Waiting)
}

// Drop gives a parked event up for good. ErrNotFound if it is not parked.
func (f *Feed) Drop(ctx context.Context, id supportbot.ThreadID, seq int64) (err error) {
	defer wrap(&err, "drop parked event %d of %d", seq, id)
	return f.unpark(ctx, id, seq, delivery.Dropped)
}

func (f *Feed) unpark(ctx context.Context, id supportbot.ThreadID, seq int64, now delivery.Status) error {
	n, err := affected(f.s.exec(ctx, `
		UPDATE deskfeed SET status = $3, tries = 0, refusals = 0, ready_at = `+clock+`, changed_at = `+clock+`
		WHERE thread_id = $1 AND seq = $2 AND status = 'parked'`, id, seq, now))
	if err == nil && n == 0 {
		err = supportbot.ErrNotFound
	}
	return err
}
