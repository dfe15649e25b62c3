package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"supportbot"
	"supportbot/internal/turn"
)

// errRepeat ends the transaction of an inbound message that is there already.
var errRepeat = errors.New("repeat")

func (db *sqliteDB) accept(ctx context.Context, node string, in supportbot.Inbound, digest []byte) (r turn.Receipt, err error) {
	err = db.update(ctx, func(ctx context.Context, tx conn) (err error) {
		r, err = accept(ctx, tx, node, in, digest)
		return err
	})
	if errors.Is(err, errRepeat) {
		return db.recorded(ctx, r.Thread, in, digest)
	}
	return r, err
}

func (db *sqliteDB) take(ctx context.Context, node string, in supportbot.Inbound, digest []byte, c supportbot.Commit) (r turn.Receipt, err error) {
	err = db.update(ctx, func(ctx context.Context, tx conn) (err error) {
		if r, err = accept(ctx, tx, node, in, digest); err != nil {
			return err
		}
		if r.Thread != c.Thread || r.Seq != c.Seq {
			return supportbot.ErrFenced
		}
		return apply(ctx, tx, node, c)
	})
	if errors.Is(err, errRepeat) {
		return db.recorded(ctx, r.Thread, in, digest)
	}
	return r, err
}

func (db *sqliteDB) commit(ctx context.Context, node string, c supportbot.Commit) error {
	return db.update(ctx, func(ctx context.Context, tx conn) error { return apply(ctx, tx, node, c) })
}

// liteLine puts one more into a lane.
const liteLine = `
	INSERT INTO lane AS l (thread_id, kind, tail, owner, lease_until) VALUES ($1, 'in', 1, $2, ` + clock + ` + $3)
	ON CONFLICT (thread_id, kind) DO UPDATE SET tail = l.tail + 1, ` + leased + `
	RETURNING tail`

func accept(ctx context.Context, tx conn, node string, in supportbot.Inbound, digest []byte) (turn.Receipt, error) {
	var r turn.Receipt
	payload, err := json.Marshal(in)
	if err != nil {
		return r, err
	}
	err = row(ctx, tx, `SELECT id FROM thread WHERE channel = $1 AND peer = $2`,
		in.Channel, in.Peer).Scan(&r.Thread)
	if errors.Is(err, sql.ErrNoRows) {
		err = row(ctx, tx, `INSERT INTO thread (channel, peer) VALUES ($1, $2) RETURNING id`,
			in.Channel, in.Peer).Scan(&r.Thread)
	}
	if err != nil {
		return r, err
	}
	if err = row(ctx, tx, liteLine, r.Thread, node, leaseTime.Microseconds()).Scan(&r.Seq); err != nil {
		return r, err
	}
	n, err := affected(tx.ExecContext(ctx, `
		INSERT INTO inbox (thread_id, seq, sender, ext_id, digest, payload, accepted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (thread_id, sender, ext_id) DO NOTHING`,
		r.Thread, r.Seq, sender(in.Kind), in.ID, digest, string(payload), time.Now().UnixMicro()))
	if err == nil && n == 0 {
		err = errRepeat
	}
	return r, err
}

// recorded returns the receipt of the first time that in came.
func (db *sqliteDB) recorded(ctx context.Context, id supportbot.ThreadID, in supportbot.Inbound, digest []byte) (turn.Receipt, error) {
	var seq int64
	var first, outcome []byte
	err := row(ctx, db.read, `
		SELECT seq, digest, outcome FROM inbox WHERE thread_id = $1 AND sender = $2 AND ext_id = $3`,
		id, sender(in.Kind), in.ID).Scan(&seq, &first, &outcome)
	if err != nil {
		return turn.Receipt{}, err
	}
	return receipt(id, seq, first, digest, outcome)
}
