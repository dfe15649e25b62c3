package store

import (
	"context"
	"crypto/rand"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
)

var _ delivery.Store = (*Store)(nil)

// clock is the database's time in microseconds, since several nodes have several
// clocks. unixepoch is SQLite's; PostgreSQL has it from a migration.
const clock = `CAST(unixepoch('subsec') * 1000000 AS BIGINT)`

// enqueue puts what others than the person said in a turn into the outbox.
func enqueue(ctx context.Context, tx conn, c supportbot.Commit) error {
	for _, message := range outgoing(c) {
		if err := putOut(ctx, tx, c.Thread, entry{message: message, key: rand.Text(), trace: c.Trace}); err != nil {
			return err
		}
	}
	return nil
}

// outgoing lists the numbers of the messages that must be sent.
func outgoing(c supportbot.Commit) (seqs []int64) {
	for _, m := range c.Messages {
		if c.Send && m.From != supportbot.FromUser {
			seqs = append(seqs, m.Seq)
		}
	}
	return seqs
}

// entry is what a row of the outbox begins with.
type entry struct {
	message int64 // in the transcript
	key     string
	trace   string
	unsure  bool
}

// lengthened is the part of an upsert of outlane o that makes it longer. One
// that was empty is ready at once.
const lengthened = `tail = o.tail + excluded.tail,
	ready_at = CASE WHEN o.tail > o.head THEN o.ready_at ELSE excluded.ready_at END`

// putOut puts a message at the end of the outbox of its conversation.
func putOut(ctx context.Context, tx conn, id supportbot.ThreadID, e entry) error {
	var seq int64
	err := row(ctx, tx, `
		INSERT INTO outlane AS o (thread_id, channel, tail, ready_at) SELECT id, channel, 1, `+clock+` FROM thread WHERE id = $1
		ON CONFLICT (thread_id) DO UPDATE SET `+lengthened+`
		RETURNING tail`, id).Scan(&seq)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `
		INSERT INTO outbox (thread_id, seq, message_seq, idem, trace, unsure, status, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, 'waiting', `+clock+`)`, id, seq, e.message, e.key, e.trace, number(e.unsure))
	return err
}

// Undelivered implements delivery.Store.
func (s *Store) Undelivered(ctx context.Context, channel supportbot.Channel, limit int) (ids []supportbot.ThreadID, err error) {
	defer wrap(&err, "undelivered on %s", channel)
	return list(ctx, s.read, scanThreadID, `
		SELECT thread_id FROM outlane WHERE channel = $1 AND tail > head AND ready_at <= `+clock+`
		ORDER BY ready_at LIMIT $2`, channel, limit)
}

// Claim implements delivery.Store.
func (s *Store) Claim(ctx context.Context, id supportbot.ThreadID, lease time.Duration) (d delivery.Delivery, err error) {
	defer wrap(&err, "claim the outbox of %d", id)
	err = s.update(ctx, func(ctx context.Context, tx conn) (err error) {
		d, err = s.claim(ctx, tx, id, lease)
		return err
	})
	return d, err
}

func (s *Store) claim(ctx context.Context, tx conn, id supportbot.ThreadID, lease time.Duration) (delivery.Delivery, error) {
	d := delivery.Delivery{Thread: id}
	err := row(ctx, tx, `
		UPDATE outlane SET epoch = epoch + 1, ready_at = `+clock+` + $2
		WHERE thread_id = $1 AND tail > head AND ready_at <= `+clock+`
		RETURNING head + 1, epoch`, id, lease.Microseconds()).Scan(&d.Seq, &d.Epoch)
	if err != nil {
		return d, err
	}
	// Whoever began to send it and did not settle it may have succeeded.
	var message, unsure int64
	err = row(ctx, tx, `
		UPDATE outbox SET status = 'sending', tries = tries + 1, changed_at = `+clock+`,
			unsure = CASE WHEN status = 'sending' THEN 1 ELSE unsure END
		WHERE thread_id = $1 AND seq = $2
		RETURNING message_seq, idem, trace, tries, refusals, unsure`, id, d.Seq).
		Scan(&message, &d.Key, &d.Trace, &d.Tries, &d.Refusals, &unsure)
	if err != nil {
		return d, err
	}
	d.Unsure = unsure != 0
	h, err := s.homeOf(ctx, tx, id)
	if err != nil {
		return d, err
	}
	d.To = h.at
	d.Message, err = h.scanMessage(row(ctx, tx, selectMessages+` AND seq = $2`, id, message))
	return d, err
}

// Settle implements delivery.Store.
func (s *Store) Settle(ctx context.Context, d delivery.Delivery, r delivery.Result) (err error) {
	defer wrap(&err, "settle message %d to %d", d.Seq, d.Thread)
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		head := d.Seq
		if r.Status == delivery.Waiting {
			head--
		}
		n, err := affected(tx.ExecContext(ctx, `
			UPDATE outlane SET head = $4, ready_at = `+clock+` + $5
			WHERE thread_id = $1 AND epoch = $2 AND head = $3 - 1`,
			d.Thread, d.Epoch, d.Seq, head, r.After.Microseconds()))
		if err != nil {
			return err
		}
		if n == 0 {
			return supportbot.ErrFenced
		}
		_, err = tx.ExecContext(ctx, `
			UPDATE outbox SET status = $3, refusals = $4, unsure = $5, error = $6, changed_at = `+clock+`
			WHERE thread_id = $1 AND seq = $2`,
			d.Thread, d.Seq, r.Status, r.Refusals, number(r.Unsure), r.Error)
		if err != nil || !r.All {
			return err
		}
		return parkAll(ctx, tx, d.Thread, r.Error)
	})
}

func parkAll(ctx context.Context, tx conn, id supportbot.ThreadID, why string) error {
	if _, err := tx.ExecContext(ctx, `UPDATE outlane SET head = tail WHERE thread_id = $1`, id); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		UPDATE outbox SET status = 'parked', error = $2, changed_at = `+clock+`
		WHERE thread_id = $1 AND status = 'waiting'`, id, why)
	return err
}
