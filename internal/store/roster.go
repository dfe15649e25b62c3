package store

import (
	"context"
	"time"

	"supportbot/handoff"
	"supportbot/internal/seal"
)

// shownDigits are how many of a telephone number admins see.
const shownDigits = 4

// Roster lists all agents by name, as admins see them.
func (s *Store) Roster(ctx context.Context) (roster []handoff.Account, err error) {
	defer wrap(&err, "roster")
	staff, err := s.Staff(ctx, time.Now())
	if err != nil {
		return nil, err
	}
	type more struct {
		handoff.Account
		phone, key []byte
	}
	rows, err := list(ctx, s.read, func(row scanner) (m more, err error) {
		var until int64
		var factor string
		err = row.Scan(&m.Name, &factor, &until, &m.phone, &m.key)
		m.SecondFactor = factor != ""
		if until > 0 {
			m.SeenAt = fromMicros(until).Add(-handoff.LeaseLimit)
		}
		return m, err
	}, `SELECT a.name, a.totp, a.here_until, a.phone, s.key FROM agent a LEFT JOIN secret s ON s.name = $1 ORDER BY a.name`, secretPhones)
	if err != nil {
		return nil, err
	}
	known := map[string]handoff.Account{}
	for _, m := range rows {
		if m.phone != nil {
			if m.Phone, err = s.phoneEnd(m.Name, m.phone, m.key); err != nil {
				return nil, err
			}
		}
		known[m.Name] = m.Account
	}
	for _, one := range staff {
		account := known[one.Name]
		account.Staff = one
		roster = append(roster, account)
	}
	return roster, nil
}

// phoneEnd opens a telephone number for its last digits.
func (s *Store) phoneEnd(agent string, sealed, wrapped []byte) (string, error) {
	key, err := seal.Unwrap(s.vault.ring, wrapped, secretName(secretPhones))
	if err != nil {
		return "", err
	}
	number, err := key.Open(sealed, phoneName(agent))
	return string(number[max(0, len(number)-shownDigits):]), err
}
