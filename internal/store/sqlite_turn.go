package store

import (
	"context"
	"database/sql"
	"errors"

	"supportbot"
)

// liteAhead moves a lane ahead, and leases it again for what still waits.
const liteAhead = `
	UPDATE lane SET head = $2, owner = $3, lease_until = ` + clock + ` + $4
	WHERE thread_id = $1 AND kind = 'in' AND head = $2 - 1 AND tail >= $2`

func (db *sqliteDB) commit(ctx context.Context, node string, c *kept) error {
	return db.update(ctx, func(ctx context.Context, tx conn) error {
		if err := moved(tx.ExecContext(ctx, liteAhead, c.Thread, c.Seq, node, leaseTime.Microseconds())); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `UPDATE inbox SET result = $1 WHERE thread_id = $2 AND seq = $3`, c.result, c.Thread, c.Seq)
		if err != nil {
			return err
		}
		return db.apply(ctx, tx, c)
	})
}

// apply is the other apply, with what is asked of an agent and what the audit log
// keeps.
func (db *sqliteDB) apply(ctx context.Context, tx conn, c *kept) error {
	if err := onDuty(ctx, tx, c.Duty); err != nil {
		return err
	}
	if err := apply(ctx, tx, c); err != nil || c.Audit == nil {
		return err
	}
	return db.audit.add(ctx, tx, *c.Audit)
}

// liteTaken moves a lane in which nothing waits past one more row.
const liteTaken = `
	UPDATE lane SET head = $2, tail = $2
	WHERE thread_id = (SELECT id FROM thread WHERE id = $1 AND channel = $3 AND peer = $4) AND kind = 'in' AND head = $2 - 1 AND tail = $2 - 1`

func (db *sqliteDB) take(ctx context.Context, in *arrival, c *kept) (accepted, error) {
	taken := accepted{seq: c.Seq, result: c.result}
	err := db.update(ctx, func(ctx context.Context, tx conn) (err error) {
		c := c
		if c.Thread == 0 {
			begun := *c // this may run again
			if begun.Thread, err = liteBegin(ctx, tx, in.home); err != nil {
				return err
			}
			c = &begun
		}
		taken.thread = c.Thread
		if err := moved(tx.ExecContext(ctx, liteTaken, c.Thread, c.Seq, in.Channel, in.home.place)); err != nil {
			return err
		}
		if err := putIn(ctx, tx, taken, in); err != nil {
			return err
		}
		return db.apply(ctx, tx, c)
	})
	if err == nil {
		return taken, nil
	}
	if errors.Is(err, errRepeat) || errors.Is(err, supportbot.ErrFenced) {
		if a, unknown := db.recorded(ctx, in); unknown == nil {
			return a, nil
		}
	}
	return accepted{}, err
}

// liteBegin makes a conversation with an empty lane, ErrFenced if there is one.
func liteBegin(ctx context.Context, tx conn, h home) (supportbot.ThreadID, error) {
	id, err := begin(ctx, tx, h)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, supportbot.ErrFenced
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `INSERT INTO lane (thread_id, kind) VALUES ($1, 'in')`, id)
	}
	return id, err
}
