package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"supportbot"
)

// Commit implements turn.Store.
func (s *Store) Commit(ctx context.Context, c supportbot.Commit) (err error) {
	defer wrap(&err, "commit turn of %d", c.Thread)
	k, err := s.sealTurn(ctx, c)
	if err != nil {
		return err
	}
	return unfit(s.db.commit(ctx, s.node, k))
}

// sealTurn seals a turn of a conversation; ErrFenced if there is none.
func (s *Store) sealTurn(ctx context.Context, c supportbot.Commit) (kept, error) {
	h, err := s.homeOf(ctx, s.read, c.Thread)
	if errors.Is(err, sql.ErrNoRows) {
		return kept{}, supportbot.ErrFenced
	}
	if err != nil {
		return kept{}, err
	}
	return sealTurn(h, c)
}

// apply writes a turn whose inbox row has been handled, statement by statement;
// PostgreSQL has it as one. ErrFenced if the conversation is not where the turn
// found it.
func apply(ctx context.Context, tx conn, c kept) error {
	var lastMessage int64
	err := row(ctx, tx, `
		UPDATE thread SET version = version + 1, session = $3, content = $5, last_seq = last_seq + $4
		WHERE id = $1 AND version = $2
		RETURNING last_seq - $4`,
		c.Thread, c.Version, blob(c.session), len(c.Messages), c.Content).Scan(&lastMessage)
	if errors.Is(err, sql.ErrNoRows) {
		return supportbot.ErrFenced
	}
	if err != nil {
		return err
	}
	if err := addMessages(ctx, tx, c, lastMessage); err != nil {
		return err
	}
	for _, changed := range c.cases {
		if err := putCase(ctx, tx, c.Thread, c.Seq, changed); err != nil {
			return err
		}
	}
	if err := enqueue(ctx, tx, c.Commit); err != nil {
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

func addMessages(ctx context.Context, tx conn, c kept, last int64) error {
	args := make([]any, 0, 6*len(c.Messages))
	for i, m := range c.Messages {
		last++
		if m.Seq != last {
			return misnumbered(m.Seq, last)
		}
		args = append(args, c.Thread, m.Seq, m.From, c.bodies[i], m.ReplyTo, m.At.UnixMicro())
	}
	return insert(ctx, tx, `
		INSERT INTO message (thread_id, seq, sender, body, reply_to, sent_at) VALUES ($1, $2, $3, $4, $5, $6)`, 6, args)
}

func misnumbered(seq, want int64) error {
	return fmt.Errorf("message %d comes where %d is next: %w", seq, want, supportbot.ErrInvalid)
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

// blob is bytes as a column takes them, NULL for nil.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}
