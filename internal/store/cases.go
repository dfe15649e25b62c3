package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"

	"supportbot"
)

// putCase inserts a case or replaces it. The database refuses a second live
// case of a conversation, and a fence never goes back: a case that has been
// given on is not written over.
func putCase(ctx context.Context, tx *sql.Tx, id supportbot.ThreadID, opened int64, c supportbot.Case) error {
	data, err := json.Marshal(c)
	if err != nil {
		return err
	}
	n, err := affected(tx.ExecContext(ctx, `
		INSERT INTO cases (thread_id, id, opened, state, live, priority, owner, fence, queued_at, data)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (thread_id, id) DO UPDATE SET
			state = excluded.state, live = excluded.live, priority = excluded.priority, owner = excluded.owner,
			fence = excluded.fence, queued_at = excluded.queued_at, data = excluded.data
		WHERE excluded.fence >= cases.fence`,
		id, c.ID, opened, c.State, c.State.Live(), c.Priority.Rank(), c.Owner, c.Fence, c.QueuedAt.UnixMicro(), string(data)))
	if err == nil && n == 0 {
		err = errors.New("its fence has grown beyond this write")
	}
	if err != nil {
		return fmt.Errorf("case %s: %w", c.ID, err)
	}
	return nil
}

// Case implements turn.Store.
func (s *SQLite) Case(ctx context.Context, id string) (c supportbot.Case, at supportbot.Address, err error) {
	defer wrap(&err, "case %q", id)
	var data []byte
	err = s.read.QueryRowContext(ctx, `
		SELECT t.id, t.channel, t.peer, c.data FROM cases c JOIN thread t ON t.id = c.thread_id
		WHERE c.id = ?`, id).Scan(&c.Thread, &at.Channel, &at.Peer, &data)
	if err != nil {
		return c, at, err
	}
	return c, at, json.Unmarshal(data, &c)
}

// Cases implements turn.Store.
func (s *SQLite) Cases(ctx context.Context, state supportbot.CaseState, owner string, limit int) (cases []supportbot.Case, err error) {
	defer wrap(&err, "cases")
	query, args := `SELECT thread_id, data FROM cases WHERE true`, []any{}
	if state != "" {
		query, args = query+` AND state = ?`, append(args, state)
	}
	if owner != "" {
		query, args = query+` AND owner = ?`, append(args, owner)
	}
	return list(ctx, s.read, scanCase, query+` ORDER BY priority, queued_at, id LIMIT ?`, append(args, limit)...)
}

// scanCase reads thread_id and data.
func scanCase(row scanner) (c supportbot.Case, err error) {
	var data []byte
	if err := row.Scan(&c.Thread, &data); err != nil {
		return c, err
	}
	err = json.Unmarshal(data, &c)
	return c, err
}
