package store

import (
	"context"
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

// withReplies puts the replies back; messages reads a stretch of the transcript,
// from and to included.
func (kept keptOutcome) withReplies(messages func(from, to int64) ([]supportbot.Message, error)) (supportbot.Outcome, error) {
	if len(kept.Replies) == 0 {
		return kept.Outcome, nil
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

// outcome opens what was recorded for an inbox row.
func (s *Store) outcome(ctx context.Context, id supportbot.ThreadID, seq int64, sealed []byte) (o supportbot.Outcome, err error) {
	h, err := s.homeOf(ctx, s.read, id)
	if err != nil {
		return o, err
	}
	var r result
	if err := openJSON(h.key, sealed, resultName(seq), &r); err != nil {
		return o, err
	}
	return r.withReplies(func(from, to int64) ([]supportbot.Message, error) {
		return list(ctx, s.read, h.scanMessage, selectMessages+` AND seq BETWEEN $2 AND $3 ORDER BY seq`, id, from, to)
	})
}

// Outcome implements turn.Store.
func (s *Store) Outcome(ctx context.Context, id supportbot.ThreadID, seq int64) (o supportbot.Outcome, err error) {
	defer wrap(&err, "outcome %d of %d", seq, id)
	var sealed []byte
	err = row(ctx, s.read, `
		SELECT result FROM inbox WHERE thread_id = $1 AND seq = $2 AND result IS NOT NULL`,
		id, seq).Scan(&sealed)
	if err != nil {
		return o, err
	}
	return s.outcome(ctx, id, seq, sealed)
}
