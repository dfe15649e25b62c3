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
	st, err := s.thread(ctx, s.quick, threadAt, at.Channel, s.vault.placeOf(at))
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
	rows, err := list(ctx, c, scanStanding, query, args...)
	if err != nil {
		return st, err
	}
	if len(rows) == 0 {
		return st, supportbot.ErrNotFound
	}
	st, err = s.open(rows[0])
	for _, r := range rows {
		if r.kind.Valid {
			st.Timers = append(st.Timers, supportbot.Timer{Kind: supportbot.TimerKind(r.kind.String), Gen: r.gen.Int64, Due: fromMicros(r.due.Int64)})
		}
	}
	return st, err
}

// standingRow is a row of threadAt or threadByID.
type standingRow struct {
	home
	version, lastSeq, head, tail int64
	session, held, payload       []byte
	next, gen, due               sql.NullInt64
	kind, caseID, from, extID    sql.NullString
}

func scanStanding(row scanner) (r standingRow, err error) {
	err = row.Scan(r.fields(&r.version, &r.lastSeq, &r.session, &r.head, &r.tail,
		&r.caseID, &r.held, &r.kind, &r.gen, &r.due, &r.next, &r.from, &r.extID, &r.payload)...)
	return r, err
}

// open opens what a row holds of a conversation, apart from its timer.
func (s *Store) open(r standingRow) (st standing, err error) {
	if err := s.vault.open(&r.home); err != nil {
		return st, err
	}
	st.home, st.ID, st.Address = r.home, r.id, r.at
	st.Version, st.LastSeq, st.Head, st.Tail = r.version, r.lastSeq, r.head, r.tail
	if r.session != nil {
		if st.Session, err = r.key.Open(r.session, sessionName(r.version)); err != nil {
			return st, err
		}
	}
	if r.held != nil {
		if st.heldCase, err = r.key.Open(r.held, caseName(r.caseID.String)); err != nil {
			return st, err
		}
		st.Case = &supportbot.Case{Thread: r.id}
		if err := json.Unmarshal(st.heldCase, st.Case); err != nil {
			return st, err
		}
	}
	if r.payload != nil {
		st.next = &turn.Row{Seq: r.next.Int64}
		err = openJSON(r.key, r.payload, payloadName(r.from.String, r.extID.String), &st.next.Inbound)
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
