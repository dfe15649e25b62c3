package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"supportbot"
)

// Thread implements turn.Store.
func (s *Store) Thread(ctx context.Context, at supportbot.Address) (t supportbot.Thread, err error) {
	defer wrap(&err, "conversation on %s", at.Channel)
	t, _, _, err = thread(ctx, s.read, threadAt, at.Channel, at.Peer)
	return t, err
}

// A conversation with its case and timers, and the inbox row that is next in
// line, in one statement: a row a timer.
const (
	threadAt   = selectThread + `t.channel = $1 AND t.peer = $2` + byTimer
	threadByID = selectThread + `t.id = $1` + byTimer

	selectThread = `
		SELECT t.id, t.channel, t.peer, t.version, t.last_seq, t.session, l.head, l.tail,
		       (SELECT c.data FROM cases c WHERE c.thread_id = t.id ORDER BY c.live DESC, c.opened DESC LIMIT 1),
		       ti.kind, ti.gen, ti.due_at, i.seq, i.payload
		FROM thread t
		JOIN lane l ON l.thread_id = t.id AND l.kind = 'in'
		LEFT JOIN inbox i ON i.thread_id = t.id AND i.seq = l.head + 1
		LEFT JOIN timer ti ON ti.thread_id = t.id
		WHERE `
	byTimer = ` ORDER BY ti.kind`
)

// thread runs threadAt or threadByID; payload is nil if no inbox row is next.
func thread(ctx context.Context, c conn, query string, args ...any) (t supportbot.Thread, seq int64, payload []byte, err error) {
	found := false
	_, err = list(ctx, c, func(row scanner) (struct{}, error) {
		var session, held []byte
		var next, gen, due sql.NullInt64
		var kind sql.NullString
		err := row.Scan(&t.ID, &t.Address.Channel, &t.Address.Peer, &t.Version, &t.LastSeq, &session, &t.Head, &t.Tail,
			&held, &kind, &gen, &due, &next, &payload)
		if err != nil {
			return struct{}{}, err
		}
		if kind.Valid {
			t.Timers = append(t.Timers, supportbot.Timer{Kind: supportbot.TimerKind(kind.String), Gen: gen.Int64, Due: fromMicros(due.Int64)})
		}
		if found {
			return struct{}{}, nil
		}
		found, t.Session, seq = true, session, next.Int64
		if held != nil {
			t.Case = &supportbot.Case{Thread: t.ID}
			err = json.Unmarshal(held, t.Case)
		}
		return struct{}{}, err
	}, query, args...)
	if err == nil && !found {
		err = supportbot.ErrNotFound
	}
	return t, seq, payload, err
}

// Messages implements turn.Store.
func (s *Store) Messages(ctx context.Context, id supportbot.ThreadID, after int64, limit int) (messages []supportbot.Message, err error) {
	defer wrap(&err, "messages of %d", id)
	return list(ctx, s.read, scanMessage, selectMessages+` AND seq > $2 ORDER BY seq LIMIT $3`, id, after, limit)
}

// selectMessages is the transcript of conversation $1, for scanMessage.
const selectMessages = `
	SELECT seq, sender, author, text, spoken, choices, reply_to, sent_at FROM message WHERE thread_id = $1`

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
