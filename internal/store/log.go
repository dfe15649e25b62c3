package store

import (
	"context"
	"encoding/json"
	"fmt"

	"supportbot"
	"supportbot/internal/replay"
)

// Conversations lists conversations, the newest first, from below before on; 0
// is from the newest.
func (s *Store) Conversations(ctx context.Context, before supportbot.ThreadID, limit int) (ids []supportbot.ThreadID, err error) {
	defer wrap(&err, "conversations")
	return list(ctx, s.read, scanThreadID,
		`SELECT id FROM thread WHERE CAST($1 AS BIGINT) = 0 OR id < $1 ORDER BY id DESC LIMIT $2`, before, limit)
}

// Log returns what is kept of a conversation, ErrNotFound if there is none.
func (s *Store) Log(ctx context.Context, id supportbot.ThreadID) (l replay.Log, err error) {
	defer wrap(&err, "log of %d", id)
	err = s.view(ctx, func(tx conn) error {
		if l.Thread, _, _, err = thread(ctx, tx, threadByID, id); err != nil {
			return err
		}
		if l.Thread.Case != nil {
			var data []byte
			err := row(ctx, tx, `SELECT data FROM cases WHERE id = $1`, l.Thread.Case.ID).Scan(&data)
			if err != nil {
				return err
			}
			l.Case = data
		}
		l.Rows, err = list(ctx, tx, scanRow, `
			SELECT seq, ext_id, payload, outcome FROM inbox
			WHERE thread_id = $1 AND outcome IS NOT NULL AND failure IS NULL ORDER BY seq`, id)
		if err != nil {
			return err
		}
		l.Events, err = list(ctx, tx, scanEvent, `SELECT type, payload FROM event WHERE thread_id = $1 ORDER BY seq`, id)
		if err != nil {
			return err
		}
		l.Messages, err = list(ctx, tx, scanMessage, selectMessages+` ORDER BY seq`, id)
		return err
	})
	if err == nil {
		err = withReplies(l)
	}
	return l, err
}

// withReplies puts the replies into the outcomes of a log.
func withReplies(l replay.Log) error {
	for i, r := range l.Rows {
		o, err := decodeOutcome(r.Outcome, func(from, to int64) ([]supportbot.Message, error) {
			return l.Messages[max(0, from-1):min(to, int64(len(l.Messages)))], nil
		})
		if err == nil {
			l.Rows[i].Outcome, err = json.Marshal(o)
		}
		if err != nil {
			return fmt.Errorf("outcome %d: %w", r.Seq, err)
		}
	}
	return nil
}

func scanRow(row scanner) (r replay.Row, err error) {
	var inbound, outcome []byte
	err = row.Scan(&r.Seq, &r.ID, &inbound, &outcome)
	r.Inbound, r.Outcome = inbound, outcome
	return r, err
}

func scanEvent(row scanner) (e supportbot.LogEvent, err error) {
	var payload []byte
	err = row.Scan(&e.Type, &payload)
	e.Payload = payload
	return e, err
}
