package store

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"supportbot"
	"supportbot/internal/privacy"
	"supportbot/internal/turn"
)

// Lately implements turn.Store.
func (s *Store) Lately(ctx context.Context, id supportbot.ThreadID, since time.Time) (rows []turn.Row, err error) {
	defer wrap(&err, "what was said lately in %d", id)
	h, err := s.homeOf(ctx, s.read, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return list(ctx, s.quick, func(row scanner) (r turn.Row, err error) {
		var extID string
		var payload []byte
		if err := row.Scan(&r.Seq, &extID, &payload); err != nil {
			return r, err
		}
		return r, openJSON(h.key, payload, payloadName(person, extID), &r.Inbound)
	}, `
		SELECT seq, ext_id, payload FROM (
			SELECT seq, ext_id, payload FROM inbox
			WHERE thread_id = $1 AND sender = 'person' AND accepted_at >= $2
			ORDER BY seq DESC LIMIT $3) AS latest
		ORDER BY seq`, id, since.UnixMicro(), privacy.SplitMost)
}

// Remask implements turn.Store.
func (s *Store) Remask(ctx context.Context, id supportbot.ThreadID, all []turn.Remask) (err error) {
	defer wrap(&err, "mask in %d", id)
	h, err := s.homeOf(ctx, s.read, id)
	if err != nil {
		return err
	}
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		// A turn that read the old words must not write them again. The thread is
		// locked before its inbox, as a turn does it.
		if err := h.moveOn(ctx, tx); err != nil {
			return err
		}
		for _, r := range all {
			if err := h.remask(ctx, tx, r); err != nil {
				return err
			}
		}
		return nil
	})
	if lite, ok := s.db.(*sqliteDB); ok && err == nil {
		err = lite.flush(ctx)
	}
	return err
}

// moveOn counts the version up, under which the session is sealed.
func (h home) moveOn(ctx context.Context, tx conn) error {
	var version int64
	var sealed []byte
	err := row(ctx, tx, `UPDATE thread SET version = version + 1 WHERE id = $1 RETURNING version, session`, h.id).Scan(&version, &sealed)
	if err != nil || sealed == nil {
		return err
	}
	session, err := h.key.Open(sealed, sessionName(version-1))
	if err != nil {
		return err
	}
	if sealed, err = h.key.Seal(session, sessionName(version)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE thread SET session = $2 WHERE id = $1`, h.id, sealed)
	return err
}

// remask replaces one message: in its inbox row, which is marked so that a
// replay can say why it may differ, and in the transcript; and what was taken
// from it into the log, the session and the cases since.
func (h home) remask(ctx context.Context, tx conn, r turn.Remask) error {
	var extID string
	var payload []byte
	err := row(ctx, tx, `SELECT ext_id, payload FROM inbox WHERE thread_id = $1 AND seq = $2`, h.id, r.Seq).Scan(&extID, &payload)
	if err != nil {
		return err
	}
	var in supportbot.Inbound
	if err := openJSON(h.key, payload, payloadName(person, extID), &in); err != nil {
		return err
	}
	replace := privacy.Replacer(r.Was, r.Now)
	in.Text, in.Digits, in.Remasked = replace(in.Text), replace(in.Digits), true
	if payload, err = sealJSON(h.key, in, payloadName(person, extID)); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE inbox SET payload = $3 WHERE thread_id = $1 AND seq = $2`, h.id, r.Seq, payload)
	if err != nil {
		return err
	}
	if err := h.remaskMessages(ctx, tx, in.ID, replace); err != nil {
		return err
	}
	for _, doc := range []struct {
		read, write string
		name        func(key string) string
	}{
		{`SELECT CAST(seq AS TEXT), result FROM inbox WHERE thread_id = $1 AND result IS NOT NULL`,
			`UPDATE inbox SET result = $3 WHERE thread_id = $1 AND seq = CAST($2 AS BIGINT)`,
			func(seq string) string { return resultColumn + seq }},
		{`SELECT CAST(version AS TEXT), session FROM thread WHERE id = $1 AND session IS NOT NULL`,
			`UPDATE thread SET session = $3 WHERE id = $1 AND version = CAST($2 AS BIGINT)`,
			func(version string) string { return sessionColumn + version }},
		{`SELECT id, data FROM cases WHERE thread_id = $1`,
			`UPDATE cases SET data = $3 WHERE thread_id = $1 AND id = $2`, caseName},
		{`SELECT CAST(seq AS TEXT), data FROM missed WHERE thread_id = $1`,
			`UPDATE missed SET data = $3 WHERE thread_id = $1 AND seq = CAST($2 AS BIGINT)`, missedName},
	} {
		if err := h.remaskJSON(ctx, tx, doc.read, doc.write, doc.name, replace); err != nil {
			return err
		}
	}
	return nil
}

