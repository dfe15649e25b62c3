package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// On PostgreSQL each of accept, take and commit is one statement. Those that come
// at the same time share a round trip and a transaction (groups); one that comes
// alone has its own. They are READ COMMITTED: a statement that has
// waited for a row looks at that row again, but not at others. So what decides
// is the row of the lane itself, which all three lock first; the other rows of
// a conversation change only together with its head.

// pgAccept numbers a message and puts it into the inbox. A repeat that came at
// the same time fails on the unique key, a conversation begun at the same time
// or erased, brings no row: then the message is sealed for it, and comes again.
var pgAccept = newNamed(`
	WITH known AS (
		SELECT id FROM thread WHERE channel = @channel AND peer = @peer
	), old AS (
		SELECT i.thread_id, i.seq, i.digest, i.result FROM known
		JOIN inbox i ON i.thread_id = known.id AND i.sender = @sender AND i.ext_id = @ext_id
	), begun AS (
		INSERT INTO thread (channel, peer, key, address) SELECT @channel, @peer, @key, @address WHERE @home = 0 AND NOT EXISTS (SELECT FROM known)
		ON CONFLICT (channel, peer) DO NOTHING RETURNING id
	), further AS (
		UPDATE lane AS l SET tail = l.tail + 1, ` + leased + `
		FROM (SELECT id, @node AS owner, ` + clock + ` + @lease AS lease_until FROM known WHERE id = @home) AS excluded
		WHERE l.thread_id = excluded.id AND l.kind = 'in' AND NOT EXISTS (SELECT FROM old)
		RETURNING l.thread_id, l.tail
	), first AS (
		INSERT INTO lane (thread_id, kind, tail, owner, lease_until)
		SELECT id, 'in', 1, @node, ` + clock + ` + @lease FROM begun
		RETURNING thread_id, tail
	), line AS (
		SELECT thread_id, tail FROM further UNION ALL SELECT thread_id, tail FROM first
	), kept AS (
		INSERT INTO inbox (thread_id, seq, sender, ext_id, digest, payload, accepted_at)
		SELECT thread_id, tail, @sender, @ext_id, @digest, @payload, ` + clock + ` FROM line
	)
	SELECT thread_id, seq, true, digest, result FROM old UNION ALL SELECT thread_id, tail, false, NULL, NULL FROM line`)

func (db *postgresDB) accept(ctx context.Context, node string, in *arrival) (a accepted, err error) {
	values := inboxValues(in)
	values["node"], values["lease"] = node, leaseTime.Microseconds()
	args := pgAccept.args(values)
	ctx, end := context.WithTimeout(ctx, answerLimit)
	defer end()
	a, err = scanAccepted(db.pool.QueryRow(ctx, pgAccept.text, args...))
	if errors.Is(err, pgx.ErrNoRows) || postgresFails(err, uniqueViolation) {
		err = errMoved
	}
	return a, err
}

func scanAccepted(row scanner) (a accepted, err error) {
	err = row.Scan(&a.thread, &a.seq, &a.repeat, &a.digest, &a.result)
	return a, err
}

func inboxValues(in *arrival) map[string]any {
	return map[string]any{
		"channel": string(in.Channel), "peer": in.home.place, "home": int64(in.home.id), "key": in.home.wrapped, "address": in.home.address,
		"sender": sender(in.Kind), "ext_id": in.ID, "digest": in.digest, "payload": in.payload,
	}
}
