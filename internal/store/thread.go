package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"

	"supportbot"
	"supportbot/internal/turn"
)

// Thread implements turn.Store.
func (s *Store) Thread(ctx context.Context, at supportbot.Address) (t supportbot.Thread, err error) {
	defer wrap(&err, "conversation on %s", at.Channel)
	st, err := s.thread(ctx, s.read, threadAt, at.Channel, s.vault.placeOf(at))
	return st.Thread, err
}

// A conversation with its case and timers, and the inbox row that is next in
// line, in one statement: a row a timer.
const (
	threadAt   = selectThread + `t.channel = $1 AND t.peer = $2` + byTimer
	threadByID = selectThread + `t.id = $1` + byTimer

	selectThread = `
		SELECT ` + columns + `, t.version, t.last_seq, t.session, l.head, l.tail, c.id, c.data,
		       ti.kind, ti.gen, ti.due_at, i.seq, i.sender, i.ext_id, i.payload
		FROM thread t
		JOIN lane l ON l.thread_id = t.id AND l.kind = 'in'
		LEFT JOIN cases c ON c.thread_id = t.id AND c.id =
			(SELECT id FROM cases WHERE thread_id = t.id ORDER BY live DESC, opened DESC LIMIT 1)
		LEFT JOIN inbox i ON i.thread_id = t.id AND i.seq = l.head + 1
		LEFT JOIN timer ti ON ti.thread_id = t.id
		WHERE `
	byTimer = ` ORDER BY ti.kind`
)

// standing is a conversation, opened.
type standing struct {
	supportbot.Thread
	home     home
	heldCase []byte // Case as it is kept
	next     *turn.Row
}

// thread runs threadAt or threadByID.
func (s *Store) thread(ctx context.Context, c conn, query string, args ...any) (st standing, err error) {
	found := false
	_, err = list(ctx, c, func(row scanner) (struct{}, error) {
		var h home
		var session, held, payload []byte
		var next, gen, due sql.NullInt64
		var kind, caseID, from, extID sql.NullString
		err := row.Scan(h.fields(&st.Version, &st.LastSeq, &session, &st.Head, &st.Tail,
			&caseID, &held, &kind, &gen, &due, &next, &from, &extID, &payload)...)
		if err != nil {
			return struct{}{}, err
		}
		if kind.Valid {
			st.Timers = append(st.Timers, supportbot.Timer{Kind: supportbot.TimerKind(kind.String), Gen: gen.Int64, Due: fromMicros(due.Int64)})
		}
		if found {
			return struct{}{}, nil
		}
		found = true
		if err := s.vault.open(&h); err != nil {
			return struct{}{}, err
		}
		st.home, st.ID, st.Address = h, h.id, h.at
		if session != nil {
			if st.Session, err = h.key.Open(session, sessionName(st.Version)); err != nil {
				return struct{}{}, err
			}
		}
		if held != nil {
			if st.heldCase, err = h.key.Open(held, caseName(caseID.String)); err != nil {
				return struct{}{}, err
			}
			st.Case = &supportbot.Case{Thread: h.id}
			if err := json.Unmarshal(st.heldCase, st.Case); err != nil {
				return struct{}{}, err
			}
		}
		if payload != nil {
			st.next = &turn.Row{Seq: next.Int64}
			err = openJSON(h.key, payload, payloadName(from.String, extID.String), &st.next.Inbound)
		}
		return struct{}{}, err
	}, query, args...)
	if err == nil && !found {
		err = supportbot.ErrNotFound
	}
	return st, err
}

// Messages implements turn.Store.
func (s *Store) Messages(ctx context.Context, id supportbot.ThreadID, after int64, limit int) (messages []supportbot.Message, err error) {
	defer wrap(&err, "messages of %d", id)
	h, err := s.homeOf(ctx, s.read, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return list(ctx, s.read, h.scanMessage, selectMessages+` AND seq > $2 ORDER BY seq LIMIT $3`, id, after, limit)
}

// selectMessages is the transcript of conversation $1, for scanMessage.
const selectMessages = `
	SELECT seq, sender, body, reply_to, sent_at FROM message WHERE thread_id = $1`

func (h home) scanMessage(row scanner) (m supportbot.Message, err error) {
	var sealed []byte
	var at int64
	if err = row.Scan(&m.Seq, &m.From, &sealed, &m.ReplyTo, &at); err != nil {
		return m, err
	}
	var b body
	err = openJSON(h.key, sealed, bodyName(m.Seq), &b)
	m.Author, m.Text, m.Spoken, m.Choices, m.At = b.Author, b.Text, b.Spoken, b.Choices, fromMicros(at)
	m.Notice, m.Keys = b.Notice, b.Keys
	return m, err
}
