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
	first, err := s.db.accept(ctx, s.node, in, digest)
	if err != nil {
		return turn.Receipt{}, err
	}
	return s.receipt(ctx, first, digest)
}

// Take implements turn.Store.
func (s *Store) Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (r turn.Receipt, err error) {
	defer wrap(&err, "take %s on %s", in.Kind, in.Channel)
	first, err := s.db.take(ctx, in, digest, c)
	if err != nil {
		return turn.Receipt{}, err
	}
	return s.receipt(ctx, first, digest)
}

// accepted is the inbox row of a message, as it was found if it is a repeat.
type accepted struct {
	thread  supportbot.ThreadID
	seq     int64
	repeat  bool
	digest  []byte // of the first time
	outcome []byte // nil while it is unhandled
}

// receipt is that of an inbox row, ErrConflict if the row is there with another
// digest.
func (s *Store) receipt(ctx context.Context, a accepted, digest []byte) (turn.Receipt, error) {
	r := turn.Receipt{Thread: a.thread, Seq: a.seq}
	switch {
	case !a.repeat:
		return r, nil
	case !bytes.Equal(a.digest, digest):
		return r, supportbot.ErrConflict
	case a.outcome == nil:
		return r, nil
	}
	o, err := s.outcome(ctx, a.thread, a.outcome)
	r.Outcome = &o
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
func (s *Store) Next(ctx context.Context, id supportbot.ThreadID) (t supportbot.Thread, next turn.Row, err error) {
	defer wrap(&err, "next inbox row of %d", id)
	t, seq, payload, err := thread(ctx, s.read, threadByID, id)
	if err != nil {
		return t, next, err
	}
	if payload == nil {
		return t, next, supportbot.ErrNotFound
	}
	next.Seq = seq
	return t, next, json.Unmarshal(payload, &next.Inbound)
}
