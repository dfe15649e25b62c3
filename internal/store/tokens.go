package store

import (
	"context"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"supportbot"
	"supportbot/handoff"
)

// tokenID is how a token is called: the beginning of its hash, which leads nobody
// to the token.
func tokenID(sum []byte) string { return hex.EncodeToString(sum[:6]) }

// AddToken lets the agent in who shows the token with this SHA-256, until ends or,
// if that is zero, for ever; ErrNotFound if there is no such agent.
func (s *Store) AddToken(ctx context.Context, name string, sum [32]byte, ends time.Time) (err error) {
	defer wrap(&err, "add token of %s", name)
	endsAt, told := int64(0), "never"
	if !ends.IsZero() {
		endsAt, told = ends.UnixMicro(), ends.UTC().Format(time.RFC3339)
	}
	act := supportbot.Audited{Action: supportbot.TokenMade, Subject: tokenID(sum[:]), Details: map[string]string{"agent": name, "ends": told}}
	return s.audited(ctx, act, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `
			INSERT INTO token (sum, agent, created_at, ends_at) SELECT $1, name, $2, $4 FROM agent WHERE name = $3`,
			sum[:], time.Now().UnixMicro(), name, endsAt))
		if err == nil && n == 0 {
			return supportbot.ErrNotFound
		}
		return err
	})
}

// usedEvery is how exactly it is known when a token was last used.
const usedEvery = time.Minute

// AgentByToken returns whose token has this SHA-256, ErrNotFound if nobody's, if
// it has ended, or if the agent is disabled.
func (s *Store) AgentByToken(ctx context.Context, sum [32]byte) (a handoff.Agent, err error) {
	defer wrap(&err, "agent by token")
	var used int64
	a, err = s.scanAgent(row(ctx, s.read, `
		SELECT `+agentColumns+`, t.used_at FROM token t JOIN agent a ON a.name = t.agent
		WHERE t.sum = $1 AND a.disabled = 0 AND (t.ends_at = 0 OR t.ends_at > `+clock+`)`, sum[:]), &used)
	if now := time.Now(); err == nil && now.Sub(fromMicros(used)) > usedEvery {
		_, _ = s.exec(ctx, `UPDATE token SET used_at = $1 WHERE sum = $2`, now.UnixMicro(), sum[:]) // nobody is refused for it
	}
	return a, err
}

// Tokens lists the tokens of an agent, "" for all, by agent and age.
func (s *Store) Tokens(ctx context.Context, agent string) (tokens []handoff.Token, err error) {
	defer wrap(&err, "tokens")
	return list(ctx, s.read, func(row scanner) (t handoff.Token, err error) {
		var sum []byte
		var made, used, ends int64
		err = row.Scan(&sum, &t.Agent, &made, &used, &ends)
		t.MadeAt = fromMicros(made)
		if used != 0 {
			t.UsedAt = fromMicros(used)
		}
		if ends != 0 {
			t.EndsAt = fromMicros(ends)
		}
		if err == nil {
			t.ID = tokenID(sum)
		}
		return t, err
	}, `SELECT sum, agent, created_at, used_at, ends_at FROM token WHERE agent = $1 OR $1 = '' ORDER BY agent, created_at`, agent)
}

// RevokeToken ends a token by its id; ErrNotFound if there is none.
func (s *Store) RevokeToken(ctx context.Context, id string) (err error) {
	defer wrap(&err, "revoke token %s", id)
	return s.audited(ctx, supportbot.Audited{Action: supportbot.TokenRevoked, Subject: id}, func(ctx context.Context, tx conn) error {
		sums, err := list(ctx, tx, func(row scanner) (sum []byte, err error) {
			err = row.Scan(&sum)
			return sum, err
		}, `SELECT sum FROM token`)
		if err != nil {
			return err
		}
		for _, sum := range sums {
			if strings.EqualFold(tokenID(sum), id) {
				_, err := tx.ExecContext(ctx, `DELETE FROM token WHERE sum = $1`, sum)
				return err
			}
		}
		return fmt.Errorf("%w: no token has the id %s", supportbot.ErrNotFound, id)
	})
}
