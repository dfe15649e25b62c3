package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// settingHours names the hours among the settings.
const settingHours = "hours"

// Hours implements turn.Store; the zero value if nobody has set any.
func (s *Store) Hours(ctx context.Context) (h handoff.Hours, err error) {
	defer wrap(&err, "hours")
	var text string
	err = row(ctx, s.read, `SELECT value FROM setting WHERE name = $1`, settingHours).Scan(&text)
	if errors.Is(err, sql.ErrNoRows) {
		return h, nil
	}
	if err != nil {
		return h, err
	}
	return h, json.Unmarshal([]byte(text), &h)
}

// SetHours implements turn.Store.
func (s *Store) SetHours(ctx context.Context, h handoff.Hours, by string) (err error) {
	defer wrap(&err, "set hours")
	text, err := json.Marshal(h)
	if err != nil {
		return err
	}
	act := supportbot.Audited{Actor: by, Action: supportbot.HoursChanged, Details: map[string]string{"zone": h.Zone, "most": strconv.Itoa(h.Most)}}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO setting (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET value = excluded.value`,
			settingHours, string(text))
		return err
	})
}

// Queue implements turn.Store.
func (s *Store) Queue(ctx context.Context, priority supportbot.Priority, before time.Time) (waiting [3]int, err error) {
	defer wrap(&err, "count the queue")
	type count struct{ rank, n int }
	counts, err := list(ctx, s.read, func(row scanner) (c count, err error) {
		err = row.Scan(&c.rank, &c.n)
		return c, err
	}, `
		SELECT priority, COUNT(*) FROM cases
		WHERE state IN ($1, $2) AND (priority < $3 OR priority = $3 AND queued_at < $4) GROUP BY priority`,
		supportbot.CaseWaiting, supportbot.CaseOffered, priority.Rank(), before.UnixMicro())
	for _, c := range counts {
		waiting[c.rank] = c.n
	}
	return waiting, err
}

// claimsLooked is how many of the last entries of the audit log are looked
// through for claims.
const claimsLooked = 2000

// Claims implements turn.Store. Claims are read from the audit log, which has them
// all.
func (s *Store) Claims(ctx context.Context, since time.Time) (n int, err error) {
	defer wrap(&err, "count claims")
	err = row(ctx, s.read, `
		SELECT COUNT(*) FROM audit
		WHERE seq > (SELECT COALESCE(MAX(seq), 0) FROM audit) - $1 AND action = $2 AND at >= $3`,
		claimsLooked, supportbot.CaseClaimed, since.UnixMicro()).Scan(&n)
	return n, err
}