// remaskMessages replaces a message of a person in the transcript, and what the
// bot repeated of it since.
func (h home) remaskMessages(ctx context.Context, tx conn, replyTo string, replace func(string) string) error {
	var first int64
	err := row(ctx, tx, `SELECT seq FROM message WHERE thread_id = $1 AND reply_to = $2 AND sender = 'user'`, h.id, replyTo).Scan(&first)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it waits for its turn
	}
	if err != nil {
		return err
	}
	messages, err := list(ctx, tx, h.scanMessage, selectMessages+` AND seq >= $2`, h.id, first)
	if err != nil {
		return err
	}
	for _, m := range messages {
		text, spoken := replace(m.Text), replace(m.Spoken)
		if text == m.Text && spoken == m.Spoken {
			continue
		}
		m.Text, m.Spoken = text, spoken
		sealed, err := sealJSON(h.key, bodyOf(m), bodyName(m.Seq))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE message SET body = $3 WHERE thread_id = $1 AND seq = $2`, h.id, m.Seq, sealed); err != nil {
			return err
		}
	}
	return nil
}

// remaskJSON replaces in all strings of JSON documents of a conversation.
func (h home) remaskJSON(ctx context.Context, tx conn, read, write string, name func(string) string, replace func(string) string) error {
	type doc struct {
		key    string
		sealed []byte
	}
	docs, err := list(ctx, tx, func(row scanner) (d doc, err error) {
		err = row.Scan(&d.key, &d.sealed)
		return d, err
	}, read, h.id)
	if err != nil {
		return err
	}
	for _, d := range docs {
		was, err := h.key.Open(d.sealed, name(d.key))
		if err != nil {
			return err
		}
		now, err := inStrings(was, replace)
		if err != nil {
			return err
		}
		if bytes.Equal(was, now) {
			continue
		}
		sealed, err := h.key.Seal(now, name(d.key))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, write, h.id, d.key, sealed); err != nil {
			return err
		}
	}
	return nil
}

// inStrings applies f to every string of a JSON document, and leaves all other
// bytes as they are.
func inStrings(doc []byte, f func(string) string) ([]byte, error) {
	var out []byte
	for i := 0; i < len(doc); {
		if doc[i] != '"' {
			out = append(out, doc[i])
			i++
			continue
		}
		end := i + 1
		for end < len(doc)-1 && doc[end] != '"' {
			if doc[end] == '\\' {
				end++
			}
			end++
		}
		end++
		var was string
		if err := json.Unmarshal(doc[i:end], &was); err != nil {
			return nil, err
		}
		if now := f(was); now != was {
			literal, err := json.Marshal(now)
			if err != nil {
				return nil, err
			}
			out = append(out, literal...)
		} else {
			out = append(out, doc[i:end]...)
		}
		i = end
	}
	return out, nil
}

// flushTries and flushPause bound how long flush waits for readers.
const (
	flushTries = 20
	flushPause = 50 * time.Millisecond
)

// flush writes the write-ahead log back into the database and empties it: what
// was overwritten stands in it until then. Readers that are at it all the time
// leave that to the next checkpoint.
func (db *sqliteDB) flush(ctx context.Context) error {
	for range flushTries {
		var busy, pages, moved int
		if err := row(ctx, db.read, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved); err != nil {
			return err
		}
		if busy == 0 {
			return nil
		}
		select {
		case <-time.After(flushPause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
