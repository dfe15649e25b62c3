package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"

	"supportbot"
)

// auditPage is how many rows are read at a time.
const auditPage = 1000

// VerifyAudit looks at the audit log from the first row that is kept on and stops
// at what is wrong. seen, if not nil, is a row's number and hash as they were shown before:
// a log that was put back to an older state, head and all, lacks it.
func (s *Store) VerifyAudit(ctx context.Context, seen *supportbot.AuditState) (state supportbot.AuditState, err error) {
	defer wrap(&err, "verify the audit log")
	err = s.view(ctx, func(tx conn) error {
		var head auditRow
		var mac, keyID []byte
		var begun bool
		err := row(ctx, tx, `SELECT seq, hash, mac, key_id FROM audit_head WHERE id = 1`).Scan(&head.seq, &head.hash, &mac, &keyID)
		if begun = err == nil; errors.Is(err, sql.ErrNoRows) {
			err = nil // nothing was ever written, or somebody took the head away
			head.hash = make([]byte, sha256.Size)
		}
		if err != nil {
			return err
		}
		key, err := s.audit.known(ctx, tx)
		if err != nil {
			return err
		}
		if begun && key == nil {
			state.Broken = "its key is missing: the log cannot be told from another one"
			return nil
		}
		if begun && !hmac.Equal(keyID, idOf(key)) {
			return errOtherKey
		}
		if state, err = beginning(ctx, tx, key, seen); err != nil || state.Broken != "" {
			return err
		}
		if state, err = walk(ctx, tx, state, key, seen); err != nil || state.Broken != "" {
			return err
		}
		switch {
		case state.Rows < head.seq:
			state.Broken = fmt.Sprintf("row %d is missing: the log ends there, and its head says %d rows", state.Rows+1, head.seq)
		case state.Rows > head.seq, begun && !hmac.Equal(mac, head.headMAC(key)), !bytes.Equal(state.Hash, head.hash):
			state.Broken = "the head of the log is not as it was written: rows may be missing after it"
		case seen != nil && seen.Rows > state.Rows:
			state.Broken = fmt.Sprintf("row %d was there before, and the log ends before it", seen.Rows)
		}
		return nil
	})
	return state, err
}

// walk goes along the chain, from where the log begins.
func walk(ctx context.Context, tx conn, state supportbot.AuditState, key []byte, seen *supportbot.AuditState) (supportbot.AuditState, error) {
	for after := int64(0); ; after = state.Rows {
		rows, err := auditRows(ctx, tx, after, auditPage)
		if err != nil || len(rows) == 0 {
			return state, err
		}
		for _, r := range rows {
			switch {
			case r.seq <= state.Rows:
				state.Broken = fmt.Sprintf("row %d stands before row %d, where the log begins", r.seq, state.Rows+1)
			case r.seq != state.Rows+1:
				state.Broken = fmt.Sprintf("row %d is missing", state.Rows+1)
			case !r.follows(auditRow{seq: state.Rows, hash: state.Hash}, key):
				state.Broken = fmt.Sprintf("row %d is not as it was written", r.seq)
			case seen != nil && seen.Rows == r.seq && !bytes.Equal(seen.Hash, r.hash):
				state.Broken = anotherBefore(r.seq)
			default:
				state.Rows, state.Hash = r.seq, r.hash
				continue
			}
			return state, nil
		}
	}
}

func anotherBefore(row int64) string { return fmt.Sprintf("row %d was another one before", row) }

// known is the key where nothing may be written: none before the first row.
func (c *chain) known(ctx context.Context, tx conn) (key []byte, err error) {
	if c.key != nil {
		return c.key, nil
	}
	err = row(ctx, tx, `SELECT key FROM secret WHERE name = $1`, secretAudit).Scan(&key)
	wrap(&err, "the key of the audit log")
	if errors.Is(err, supportbot.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return c.ring.Unwrap(key, secretName(secretAudit))
}
