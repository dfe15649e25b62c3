package store

import (
	"context"
	"encoding/base64"

	"supportbot"
)

// rewrapPage is how many keys are sealed anew in one transaction.
const rewrapPage = 200

// KeyState tells by which keys a database is sealed.
type KeyState struct {
	Keys    int // in the ring
	Sealed  int // conversations, secrets and second factors sealed by the key in force
	Earlier int // sealed by one before it
}

// RotateKey puts a new key in force and seals the keys of conversations by it, also
// while servers run. If it is interrupted, Rewrap does the rest. The audit log is
// told first, since a key file and a database do not change together.
func (s *Store) RotateKey(ctx context.Context) (err error) {
	defer wrap(&err, "rotate the key")
	if err := s.Audit(ctx, supportbot.Audited{Action: supportbot.KeyRotated}); err != nil {
		return err
	}
	if err := s.vault.ring.Rotate(); err != nil {
		return err
	}
	return s.Rewrap(ctx)
}

// PrepareKey adds a key that RotateKey will put in force.
func (s *Store) PrepareKey(ctx context.Context) (err error) {
	defer wrap(&err, "prepare a key")
	if err := s.Audit(ctx, supportbot.Audited{Action: supportbot.KeyPrepared}); err != nil {
		return err
	}
	return s.vault.ring.Prepare()
}

// Rewrap has the key in force seal what an earlier one has.
func (s *Store) Rewrap(ctx context.Context) (err error) {
	defer wrap(&err, "seal keys anew")
	return s.eachKey(ctx, func(all []wrapped) error {
		return s.update(ctx, func(ctx context.Context, tx conn) error {
			for _, w := range all {
				if s.vault.ring.Current(w.key) {
					continue
				}
				secret, err := s.vault.ring.Unwrap(w.key, w.name())
				if err != nil {
					return err
				}
				now, err := s.vault.ring.Wrap(secret, w.name())
				if err != nil {
					return err
				}
				switch {
				case w.secret != "":
					_, err = tx.ExecContext(ctx, `UPDATE secret SET key = $3 WHERE name = $1 AND key = $2`, w.secret, w.key, now)
				case w.agent != "":
					text := base64.StdEncoding
					_, err = tx.ExecContext(ctx, `UPDATE agent SET totp = $3 WHERE name = $1 AND totp = $2`,
						w.agent, text.EncodeToString(w.key), text.EncodeToString(now))
				default:
					_, err = tx.ExecContext(ctx, `UPDATE thread SET key = $3 WHERE id = $1 AND key = $2`, w.id, w.key, now)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	})
}

// KeyState counts what is sealed by which keys.
func (s *Store) KeyState(ctx context.Context) (state KeyState, err error) {
	defer wrap(&err, "look at the keys")
	state.Keys = s.vault.ring.Keys()
	err = s.eachKey(ctx, func(all []wrapped) error {
		for _, w := range all {
			if s.vault.ring.Current(w.key) {
				state.Sealed++
			} else {
				state.Earlier++
			}
		}
		return nil
	})
	return state, err
}

// wrapped is the key of a conversation, a secret, or the second factor of an agent.
type wrapped struct {
	secret  string // its name, "" for what is none
	agent   string // whose second factor it is, "" for what is none
	id      supportbot.ThreadID
	channel supportbot.Channel
	place   string // of the conversation
	key     []byte
}

func (w wrapped) name() string {
	switch {
	case w.secret != "":
		return secretName(w.secret)
	case w.agent != "":
		return totpName(w.agent)
	}
	return keyName(w.channel, w.place)
}

// eachKey calls f with all that the ring has sealed, page by page.
func (s *Store) eachKey(ctx context.Context, f func([]wrapped) error) error {
	secrets, err := list(ctx, s.read, func(row scanner) (w wrapped, err error) {
		err = row.Scan(&w.secret, &w.key)
		return w, err
	}, `SELECT name, key FROM secret`)
	if err != nil {
		return err
	}
	if err := f(secrets); err != nil {
		return err
	}
	factors, err := list(ctx, s.read, func(row scanner) (w wrapped, err error) {
		var text string
		if err = row.Scan(&w.agent, &text); err == nil {
			w.key, err = base64.StdEncoding.DecodeString(text)
		}
		return w, err
	}, `SELECT name, totp FROM agent WHERE totp <> ''`)
	if err != nil {
		return err
	}
	if err := f(factors); err != nil {
		return err
	}
	for last := supportbot.ThreadID(0); ; {
		page, err := list(ctx, s.read, func(row scanner) (w wrapped, err error) {
			err = row.Scan(&w.id, &w.channel, &w.place, &w.key)
			return w, err
		}, `SELECT id, channel, peer, key FROM thread WHERE id > $1 AND key IS NOT NULL ORDER BY id LIMIT $2`, last, rewrapPage)
		if err != nil || len(page) == 0 {
			return err
		}
		if err := f(page); err != nil {
			return err
		}
		last = page[len(page)-1].id
	}
}
