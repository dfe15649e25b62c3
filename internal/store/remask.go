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
	return list(ctx, s.read, func(row scanner) (r turn.Row, err error) {
		var payload []byte
		if err := row.Scan(&r.Seq, &payload); err != nil {
			return r, err
		}
		return r, json.Unmarshal(payload, &r.Inbound)
	}, `
		SELECT seq, payload FROM (
			SELECT seq, payload FROM inbox
			WHERE thread_id = $1 AND sender = 'person' AND accepted_at >= $2
			ORDER BY seq DESC LIMIT $3) AS latest
		ORDER BY seq`, id, since.UnixMicro(), privacy.SplitMost)
}

// Remask implements turn.Store.
func (s *Store) Remask(ctx context.Context, id supportbot.ThreadID, all []turn.Remask) (err error) {
	defer wrap(&err, "mask in %d", id)
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		// A turn that read the old words must not write them again. The thread is
		// locked before its inbox, as a turn does it.
		if _, err := tx.ExecContext(ctx, `UPDATE thread SET version = version + 1 WHERE id = $1`, id); err != nil {
			return err
		}
		for _, r := range all {
			if err := s.remask(ctx, tx, id, r); err != nil {
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

// remask replaces one message: in its inbox row, which is marked so that a
// replay can say why it may differ, and in the transcript; and what was taken
// from it into the log, the session and the cases since.
func (s *Store) remask(ctx context.Context, tx conn, id supportbot.ThreadID, r turn.Remask) error {
	var payload []byte
	err := row(ctx, tx, `SELECT payload FROM inbox WHERE thread_id = $1 AND seq = $2`, id, r.Seq).Scan(&payload)
	if err != nil {
		return err
	}
	var in supportbot.Inbound
	if err := json.Unmarshal(payload, &in); err != nil {
		return err
	}
	replace := privacy.Replacer(r.Was, r.Now)
	in.Text, in.Digits, in.Remasked = replace(in.Text), replace(in.Digits), true
	if payload, err = json.Marshal(in); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE inbox SET payload = $3 WHERE thread_id = $1 AND seq = $2`, id, r.Seq, string(payload))
	if err != nil {
		return err
	}
	if err := s.remaskMessages(ctx, tx, id, in.ID, replace); err != nil {
		return err
	}
	for _, doc := range []struct{ read, write string }{
		{`SELECT seq, outcome FROM inbox WHERE thread_id = $1 AND outcome IS NOT NULL`,
			`UPDATE inbox SET outcome = $3 WHERE thread_id = $1 AND seq = $2`},
		{`SELECT seq, payload FROM event WHERE thread_id = $1 AND payload IS NOT NULL`,
			`UPDATE event SET payload = $3 WHERE thread_id = $1 AND seq = $2`},
		{`SELECT id, session FROM thread WHERE id = $1 AND session IS NOT NULL`,
			`UPDATE thread SET session = $3 WHERE id = $1 AND id = $2`},
		{`SELECT id, data FROM cases WHERE thread_id = $1`,
			`UPDATE cases SET data = $3 WHERE thread_id = $1 AND id = $2`},
	} {
		if err := remaskJSON(ctx, tx, doc.read, doc.write, id, replace); err != nil {
			return err
		}
	}
	return nil
}

// remaskMessages replaces a message of a person in the transcript, and what the
// bot repeated of it since.
func (s *Store) remaskMessages(ctx context.Context, tx conn, id supportbot.ThreadID, replyTo string, replace func(string) string) error {
	var first int64
	err := row(ctx, tx, `SELECT seq FROM message WHERE thread_id = $1 AND reply_to = $2 AND sender = 'user'`, id, replyTo).Scan(&first)
	if errors.Is(err, sql.ErrNoRows) {
		return nil // it waits for its turn
	}
	if err != nil {
		return err
	}
	messages, err := list(ctx, tx, scanMessage, `
		SELECT seq, sender, author, text, spoken, choices, reply_to, sent_at FROM message
		WHERE thread_id = $1 AND seq >= $2`, id, first)
	if err != nil {
		return err
	}
	for _, m := range messages {
		text, spoken := replace(m.Text), replace(m.Spoken)
		if text == m.Text && spoken == m.Spoken {
			continue
		}
		_, err := tx.ExecContext(ctx, `UPDATE message SET text = $3, spoken = $4 WHERE thread_id = $1 AND seq = $2`,
			id, m.Seq, s.words(text), s.words(spoken))
		if err != nil {
			return err
		}
	}
	return nil
}

// words is text as the column of a message takes it.
func (s *Store) words(text string) any {
	if _, lite := s.db.(*sqliteDB); lite {
		return text
	}
	return []byte(text)
}

// remaskJSON replaces in all strings of JSON documents of a conversation.
func remaskJSON(ctx context.Context, tx conn, read, write string, id supportbot.ThreadID, replace func(string) string) error {
	type doc struct {
		key  any
		data []byte
	}
	docs, err := list(ctx, tx, func(row scanner) (d doc, err error) {
		err = row.Scan(&d.key, &d.data)
		return d, err
	}, read, id)
	if err != nil {
		return err
	}
	for _, d := range docs {
		data, err := inStrings(d.data, replace)
		if err != nil {
			return err
		}
		if bytes.Equal(data, d.data) {
			continue
		}
		if _, err := tx.ExecContext(ctx, write, id, d.key, string(data)); err != nil {
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
