package store

import (
	"context"
	"database/sql"
	"errors"

	"supportbot"
	"supportbot/channels"
)

// onwardName is that under which the number of a call that goes on is sealed.
const onwardName = "onward.number"

// GoOn keeps that the conversation of a call goes on in writing; the first time
// counts. It tells whether it was kept: not if most calls have gone on there within
// 24 hours, or most of the number that calls at others. ErrNotFound if there is no
// such call.
func (s *Store) GoOn(ctx context.Context, m channels.Move, most int) (kept bool, err error) {
	defer wrap(&err, "have a call go on")
	h, err := s.homeAt(ctx, m.Call)
	if err != nil {
		return false, err
	}
	if h.id == 0 {
		return false, supportbot.ErrNotFound
	}
	sealed, err := h.key.Seal([]byte(m.To.Peer), onwardName)
	if err != nil {
		return false, err
	}
	caller := ""
	if m.By != "" {
		caller = s.vault.placeOf(supportbot.Address{Channel: supportbot.Voice, Peer: m.By})
	}
	_, err = s.exec(ctx, `
		INSERT INTO onward (thread_id, place, number, moved_at, channel, caller, agreed)
		SELECT id, $2, $3, `+clock+`, $5, $6, $7 FROM thread
		WHERE id = $1 AND (SELECT COUNT(*) FROM onward WHERE place = $2 AND moved_at > (SELECT `+clock+` - 86400000000)) < $4
			AND (SELECT COUNT(*) FROM onward WHERE caller <> '' AND caller = $6 AND moved_at > (SELECT `+clock+` - 86400000000)) < $4
		ON CONFLICT (thread_id) DO NOTHING`, h.id, s.vault.placeOf(m.To), sealed, most, m.To.Channel, caller, number(m.Agreed))
	if err != nil {
		return false, err
	}
	_, err = s.GoesOn(ctx, m.Call)
	if errors.Is(err, supportbot.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// Agree keeps that whoever is at the number at which a call goes on wants it, and wrote
// so just now.
func (s *Store) Agree(ctx context.Context, call supportbot.Address) (err error) {
	defer wrap(&err, "agree that a call goes on")
	h, err := s.homeAt(ctx, call)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `UPDATE onward SET agreed = `+clock+` WHERE thread_id = $1`, h.id)
	return err
}

// GoesOn returns where the conversation of a call goes on, without By; ErrNotFound if
// it does not.
func (s *Store) GoesOn(ctx context.Context, call supportbot.Address) (m channels.Move, err error) {
	defer wrap(&err, "where a call goes on")
	h, err := s.homeAt(ctx, call)
	if err != nil {
		return m, err
	}
	m, err = h.scanOnward(row(ctx, s.read, selectOnward, h.id))
	m.Call = call
	return m, err
}

// selectOnward is for scanOnward.
const selectOnward = `SELECT channel, number, agreed, moved_at FROM onward WHERE thread_id = $1`

func (h home) scanOnward(row scanner) (m channels.Move, err error) {
	var sealed []byte
	var agreed, at int64
	if err = row.Scan(&m.To.Channel, &sealed, &agreed, &at); err != nil {
		return m, err
	}
	open, err := h.key.Open(sealed, onwardName)
	m.To.Peer, m.Agreed, m.Since = string(open), agreed != 0, fromMicros(at)
	return m, err
}

// Moved returns the latest call that goes on at a number, of those that somebody there
// has agreed to or of the others; ErrNotFound if there is none.
func (s *Store) Moved(ctx context.Context, to supportbot.Address, agreed bool) (m channels.Move, err error) {
	defer wrap(&err, "the call that goes on")
	var h home
	var at int64
	err = row(ctx, s.read, `
		SELECT `+columns+`, o.moved_at FROM onward o JOIN thread t ON t.id = o.thread_id
		WHERE o.place = $1 AND CASE WHEN o.agreed > 0 THEN 1 ELSE 0 END = $2 ORDER BY o.moved_at DESC LIMIT 1`, s.vault.placeOf(to), number(agreed)).Scan(h.fields(&at)...)
	if errors.Is(err, sql.ErrNoRows) {
		return m, supportbot.ErrNotFound
	}
	if err != nil {
		return m, err
	}
	err = s.vault.open(&h)
	return channels.Move{Call: h.at, To: to, Agreed: agreed, Since: fromMicros(at)}, err
}
