package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"supportbot"
)

// onwardName is that under which the number of a call that goes on is sealed.
const onwardName = "onward.number"

// GoOn keeps that the conversation of a call goes on by SMS at a number; the first
// time counts. It tells whether it was kept: not if most calls of that number have
// gone on within 24 hours. ErrNotFound if there is no such call.
func (s *Store) GoOn(ctx context.Context, call supportbot.Address, number string, most int) (kept bool, err error) {
	defer wrap(&err, "have a call go on")
	h, err := s.homeAt(ctx, call)
	if err != nil {
		return false, err
	}
	if h.id == 0 {
		return false, supportbot.ErrNotFound
	}
	sealed, err := h.key.Seal([]byte(number), onwardName)
	if err != nil {
		return false, err
	}
	place := s.vault.placeOf(supportbot.Address{Channel: supportbot.SMS, Peer: number})
	_, err = s.exec(ctx, `
		INSERT INTO onward (thread_id, place, number, moved_at) SELECT id, $2, $3, `+clock+` FROM thread
		WHERE id = $1 AND (SELECT COUNT(*) FROM onward WHERE place = $2 AND moved_at > (SELECT `+clock+` - 86400000000)) < $4
		ON CONFLICT (thread_id) DO NOTHING`, h.id, place, sealed, most)
	if err != nil {
		return false, err
	}
	_, err = s.GoesOn(ctx, call)
	if errors.Is(err, supportbot.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// GoesOn returns the number at which the conversation of a call goes on; ErrNotFound
// if it does not.
func (s *Store) GoesOn(ctx context.Context, call supportbot.Address) (number string, err error) {
	defer wrap(&err, "where a call goes on")
	h, err := s.homeAt(ctx, call)
	if err != nil {
		return "", err
	}
	number, err = h.scanOnward(row(ctx, s.read, selectOnward, h.id))
	if errors.Is(err, sql.ErrNoRows) {
		err = supportbot.ErrNotFound
	}
	return number, err
}

// selectOnward is for scanOnward.
const selectOnward = `SELECT number FROM onward WHERE thread_id = $1`

func (h home) scanOnward(row scanner) (number string, err error) {
	var sealed []byte
	if err = row.Scan(&sealed); err != nil {
		return "", err
	}
	open, err := h.key.Open(sealed, onwardName)
	return string(open), err
}

// Call returns the latest call that goes on at a number, and since when; ErrNotFound
// if there is none.
func (s *Store) Call(ctx context.Context, number string) (call supportbot.Address, since time.Time, err error) {
	defer wrap(&err, "the call that goes on")
	var h home
	var at int64
	err = row(ctx, s.read, `
		SELECT `+columns+`, o.moved_at FROM onward o JOIN thread t ON t.id = o.thread_id
		WHERE o.place = $1 ORDER BY o.moved_at DESC LIMIT 1`,
		s.vault.placeOf(supportbot.Address{Channel: supportbot.SMS, Peer: number})).Scan(h.fields(&at)...)
	if errors.Is(err, sql.ErrNoRows) {
		return call, since, supportbot.ErrNotFound
	}
	if err != nil {
		return call, since, err
	}
	err = s.vault.open(&h)
	return h.at, fromMicros(at), err
}
