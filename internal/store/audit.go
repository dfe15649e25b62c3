package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"supportbot"
	"supportbot/internal/seal"
)

// chain is the audit log: each row bears the HMAC of itself and of the row
// before, and the head bears one of the last. So who has not got the key can
// change, put in or take out nothing unseen, also not at the end.
type chain struct {
	key  []byte     // nil: the one that the store made for itself
	ring *seal.Ring // opens that one

	operator string // who does what nobody else is named for
}

// secretAudit names the store's own key.
const secretAudit = "audit"

// AuditKey has the audit log kept under a key that is not in the database. Call
// it before anything else. Whoever can write to the database and has the store's
// own key can write any history.
func (s *Store) AuditKey(key []byte) { s.audit.key = key }

// Operator has acts without an actor put down to somebody, who works at the machine.
// Call it before anything else.
func (s *Store) Operator(name string) { s.audit.operator = name }

// Audit adds an act that changes nothing else to the audit log.
func (s *Store) Audit(ctx context.Context, act supportbot.Audited) (err error) {
	defer wrap(&err, "audit %s", act.Action)
	return s.update(ctx, func(ctx context.Context, tx conn) error { return s.audit.add(ctx, tx, act) })
}

// audited does what f does and adds it to the audit log, both or neither.
func (s *Store) audited(ctx context.Context, act supportbot.Audited, f func(ctx context.Context, tx conn) error) error {
	return s.update(ctx, func(ctx context.Context, tx conn) error {
		if err := f(ctx, tx); err != nil {
			return err
		}
		return s.audit.add(ctx, tx, act)
	})
}

// errOtherKey: the log would have two keys.
var errOtherKey = fmt.Errorf("%w: the audit log was begun with another key; give the same --audit-key as then, or none if there was none", supportbot.ErrInvalid)

// add appends to the chain. It comes last in a transaction: the head is held
// until its end, so that one row follows another.
func (c *chain) add(ctx context.Context, tx conn, act supportbot.Audited) error {
	key, err := c.in(ctx, tx)
	if err != nil {
		return err
	}
	if act.Actor == "" {
		act.Actor = c.operator
	}
	details, err := json.Marshal(act.Details)
	if err != nil {
		return err
	}
	r := auditRow{at: time.Now().UnixMicro(), actor: act.Actor, action: string(act.Action), subject: act.Subject, details: string(details)}
	none := make([]byte, sha256.Size) // before the first row
	_, err = tx.ExecContext(ctx, `INSERT INTO audit_head (id, seq, hash, mac, key_id) VALUES (1, 0, $1, $1, $2) ON CONFLICT (id) DO NOTHING`, none, idOf(key))
	if err != nil {
		return err
	}
	var keyID []byte
	err = row(ctx, tx, `UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, hash, key_id`).Scan(&r.seq, &r.prev, &keyID)
	if err != nil {
		return err
	}
	if !hmac.Equal(keyID, idOf(key)) {
		return errOtherKey
	}
	r.hash = r.sum(key)
	_, err = tx.ExecContext(ctx, `
		INSERT INTO audit (seq, at, actor, action, subject, details, prev, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		r.seq, r.at, r.actor, r.action, r.subject, r.details, r.prev, r.hash)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE audit_head SET hash = $1, mac = $2 WHERE id = 1`, r.hash, r.headMAC(key))
	return err
}

// in returns the key; the store's own is made on first use.
func (c *chain) in(ctx context.Context, tx conn) ([]byte, error) {
	if c.key != nil {
		return c.key, nil
	}
	return secret(ctx, tx, c.ring, secretAudit)
}

// auditRow is a row as it stands in the database.
type auditRow struct {
	seq, at                         int64
	actor, action, subject, details string
	prev, hash                      []byte
}

// sum is what hash should be.
func (r auditRow) sum(key []byte) []byte {
	return macOf(key, "row", r.seq, r.at, r.actor, r.action, r.subject, r.details, r.prev)
}

// headMAC is what the head bears while r is the last row.
func (r auditRow) headMAC(key []byte) []byte { return macOf(key, "head", r.seq, r.hash) }

// idOf tells one key from another.
func idOf(key []byte) []byte { return macOf(key, "key")[:8] }

// macOf is the HMAC-SHA256 of values as a JSON array, which cannot be read in two
// ways.
func macOf(key []byte, values ...any) []byte {
	mac := hmac.New(sha256.New, key)
	text, err := json.Marshal(values)
	if err != nil {
		panic("store: " + err.Error()) // numbers, bytes and text always have a form
	}
	mac.Write(text)
	return mac.Sum(nil)
}

// AuditRows lists the audit log after a number, in order.
func (s *Store) AuditRows(ctx context.Context, after int64, limit int) (rows []supportbot.AuditRow, err error) {
	defer wrap(&err, "read the audit log")
	found, err := auditRows(ctx, s.read, after, limit)
	for _, r := range found {
		shown := supportbot.AuditRow{
			Seq: r.seq, At: fromMicros(r.at),
			Audited: supportbot.Audited{Actor: r.actor, Action: supportbot.Action(r.action), Subject: r.subject},
		}
		err = errors.Join(err, json.Unmarshal([]byte(r.details), &shown.Details))
		rows = append(rows, shown)
	}
	return rows, err
}

func auditRows(ctx context.Context, c conn, after int64, limit int) ([]auditRow, error) {
	return list(ctx, c, func(row scanner) (r auditRow, err error) {
		err = row.Scan(&r.seq, &r.at, &r.actor, &r.action, &r.subject, &r.details, &r.prev, &r.hash)
		return r, err
	}, `SELECT seq, at, actor, action, subject, details, prev, hash FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2`, after, limit)
}
