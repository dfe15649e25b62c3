package store

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// AddAgent creates an agent; ErrInvalid if the name is taken.
func (s *SQLite) AddAgent(ctx context.Context, a handoff.Agent) (err error) {
	defer wrap(&err, "add agent %s", a.Name)
	n, err := affected(s.write.ExecContext(ctx, `
		INSERT INTO agent (name, role, password, created_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (name) DO NOTHING`, a.Name, a.Role, a.Password, time.Now().UnixMicro()))
	if err == nil && n == 0 {
		return fmt.Errorf("the name is taken, choose another: %w", supportbot.ErrInvalid)
	}
	return err
}

// Agent returns an agent by name, ErrNotFound if there is none.
func (s *SQLite) Agent(ctx context.Context, name string) (a handoff.Agent, err error) {
	defer wrap(&err, "agent by name") // which anybody may have typed, so it is not told
	return scanAgent(s.read.QueryRowContext(ctx, `SELECT name, role, password FROM agent WHERE name = ?`, name))
}

// Agents lists all agents by name.
func (s *SQLite) Agents(ctx context.Context) (agents []handoff.Agent, err error) {
	defer wrap(&err, "agents")
	return list(ctx, s.read, scanAgent, `SELECT name, role, password FROM agent ORDER BY name`)
}

func scanAgent(row scanner) (a handoff.Agent, err error) {
	err = row.Scan(&a.Name, &a.Role, &a.Password)
	return a, err
}

// SetPassword replaces the password of an agent, given as a PHC string;
// ErrNotFound if there is no such agent.
func (s *SQLite) SetPassword(ctx context.Context, name, phc string) (err error) {
	defer wrap(&err, "set password of %s", name)
	n, err := affected(s.write.ExecContext(ctx, `UPDATE agent SET password = ? WHERE name = ?`, phc, name))
	if err == nil && n == 0 {
		return supportbot.ErrNotFound
	}
	return err
}

// AddToken lets the agent in who shows the token with this SHA-256;
// ErrNotFound if there is no such agent.
func (s *SQLite) AddToken(ctx context.Context, name string, sum [32]byte) (err error) {
	defer wrap(&err, "add token of %s", name)
	n, err := affected(s.write.ExecContext(ctx, `
		INSERT INTO token (sum, agent, created_at) SELECT ?, name, ? FROM agent WHERE name = ?`,
		sum[:], time.Now().UnixMicro(), name))
	if err == nil && n == 0 {
		return supportbot.ErrNotFound
	}
	return err
}

// AgentByToken returns whose token has this SHA-256, ErrNotFound if nobody's.
func (s *SQLite) AgentByToken(ctx context.Context, sum [32]byte) (a handoff.Agent, err error) {
	defer wrap(&err, "agent by token")
	return scanAgent(s.read.QueryRowContext(ctx, `
		SELECT a.name, a.role, a.password FROM token t JOIN agent a ON a.name = t.agent WHERE t.sum = ?`, sum[:]))
}

// Secret returns the random key of 32 bytes with this name. It is made on first
// use and stays the same from then on.
func (s *SQLite) Secret(ctx context.Context, name string) (key []byte, err error) {
	defer wrap(&err, "secret %s", name)
	fresh := make([]byte, 32)
	rand.Read(fresh)
	err = s.update(ctx, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO secret (name, key) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, name, fresh)
		if err != nil {
			return err
		}
		return tx.QueryRowContext(ctx, `SELECT key FROM secret WHERE name = ?`, name).Scan(&key)
	})
	return key, err
}
