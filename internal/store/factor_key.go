package store

import (
	"context"
	"database/sql"
	"encoding/base64"
	"fmt"

	"supportbot/internal/seal"
)

// sealTOTP seals the key of a second factor for an agent, so that a copy of the
// database gives nobody its codes. It is kept as text, in base64.
func sealTOTP(r *seal.Ring, agent, key string) (string, error) {
	sealed, err := r.Wrap([]byte(key), totpName(agent))
	return base64.StdEncoding.EncodeToString(sealed), err
}

// openTOTP opens what sealTOTP sealed; "" is no second factor.
func openTOTP(r *seal.Ring, agent, sealed string) (key string, err error) {
	if sealed == "" {
		return "", nil
	}
	wrapped, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil {
		return "", fmt.Errorf("the second factor of %s: %w", agent, err)
	}
	opened, err := r.Unwrap(wrapped, totpName(agent))
	if err != nil {
		return "", fmt.Errorf("the second factor of %s: %w; take it away with supportbot agent totp-reset", agent, err)
	}
	return string(opened), nil
}

func totpName(agent string) string { return "agent.totp " + agent }

// sealFactors seals the second factors that an older program has kept in the
// clear: 32 letters, which a sealed one never has.
func sealFactors(ctx context.Context, db *sql.DB, r *seal.Ring) error {
	type factor struct{ agent, key string }
	plain, err := list(ctx, db, func(row scanner) (f factor, err error) {
		err = row.Scan(&f.agent, &f.key)
		return f, err
	}, `SELECT name, totp FROM agent WHERE length(totp) = 32`)
	if err != nil {
		return err
	}
	for _, f := range plain {
		sealed, err := sealTOTP(r, f.agent, f.key)
		if err != nil {
			return err
		}
		if _, err := db.ExecContext(ctx, `UPDATE agent SET totp = $3 WHERE name = $1 AND totp = $2`, f.agent, f.key, sealed); err != nil {
			return err
		}
	}
	return nil
}
