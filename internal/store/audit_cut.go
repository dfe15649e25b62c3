package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"supportbot"
)

// CutAudit deletes rows of the audit log that are older than age, the oldest
// first and at most so many, and returns how many. What is left begins at a foot,
// which bears the hash of the last row that went and an HMAC, so that the chain can
// be verified from there; the cut is a row of the log itself. Rows that are not as
// they were written are not deleted.
func (s *Store) CutAudit(ctx context.Context, age time.Duration, limit int) (n int, err error) {
	defer wrap(&err, "cut the audit log")
	before := time.Now().Add(-age).UnixMicro()
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		n = 0 // this may run again
		key, err := s.audit.known(ctx, tx)
		if err != nil {
			return err
		}
		foot, whole, err := footOf(ctx, tx, key)
		if err != nil {
			return err
		}
		if !whole {
			return errors.New("its beginning is not as it was written; look into it with supportbot audit verify")
		}
		rows, err := auditRows(ctx, tx, foot.seq, limit)
		if err != nil || len(rows) == 0 || rows[0].at >= before {
			return err
		}
		last := foot
		for _, r := range rows {
			if r.at >= before {
				break
			}
			if !r.follows(last, key) {
				return fmt.Errorf("row %d is not as it was written; look into it with supportbot audit verify", r.seq)
			}
			last = r
			n++
		}
		if err := moveFoot(ctx, tx, foot, last, key); err != nil {
			return err
		}
		return s.audit.add(ctx, tx, supportbot.Audited{Action: supportbot.CutByAge, Subject: "audit",
			Details: map[string]string{"rows": fmt.Sprint(n), "to": fmt.Sprint(last.seq)}})
	})
	switch {
	case errors.Is(err, errCutElsewhere):
		return 0, nil
	case err != nil:
		return 0, err
	}
	return n, nil
}

// follows tells whether r is the row after another as it was written.
func (r auditRow) follows(before auditRow, key []byte) bool {
	return r.seq == before.seq+1 && bytes.Equal(r.prev, before.hash) && hmac.Equal(r.hash, r.sum(key))
}

// footMAC is what the foot bears if r is the last row that went.
func (r auditRow) footMAC(key []byte) []byte { return macOf(key, "foot", r.seq, r.hash) }

// footOf reads the number and hash of the last row that went, 0 if none has, and
// tells whether they are as they were written.
func footOf(ctx context.Context, tx conn, key []byte) (foot auditRow, whole bool, err error) {
	var mac []byte
	err = row(ctx, tx, `SELECT seq, hash, mac FROM audit_foot WHERE id = 1`).Scan(&foot.seq, &foot.hash, &mac)
	if errors.Is(err, sql.ErrNoRows) {
		return auditRow{hash: make([]byte, sha256.Size)}, true, nil
	}
	return foot, hmac.Equal(mac, foot.footMAC(key)), err
}

// errCutElsewhere: another node cuts the log at this moment.
var errCutElsewhere = errors.New("another process has just cut it")

// moveFoot puts the foot behind a row, and deletes all up to there.
func moveFoot(ctx context.Context, tx conn, was, last auditRow, key []byte) error {
	n, err := affected(tx.ExecContext(ctx, `
		INSERT INTO audit_foot AS f (id, seq, hash, mac) VALUES (1, $1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac WHERE f.seq = $4`,
		last.seq, last.hash, last.footMAC(key), was.seq))
	if err == nil && n == 0 {
		err = errCutElsewhere
	}
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `DELETE FROM audit WHERE seq <= $1`, last.seq)
	return err
}

// beginning is the state of the log before the first row that is kept.
func beginning(ctx context.Context, tx conn, key []byte, seen *supportbot.AuditState) (supportbot.AuditState, error) {
	foot, whole, err := footOf(ctx, tx, key)
	state := supportbot.AuditState{Rows: foot.seq, Hash: foot.hash, Cut: foot.seq}
	switch {
	case err != nil:
	case !whole:
		state.Broken = "the beginning of the log is not as it was written: rows may be missing before it"
	case seen == nil || seen.Rows == 0:
	case seen.Rows < foot.seq:
		err = fmt.Errorf("%w: row %d was deleted by age, with all up to row %d; give a mark of a later row", supportbot.ErrInvalid, seen.Rows, foot.seq)
	case seen.Rows == foot.seq && !bytes.Equal(seen.Hash, foot.hash):
		state.Broken = anotherBefore(seen.Rows)
	}
	return state, err
}
