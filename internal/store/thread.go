package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"supportbot"
)

// Thread implements turn.Store.
func (s *SQLite) Thread(ctx context.Context, at supportbot.Address) (t supportbot.Thread, err error) {
	defer wrap(&err, "conversation on %s", at.Channel)
	err = s.view(ctx, func(tx *sql.Tx) error {
		var id supportbot.ThreadID
		err := tx.QueryRowContext(ctx, `SELECT id FROM thread WHERE channel = ? AND peer = ?`,
			at.Channel, at.Peer).Scan(&id)
		if err != nil {
			return err
		}
		t, err = thread(ctx, tx, id)
		return err
	})
	return t, err
}

// thread reads a conversation with its case and timers.
func thread(ctx context.Context, tx *sql.Tx, id supportbot.ThreadID) (supportbot.Thread, error) {
	t := supportbot.Thread{ID: id}
	var session []byte
	err := tx.QueryRowContext(ctx, `SELECT channel, peer, version, last_seq, session FROM thread WHERE id = ?`, id).
		Scan(&t.Address.Channel, &t.Address.Peer, &t.Version, &t.LastSeq, &session)
	if err != nil {
		return t, err
	}
	t.Session = session

	c, err := scanCase(tx.QueryRowContext(ctx, `
		SELECT thread_id, data FROM cases WHERE thread_id = ?
		ORDER BY live DESC, opened DESC LIMIT 1`, id))
	if err == nil {
		t.Case = &c
	} else if !errors.Is(err, sql.ErrNoRows) {
		return t, err
	}

	t.Timers, err = list(ctx, tx, scanTimer, `
		SELECT kind, gen, due_at FROM timer WHERE thread_id = ? ORDER BY kind`, id)
	return t, err
}

// Messages implements turn.Store.
func (s *SQLite) Messages(ctx context.Context, id supportbot.ThreadID, after int64, limit int) (messages []supportbot.Message, err error) {
	defer wrap(&err, "messages of %d", id)
	return list(ctx, s.read, scanMessage, `
		SELECT seq, sender, author, text, spoken, choices, reply_to, sent_at FROM message
		WHERE thread_id = ? AND seq > ? ORDER BY seq LIMIT ?`, id, after, limit)
}

func scanMessage(row scanner) (m supportbot.Message, err error) {
	var choices []byte
	var at int64
	err = row.Scan(&m.Seq, &m.From, &m.Author, &m.Text, &m.Spoken, &choices, &m.ReplyTo, &at)
	if err != nil {
		return m, err
	}
	m.At = fromMicros(at)
	err = json.Unmarshal(choices, &m.Choices)
	return m, err
}
