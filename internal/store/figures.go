package store

import (
	"context"

	"supportbot"
	"supportbot/internal/telemetry"
)

// Figures tells how much work waits, and since when. It reads what waits and
// nothing of what is done, so that it takes no longer in a large database.
func (s *Store) Figures(ctx context.Context) (f telemetry.Figures, err error) {
	defer wrap(&err, "figures")
	for _, figure := range []struct {
		of    *telemetry.Line
		query string
		args  []any
	}{
		{&f.Inbox, `
			SELECT CAST(COALESCE(SUM(l.tail - l.head), 0) AS BIGINT), COALESCE(MIN(i.accepted_at), 0) FROM lane l
			JOIN inbox i ON i.thread_id = l.thread_id AND i.seq = l.head + 1
			WHERE l.kind = 'in' AND l.ready`, nil},
		{&f.Outbox, `
			SELECT CAST(COALESCE(SUM(l.tail - l.head), 0) AS BIGINT), COALESCE(MIN(m.sent_at), 0) FROM outlane l
			JOIN outbox o ON o.thread_id = l.thread_id AND o.seq = l.head + 1
			JOIN message m ON m.thread_id = o.thread_id AND m.seq = o.message_seq
			WHERE l.tail > l.head`, nil},
		{&f.Feed, `SELECT COUNT(*), COALESCE(MIN(fed_at), 0) FROM deskfeed WHERE status IN ('waiting', 'sending')`, nil},
		{&f.FailedIn, `SELECT COUNT(*), COALESCE(MIN(accepted_at), 0) FROM inbox WHERE failure IS NOT NULL`, nil},
		{&f.ParkedOut, `SELECT COUNT(*), COALESCE(MIN(changed_at), 0) FROM outbox WHERE status = 'parked'`, nil},
		{&f.ParkedFeed, `SELECT COUNT(*), COALESCE(MIN(changed_at), 0) FROM deskfeed WHERE status = 'parked'`, nil},
		{&f.Queue, `SELECT COUNT(*), COALESCE(MIN(queued_at), 0) FROM cases WHERE state = $1`, []any{supportbot.CaseWaiting}},
	} {
		var oldest int64
		if err := row(ctx, s.read, figure.query, figure.args...).Scan(&figure.of.Waiting, &oldest); err != nil {
			return f, err
		}
		if oldest > 0 {
			figure.of.Oldest = fromMicros(oldest)
		}
	}
	type count struct {
		state supportbot.CaseState
		n     int64
	}
	counts, err := list(ctx, s.read, func(row scanner) (c count, err error) {
		err = row.Scan(&c.state, &c.n)
		return c, err
	}, `SELECT state, COUNT(*) FROM cases WHERE live = 1 GROUP BY state`)
	f.Cases = map[supportbot.CaseState]int64{}
	for _, c := range counts {
		f.Cases[c.state] = c.n
	}
	return f, err
}
