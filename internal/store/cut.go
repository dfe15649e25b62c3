package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"supportbot"
	"supportbot/dialog"
	"supportbot/internal/turn"
)

// Ages are how long what is kept of a conversation stays; 0 is for ever.
type Ages struct {
	Transcripts time.Duration // messages, inbox and session, after the last message
	Cases       time.Duration // closed cases, after they were last put into the queue
}

// Cut counts what went by its age.
type Cut struct{ Transcripts, Cases int }

// idle is a conversation on which nobody is any more.
type idle struct {
	id         supportbot.ThreadID
	tail       int64
	old        bool // no timer, nothing in line, no live case, and the last message is old
	transcript bool // is there
	cases      int
	oldCases   int
}

// CutConversations looks at so many conversations after a number. Of those that
// are older than their age it deletes the transcript, and the closed cases that are
// older than theirs; where no case is left, all of the conversation and its key.
// One in which something waits, a timer is set or a case is live is left alone. It
// returns the number to go on from, 0 at the end, and what went.
func (s *Store) CutConversations(ctx context.Context, after supportbot.ThreadID, ages Ages, limit int) (next supportbot.ThreadID, cut Cut, err error) {
	defer wrap(&err, "cut old conversations")
	page, err := list(ctx, s.read, func(row scanner) (i idle, err error) {
		err = row.Scan(&i.id, &i.tail, &i.old, &i.transcript, &i.cases, &i.oldCases)
		return i, err
	}, `
		SELECT t.id, l.tail, t.key IS NOT NULL AND l.tail = l.head AND (i.seq IS NULL OR i.accepted_at < (SELECT `+clock+` - $3))
			AND NOT EXISTS (SELECT 1 FROM timer WHERE thread_id = t.id)
			AND NOT EXISTS (SELECT 1 FROM outlane WHERE thread_id = t.id AND tail > head)
			AND NOT EXISTS (SELECT 1 FROM cases WHERE thread_id = t.id AND live = 1),
			i.seq IS NOT NULL,
			(SELECT count(*) FROM cases WHERE thread_id = t.id),
			(SELECT count(*) FROM cases WHERE thread_id = t.id AND queued_at < (SELECT `+clock+` - $4))
		FROM thread t
		JOIN lane l ON l.thread_id = t.id AND l.kind = 'in' AND l.tail > 0
		LEFT JOIN inbox i ON i.thread_id = t.id AND i.seq = l.tail
		WHERE t.id > $1 ORDER BY t.id LIMIT $2`, after, limit, micros(ages.Transcripts), micros(ages.Cases))
	var failed error
	for _, i := range page {
		n, err := s.cut(ctx, i, ages)
		if errors.Is(err, supportbot.ErrNotFound) { // somebody has just written
			continue
		}
		failed = errors.Join(failed, err) // one in trouble does not keep the others
		cut.Transcripts += n.Transcripts
		cut.Cases += n.Cases
	}
	if len(page) < limit {
		return 0, cut, errors.Join(err, failed)
	}
	return page[len(page)-1].id, cut, failed
}

// micros are those of an age, and more than any clock has seen for one of 0.
func micros(age time.Duration) int64 {
	if age == 0 {
		return 1 << 60
	}
	return age.Microseconds()
}

// cut deletes what is old of a conversation; ErrNotFound if it has moved on.
func (s *Store) cut(ctx context.Context, i idle, ages Ages) (cut Cut, err error) {
	switch {
	case !i.old || !i.transcript && i.oldCases == 0 && i.cases > 0:
		return cut, nil
	case i.oldCases == i.cases:
		cut.Cases, err = i.cases, s.erase(ctx, i.id, ErasedByAge, i.tail)
	default:
		cut.Cases, err = s.cutTranscript(ctx, i, ages.Cases)
	}
	if i.transcript {
		cut.Transcripts = 1
	}
	if err != nil {
		return Cut{}, fmt.Errorf("conversation %d: %w", i.id, err)
	}
	return cut, nil
}

// cutTranscript leaves of a conversation its address, its cases that are younger
// than an age, and its numbers, which go on where they are if the person writes
// again. It returns how many cases went.
func (s *Store) cutTranscript(ctx context.Context, i idle, age time.Duration) (cases int, err error) {
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		// Turns lock the lane before all else.
		n, err := affected(tx.ExecContext(ctx, `
			UPDATE lane SET tail = tail WHERE thread_id = $1 AND kind = 'in' AND tail = $2 AND head = tail`, i.id, i.tail))
		if err != nil {
			return err
		}
		if n == 0 {
			return supportbot.ErrNotFound
		}
		if err := s.emptySession(ctx, tx, i.id); err != nil {
			return err
		}
		for _, statement := range []string{
			`DELETE FROM missed WHERE thread_id = $1`,
			`DELETE FROM line WHERE thread_id = $1`,
			`DELETE FROM picture WHERE thread_id = $1`,
			`DELETE FROM outbox WHERE thread_id = $1`,
			`DELETE FROM deskfeed WHERE thread_id = $1`,
			`DELETE FROM message WHERE thread_id = $1`,
			`DELETE FROM inbox WHERE thread_id = $1`,
		} {
			if _, err := tx.ExecContext(ctx, statement, i.id); err != nil {
				return err
			}
		}
		n, err = affected(tx.ExecContext(ctx, `
			DELETE FROM cases WHERE thread_id = $1 AND live = 0 AND queued_at < (SELECT `+clock+` - $2)`, i.id, micros(age)))
		cases = int(n)
		if err == nil {
			_, err = tx.ExecContext(ctx, `
			DELETE FROM ended WHERE thread_id = $1 AND NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = ended.id)`, i.id)
		}
		return err
	})
	if err == nil {
		s.Hint(turn.Hint{Thread: i.id})
	}
	return cases, err
}

// emptySession leaves of the session how many cases there were, so that no number
// of a case is given away again. The version goes on: what another process
// remembers of the conversation is no longer so.
func (s *Store) emptySession(ctx context.Context, tx conn, id supportbot.ThreadID) error {
	st, err := s.thread(ctx, tx, threadByID, id)
	if err != nil {
		return err
	}
	var old dialog.Session
	if len(st.Session) > 0 {
		if err := json.Unmarshal(st.Session, &old); err != nil {
			return err
		}
	}
	session, err := sealJSON(st.home.key, dialog.Session{Cases: old.Cases}, sessionName(st.Version+1))
	if err != nil {
		return err
	}
	return moved(tx.ExecContext(ctx, `
		UPDATE thread SET version = version + 1, session = $3, content = '' WHERE id = $1 AND version = $2`, id, st.Version, session))
}
