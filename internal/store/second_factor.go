package store

import (
	"context"

	"supportbot"
)

// SetTOTP gives an agent a second factor in place of the one before, and ends
// the agent's sessions: its key, the step of the code that proved it, and the
// SHA-256 of the recovery codes. ErrNotFound if there is no such agent.
func (s *Store) SetTOTP(ctx context.Context, name, key string, step int64, recovery [][32]byte) (err error) {
	defer wrap(&err, "set second factor of %s", name)
	sealed, err := sealTOTP(s.vault.ring, name, key)
	if err != nil {
		return err
	}
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		if err := endSessions(ctx, tx, name); err != nil {
			return err
		}
		act := supportbot.Audited{Actor: name, Action: supportbot.SecondFactorSet, Subject: name}
		var before string
		if err := row(ctx, tx, `SELECT totp FROM agent WHERE name = $1`, name).Scan(&before); err != nil {
			return err
		}
		if before != "" {
			act.Action = supportbot.SecondFactorNew
		}
		if _, err := tx.ExecContext(ctx, `UPDATE agent SET totp = $2, totp_step = $3 WHERE name = $1`, name, sealed, step); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM recovery WHERE agent = $1`, name); err != nil {
			return err
		}
		for _, sum := range recovery {
			if _, err := tx.ExecContext(ctx, `INSERT INTO recovery (agent, sum) VALUES ($1, $2)`, name, sum[:]); err != nil {
				return err
			}
		}
		return s.audit.add(ctx, tx, act)
	})
}

// ResetTOTP takes the second factor from an agent, and ends the agent's
// sessions. ErrNotFound if there is no such agent.
func (s *Store) ResetTOTP(ctx context.Context, name string) (err error) {
	defer wrap(&err, "reset second factor of %s", name)
	return s.audited(ctx, supportbot.Audited{Action: supportbot.SecondFactorOff, Subject: name}, func(ctx context.Context, tx conn) error {
		if err := endSessions(ctx, tx, name); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE agent SET totp = '', totp_step = 0 WHERE name = $1`, name); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM recovery WHERE agent = $1`, name)
		return err
	})
}

// UseTOTP takes note that a code of a step was shown, and tells whether it was
// the first of that step or a later one. Of several at a time one is first.
func (s *Store) UseTOTP(ctx context.Context, name string, step int64) (first bool, err error) {
	defer wrap(&err, "use second factor")
	n, err := affected(s.exec(ctx, `UPDATE agent SET totp_step = $2 WHERE name = $1 AND totp <> '' AND totp_step < $2`, name, step))
	return n > 0, err
}

// UseRecovery takes a recovery code, by its SHA-256, from an agent and tells
// whether it was there.
func (s *Store) UseRecovery(ctx context.Context, name string, sum [32]byte) (there bool, err error) {
	defer wrap(&err, "use recovery code")
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		n, err := affected(tx.ExecContext(ctx, `DELETE FROM recovery WHERE agent = $1 AND sum = $2`, name, sum[:]))
		if there = n > 0; err != nil || !there {
			return err
		}
		return s.audit.add(ctx, tx, supportbot.Audited{Actor: name, Action: supportbot.RecoveryUsed, Subject: name})
	})
	return there, err
}
