package store

import (
	"context"
	"time"

	"supportbot"
	"supportbot/channels/pictures"
	"supportbot/internal/turn"
)

// The names under which a picture is sealed.
func pictureName(id string) string    { return "picture.jpeg " + id }
func pictureRefName(id string) string { return "picture.ref " + id }

// WantPicture implements pictures.Store.
func (s *Store) WantPicture(ctx context.Context, at supportbot.Address, id, ref string) (err error) {
	defer wrap(&err, "want a picture on %s", at.Channel)
	h, err := s.homeAt(ctx, at)
	if err != nil {
		return err
	}
	if h.id == 0 {
		return supportbot.ErrNotFound
	}
	sealed, err := h.key.Seal([]byte(ref), pictureRefName(id))
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, `
		INSERT INTO picture (thread_id, id, sent_at, due_at, ref, state)
		SELECT id, $2, `+clock+`, `+clock+`, $3, CASE
			WHEN (SELECT COUNT(*) FROM picture WHERE thread_id = $1 AND sent_at > (SELECT `+clock+` - 86400000000)) < $4 THEN 'coming'
			ELSE 'many' END
		FROM thread WHERE id = $1
		ON CONFLICT (thread_id, id) DO NOTHING`, h.id, id, sealed, pictures.MostADay)
	return err
}

// NextPicture implements pictures.Store.
func (s *Store) NextPicture(ctx context.Context, channel supportbot.Channel, pause time.Duration) (w pictures.Wanted, err error) {
	defer wrap(&err, "next picture on %s", channel)
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		var sealed []byte
		err := row(ctx, tx, `
			UPDATE picture SET tries = tries + 1, due_at = `+clock+` + $2 * (tries + 1)
			WHERE state = 'coming' AND due_at <= `+clock+` AND (thread_id, id) = (
				SELECT p.thread_id, p.id FROM picture p JOIN thread t ON t.id = p.thread_id
				WHERE p.state = 'coming' AND p.due_at <= `+clock+` AND t.channel = $1 ORDER BY p.due_at LIMIT 1)
			RETURNING thread_id, id, tries, ref`, channel, pause.Microseconds()).Scan(&w.Thread, &w.ID, &w.Tries, &sealed)
		if err != nil {
			return err
		}
		h, err := s.homeOf(ctx, tx, w.Thread)
		if err != nil {
			return err
		}
		ref, err := h.key.Open(sealed, pictureRefName(w.ID))
		w.At, w.Ref = h.at, string(ref)
		return err
	})
	return w, err
}

// SettlePicture implements pictures.Store.
func (s *Store) SettlePicture(ctx context.Context, w pictures.Wanted, state pictures.State, jpeg []byte) (err error) {
	defer wrap(&err, "settle a picture of conversation %d", w.Thread)
	h, err := s.homeOf(ctx, s.read, w.Thread)
	if err != nil {
		return err
	}
	var sealed []byte
	if jpeg != nil {
		if sealed, err = h.key.Seal(jpeg, pictureName(w.ID)); err != nil {
			return err
		}
	}
	_, err = s.exec(ctx, `UPDATE picture SET state = $3, jpeg = $4 WHERE thread_id = $1 AND id = $2 AND state = 'coming'`, w.Thread, w.ID, state, sealed)
	if err == nil {
		s.Hint(turn.Hint{Thread: w.Thread})
	}
	return err
}

// Pictures lists those of a conversation in the order in which they came.
func (s *Store) Pictures(ctx context.Context, id supportbot.ThreadID) (all []pictures.Picture, err error) {
	defer wrap(&err, "pictures of conversation %d", id)
	return list(ctx, s.read, func(row scanner) (p pictures.Picture, err error) {
		var at int64
		err = row.Scan(&p.ID, &at, &p.State)
		p.At = fromMicros(at)
		return p, err
	}, `SELECT id, sent_at, state FROM picture WHERE thread_id = $1 ORDER BY sent_at, id`, id)
}

// Picture returns a picture as a JPEG; ErrNotFound if it is not here.
func (s *Store) Picture(ctx context.Context, thread supportbot.ThreadID, id string) (jpeg []byte, err error) {
	defer wrap(&err, "picture of conversation %d", thread)
	h, err := s.homeOf(ctx, s.read, thread)
	if err != nil {
		return nil, err
	}
	return h.scanPicture(id, row(ctx, s.read, `SELECT jpeg FROM picture WHERE thread_id = $1 AND id = $2 AND state = 'here'`, thread, id))
}

func (h home) scanPicture(id string, row scanner) (jpeg []byte, err error) {
	var sealed []byte
	if err = row.Scan(&sealed); err != nil {
		return nil, err
	}
	return h.key.Open(sealed, pictureName(id))
}

// ExportedPicture is a picture that the person sent.
type ExportedPicture struct {
	pictures.Picture
	JPEG []byte `json:"jpeg,omitempty"` // if it is here
}

func (h home) scanExportedPicture(row scanner) (p ExportedPicture, err error) {
	var at int64
	var sealed []byte
	if err = row.Scan(&p.ID, &at, &p.State, &sealed); err != nil {
		return p, err
	}
	p.At = fromMicros(at)
	if sealed != nil {
		p.JPEG, err = h.key.Open(sealed, pictureName(p.ID))
	}
	return p, err
}
