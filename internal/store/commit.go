package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"supportbot"
	"supportbot/internal/turn"
)

// Commit implements turn.Store.
func (s *Store) Commit(ctx context.Context, c supportbot.Commit) (err error) {
	defer wrap(&err, "commit turn of %d", c.Thread)
	return unfit(s.db.commit(ctx, s.node, c))
}

// Take implements turn.Store.
func (s *Store) Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (r turn.Receipt, err error) {
	defer wrap(&err, "take %s on %s", in.Kind, in.Channel)
	return s.db.take(ctx, s.node, in, digest, c)
}

// apply writes a turn, statement by statement; PostgreSQL has it as one.
func apply(ctx context.Context, tx conn, node string, c supportbot.Commit) error {
	lastMessage, lastEvent, err := advance(ctx, tx, node, c)
	if err != nil {
		return err
	}
	if err := addMessages(ctx, tx, c.Thread, lastMessage, c.Messages); err != nil {
		return err
	}
	if err := addEvents(ctx, tx, c.Thread, lastEvent, c.Events); err != nil {
		return err
	}
	for _, changed := range []*supportbot.Case{c.Ended, c.Case} {
		if changed == nil {
			continue
		}
		if err := putCase(ctx, tx, c.Thread, c.Seq, *changed); err != nil {
			return err
		}
	}
	if err := enqueue(ctx, tx, c); err != nil {
		return err
	}
	return putTimers(ctx, tx, c.Thread, c.Timers)
}

// liteAhead moves a lane ahead, and leases it again for what still waits.
const liteAhead = `
	UPDATE lane SET head = $2, owner = $3, lease_until = ` + clock + ` + $4
	WHERE thread_id = $1 AND kind = 'in' AND head = $2 - 1 AND tail >= $2`

// advance moves the conversation past inbox row c.Seq, or fails with ErrFenced
// if it is not where the turn found it. It returns the numbers of the last
// message and the last event before the turn.
func advance(ctx context.Context, tx conn, node string, c supportbot.Commit) (lastMessage, lastEvent int64, err error) {
	outcome, err := json.Marshal(c.Outcome)
	if err != nil {
		return 0, 0, err
	}
	n, err := affected(tx.ExecContext(ctx, liteAhead, c.Thread, c.Seq, node, leaseTime.Microseconds()))
	if err != nil {
		return 0, 0, err
	}
	if n == 0 {
		return 0, 0, supportbot.ErrFenced
	}
	err = row(ctx, tx, `
		UPDATE thread SET version = version + 1, session = $3, content = $6, last_seq = last_seq + $4, event_seq = event_seq + $5
		WHERE id = $1 AND version = $2
		RETURNING last_seq - $4, event_seq - $5`,
		c.Thread, c.Version, jsonText(c.Session), len(c.Messages), len(c.Events), c.Content).Scan(&lastMessage, &lastEvent)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, supportbot.ErrFenced
	}
	if err != nil {
		return 0, 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE inbox SET outcome = $1 WHERE thread_id = $2 AND seq = $3`,
		string(outcome), c.Thread, c.Seq)
	return lastMessage, lastEvent, err
}

func addMessages(ctx context.Context, tx conn, id supportbot.ThreadID, last int64, messages []supportbot.Message) error {
	for _, m := range messages {
		last++
		if m.Seq != last {
			return misnumbered(m.Seq, last)
		}
		choices, err := json.Marshal(m.Choices)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO message (thread_id, seq, sender, author, text, spoken, choices, reply_to, sent_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
			id, m.Seq, m.From, m.Author, m.Text, m.Spoken, string(choices), m.ReplyTo, m.At.UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}

func misnumbered(seq, want int64) error {
	return fmt.Errorf("message %d comes where %d is next: %w", seq, want, supportbot.ErrInvalid)
}

func addEvents(ctx context.Context, tx conn, id supportbot.ThreadID, last int64, events []supportbot.LogEvent) error {
	for _, e := range events {
		last++
		_, err := tx.ExecContext(ctx, `INSERT INTO event (thread_id, seq, type, payload) VALUES ($1, $2, $3, $4)`,
			id, last, e.Type, jsonText(e.Payload))
		if err != nil {
			return err
		}
	}
	return nil
}

// jsonText is JSON as a text column takes it, NULL for nil.
func jsonText(j json.RawMessage) sql.NullString {
	return sql.NullString{String: string(j), Valid: j != nil}
}
