package store

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"supportbot"
)

// keptOutcome is an outcome as the inbox has it: with the numbers of its
// replies, which are in the transcript and never change.
type keptOutcome struct {
	supportbot.Outcome
	Replies []int64 `json:"replies"`
}

func encodeOutcome(o supportbot.Outcome) (string, error) {
	kept := keptOutcome{Outcome: o}
	for _, m := range o.Replies {
		kept.Replies = append(kept.Replies, m.Seq)
	}
	data, err := json.Marshal(kept)
	return string(data), err
}

// decodeOutcome puts the replies back; messages reads a stretch of the
// transcript, from and to included.
func decodeOutcome(data []byte, messages func(from, to int64) ([]supportbot.Message, error)) (supportbot.Outcome, error) {
	var kept keptOutcome
	if err := json.Unmarshal(data, &kept); err != nil || len(kept.Replies) == 0 {
		return kept.Outcome, err
	}
	said, err := messages(slices.Min(kept.Replies), slices.Max(kept.Replies))
	if err != nil {
		return kept.Outcome, err
	}
	for _, seq := range kept.Replies {
		i := slices.IndexFunc(said, func(m supportbot.Message) bool { return m.Seq == seq })
		if i < 0 {
			return kept.Outcome, fmt.Errorf("reply %d is not in the transcript", seq)
		}
		kept.Outcome.Replies = append(kept.Outcome.Replies, said[i])
	}
	return kept.Outcome, nil
}

// outcome reads what was recorded in a conversation.
func (s *Store) outcome(ctx context.Context, id supportbot.ThreadID, data []byte) (supportbot.Outcome, error) {
	return decodeOutcome(data, func(from, to int64) ([]supportbot.Message, error) {
		return list(ctx, s.read, scanMessage, selectMessages+` AND seq BETWEEN $2 AND $3 ORDER BY seq`, id, from, to)
	})
}

// Outcome implements turn.Store.
func (s *Store) Outcome(ctx context.Context, id supportbot.ThreadID, seq int64) (o supportbot.Outcome, err error) {
	defer wrap(&err, "outcome %d of %d", seq, id)
	var data []byte
	err = row(ctx, s.read, `
		SELECT outcome FROM inbox WHERE thread_id = $1 AND seq = $2 AND outcome IS NOT NULL`,
		id, seq).Scan(&data)
	if err != nil {
		return o, err
	}
	return s.outcome(ctx, id, data)
}
