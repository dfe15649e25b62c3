package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

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
func (s *Store) sealTurn(ctx context.Context, c supportbot.Commit) (*kept, error) {
	h, err := s.homeOf(ctx, s.read, c.Thread)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, supportbot.ErrFenced
	}
	if err != nil {
		return nil, err
	}
	return sealTurn(h, c)
}

// liteMoved moves a conversation ahead that is where the turn found it and whose
// messages are numbered on.
const liteMoved = `
	UPDATE thread SET version = version + 1, session = $3, content = $4, last_seq = last_seq + $5, fed = fed + $7
	WHERE id = $1 AND version = $2 AND last_seq = coalesce($6, last_seq)`

// apply writes a turn whose inbox row has been handled, statement by statement;
// PostgreSQL has it as one. ErrFenced if the conversation is not where the turn
// found it.
func apply(ctx context.Context, tx conn, c *kept) error {
	before, err := numberedAfter(c.Messages)
	if err != nil {
		return err
	}
	n, err := affected(tx.ExecContext(ctx, liteMoved, c.Thread, c.Version, blob(c.session), c.Content, len(c.Messages), before, len(c.Feed)))
	if err != nil {
		return err
	}
	if n == 0 {
		return liteWhyNot(ctx, tx, c.Commit)
	}
	if err := addMessages(ctx, tx, c); err != nil {
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
	if err := putLearned(ctx, tx, c); err != nil {
		return err
	}
	if err := putEnded(ctx, tx, c); err != nil {
		return err
	}
	if err := putFeed(ctx, tx, c.Commit); err != nil {
		return err
	}
	return putTimers(ctx, tx, c.Thread, c.Timers)
}

// liteWhyNot tells what stopped a turn: another one, or its own numbers.
func liteWhyNot(ctx context.Context, tx conn, c supportbot.Commit) error {
	var last int64
	err := row(ctx, tx, `SELECT last_seq FROM thread WHERE id = $1 AND version = $2`, c.Thread, c.Version).Scan(&last)
	if errors.Is(err, sql.ErrNoRows) {
		return supportbot.ErrFenced
	}
	if err != nil {
		return err
	}
	return misnumbered(c.Messages[0].Seq, last+1)
}

// numberedAfter is the number of the message before the first of a turn, nil if the
// turn has none.
func numberedAfter(messages []supportbot.Message) (*int64, error) {
	if len(messages) == 0 {
		return nil, nil
	}
	first := messages[0].Seq
	for i, m := range messages {
		if want := first + int64(i); m.Seq != want {
			return nil, misnumbered(m.Seq, want)
		}
	}
	before := first - 1
	return &before, nil
}

// moved is the result of a statement that moves a lane: ErrFenced if it did not.
func moved(res sql.Result, err error) error {
	n, err := affected(res, err)
	if err == nil && n == 0 {
		err = supportbot.ErrFenced
	}
	return err
}

// insertMessages are the statements that insert one message, two and so on.
var insertMessages = func() (all [4]string) {
	text := `
	INSERT INTO message (thread_id, seq, sender, body, reply_to, sent_at) VALUES ($1, $2, $3, $4, $5, $6)`
	for i := range all {
		all[i] = text
		n := messageColumns * (i + 1)
		text += fmt.Sprintf(", ($%d, $%d, $%d, $%d, $%d, $%d)", n+1, n+2, n+3, n+4, n+5, n+6)
	}
	return all
}()

const messageColumns = 6

func addMessages(ctx context.Context, tx conn, c *kept) error {
	args := make([]any, 0, messageColumns*len(c.Messages))
	for i, m := range c.Messages {
		args = append(args, c.Thread, m.Seq, m.From, c.bodies[i], m.ReplyTo, m.At.UnixMicro())
	}
	for len(args) > 0 {
		n := min(len(args), messageColumns*len(insertMessages))
		if _, err := tx.ExecContext(ctx, insertMessages[n/messageColumns-1], args[:n]...); err != nil {
			return err
		}
		args = args[n:]
	}
	return nil
}

func misnumbered(seq, want int64) error {
	return fmt.Errorf("message %d comes where %d is next: %w", seq, want, supportbot.ErrInvalid)
}

// blob is bytes as a column takes them, NULL for nil.
func blob(b []byte) any {
	if b == nil {
		return nil
	}
	return b
}
