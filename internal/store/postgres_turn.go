package store

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"supportbot"
)

// pgGuard holds if the conversation is where the turn found it, its messages are
// numbered on, and none of its cases has been given on.
const pgGuard = `
	l.thread_id = @thread AND l.kind = 'in' AND l.head = @seq - 1
	AND t.id = @thread AND t.version = @version AND t.last_seq = coalesce(@last_seq, t.last_seq)
	AND NOT EXISTS (
		SELECT FROM unnest(@case_ids::text[], @case_fences::bigint[]) AS n (id, fence)
		JOIN cases c ON c.thread_id = @thread AND c.id = n.id WHERE c.fence > n.fence)`

// pgTurn writes what a turn changes, once the lane has moved ahead.
const pgTurn = `
	moved AS (
		UPDATE thread t SET version = t.version + 1, session = @session, content = @content, last_seq = t.last_seq + @messages, fed = t.fed + @events
		FROM ahead WHERE t.id = ahead.thread_id
		RETURNING t.id, t.channel, t.last_seq - @messages AS last_seq, t.fed - @events AS fed
	), said AS (
		INSERT INTO message (thread_id, seq, sender, body, reply_to, sent_at)
		SELECT moved.id, moved.last_seq + m.n, m.sender, m.body, m.reply_to, m.sent_at
		FROM moved, unnest(@senders::text[], @bodies::bytea[], @replies_to::text[], @sents::bigint[])
			WITH ORDINALITY AS m (sender, body, reply_to, sent_at, n)
	), held AS (
		INSERT INTO cases (thread_id, id, opened, state, live, priority, owner, asked, fence, queued_at, data)
		SELECT moved.id, c.id, @seq, c.state, c.live, c.priority, c.owner, c.asked, c.fence, c.queued_at, c.data
		FROM moved, unnest(@case_ids::text[], @case_states::text[], @case_lives::bigint[], @case_priorities::bigint[],
			@case_owners::text[], @case_asked::text[], @case_fences::bigint[], @case_queued::bigint[], @case_datas::bytea[])
			AS c (id, state, live, priority, owner, asked, fence, queued_at, data)
		ON CONFLICT (thread_id, id) DO UPDATE SET
			state = excluded.state, live = excluded.live, priority = excluded.priority, owner = excluded.owner, asked = excluded.asked,
			fence = excluded.fence, queued_at = excluded.queued_at, data = excluded.data
	), cancelled AS (
		DELETE FROM timer USING moved WHERE timer.thread_id = moved.id AND timer.kind = ANY(@timers_off::text[])
	), timed AS (
		INSERT INTO timer (thread_id, kind, gen, due_at)
		SELECT moved.id, n.kind, n.gen, n.due_at
		FROM moved, unnest(@timer_kinds::text[], @timer_gens::bigint[], @timer_dues::bigint[]) AS n (kind, gen, due_at)
		ON CONFLICT (thread_id, kind) DO UPDATE SET gen = excluded.gen, due_at = excluded.due_at
	), ` + pgEnqueue

const pgCommitting = `
	ahead AS (
		UPDATE lane l SET head = @seq, owner = @node, lease_until = ` + clock + ` + @lease
		FROM thread t WHERE l.tail >= @seq AND ` + pgGuard + `
		RETURNING l.thread_id
	), answered AS (
		UPDATE inbox SET result = @result FROM ahead WHERE inbox.thread_id = ahead.thread_id AND inbox.seq = @seq
	), ` + pgTurn

const pgTaking = `
	old AS (
		SELECT thread_id, seq, digest, result FROM inbox WHERE thread_id = @thread AND sender = @sender AND ext_id = @ext_id
	), ahead AS (
		UPDATE lane l SET head = @seq, tail = @seq
		FROM thread t WHERE l.tail = @seq - 1 AND t.channel = @channel AND t.peer = @peer AND NOT EXISTS (SELECT FROM old) AND ` + pgGuard + `
		RETURNING l.thread_id
	), kept AS (
		INSERT INTO inbox (thread_id, seq, sender, ext_id, digest, payload, result, accepted_at)
		SELECT thread_id, @seq, @sender, @ext_id, @digest, @payload, @result, ` + clock + ` FROM ahead
	), ` + pgTurn

const (
	pgCommitted = `)
	SELECT FROM moved`
	pgTaken = `)
	SELECT thread_id, seq, true, digest, result FROM old UNION ALL SELECT id, @seq, false, NULL, NULL FROM moved`
)

// A conversation that does not exist yet is made by a statement before, in the
// same transaction and round trip.
var (
	pgCommit     = newNamed(`WITH` + pgCommitting + pgCommitted)
	pgCommitMore = newNamed(`WITH` + pgCommitting + pgMore + pgCommitted)
	pgTake       = newNamed(`WITH` + pgTaking + pgTaken)
	pgTakeMore   = newNamed(`WITH` + pgTaking + pgMore + pgTaken)

	pgBegin = newNamed(`
	WITH begun AS (INSERT INTO thread (channel, peer, key, address) VALUES (@channel, @peer, @key, @address) ON CONFLICT DO NOTHING RETURNING id)
	INSERT INTO lane (thread_id, kind) SELECT id, 'in' FROM begun`)
	pgFirst = strings.NewReplacer(
		"@thread", "(SELECT id FROM thread WHERE channel = @channel AND peer = @peer)",
		"t.peer = @peer", "t.peer = @peer AND t.key = @key", // the turn is sealed by that
	)
	pgTakeFirst     = newNamed(pgFirst.Replace(`WITH` + pgTaking + pgTaken))
	pgTakeFirstMore = newNamed(pgFirst.Replace(`WITH` + pgTaking + pgMore + pgTaken))
)

