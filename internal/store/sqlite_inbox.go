package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"supportbot"
)

// errRepeat ends the transaction of an inbound message that is there already.
var errRepeat = errors.New("repeat")

func (db *sqliteDB) accept(ctx context.Context, node string, in supportbot.Inbound, digest []byte) (a accepted, err error) {
	payload, err := json.Marshal(in)
	if err != nil {
		return a, err
	}
	err = db.update(ctx, func(ctx context.Context, tx conn) (err error) {
		a, err = liteAccept(ctx, tx, node, in, payload, digest)
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

func liteAccept(ctx context.Context, tx conn, node string, in supportbot.Inbound, payload, digest []byte) (a accepted, err error) {
	err = row(ctx, tx, `SELECT id FROM thread WHERE channel = $1 AND peer = $2`, in.Channel, in.Peer).Scan(&a.thread)
	if errors.Is(err, sql.ErrNoRows) {
		a.thread, err = begin(ctx, tx, in.Address)
	}
	if err != nil {
		return a, err
	}
	if err = row(ctx, tx, liteLine, a.thread, node, leaseTime.Microseconds()).Scan(&a.seq); err != nil {
		return a, err
	}
	return a, putIn(ctx, tx, a, in, payload, digest)
}

// begin makes a conversation, sql.ErrNoRows if there is one.
func begin(ctx context.Context, tx conn, at supportbot.Address) (id supportbot.ThreadID, err error) {
	err = row(ctx, tx, `INSERT INTO thread (channel, peer) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id`, at.Channel, at.Peer).Scan(&id)
	return id, err
}

// putIn writes an inbox row, or fails with errRepeat.
func putIn(ctx context.Context, tx conn, a accepted, in supportbot.Inbound, payload, digest []byte) error {
	n, err := affected(tx.ExecContext(ctx, `
		INSERT INTO inbox (thread_id, seq, sender, ext_id, digest, payload, outcome, accepted_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (thread_id, sender, ext_id) DO NOTHING`,
		a.thread, a.seq, sender(in.Kind), in.ID, digest, string(payload), jsonText(a.outcome), time.Now().UnixMicro()))
	if err == nil && n == 0 {
		err = errRepeat
	}
	return err
}

// recorded is the row of the first time that in came.
func (db *sqliteDB) recorded(ctx context.Context, in supportbot.Inbound) (accepted, error) {
	a := accepted{repeat: true}
	err := row(ctx, db.read, `
		SELECT i.thread_id, i.seq, i.digest, i.outcome FROM thread t JOIN inbox i ON i.thread_id = t.id
		WHERE t.channel = $1 AND t.peer = $2 AND i.sender = $3 AND i.ext_id = $4`,
		in.Channel, in.Peer, sender(in.Kind), in.ID).Scan(&a.thread, &a.seq, &a.digest, &a.outcome)
	return a, err
}
