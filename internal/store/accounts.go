package store

import (
	"context"
	"crypto/rand"
	"time"

	"supportbot"
	"supportbot/handoff"
	"supportbot/internal/seal"
)

// agentColumns are what scanAgent reads.
const agentColumns = `a.name, a.role, a.password, a.stamp, a.totp, a.disabled <> 0,
	CASE WHEN a.subject IS NOT NULL THEN 'bound' WHEN a.email IS NOT NULL THEN 'awaited' ELSE '' END`

func (s *Store) scanAgent(row scanner, more ...any) (a handoff.Agent, err error) {
	var factor string
	if err = row.Scan(append([]any{&a.Name, &a.Role, &a.Password, &a.Stamp, &factor, &a.Disabled, &a.SignIn}, more...)...); err != nil {
		return a, err
	}
	a.TOTP, err = openTOTP(s.vault.ring, a.Name, factor)
	return a, err
}

// AddAgent creates an agent, in the name of a.AddedBy; ErrInvalid if the name is taken.
func (s *Store) AddAgent(ctx context.Context, a handoff.Agent) (err error) {
	defer wrap(&err, "add agent %s", a.Name)
	act := supportbot.Audited{Actor: a.AddedBy, Action: supportbot.AgentAdded, Subject: a.Name, Details: map[string]string{"role": string(a.Role)}}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `
			INSERT INTO agent (name, role, password, stamp, created_at) VALUES ($1, $2, $3, $4, $5)
			ON CONFLICT (name) DO NOTHING`, a.Name, a.Role, a.Password, rand.Text(), time.Now().UnixMicro()))
		if err == nil && n == 0 {
			return handoff.ErrTaken
		}
		return err
	})
}

// Agent returns an agent by name, ErrNotFound if there is none.
func (s *Store) Agent(ctx context.Context, name string) (a handoff.Agent, err error) {
	defer wrap(&err, "agent by name") // which anybody may have typed, so it is not told
	return s.scanAgent(row(ctx, s.read, `SELECT `+agentColumns+` FROM agent a WHERE a.name = $1`, name))
}

// Agents lists all agents by name.
func (s *Store) Agents(ctx context.Context) (agents []handoff.Agent, err error) {
	defer wrap(&err, "agents")
	return list(ctx, s.read, func(row scanner) (handoff.Agent, error) { return s.scanAgent(row) }, `SELECT `+agentColumns+` FROM agent a ORDER BY a.name`)
}

// SetPassword replaces the password of an agent, given as a PHC string, and ends
// the agent's sessions; by is the agent who did so, "" for whoever works at the
// machine. ErrNotFound if there is no such agent.
func (s *Store) SetPassword(ctx context.Context, name, phc, by string) (err error) {
	defer wrap(&err, "set password of %s", name)
	return s.change(ctx, supportbot.Audited{Actor: by, Action: supportbot.PasswordChanged, Subject: name}, `UPDATE agent SET password = $2 WHERE name = $1`, phc)
}

// SetRole gives an agent another role, in the name of by, and ends the agent's
// sessions. ErrNotFound if there is no such agent, ErrInvalid if no admin would be left.
func (s *Store) SetRole(ctx context.Context, name string, role handoff.Role, by string) (err error) {
	defer wrap(&err, "set role of %s", name)
	act := supportbot.Audited{Actor: by, Action: supportbot.RoleChanged, Subject: name, Details: map[string]string{"role": string(role)}}
	return s.leavingAdmin(ctx, act, func(ctx context.Context, tx conn) error {
		_, err := tx.ExecContext(ctx, `UPDATE agent SET role = $2 WHERE name = $1`, name, string(role))
		return err
	})
}

// SetDisabled shuts an agent out, or lets the agent in again, in the name of by, and
// ends the agent's sessions. The agent's cases go back into the queue. ErrNotFound if
// there is no such agent, ErrInvalid if no admin would be left.
func (s *Store) SetDisabled(ctx context.Context, name string, disabled bool, by string) (err error) {
	defer wrap(&err, "disable agent %s", name)
	act := supportbot.Audited{Actor: by, Action: supportbot.AgentEnabled, Subject: name}
	if disabled {
		act.Action = supportbot.AgentDisabled
	}
	return s.leavingAdmin(ctx, act, func(ctx context.Context, tx conn) error {
		_, err := tx.ExecContext(ctx, `UPDATE agent SET disabled = $2, presence = $3 WHERE name = $1`, name, number(disabled), handoff.Away)
		if err == nil && disabled {
			err = endLeases(ctx, tx, name)
		}
		return err
	})
}

