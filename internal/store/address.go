package store

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"

	"supportbot"
	"supportbot/internal/seal"
)

// secretLookup names the key of the HMACs by which conversations are found. It
// stays the same when the key of the database is rotated.
const secretLookup = "address-lookup"

// placeOf is what stands for an address in the database: its HMAC, of which 144 bits
// are enough that no two are the same. So a conversation is found by its address, and
// who has only the database cannot try telephone numbers one by one.
func (v *vault) placeOf(at supportbot.Address) string {
	mac := hmac.New(sha256.New, v.lookup)
	mac.Write([]byte(string(at.Channel) + "\x00" + at.Peer))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:18])
}

// lookupKey returns the key of placeOf, which is made on first use.
func lookupKey(ctx context.Context, db *sql.DB, ring *seal.Ring) (key []byte, err error) {
	err = inTx(ctx, db, func(tx conn) error {
		key, err = secret(ctx, tx, ring, secretLookup)
		return err
	})
	return key, err
}

// hidePage is how many addresses are sealed in one transaction.
const hidePage = 200

// hideAddresses seals the addresses of a database in which they stand in the clear.
func (v *vault) hideAddresses(ctx context.Context, db *sql.DB) error {
	for last := supportbot.ThreadID(0); ; {
		page, err := list(ctx, db, func(row scanner) (h home, err error) {
			err = row.Scan(&h.id, &h.at.Channel, &h.at.Peer, &h.wrapped)
			return h, err
		}, `SELECT id, channel, peer, key FROM thread WHERE id > $1 AND key IS NOT NULL AND address IS NULL ORDER BY id LIMIT $2`, last, hidePage)
		if err != nil || len(page) == 0 {
			return err
		}
		err = inTx(ctx, db, func(tx conn) error {
			for _, h := range page {
				if err := v.hideAddress(ctx, tx, h); err != nil {
					return fmt.Errorf("conversation %d: %w", h.id, err)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		last = page[len(page)-1].id
	}
}

// hideAddress seals one, unless another process has.
func (v *vault) hideAddress(ctx context.Context, tx conn, h home) (err error) {
	if h.key, err = seal.Unwrap(v.ring, h.wrapped, keyName(h.at.Channel, h.at.Peer)); err != nil {
		return err
	}
	h.place = v.placeOf(h.at)
	if err := h.wrap(v.ring); err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `UPDATE thread SET peer = $2, key = $3, address = $4 WHERE id = $1 AND address IS NULL`, h.id, h.place, h.wrapped, h.address)
	return err
}
