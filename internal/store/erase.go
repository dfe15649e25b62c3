package store

import (
	"context"
	"fmt"

	"supportbot"
	"supportbot/internal/turn"
)

// Why a conversation was erased.
const (
	ErasedOnRequest = "request"
	ErasedByAge     = "age"
)

// forget deletes a conversation whose lane is gone. That goes first: turns lock it
// before all else, so that none is written any more.
var forget = []string{
	`DELETE FROM outlane WHERE thread_id = $1`,
	`DELETE FROM outbox WHERE thread_id = $1`,
	`DELETE FROM deskfeed WHERE thread_id = $1`,
	`DELETE FROM timer WHERE thread_id = $1`,
	`DELETE FROM consent WHERE thread_id = $1`,
	`DELETE FROM line WHERE thread_id = $1`,
	`DELETE FROM seat WHERE thread_id = $1`,
	`DELETE FROM cases WHERE thread_id = $1`,
	`DELETE FROM ended WHERE thread_id = $1`,
	`DELETE FROM missed WHERE thread_id = $1`,
	`DELETE FROM onward WHERE thread_id = $1`,
	`DELETE FROM picture WHERE thread_id = $1`,
	`DELETE FROM message WHERE thread_id = $1`,
	`DELETE FROM inbox WHERE thread_id = $1`,
	`DELETE FROM model_spending WHERE who IN (SELECT peer FROM thread WHERE id = $1)`,
	`DELETE FROM thread WHERE id = $1`,
}

// Erase deletes a conversation and its key, and keeps that it was erased, when
// and why; ErrNotFound if there is none. Who writes again begins another one,
// under a number that none has had. In SQLite's files nothing of it is left. In
// PostgreSQL's, deleted rows stay, sealed, until they are overwritten.
func (s *Store) Erase(ctx context.Context, id supportbot.ThreadID, why string) (err error) {
	defer wrap(&err, "erase conversation %d", id)
	return s.erase(ctx, id, why, anyTail)
}

// anyTail has erase ask nothing of the lane.
const anyTail = -1

// erase is Erase, if nothing has come in beyond a row of the inbox and nothing
// waits; else ErrNotFound. What goes by age is counted in the audit log by whoever
// has it go.
func (s *Store) erase(ctx context.Context, id supportbot.ThreadID, why string, tail int64) error {
	err := s.update(ctx, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `
			DELETE FROM lane WHERE thread_id = $1 AND (CAST($2 AS BIGINT) < 0 OR tail = $2 AND head = tail)`, id, tail))
		if err != nil {
			return err
		}
		if n == 0 {
			return supportbot.ErrNotFound
		}
		for _, statement := range forget {
			if _, err := tx.ExecContext(ctx, statement, id); err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO erasure (thread_id, erased_at, why) VALUES ($1, `+clock+`, $2)`, id, why)
		if err != nil || why == ErasedByAge {
			return err
		}
		return s.audit.add(ctx, tx, supportbot.Audited{Action: supportbot.Erased, Subject: fmt.Sprint(id), Details: map[string]string{"why": why}})
	})
	if err != nil {
		return err
	}
	s.vault.forget(id)
	s.Hint(turn.Hint{Thread: id, Erased: true})
	return nil
}

// Scrub takes what was deleted out of the files as far as the database can do so
// while it is in use: SQLite's write-ahead log, and PostgreSQL's deleted rows.
func (s *Store) Scrub(ctx context.Context) (err error) {
	defer wrap(&err, "scrub the files")
	switch db := s.db.(type) {
	case *sqliteDB:
		return db.flush(ctx)
	case *postgresDB:
		for _, table := range []string{"thread", "lane", "inbox", "message", "cases", "seat", "line", "timer", "missed", "picture", "ended", "outlane", "outbox", "deskfeed"} {
			if _, err := db.sql.ExecContext(ctx, `VACUUM `+table); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
	}
	return nil
}
