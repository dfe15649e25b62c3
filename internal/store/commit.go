package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"supportbot"
)

// Commit implements turn.Store.
func (s *Store) Commit(ctx context.Context, c supportbot.Commit) (err error) {
	defer wrap(&err, "commit turn of %d", c.Thread)
	return unfit(s.db.commit(ctx, s.node, c))
}

// apply writes a turn whose inbox row has been handled, statement by statement;
// PostgreSQL has it as one. ErrFenced if the conversation is not where the turn
// found it.
func apply(ctx context.Context, tx conn, c supportbot.Commit) error {
	var lastMessage, lastEvent int64
	err := row(ctx, tx, `
		UPDATE thread SET version = version + 1, session = $3, content = $6, last_seq = last_seq + $4, event_seq = event_seq + $5
		WHERE id = $1 AND version = $2
		RETURNING last_seq - $4, event_seq - $5`,
		c.Thread, c.Version, jsonText(c.Session), len(c.Messages), len(c.Events), c.Content).Scan(&lastMessage, &lastEvent)
	if errors.Is(err, sql.ErrNoRows) {
		return supportbot.ErrFenced
	}
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

// moved is the result of a statement that moves a lane: ErrFenced if it did not.
func moved(res sql.Result, err error) error {
	n, err := affected(res, err)
	if err == nil && n == 0 {
		err = supportbot.ErrFenced
	}
	return err
}

func addMessages(ctx context.Context, tx conn, id supportbot.ThreadID, last int64, messages []supportbot.Message) error {
	args := make([]any, 0, 9*len(messages))
	for _, m := range messages {
		last++
		if m.Seq != last {
			return misnumbered(m.Seq, last)
		}
		choices, err := json.Marshal(m.Choices)
		if err != nil {
			return err
		}
		args = append(args, id, m.Seq, m.From, m.Author, m.Text, m.Spoken, string(choices), m.ReplyTo, m.At.UnixMicro())
	}
	return insert(ctx, tx, `
		INSERT INTO message (thread_id, seq, sender, author, text, spoken, choices, reply_to, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, 9, args)
}

func misnumbered(seq, want int64) error {
	return fmt.Errorf("message %d comes where %d is next: %w", seq, want, supportbot.ErrInvalid)
}

func addEvents(ctx context.Context, tx conn, id supportbot.ThreadID, last int64, events []supportbot.LogEvent) error {
	args := make([]any, 0, 4*len(events))
	for _, e := range events {
		last++
		args = append(args, id, last, e.Type, jsonText(e.Payload))
	}
	return insert(ctx, tx, `INSERT INTO event (thread_id, seq, type, payload) VALUES ($1, $2, $3, $4)`, 4, args)
}

// insert makes a statement that inserts one row insert all that args has, so many
// columns each.
func insert(ctx context.Context, tx conn, one string, columns int, args []any) error {
	if len(args) == 0 {
		return nil
	}
	var text strings.Builder
	text.WriteString(one)
	for i := columns; i < len(args); i++ {
		if i%columns == 0 {
			text.WriteString(", (")
		} else {
			text.WriteString(", ")
		}
		text.WriteString("$" + strconv.Itoa(i+1))
		if i%columns == columns-1 {
			text.WriteByte(')')
		}
	}
	_, err := tx.ExecContext(ctx, text.String(), args...)
	return err
}

// jsonText is JSON as a text column takes it, NULL for nil.
func jsonText(j json.RawMessage) sql.NullString {
	return sql.NullString{String: string(j), Valid: j != nil}
}
