package store

import (
	"context"
	"errors"
	"fmt"
	"time"

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
	`DELETE FROM timer WHERE thread_id = $1`,
	`DELETE FROM cases WHERE thread_id = $1`,
	`DELETE FROM missed WHERE thread_id = $1`,
	`DELETE FROM message WHERE thread_id = $1`,
	`DELETE FROM inbox WHERE thread_id = $1`,
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
// waits; else ErrNotFound.
func (s *Store) erase(ctx context.Context, id supportbot.ThreadID, why string, tail int64) error {
	act := supportbot.Audited{Action: supportbot.Erased, Subject: fmt.Sprint(id), Details: map[string]string{"why": why}}
	err := s.audited(ctx, act, func(ctx context.Context, tx conn) error {
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
		return err
	})
	if err != nil {
		return err
	}
	s.vault.forget(id)
	s.Hint(turn.Hint{Thread: id})
	return nil
}

// EraseOld looks at so many conversations after a number, and erases those in which
// nothing has come in for so long, unless something waits, a timer is set or a case
// is live. It returns the number to go on from, 0 at the end, and how many it erased.
func (s *Store) EraseOld(ctx context.Context, after supportbot.ThreadID, age time.Duration, limit int) (next supportbot.ThreadID, erased int, err error) {
	defer wrap(&err, "erase what is old")
	type idle struct {
		id   supportbot.ThreadID
		tail int64
		old  bool
	}
	page, err := list(ctx, s.read, func(row scanner) (i idle, err error) {
		err = row.Scan(&i.id, &i.tail, &i.old)
		return i, err
	}, `
		SELECT t.id, l.tail, t.key IS NOT NULL AND i.accepted_at < (SELECT `+clock+` - $3)
			AND NOT EXISTS (SELECT 1 FROM timer WHERE thread_id = t.id)
			AND NOT EXISTS (SELECT 1 FROM outlane WHERE thread_id = t.id AND tail > head)
			AND NOT EXISTS (SELECT 1 FROM cases WHERE thread_id = t.id AND live = 1)
		FROM thread t
		JOIN lane l ON l.thread_id = t.id AND l.kind = 'in'
		JOIN inbox i ON i.thread_id = t.id AND i.seq = l.tail
		WHERE t.id > $1 ORDER BY t.id LIMIT $2`, after, limit, age.Microseconds())
	var failed error
	for _, i := range page {
		if !i.old {
			continue
		}
		err := s.erase(ctx, i.id, ErasedByAge, i.tail)
		switch {
		case errors.Is(err, supportbot.ErrNotFound): // somebody has just written
		case err != nil:
			failed = errors.Join(failed, err) // one in trouble does not keep the others
		default:
			erased++
		}
	}
	if len(page) < limit {
		return 0, erased, errors.Join(err, failed)
	}
	return page[len(page)-1].id, erased, failed
}

// Scrub takes what was deleted out of the files as far as the database can do so
// while it is in use: SQLite's write-ahead log, and PostgreSQL's deleted rows.
func (s *Store) Scrub(ctx context.Context) (err error) {
	defer wrap(&err, "scrub the files")
	switch db := s.db.(type) {
	case *sqliteDB:
		return db.flush(ctx)
	case *postgresDB:
		for _, table := range []string{"thread", "lane", "inbox", "message", "cases", "timer", "missed", "outlane", "outbox"} {
			if _, err := db.sql.ExecContext(ctx, `VACUUM `+table); err != nil {
				return fmt.Errorf("%s: %w", table, err)
			}
		}
	}
	return nil
}