// pgMore is what most turns have none of: it stands only in the statement of those
// that have some.
const pgMore = pgLearned + pgEnded + pgFeed

// fit chooses between a statement for most turns and one with pgMore.
func (c *kept) fit(plain, more named) named {
	if c.Missed != nil || c.Meant != nil || c.Score != nil || len(c.Feed) > 0 || len(c.ended()) > 0 {
		return more
	}
	return plain
}

func (db *postgresDB) commit(ctx context.Context, node string, c *kept) error {
	values, err := turnValues(c)
	if err != nil {
		return err
	}
	values["node"], values["lease"] = node, leaseTime.Microseconds()
	ctx, end := context.WithTimeout(ctx, answerLimit)
	defer end()
	statement := c.fit(pgCommit, pgCommitMore)
	if c.Audit != nil || c.Duty != nil {
		return db.commitWith(ctx, c, statement, values)
	}
	var done pgconn.CommandTag
	err = db.turns.do(ctx, asked{
		c.Thread,
		func(b *pgx.Batch) { b.Queue(statement.text, statement.args(values)...) },
		func(r pgx.BatchResults) (err error) { done, err = r.Exec(); return err },
	})
	if err == nil && done.RowsAffected() == 0 {
		err = db.whyNot(ctx, c.Commit)
	}
	return err
}

func (db *postgresDB) take(ctx context.Context, in *arrival, c *kept) (a accepted, err error) {
	values, err := turnValues(c)
	if err != nil {
		return a, err
	}
	maps.Copy(values, inboxValues(in))
	ctx, end := context.WithTimeout(ctx, answerLimit)
	defer end()
	statement := c.fit(pgTake, pgTakeMore)
	switch {
	case c.Thread == 0: // nothing to audit: an agent acts on what is there
		a, err = db.taken(ctx, 0, values, pgBegin, c.fit(pgTakeFirst, pgTakeFirstMore))
	case c.Audit != nil || c.Duty != nil:
		a, err = db.takeWith(ctx, c, statement, values)
	default:
		a, err = db.taken(ctx, c.Thread, values, statement)
	}
	if errors.Is(err, sql.ErrNoRows) { // pgx.ErrNoRows is one too
		err = db.whyNot(ctx, c.Commit)
	}
	return a, err
}

// commitWith commits a turn together with what it asks of an agent, whose row is
// held first, and its row of the audit log.
func (db *postgresDB) commitWith(ctx context.Context, c *kept, statement named, values map[string]any) error {
	return db.update(ctx, func(ctx context.Context, tx conn) error {
		if err := onDuty(ctx, tx, c.Duty); err != nil {
			return err
		}
		n, err := affected(tx.ExecContext(ctx, statement.text, statement.args(values)...))
		if err == nil && n == 0 {
			err = db.whyNot(ctx, c.Commit)
		}
		if err != nil || c.Audit == nil {
			return err
		}
		return db.audit.add(ctx, tx, *c.Audit)
	})
}

// takeWith is commitWith for take; a repeat is not audited again.
func (db *postgresDB) takeWith(ctx context.Context, c *kept, statement named, values map[string]any) (a accepted, err error) {
	err = db.update(ctx, func(ctx context.Context, tx conn) error {
		if err := onDuty(ctx, tx, c.Duty); err != nil {
			return err
		}
		if a, err = scanAccepted(row(ctx, tx, statement.text, statement.args(values)...)); err != nil || a.repeat || c.Audit == nil {
			return err
		}
		return db.audit.add(ctx, tx, *c.Audit)
	})
	return a, err
}

// taken runs statements in a group, of which the last tells what was taken.
func (db *postgresDB) taken(ctx context.Context, thread supportbot.ThreadID, values map[string]any, statements ...named) (a accepted, err error) {
	none := false
	err = db.turns.do(ctx, asked{
		thread,
		func(b *pgx.Batch) {
			for _, s := range statements {
				b.Queue(s.text, s.args(values)...)
			}
		},
		func(r pgx.BatchResults) error {
			for range len(statements) - 1 {
				if _, err := r.Exec(); err != nil {
					return err
				}
			}
			var err error
			a, err = scanAccepted(r.QueryRow())
			if none = errors.Is(err, pgx.ErrNoRows); none {
				return nil // which undoes nobody else's turn
			}
			return err
		},
	})
	if err == nil && none {
		err = sql.ErrNoRows
	}
	return a, err
}

// whyNot tells what stopped a turn. If the conversation is where the turn found
// it, the turn itself is at fault.
func (db *postgresDB) whyNot(ctx context.Context, c supportbot.Commit) error {
	var last int64
	err := db.pool.QueryRow(ctx, `
		SELECT t.last_seq FROM thread t JOIN lane l ON l.thread_id = t.id AND l.kind = 'in'
		WHERE t.id = $1 AND t.version = $2 AND l.head = $3 - 1 AND l.tail >= $3`, c.Thread, c.Version, c.Seq).Scan(&last)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return supportbot.ErrFenced
	case err != nil:
		return err
	case len(c.Messages) > 0 && c.Messages[0].Seq != last+1:
		return misnumbered(c.Messages[0].Seq, last+1)
	}
	return errGivenOn
}
