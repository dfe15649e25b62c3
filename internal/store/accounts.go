package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// AddAgent creates an agent; ErrInvalid if the name is taken.
func (s *Store) AddAgent(ctx context.Context, a handoff.Agent) (err error) {
	defer wrap(&err, "add agent %s", a.Name)
	n, err := affected(s.exec(ctx, `
		INSERT INTO agent (name, role, password, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (name) DO NOTHING`, a.Name, a.Role, a.Password, time.Now().UnixMicro()))
	if err == nil && n == 0 {
		return fmt.Errorf("the name is taken, choose another: %w", supportbot.ErrInvalid)
	}
	return err
}

// Agent returns an agent by name, ErrNotFound if there is none.
func (s *Store) Agent(ctx context.Context, name string) (a handoff.Agent, err error) {
	defer wrap(&err, "agent by name") // which anybody may have typed, so it is not told
	return scanAgent(row(ctx, s.read, `SELECT name, role, password FROM agent WHERE name = $1`, name))
}

// Agents lists all agents by name.
func (s *Store) Agents(ctx context.Context) (agents []handoff.Agent, err error) {
	defer wrap(&err, "agents")
	return list(ctx, s.read, scanAgent, `SELECT name, role, password FROM agent ORDER BY name`)
}

func scanAgent(row scanner) (a handoff.Agent, err error) {
	err = row.Scan(&a.Name, &a.Role, &a.Password)
	return a, err
}

// SetPassword replaces the password of an agent, given as a PHC string;
// ErrNotFound if there is no such agent.
func (s *Store) SetPassword(ctx context.Context, name, phc string) (err error) {
	defer wrap(&err, "set password of %s", name)
	n, err := affected(s.exec(ctx, `UPDATE agent SET password = $1 WHERE name = $2`, phc, name))
	if err == nil && n == 0 {
		return supportbot.ErrNotFound
	}
	return err
}

// AddToken lets the agent in who shows the token with this SHA-256;
// ErrNotFound if there is no such agent.
func (s *Store) AddToken(ctx context.Context, name string, sum [32]byte) (err error) {
	defer wrap(&err, "add token of %s", name)
	n, err := affected(s.exec(ctx, `
		INSERT INTO token (sum, agent, created_at) SELECT $1, name, $2 FROM agent WHERE name = $3`,
		sum[:], time.Now().UnixMicro(), name))
	if err == nil && n == 0 {
		return supportbot.ErrNotFound
	}
	return err
}

// AgentByToken returns whose token has this SHA-256, ErrNotFound if nobody's.
func (s *Store) AgentByToken(ctx context.Context, sum [32]byte) (a handoff.Agent, err error) {
	defer wrap(&err, "agent by token")
	return scanAgent(row(ctx, s.read, `
		SELECT a.name, a.role, a.password FROM token t JOIN agent a ON a.name = t.agent WHERE t.sum = $1`, sum[:]))
}

// Secret returns the random key of 32 bytes with this name. It is made on first
// use and stays the same from then on.
func (s *Store) Secret(ctx context.Context, name string) (key []byte, err error) {
	defer wrap(&err, "secret %s", name)
	fresh := make([]byte, 32)
	rand.Read(fresh)
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO secret (name, key) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING`, name, fresh)
		if err != nil {
			return err
		}
		return row(ctx, tx, `SELECT key FROM secret WHERE name = $1`, name).Scan(&key)
	})
	return key, err
}
