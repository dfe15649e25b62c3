package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"supportbot"
)

// Draft returns what an agent has begun to write in a live case, the zero Draft
// if that is nothing.
func (s *Store) Draft(ctx context.Context, caseID, agent string) (d supportbot.Draft, err error) {
	defer wrap(&err, "draft of %s in case %s", agent, caseID)
	var h home
	var data []byte
	err = row(ctx, s.read, `
		SELECT `+columns+`, s.draft FROM seat s JOIN cases c ON c.thread_id = s.thread_id AND c.id = s.case_id AND c.live = 1
		JOIN thread t ON t.id = s.thread_id
		WHERE s.case_id = $1 AND s.agent = $2 AND s.draft IS NOT NULL`, caseID, agent).Scan(h.fields(&data)...)
	if errors.Is(err, sql.ErrNoRows) {
		return d, nil
	}
	if err == nil {
		err = s.vault.open(&h)
	}
	if err != nil {
		return d, err
	}
	return d, openJSON(h.key, data, draftName(caseID, agent), &d)
}

// SetDraft keeps what an agent has begun to write in a case, in place of what was
// kept before; the zero Draft is nothing. It is a sign that the agent types.
// ErrNotFound if the case has ended.
func (s *Store) SetDraft(ctx context.Context, caseID, agent string, d supportbot.Draft) (err error) {
	defer wrap(&err, "keep the draft of %s in case %s", agent, caseID)
	if d == (supportbot.Draft{}) {
		_, err := s.exec(ctx, `UPDATE seat SET draft = NULL, typed_at = 0 WHERE case_id = $1 AND agent = $2`, caseID, agent)
		return err
	}
	h, err := s.homeOfCase(ctx, caseID)
	if err != nil {
		return err
	}
	data, err := sealJSON(h.key, d, draftName(caseID, agent))
	if err != nil {
		return err
	}
	n, err := affected(s.exec(ctx, `
		INSERT INTO seat (thread_id, case_id, agent, seen_at, typed_at, draft)
		SELECT thread_id, id, $2, `+clock+`, `+clock+`, $3 FROM cases WHERE id = $1 AND live = 1
		ON CONFLICT (thread_id, case_id, agent) DO UPDATE SET seen_at = excluded.seen_at, typed_at = excluded.typed_at, draft = excluded.draft`,
		caseID, agent, data))
	if err == nil && n == 0 {
		return supportbot.ErrNotFound
	}
	return err
}

// A page that shows a case says so every few seconds. Who has not been heard of
// for so long has gone, and who has not typed for so long has stopped.
const (
	seatEnds   = 15 * time.Second
	typingEnds = 8 * time.Second
)

// Sit keeps that an agent looks at a case, if it is a live one.
func (s *Store) Sit(ctx context.Context, caseID, agent string) (err error) {
	defer wrap(&err, "%s looks at case %s", agent, caseID)
	_, err = s.exec(ctx, `
		INSERT INTO seat (thread_id, case_id, agent, seen_at)
		SELECT thread_id, id, $2, `+clock+` FROM cases WHERE id = $1 AND live = 1
		ON CONFLICT (thread_id, case_id, agent) DO UPDATE SET seen_at = excluded.seen_at`, caseID, agent)
	return err
}

// Seats lists who looks at a case now, by name.
func (s *Store) Seats(ctx context.Context, caseID string) (seats []supportbot.Seat, err error) {
	defer wrap(&err, "who looks at case %s", caseID)
	return list(ctx, s.read, func(row scanner) (seat supportbot.Seat, err error) {
		err = row.Scan(&seat.Agent, &seat.Typing)
		return seat, err
	}, `
		SELECT agent, typed_at > (SELECT `+clock+` - $3) FROM seat
		WHERE case_id = $1 AND seen_at > (SELECT `+clock+` - $2) ORDER BY agent`,
		caseID, seatEnds.Microseconds(), typingEnds.Microseconds())
}

// CutSeats deletes so many seats, with their drafts, of cases that have ended. It
// returns how many it deleted.
func (s *Store) CutSeats(ctx context.Context, limit int) (cut int, err error) {
	defer wrap(&err, "cut drafts of ended cases")
	n, err := affected(s.exec(ctx, `
		DELETE FROM seat WHERE (thread_id, case_id, agent) IN (
			SELECT s.thread_id, s.case_id, s.agent FROM seat s
			WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.thread_id = s.thread_id AND c.id = s.case_id AND c.live = 1) LIMIT $1)`, limit))
	return int(n), err
}

// homeOfCase finds the key of the conversation that a case is of, sql.ErrNoRows
// if there is none.
func (s *Store) homeOfCase(ctx context.Context, caseID string) (home, error) {
	var id supportbot.ThreadID
	if err := row(ctx, s.read, `SELECT thread_id FROM cases WHERE id = $1`, caseID).Scan(&id); err != nil {
		return home{}, err
	}
	return s.homeOf(ctx, s.read, id)
}
