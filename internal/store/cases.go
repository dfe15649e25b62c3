package store

import (
	"context"
	"errors"
	"fmt"

	"supportbot"
)

// errGivenOn: the case in hand is one of the past.
var errGivenOn = errors.New("the fence of the case has grown beyond this write")

// putCase inserts a case or replaces it. The database refuses a second live
// case of a conversation, and a fence never goes back: a case that has been
// given on is not written over.
func putCase(ctx context.Context, tx conn, id supportbot.ThreadID, opened int64, c keptCase) error {
	n, err := affected(tx.ExecContext(ctx, `
		INSERT INTO cases (thread_id, id, opened, state, live, priority, owner, asked, fence, queued_at, data)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (thread_id, id) DO UPDATE SET
			state = excluded.state, live = excluded.live, priority = excluded.priority, owner = excluded.owner,
			asked = excluded.asked, fence = excluded.fence, queued_at = excluded.queued_at, data = excluded.data
		WHERE excluded.fence >= cases.fence`,
		id, c.ID, opened, c.State, number(c.State.Live()), c.Priority.Rank(), c.Owner, c.Asked, c.Fence, c.QueuedAt.UnixMicro(), c.data))
	if err == nil && n == 0 {
		err = errGivenOn
	}
	if err != nil {
		return fmt.Errorf("case %s: %w", c.ID, err)
	}
	return nil
}

// Case implements turn.Store.
func (s *Store) Case(ctx context.Context, id string) (c supportbot.Case, at supportbot.Address, err error) {
	defer wrap(&err, "case %q", id)
	c, at, err = s.openCase(row(ctx, s.read, selectCases+`WHERE c.id = $1`, id))
	return c, at, err
}

// Cases implements turn.Store.
func (s *Store) Cases(ctx context.Context, state supportbot.CaseState, owner string, limit int) (cases []supportbot.Case, err error) {
	defer wrap(&err, "cases")
	query, args := selectCases+`WHERE true`, []any{}
	narrow := func(column, value string) {
		if value != "" {
			args = append(args, value)
			query += fmt.Sprintf(" AND c.%s = $%d", column, len(args))
		}
	}
	narrow("state", string(state))
	narrow("owner", owner)
	args = append(args, limit)
	return list(ctx, s.read, func(row scanner) (supportbot.Case, error) {
		c, _, err := s.openCase(row)
		return c, err
	}, fmt.Sprintf("%s ORDER BY c.priority, c.queued_at, c.id LIMIT $%d", query, len(args)), args...)
}

// Mine implements turn.Store.
func (s *Store) Mine(ctx context.Context, agent string, limit int) (cases []supportbot.Case, err error) {
	defer wrap(&err, "cases of %s", agent)
	return list(ctx, s.read, func(row scanner) (supportbot.Case, error) {
		c, _, err := s.openCase(row)
		return c, err
	}, selectCases+`
		WHERE c.live = 1 AND c.owner = $1 OR c.asked = $1 AND c.asked <> ''
		ORDER BY c.priority, c.queued_at, c.id LIMIT $2`, agent, limit)
}

// CasesMark implements turn.Store.
func (s *Store) CasesMark(ctx context.Context) (mark int64, err error) {
	defer wrap(&err, "look at the cases")
	err = row(ctx, s.read, `
		SELECT CAST(coalesce(sum(t.version + 1000003 * t.id), 0) AS BIGINT)
		FROM cases c JOIN thread t ON t.id = c.thread_id WHERE c.live = 1`).Scan(&mark)
	return mark, err
}

// selectCases is for openCase.
const selectCases = `
	SELECT ` + columns + `, c.id, c.data FROM cases c JOIN thread t ON t.id = c.thread_id `

func (s *Store) openCase(row scanner) (c supportbot.Case, at supportbot.Address, err error) {
	var h home
	var id string
	var data []byte
	if err := row.Scan(h.fields(&id, &data)...); err != nil {
		return c, at, err
	}
	if err := s.vault.open(&h); err != nil {
		return c, at, err
	}
	c.Thread = h.id
	return c, h.at, openJSON(h.key, data, caseName(id), &c)
}