// settingAdmins names the setting that is held by whoever may take an admin away, so
// that of two who take the role from each other one is refused.
const settingAdmins = "admins"

// leavingAdmin does something to an agent and ends the agent's sessions, if an admin
// is left who can log in.
func (s *Store) leavingAdmin(ctx context.Context, act supportbot.Audited, f func(ctx context.Context, tx conn) error) error {
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		_, err := tx.ExecContext(ctx, `
			INSERT INTO setting (name, value) VALUES ($1, '') ON CONFLICT (name) DO UPDATE SET value = excluded.value`, settingAdmins)
		if err != nil {
			return err
		}
		before, err := admins(ctx, tx)
		if err != nil {
			return err
		}
		if err := endSessions(ctx, tx, act.Subject); err != nil {
			return err
		}
		if err := f(ctx, tx); err != nil {
			return err
		}
		after, err := admins(ctx, tx)
		if err == nil && before > 0 && after == 0 {
			return handoff.ErrLastAdmin
		}
		return err
	})
}

// change runs a statement on an agent, whose name is $1, and ends the agent's
// sessions.
func (s *Store) change(ctx context.Context, act supportbot.Audited, statement string, values ...any) error {
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		if err := endSessions(ctx, tx, act.Subject); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, statement, append([]any{act.Subject}, values...)...)
		return err
	})
}

// endSessions gives an agent another stamp; ErrNotFound if there is no such
// agent. The agent's row is held from then on.
func endSessions(ctx context.Context, tx conn, name string) error {
	n, err := affected(tx.ExecContext(ctx, `UPDATE agent SET stamp = $2 WHERE name = $1`, name, rand.Text()))
	if err == nil && n == 0 {
		return supportbot.ErrNotFound
	}
	return err
}

// admins counts those who can log in.
func admins(ctx context.Context, tx conn) (n int, err error) {
	err = row(ctx, tx, `SELECT COUNT(*) FROM agent WHERE role = $1 AND disabled = 0`, handoff.RoleAdmin).Scan(&n)
	return n, err
}

// RemoveAgent removes an agent with all that lets the agent in, in the name of by.
// The agent's cases go back into the queue. ErrNotFound if there is no such agent,
// ErrInvalid if no admin would be left.
func (s *Store) RemoveAgent(ctx context.Context, name, by string) (err error) {
	defer wrap(&err, "remove agent %s", name)
	act := supportbot.Audited{Actor: by, Action: supportbot.AgentRemoved, Subject: name}
	return s.leavingAdmin(ctx, act, func(ctx context.Context, tx conn) error { // the row is held, so that nobody makes a token meanwhile
		for _, statement := range []string{
			`DELETE FROM token WHERE agent = $1`,
			`DELETE FROM recovery WHERE agent = $1`,
			`DELETE FROM agent WHERE name = $1`,
		} {
			if _, err := tx.ExecContext(ctx, statement, name); err != nil {
				return err
			}
		}
		return endLeases(ctx, tx, name)
	})
}

// endLeases ends the leases of an agent's cases now, so that a server puts them back
// into the queue.
func endLeases(ctx context.Context, tx conn, agent string) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE timer SET due_at = 0 WHERE kind = 'lease' AND thread_id IN (SELECT thread_id FROM cases WHERE owner = $1 AND live = 1)`, agent)
	return err
}

// Secret returns the random key of 32 bytes with this name. It is made on first
// use and stays the same from then on.
func (s *Store) Secret(ctx context.Context, name string) (key []byte, err error) {
	defer wrap(&err, "secret %s", name)
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		key, err = secret(ctx, tx, s.vault.ring, name)
		return err
	})
	return key, err
}

// secret is what Secret returns.
func secret(ctx context.Context, tx conn, ring *seal.Ring, name string) (key []byte, err error) {
	fresh := make([]byte, 32)
	rand.Read(fresh)
	sealed, err := ring.Wrap(fresh, secretName(name))
	if err != nil {
		return nil, err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO secret (name, key) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, sealed)
	if err != nil {
		return nil, err
	}
	if err := row(ctx, tx, `SELECT key FROM secret WHERE name = $1`, name).Scan(&sealed); err != nil {
		return nil, err
	}
	return ring.Unwrap(sealed, secretName(name))
}

func secretName(name string) string { return "secret.key " + name }
