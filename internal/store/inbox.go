package store

import (
	"bytes"
	"context"
	"encoding/json"

	"supportbot"
	"supportbot/internal/turn"
)

// Accept implements turn.Store.
func (s *Store) Accept(ctx context.Context, in supportbot.Inbound, digest []byte) (r turn.Receipt, err error) {
	defer wrap(&err, "accept %s on %s", in.Kind, in.Channel)
	return s.db.accept(ctx, s.node, in, digest)
}

// receipt is that of a row that was there before, ErrConflict if it came with
// another digest.
func receipt(id supportbot.ThreadID, seq int64, first, digest, outcome []byte) (turn.Receipt, error) {
	r := turn.Receipt{Thread: id, Seq: seq}
	if !bytes.Equal(first, digest) {
		return r, supportbot.ErrConflict
	}
	if outcome == nil {
		return r, nil
	}
	return r, json.Unmarshal(outcome, &r.Outcome)
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
func (s *Store) Next(ctx context.Context, id supportbot.ThreadID) (t supportbot.Thread, next turn.Row, err error) {
	defer wrap(&err, "next inbox row of %d", id)
	t, seq, payload, err := thread(ctx, s.read, `t.id = $1`, id)
	if err != nil {
		return t, next, err
	}
	if payload == nil {
		return t, next, supportbot.ErrNotFound
	}
	next.Seq = seq
	return t, next, json.Unmarshal(payload, &next.Inbound)
}

// Outcome implements turn.Store.
func (s *Store) Outcome(ctx context.Context, id supportbot.ThreadID, seq int64) (o supportbot.Outcome, err error) {
	defer wrap(&err, "outcome %d of %d", seq, id)
	var data []byte
	err = row(ctx, s.read, `
		SELECT outcome FROM inbox WHERE thread_id = $1 AND seq = $2 AND outcome IS NOT NULL`,
		id, seq).Scan(&data)
	if err != nil {
		return o, err
	}
	err = json.Unmarshal(data, &o)
	return o, err
}
