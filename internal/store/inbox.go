package store

import (
	"bytes"
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

// Accept implements turn.Store.
func (s *SQLite) Accept(ctx context.Context, in supportbot.Inbound, digest []byte) (r turn.Receipt, err error) {
	defer wrap(&err, "accept %s on %s", in.Kind, in.Channel)
	err = s.update(ctx, func(tx *sql.Tx) (err error) {
		r, err = accept(ctx, tx, in, digest)
		return err
	})
	if errors.Is(err, errRepeat) {
		return s.recorded(ctx, r.Thread, in, digest)
	}
	return r, err
}

func accept(ctx context.Context, tx *sql.Tx, in supportbot.Inbound, digest []byte) (turn.Receipt, error) {
	var r turn.Receipt
	payload, err := json.Marshal(in)
	if err != nil {
		return r, err
	}
	err = tx.QueryRowContext(ctx, `SELECT id FROM thread WHERE channel = ? AND peer = ?`,
		in.Channel, in.Peer).Scan(&r.Thread)
	if errors.Is(err, sql.ErrNoRows) {
		err = tx.QueryRowContext(ctx, `INSERT INTO thread (channel, peer) VALUES (?, ?) RETURNING id`,
			in.Channel, in.Peer).Scan(&r.Thread)
	}
	if err != nil {
		return r, err
	}
	err = tx.QueryRowContext(ctx, `
		INSERT INTO lane (thread_id, kind, tail) VALUES (?, 'in', 1)
		ON CONFLICT (thread_id, kind) DO UPDATE SET tail = tail + 1
		RETURNING tail`, r.Thread).Scan(&r.Seq)
	if err != nil {
		return r, err
	}
	n, err := affected(tx.ExecContext(ctx, `
		INSERT INTO inbox (thread_id, seq, sender, ext_id, digest, payload, accepted_at)
		VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (thread_id, sender, ext_id) DO NOTHING`,
		r.Thread, r.Seq, sender(in.Kind), in.ID, digest, string(payload), time.Now().UnixMicro()))
	if err == nil && n == 0 {
		err = errRepeat
	}
	return r, err
}

// recorded returns the receipt of the first time that in came.
func (s *SQLite) recorded(ctx context.Context, id supportbot.ThreadID, in supportbot.Inbound, digest []byte) (turn.Receipt, error) {
	r := turn.Receipt{Thread: id}
	var first, outcome []byte
	err := s.read.QueryRowContext(ctx, `
		SELECT seq, digest, outcome FROM inbox WHERE thread_id = ? AND sender = ? AND ext_id = ?`,
		id, sender(in.Kind), in.ID).Scan(&r.Seq, &first, &outcome)
	if err != nil {
		return r, err
	}
	if !bytes.Equal(first, digest) {
		return r, supportbot.ErrConflict
	}
	if outcome != nil {
		err = json.Unmarshal(outcome, &r.Outcome)
	}
	return r, err
}

// sender tells apart those who choose ids independently of each other.
func sender(k supportbot.InboundKind) string {
	switch k {
	case supportbot.InAgent:
		return "agent"
	case supportbot.InTimer:
		return "timer"
	default:
		return "person"
	}
}

// Next implements turn.Store.
func (s *SQLite) Next(ctx context.Context, id supportbot.ThreadID) (t supportbot.Thread, row turn.Row, err error) {
	defer wrap(&err, "next inbox row of %d", id)
	err = s.view(ctx, func(tx *sql.Tx) error {
		var payload []byte
		err := tx.QueryRowContext(ctx, `
			SELECT i.seq, i.payload FROM lane l
			JOIN inbox i ON i.thread_id = l.thread_id AND i.seq = l.head + 1
			WHERE l.thread_id = ? AND l.kind = 'in'`, id).Scan(&row.Seq, &payload)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(payload, &row.Inbound); err != nil {
			return err
		}
		t, err = thread(ctx, tx, id)
		return err
	})
	return t, row, err
}

// Outcome implements turn.Store.
func (s *SQLite) Outcome(ctx context.Context, id supportbot.ThreadID, seq int64) (o supportbot.Outcome, err error) {
	defer wrap(&err, "outcome %d of %d", seq, id)
	var data []byte
	err = s.read.QueryRowContext(ctx, `
		SELECT outcome FROM inbox WHERE thread_id = ? AND seq = ? AND outcome IS NOT NULL`,
		id, seq).Scan(&data)
	if err != nil {
		return o, err
	}
	err = json.Unmarshal(data, &o)
	return o, err
}

// Backlog implements turn.Store.
func (s *SQLite) Backlog(ctx context.Context, limit int) (ids []supportbot.ThreadID, err error) {
	defer wrap(&err, "backlog")
	return list(ctx, s.read, func(row scanner) (id supportbot.ThreadID, err error) {
		err = row.Scan(&id)
		return id, err
	}, `
		SELECT l.thread_id FROM lane l
		JOIN inbox i ON i.thread_id = l.thread_id AND i.seq = l.head + 1
		WHERE l.kind = 'in' AND l.tail > l.head
		ORDER BY i.accepted_at, l.thread_id LIMIT ?`, limit)
}
