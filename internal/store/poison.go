package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"supportbot"
	"supportbot/internal/turn"
)

// unfit marks, as ErrInvalid, what the database refuses for what it is and would
// refuse again. All other errors are the database's own trouble, which ends.
func unfit(err error) error {
	if errors.Is(err, errGivenOn) {
		return fmt.Errorf("%w: %w", supportbot.ErrInvalid, err)
	}
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		switch lite.Code() & 0xff {
		case sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH, sqlite3.SQLITE_TOOBIG:
			return fmt.Errorf("%w: %w", supportbot.ErrInvalid, err)
		}
	}
	// Classes 22 and 23 of https://www.postgresql.org/docs/15/errcodes-appendix.html:
	// data that cannot be kept, constraints.
	var postgres interface{ SQLState() string }
	if errors.As(err, &postgres) && (strings.HasPrefix(postgres.SQLState(), "22") || strings.HasPrefix(postgres.SQLState(), "23")) {
		return fmt.Errorf("%w: %w", supportbot.ErrInvalid, err)
	}
	return err
}

// GiveUp implements turn.Store.
func (s *Store) GiveUp(ctx context.Context, id supportbot.ThreadID, next turn.Row, why string) (err error) {
	defer wrap(&err, "give up inbox row %d of %d", next.Seq, id)
	h, err := s.homeOf(ctx, s.read, id)
	if err != nil {
		return err
	}
	nothing, err := sealJSON(h.key, result{}, resultName(next.Seq))
	if err != nil {
		return err
	}
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `
			UPDATE lane SET head = $2 WHERE thread_id = $1 AND kind = 'in' AND head = $2 - 1 AND tail >= $2`, id, next.Seq))
		if err != nil {
			return err
		}
		if n == 0 {
			return supportbot.ErrFenced
		}
		if t := next.Inbound.Timer; t != nil {
			_, err := tx.ExecContext(ctx, `DELETE FROM timer WHERE thread_id = $1 AND kind = $2 AND gen = $3 AND due_at = $4`,
				id, t.Kind, t.Gen, t.Due.UnixMicro())
			if err != nil {
				return err
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE inbox SET result = $3, failure = $4 WHERE thread_id = $1 AND seq = $2`,
			id, next.Seq, nothing, strings.ReplaceAll(strings.ToValidUTF8(why, "?"), "\x00", "?"))
		return err
	})
}

// GivenUp lists inbox rows that were passed over, the oldest first.
func (s *Store) GivenUp(ctx context.Context, limit int) (rows []turn.GivenUp, err error) {
	defer wrap(&err, "inbox rows that were given up")
	return list(ctx, s.read, s.scanGivenUp, `
		SELECT `+columns+`, i.seq, i.sender, i.ext_id, i.payload, i.failure, i.accepted_at
		FROM inbox i JOIN thread t ON t.id = i.thread_id
		WHERE i.failure IS NOT NULL ORDER BY i.accepted_at, i.thread_id, i.seq LIMIT $1`, limit)
}

func (s *Store) scanGivenUp(row scanner) (g turn.GivenUp, err error) {
	var h home
	var from, id string
	var payload []byte
	var at int64
	err = row.Scan(h.fields(&g.Row.Seq, &from, &id, &payload, &g.Why, &at)...)
	if err != nil {
		return g, err
	}
	g.Thread, g.AcceptedAt = h.id, fromMicros(at)
	if err = s.vault.open(&h); err != nil {
		return g, err
	}
	return g, openJSON(h.key, payload, payloadName(from, id), &g.Row.Inbound)
}
