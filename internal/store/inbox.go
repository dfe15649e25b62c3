package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"supportbot"
	"supportbot/internal/turn"
)

// Accept implements turn.Store.
func (s *Store) Accept(ctx context.Context, in supportbot.Inbound, digest []byte) (r turn.Receipt, err error) {
	defer wrap(&err, "accept %s on %s", in.Kind, in.Channel)
	for range acceptTries {
		h, err := s.homeAt(ctx, in.Address)
		if err != nil {
			return r, err
		}
		arrived, err := sealIn(h, in, digest)
		if err != nil {
			return r, err
		}
		first, err := s.db.accept(ctx, s.node, arrived)
		if errors.Is(err, errMoved) {
			continue
		}
		if err != nil {
			return r, err
		}
		return s.receipt(ctx, first, digest)
	}
	return r, fmt.Errorf("another message was in the way %d times", acceptTries)
}

// acceptTries is more often than two messages can be in each other's way.
const acceptTries = 5

// errMoved: the conversation at an address is not, or no longer, the one for which
// a message was sealed.
var errMoved = errors.New("another conversation has the address")

// Take implements turn.Store.
func (s *Store) Take(ctx context.Context, in supportbot.Inbound, digest []byte, c supportbot.Commit) (r turn.Receipt, err error) {
	defer wrap(&err, "take %s on %s", in.Kind, in.Channel)
	k, err := s.sealTake(ctx, in.Address, c)
	if err != nil {
		return r, err
	}
	arrived, err := sealIn(k.home, in, digest)
	if err != nil {
		return r, err
	}
	first, err := s.db.take(ctx, arrived, k)
	if err != nil {
		return turn.Receipt{}, err
	}
	if c.Thread == 0 && !first.repeat {
		s.vault.keep(k.home, first.thread)
	}
	return s.receipt(ctx, first, digest)
}

// sealTake seals a turn, the first of a conversation too.
func (s *Store) sealTake(ctx context.Context, at supportbot.Address, c supportbot.Commit) (*kept, error) {
	if c.Thread != 0 {
		k, err := s.sealTurn(ctx, c)
		if err == nil && k.home.at != at {
			err = supportbot.ErrFenced
		}
		return k, err
	}
	h, err := s.vault.begin(at)
	if err != nil {
		return nil, err
	}
	return sealTurn(h, c)
}

// accepted is the inbox row of a message, as it was found if it is a repeat.
type accepted struct {
	thread supportbot.ThreadID
	seq    int64
	repeat bool
	digest []byte // of the first time
	result []byte // nil while it is unhandled
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
	case a.result == nil:
		return r, nil
	}
	o, err := s.outcome(ctx, a.thread, a.seq, a.result)
	r.Outcome = &o
	return r, err
}

// person is the sender of what no agent and no timer has sent.
const person = "person"

// sender tells apart those who choose ids independently of each other.
func sender(k supportbot.InboundKind) string {
	switch k {
	case supportbot.InAgent:
		return "agent"
	case supportbot.InTimer:
		return "timer"
	default:
		return person
	}
}

// Next implements turn.Store.
func (s *Store) Next(ctx context.Context, id supportbot.ThreadID) (t supportbot.Thread, next turn.Row, err error) {
	defer wrap(&err, "next inbox row of %d", id)
	st, err := s.thread(ctx, s.quick, threadByID, id)
	if err != nil {
		return st.Thread, next, err
	}
	if st.next == nil {
		return st.Thread, next, supportbot.ErrNotFound
	}
	return st.Thread, *st.next, nil
}
