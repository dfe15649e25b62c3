package store

import (
	"context"

	"supportbot"
	"supportbot/internal/seal"
)

// secretPhones names the key that seals the telephone numbers of agents.
const secretPhones = "agent-phones"

func phoneName(agent string) string { return "agent.phone " + agent }

func (s *Store) phoneKey(ctx context.Context, tx conn) (key seal.Key, err error) {
	if _, err := secret(ctx, tx, s.vault.ring, secretPhones); err != nil {
		return key, err
	}
	var wrapped []byte
	if err := row(ctx, tx, `SELECT key FROM secret WHERE name = $1`, secretPhones).Scan(&wrapped); err != nil {
		return key, err
	}
	return seal.Unwrap(s.vault.ring, wrapped, secretName(secretPhones))
}

// SetPhone sets the telephone at which an agent is called, as E.164, "" for none,
// in the name of by; ErrNotFound if there is no such agent. The audit log has no
// number.
func (s *Store) SetPhone(ctx context.Context, name, number, by string) (err error) {
	defer wrap(&err, "set telephone of %s", name)
	return s.audited(ctx, supportbot.Audited{Actor: by, Action: supportbot.PhoneChanged, Subject: name}, func(ctx context.Context, tx conn) error {
		var sealed []byte
		if number != "" {
			key, err := s.phoneKey(ctx, tx)
			if err != nil {
				return err
			}
			if sealed, err = key.Seal([]byte(number), phoneName(name)); err != nil {
				return err
			}
		}
		n, err := affected(tx.ExecContext(ctx, `UPDATE agent SET phone = $2 WHERE name = $1`, name, sealed))
		if err == nil && n == 0 {
			return supportbot.ErrNotFound
		}
		return err
	})
}

// Phone returns the telephone at which an agent is called, "" if there is none;
// ErrNotFound if there is no such agent.
func (s *Store) Phone(ctx context.Context, name string) (phone string, err error) {
	defer wrap(&err, "telephone of an agent")
	var sealed, wrapped []byte
	err = row(ctx, s.read, `
		SELECT a.phone, s.key FROM agent a LEFT JOIN secret s ON s.name = $2 WHERE a.name = $1`, name, secretPhones).Scan(&sealed, &wrapped)
	if err != nil || sealed == nil {
		return "", err
	}
	key, err := seal.Unwrap(s.vault.ring, wrapped, secretName(secretPhones))
	if err != nil {
		return "", err
	}
	number, err := key.Open(sealed, phoneName(name))
	return string(number), err
}
