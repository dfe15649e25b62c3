package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"supportbot"
	"supportbot/internal/replay"
)

// Conversations lists conversations whose transcript has not gone by its age, the
// newest first, from below before on; 0 is from the newest. What only shows where a
// backup was put back is none.
func (s *Store) Conversations(ctx context.Context, before supportbot.ThreadID, limit int) (ids []supportbot.ThreadID, err error) {
	defer wrap(&err, "conversations")
	return list(ctx, s.read, scanThreadID,
		`SELECT id FROM thread t WHERE (CAST($1 AS BIGINT) = 0 OR id < $1) AND channel <> '`+restored+`' AND NOT EXISTS (
			SELECT 1 FROM lane WHERE thread_id = t.id AND kind = 'in' AND tail > 0
				AND NOT EXISTS (SELECT 1 FROM inbox WHERE thread_id = t.id AND seq = 1))
		ORDER BY id DESC LIMIT $2`, before, limit)
}

// errNotWhole: a part of a conversation has gone by its age.
var errNotWhole = errors.New("the beginning of its transcript was deleted by age")

// Log returns what is kept of a conversation, ErrNotFound if there is none.
func (s *Store) Log(ctx context.Context, id supportbot.ThreadID) (l replay.Log, err error) {
	defer wrap(&err, "log of %d", id)
	var rows []pastRow
	err = s.view(ctx, func(tx conn) error {
		st, err := s.thread(ctx, tx, threadByID, id)
		if err != nil {
			return err
		}
		l.Thread, l.Case = st.Thread, st.heldCase
		rows, err = list(ctx, tx, st.home.scanRow, `
			SELECT seq, sender, ext_id, payload, result FROM inbox
			WHERE thread_id = $1 AND result IS NOT NULL AND failure IS NULL ORDER BY seq`, id)
		if err != nil {
			return err
		}
		l.Messages, err = list(ctx, tx, st.home.scanMessage, selectMessages+` ORDER BY seq`, id)
		if err == nil && int64(len(l.Messages)) < st.LastSeq {
			err = errNotWhole
		}
		return err
	})
	if err != nil {
		return l, err
	}
	for _, r := range rows {
		o, err := r.result.withReplies(func(from, to int64) ([]supportbot.Message, error) {
			return l.Messages[max(0, from-1):min(to, int64(len(l.Messages)))], nil
		})
		if err == nil {
			r.Outcome, err = json.Marshal(o)
		}
		if err != nil {
			return l, fmt.Errorf("outcome %d: %w", r.Seq, err)
		}
		l.Rows = append(l.Rows, r.Row)
		for _, e := range r.result.Log {
			l.Events = append(l.Events, supportbot.LogEvent(e))
		}
	}
	return l, nil
}

// pastRow is a handled row of the inbox.
type pastRow struct {
	replay.Row
	result result
}

func (h home) scanRow(row scanner) (r pastRow, err error) {
	var from string
	var payload, sealed []byte
	if err = row.Scan(&r.Seq, &from, &r.ID, &payload, &sealed); err != nil {
		return r, err
	}
	if r.Inbound, err = h.key.Open(payload, payloadName(from, r.ID)); err != nil {
		return r, err
	}
	return r, openJSON(h.key, sealed, resultName(r.Seq), &r.result)
}
