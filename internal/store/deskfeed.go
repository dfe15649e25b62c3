package store

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
)

// What another desk is told stands in a table of its own, a row an event, written in
// the commit of the turn. A cursor over what is kept already would be less to write,
// but cases are kept as they are now: of what changed between two tries the receiver
// would hear as one thing, under the id of the first. And it is no part of the outbox,
// in which a desk that is down would hold up what merchants are told.

// putFeed writes what most turns have none of.
func putFeed(ctx context.Context, tx conn, c supportbot.Commit) error {
	for i, e := range c.Feed {
		text, err := json.Marshal(e)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO deskfeed (thread_id, seq, idem, event, status, fed_at, ready_at, changed_at)
			SELECT id, fed - $2, $3, $4, 'waiting', `+clock+`, `+clock+`, `+clock+` FROM thread WHERE id = $1`,
			c.Thread, len(c.Feed)-1-i, rand.Text(), string(text))
		if err != nil {
			return err
		}
	}
	return nil
}

// pgFeed is putFeed as a part of the statement of a turn.
const pgFeed = `
	), fed AS (
		INSERT INTO deskfeed (thread_id, seq, idem, event, status, fed_at, ready_at, changed_at)
		SELECT moved.id, moved.fed + e.n, e.idem, e.event, 'waiting', ` + clock + `, ` + clock + `, ` + clock + `
		FROM moved, unnest(@event_keys::text[], @event_texts::text[]) WITH ORDINALITY AS e (idem, event, n)`

func feedValues(values map[string]any, c supportbot.Commit) error {
	var keys, texts []string
	for _, e := range c.Feed {
		text, err := json.Marshal(e)
		if err != nil {
			return err
		}
		keys, texts = append(keys, rand.Text()), append(texts, string(text))
	}
	values["events"], values["event_keys"], values["event_texts"] = int64(len(c.Feed)), keys, texts
	return nil
}

// Feed is what another desk is told, as a delivery.Store: in order within a
// conversation, by one node at a time.
func (s *Store) Feed() *Feed { return &Feed{s} }

// Feed is made by Store.Feed.
type Feed struct{ s *Store }

var _ delivery.Store = (*Feed)(nil)

// unfed are the rows that are still to be told.
const unfed = `status IN ('waiting', 'sending')`

// Undelivered implements delivery.Store, whatever the channel.
func (f *Feed) Undelivered(ctx context.Context, _ supportbot.Channel, limit int) (ids []supportbot.ThreadID, err error) {
	defer wrap(&err, "what another desk is to be told")
	return list(ctx, f.s.read, scanThreadID, `
		SELECT d.thread_id FROM (SELECT thread_id, MIN(seq) AS seq FROM deskfeed WHERE `+unfed+` GROUP BY thread_id) next
		JOIN deskfeed d ON d.thread_id = next.thread_id AND d.seq = next.seq
		WHERE d.ready_at <= (SELECT `+clock+`)
		ORDER BY d.ready_at LIMIT $1`, limit)
}

// Claim implements delivery.Store.
func (f *Feed) Claim(ctx context.Context, id supportbot.ThreadID, lease time.Duration) (d delivery.Delivery, err error) {
	defer wrap(&err, "claim the feed of %d", id)
	err = f.s.update(ctx, func(ctx context.Context, tx conn) error {
		d = delivery.Delivery{Thread: id, Event: &supportbot.CaseEvent{}}
		var text string
		var unsure int64
		// Whoever began to send it and did not settle it may have succeeded.
		err := row(ctx, tx, `
			UPDATE deskfeed SET status = 'sending', epoch = epoch + 1, tries = tries + 1, ready_at = `+clock+` + $2, changed_at = `+clock+`,
				unsure = CASE WHEN status = 'sending' THEN 1 ELSE unsure END
			WHERE thread_id = $1 AND seq = (SELECT MIN(seq) FROM deskfeed WHERE thread_id = $1 AND `+unfed+`)
				AND `+unfed+` AND ready_at <= `+clock+`
			RETURNING seq, epoch, idem, event, tries, refusals, unsure`, id, lease.Microseconds()).
			Scan(&d.Seq, &d.Epoch, &d.Key, &text, &d.Tries, &d.Refusals, &unsure)
		if err != nil {
			return err
		}
		d.Unsure = unsure != 0
		if err := json.Unmarshal([]byte(text), d.Event); err != nil || d.Event.Message == 0 {
			return err
		}
		h, err := f.s.homeOf(ctx, tx, id)
		if err != nil {
			return err
		}
		d.Message, err = h.scanMessage(row(ctx, tx, selectMessages+` AND seq = $2`, id, d.Event.Message))
		return err
	})
	return d, err
}

// Settle implements delivery.Store.
func (f *Feed) Settle(ctx context.Context, d delivery.Delivery, r delivery.Result) (err error) {
	defer wrap(&err, "settle event %d of %d", d.Seq, d.Thread)
	return f.s.update(ctx, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `
			UPDATE deskfeed SET status = $4, ready_at = `+clock+` + $5, refusals = $6, unsure = $7, error = $8, changed_at = `+clock+`
			WHERE thread_id = $1 AND seq = $2 AND epoch = $3 AND status = 'sending'`,
			d.Thread, d.Seq, d.Epoch, r.Status, r.After.Microseconds(), r.Refusals, number(r.Unsure), r.Error))
		if err == nil && n == 0 {
			err = supportbot.ErrFenced
		}
		if err != nil || !r.All {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE deskfeed SET status = 'parked', error = $2, changed_at = `+clock+`
			WHERE thread_id = $1 AND status = 'waiting'`, d.Thread, r.Error)
		return err
	})
}
