package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// onDuty holds the row of the agent of whom a turn asks something until the
// transaction ends, so that two turns count one after the other; ErrFull if it is
// too much. An agent without an account has the usual capacity.
func onDuty(ctx context.Context, tx conn, d *supportbot.Duty) error {
	if d == nil {
		return nil
	}
	switch d.Kind {
	case supportbot.DutyTake:
		capacity := int64(handoff.DefaultCapacity)
		err := row(ctx, tx, `UPDATE agent SET misses = 0 WHERE name = $1 RETURNING capacity`, d.Agent).Scan(&capacity)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return err
		}
		return room(ctx, tx, capacity, `SELECT COUNT(*) FROM cases WHERE live = 1 AND owner = $1 AND id <> $2`, d)
	case supportbot.DutyOffer:
		var capacity int64
		err := row(ctx, tx, `
			UPDATE agent SET offered_at = $2 WHERE name = $1 AND presence = $3 AND here_until > $2 RETURNING capacity`,
			d.Agent, d.At.UnixMicro(), handoff.Available).Scan(&capacity)
		if errors.Is(err, sql.ErrNoRows) {
			return supportbot.ErrFull // nobody is there to be offered it
		}
		if err != nil {
			return err
		}
		return room(ctx, tx, capacity, `SELECT COUNT(*) FROM cases WHERE live = 1 AND (owner = $1 OR asked = $1) AND id <> $2`, d)
	case supportbot.DutyMiss:
		_, err := tx.ExecContext(ctx, `
			UPDATE agent SET misses = misses + 1, presence = CASE WHEN misses + 1 >= $2 THEN $3 ELSE presence END WHERE name = $1`,
			d.Agent, handoff.MaxMisses, handoff.Away)
		return err
	}
	return fmt.Errorf("there is no duty %q: %w", d.Kind, supportbot.ErrInvalid)
}

// room is ErrFull unless fewer cases than a capacity are counted.
func room(ctx context.Context, tx conn, capacity int64, count string, d *supportbot.Duty) error {
	var n int64
	if err := row(ctx, tx, count, d.Agent, d.Case).Scan(&n); err != nil {
		return err
	}
	if n >= capacity {
		return supportbot.ErrFull
	}
	return nil
}

// Staff implements turn.Store.
func (s *Store) Staff(ctx context.Context, now time.Time) (staff []handoff.Staff, err error) {
	defer wrap(&err, "staff")
	return list(ctx, s.read, func(row scanner) (m handoff.Staff, err error) {
		var profile string
		var until, offered int64
		if err := row.Scan(&m.Name, &m.Role, &m.Presence, &until, &offered, &profile, &m.Profile.Capacity, &m.Disabled, &m.Cases); err != nil {
			return m, err
		}
		if until <= now.UnixMicro() {
			m.Presence = handoff.Offline
		}
		if offered > 0 {
			m.OfferedAt = fromMicros(offered)
		}
		capacity := m.Profile.Capacity
		err = json.Unmarshal([]byte(profile), &m.Profile)
		m.Profile.Capacity = capacity
		return m, err
	}, `
		SELECT a.name, a.role, a.presence, a.here_until, a.offered_at, a.profile, a.capacity, a.disabled <> 0,
			(SELECT COUNT(*) FROM cases c WHERE c.live = 1 AND (c.owner = a.name OR c.asked = a.name AND c.asked <> ''))
		FROM agent a ORDER BY a.name`)
}

// SetPresence implements turn.Store; ErrNotFound if there is no such agent.
func (s *Store) SetPresence(ctx context.Context, agent string, p handoff.Presence) (err error) {
	defer wrap(&err, "set presence of %s", agent)
	return found(affected(s.exec(ctx, `UPDATE agent SET presence = $2, misses = 0 WHERE name = $1`, agent, p)))
}

// SetProfile says what an agent can do, in the name of by; ErrNotFound if there is
// no such agent, ErrInvalid if there is no such team.
func (s *Store) SetProfile(ctx context.Context, agent string, p handoff.Profile, by string) (err error) {
	defer wrap(&err, "set profile of %s", agent)
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	act := supportbot.Audited{Actor: by, Action: supportbot.ProfileChanged, Subject: agent, Details: map[string]string{
		"capacity": fmt.Sprint(p.Capacity), "skills": strings.Join(p.Skills, " "), "teams": strings.Join(p.Teams, " "),
	}}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		if err := holdTeams(ctx, tx, p.Teams); err != nil {
			return err
		}
		return found(affected(tx.ExecContext(ctx, `UPDATE agent SET profile = $2, capacity = $3 WHERE name = $1`, agent, string(text), p.Capacity)))
	})
}

// found is ErrNotFound if no row was changed.
func found(n int64, err error) error {
	if err == nil && n == 0 {
		return supportbot.ErrNotFound
	}
	return err
}
