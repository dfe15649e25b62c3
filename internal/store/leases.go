package store

import (
	"context"
	"time"

	"supportbot"
)

// leaseTime is how long the others leave a lane alone that a process has taken
// and is not heard of. A turn takes milliseconds, and a lane that is worked on
// is leased again with every turn.
const leaseTime = 5 * time.Second

// leased is the part of an upsert of lane l that gives the lane to whoever is
// named in it, if nobody else works on it. This only saves work: what keeps
// turns apart is the compare-and-set on head.
const (
	leased = `owner = CASE WHEN ` + free + ` THEN excluded.owner ELSE l.owner END,
		lease_until = CASE WHEN ` + free + ` THEN excluded.lease_until ELSE l.lease_until END`
	free = `(l.tail = l.head OR l.lease_until < ` + clock + ` OR l.owner = excluded.owner)`
)

// Backlog implements turn.Store.
func (s *Store) Backlog(ctx context.Context, limit int) (ids []supportbot.ThreadID, err error) {
	defer wrap(&err, "backlog")
	return list(ctx, s.read, scanThreadID, `
		SELECT l.thread_id FROM lane l
		JOIN inbox i ON i.thread_id = l.thread_id AND i.seq = l.head + 1
		WHERE l.kind = 'in' AND l.ready AND (l.owner = $2 OR l.lease_until < `+clock+`)
		ORDER BY i.accepted_at, l.thread_id LIMIT $1`, limit, s.node)
}

func scanThreadID(row scanner) (id supportbot.ThreadID, err error) {
	err = row.Scan(&id)
	return id, err
}

// giveBack ends the leases of this process, so that others need not wait.
func (s *Store) giveBack(ctx context.Context) error {
	_, err := s.exec(ctx, `UPDATE lane AS l SET lease_until = 0 WHERE l.owner = $1 AND l.ready`, s.node)
	return err
}
