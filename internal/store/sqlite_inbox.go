package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"supportbot"
)

// errRepeat ends the transaction of an inbound message that is there already.
var errRepeat = errors.New("repeat")

func (db *sqliteDB) accept(ctx context.Context, node string, in *arrival) (a accepted, err error) {
	err = db.update(ctx, func(ctx context.Context, tx conn) (err error) {
		a, err = liteAccept(ctx, tx, node, in)
		return err
	})
	if errors.Is(err, errRepeat) {
		return db.recorded(ctx, in)
	}
	return a, err
}

// liteLine puts one more into a lane.
const liteLine = `
	INSERT INTO lane AS l (thread_id, kind, tail, owner, lease_until) VALUES ($1, 'in', 1, $2, ` + clock + ` + $3)
	ON CONFLICT (thread_id, kind) DO UPDATE SET tail = l.tail + 1, ` + leased + `
	RETURNING tail`

func liteAccept(ctx context.Context, tx conn, node string, in *arrival) (a accepted, err error) {
	err = row(ctx, tx, `SELECT id FROM thread WHERE channel = $1 AND peer = $2`, in.Channel, in.home.place).Scan(&a.thread)
	switch {
	case errors.Is(err, sql.ErrNoRows) && in.home.id == 0:
		a.thread, err = begin(ctx, tx, in.home)
	case errors.Is(err, sql.ErrNoRows), err == nil && a.thread != in.home.id:
		err = errMoved
	}
	if err != nil {
		return a, err
	}
	if err = row(ctx, tx, liteLine, a.thread, node, leaseTime.Microseconds()).Scan(&a.seq); err != nil {
		return a, err
	}
	return a, putIn(ctx, tx, a, in)
}

// liteThread makes a conversation, under a number that none has had. Each of the
// two greatest is the end of an index; of a union they would be looked for in all.
const liteThread = `
	INSERT INTO thread (id, channel, peer, key, address)
	SELECT 1 + CASE WHEN there > gone THEN there ELSE gone END, $1, $2, $3, $4
	FROM (SELECT coalesce((SELECT max(id) FROM thread), 0) AS there,
	             coalesce((SELECT max(thread_id) FROM erasure), 0) AS gone) AS numbers
	WHERE true ON CONFLICT (channel, peer) DO NOTHING RETURNING id`

// begin makes a conversation, sql.ErrNoRows if there is one.
func begin(ctx context.Context, tx conn, h home) (id supportbot.ThreadID, err error) {
	err = row(ctx, tx, liteThread, h.at.Channel, h.place, h.wrapped, h.address).Scan(&id)
	return id, err
}

// putIn writes an inbox row, or fails with errRepeat.
func putIn(ctx context.Context, tx conn, a accepted, in *arrival) error {
	n, err := affected(tx.ExecContext(ctx, `
		INSERT INTO inbox (thread_id, seq, sender, ext_id, digest, payload, result, accepted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (thread_id, sender, ext_id) DO NOTHING`,
		a.thread, a.seq, sender(in.Kind), in.ID, in.digest, in.payload, blob(a.result), time.Now().UnixMicro()))
	if err == nil && n == 0 {
		err = errRepeat
	}
	return err
}

// recorded is the row of the first time that in came.
func (db *sqliteDB) recorded(ctx context.Context, in *arrival) (accepted, error) {
	a := accepted{repeat: true}
	err := row(ctx, db.read, `
		SELECT i.thread_id, i.seq, i.digest, i.result FROM thread t JOIN inbox i ON i.thread_id = t.id
		WHERE t.channel = $1 AND t.peer = $2 AND i.sender = $3 AND i.ext_id = $4`,
		in.Channel, in.home.place, sender(in.Kind), in.ID).Scan(&a.thread, &a.seq, &a.digest, &a.result)
	return a, err
}
