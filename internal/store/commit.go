package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"supportbot"
)

// Commit implements turn.Store.
func (s *SQLite) Commit(ctx context.Context, c supportbot.Commit) (err error) {
	defer wrap(&err, "commit turn of %d", c.Thread)
	return s.update(ctx, func(tx *sql.Tx) error {
		lastMessage, lastEvent, err := advance(ctx, tx, c)
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
		return putTimers(ctx, tx, c.Thread, c.Timers)
	})
}

// advance moves the conversation past inbox row c.Seq, or fails with ErrFenced
// if it is not where the turn found it. It returns the numbers of the last
// message and the last event before the turn.
func advance(ctx context.Context, tx *sql.Tx, c supportbot.Commit) (lastMessage, lastEvent int64, err error) {
	outcome, err := json.Marshal(c.Outcome)
	if err != nil {
		return 0, 0, err
	}
	n, err := affected(tx.ExecContext(ctx, `
		UPDATE lane SET head = ?2 WHERE thread_id = ?1 AND kind = 'in' AND head = ?2 - 1 AND tail >= ?2`,
		c.Thread, c.Seq))
	if err != nil {
		return 0, 0, err
	}
	if n == 0 {
		return 0, 0, supportbot.ErrFenced
	}
	err = tx.QueryRowContext(ctx, `
		UPDATE thread SET version = version + 1, session = ?3, content = ?6, last_seq = last_seq + ?4, event_seq = event_seq + ?5
		WHERE id = ?1 AND version = ?2
		RETURNING last_seq - ?4, event_seq - ?5`,
		c.Thread, c.Version, jsonText(c.Session), len(c.Messages), len(c.Events), c.Content).Scan(&lastMessage, &lastEvent)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, 0, supportbot.ErrFenced
	}
	if err != nil {
		return 0, 0, err
	}
	_, err = tx.ExecContext(ctx, `UPDATE inbox SET outcome = ? WHERE thread_id = ? AND seq = ?`,
		string(outcome), c.Thread, c.Seq)
	return lastMessage, lastEvent, err
}

func addMessages(ctx context.Context, tx *sql.Tx, id supportbot.ThreadID, last int64, messages []supportbot.Message) error {
	for _, m := range messages {
		last++
		if m.Seq != last {
			return fmt.Errorf("message %d comes where %d is next: %w", m.Seq, last, supportbot.ErrInvalid)
		}
		choices, err := json.Marshal(m.Choices)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `
			INSERT INTO message (thread_id, seq, sender, author, text, spoken, choices, reply_to, sent_at)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
			id, m.Seq, m.From, m.Author, m.Text, m.Spoken, string(choices), m.ReplyTo, m.At.UnixMicro())
		if err != nil {
			return err
		}
	}
	return nil
}

func addEvents(ctx context.Context, tx *sql.Tx, id supportbot.ThreadID, last int64, events []supportbot.LogEvent) error {
	for _, e := range events {
		last++
		_, err := tx.ExecContext(ctx, `INSERT INTO event (thread_id, seq, type, payload) VALUES (?, ?, ?, ?)`,
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
