package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"github.com/pressly/goose/v3"

	"supportbot"
	"supportbot/internal/seal"
	"supportbot/internal/turn"
)

// The versions of the schema between which what is plain is sealed: what people
// say, and their addresses.
const (
	schemaSealing = 8
	schemaSealed  = 9

	schemaHiding = 11
	schemaHidden = 12
)

// bringUp migrates a database and gets its key. What is plain in a database of
// an older program is sealed on the way, a conversation a transaction, so that it
// can be interrupted and goes on where it stood.
func bringUp(ctx context.Context, dialect goose.Dialect, db *sql.DB, key seal.Place, options ...goose.ProviderOption) (*vault, error) {
	if err := migrateUpTo(ctx, dialect, db, schemaSealing, options...); err != nil {
		return nil, err
	}
	r, err := ring(ctx, db, key)
	if err != nil {
		return nil, err
	}
	if version, err := schemaOf(ctx, db); err != nil || version < schemaSealed {
		if err == nil {
			err = sealAll(ctx, db, &vault{ring: r})
		}
		if err != nil {
			return nil, fmt.Errorf("seal what is there: %w", err)
		}
	}
	if err := migrateUpTo(ctx, dialect, db, schemaHiding, options...); err != nil {
		return nil, err
	}
	lookup, err := lookupKey(ctx, db, r)
	if err != nil {
		return nil, fmt.Errorf("the key by which conversations are found: %w", err)
	}
	v := newVault(r, lookup)
	if version, err := schemaOf(ctx, db); err != nil || version < schemaHidden {
		if err == nil {
			err = v.hideAddresses(ctx, db)
		}
		if err == nil && dialect == goose.DialectPostgres {
			err = rewriteThreads(ctx, db)
		}
		if err != nil {
			return nil, fmt.Errorf("seal the addresses that are there: %w", err)
		}
	}
	if err := migrate(ctx, dialect, db, options...); err != nil {
		return nil, err
	}
	if err := sealFactors(ctx, db, r); err != nil {
		return nil, fmt.Errorf("seal second factors: %w", err)
	}
	return v, nil
}

// rewriteThreads takes what rows of PostgreSQL were out of their file. A table that
// was vacuumed while it was empty would be planned for as one that stays so.
func rewriteThreads(ctx context.Context, db *sql.DB) error {
	var filled bool
	if err := row(ctx, db, `SELECT EXISTS (SELECT 1 FROM thread)`).Scan(&filled); err != nil || !filled {
		return err
	}
	_, err := db.ExecContext(ctx, `VACUUM FULL thread`)
	return err
}

// sealAll seals a database.
func sealAll(ctx context.Context, db *sql.DB, v *vault) error {
	for {
		plain, err := list(ctx, db, func(row scanner) (h home, err error) {
			err = row.Scan(&h.id, &h.at.Channel, &h.at.Peer)
			return h, err
		}, `SELECT id, channel, peer FROM thread WHERE key IS NULL ORDER BY id LIMIT 100`)
		if err != nil {
			return err
		}
		for _, h := range plain {
			err := inTx(ctx, db, func(tx conn) error { return v.sealThread(ctx, tx, h) })
			if err != nil {
				return fmt.Errorf("conversation %d: %w", h.id, err)
			}
		}
		if len(plain) == 0 {
			return inTx(ctx, db, func(tx conn) error { return v.sealSecrets(ctx, tx) })
		}
	}
}

func inTx(ctx context.Context, db *sql.DB, f func(tx conn) error) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// sealThread seals a conversation, unless another process has.
func (v *vault) sealThread(ctx context.Context, tx conn, h home) error {
	var err error
	if h.key, err = seal.NewKey(); err != nil {
		return err
	}
	if h.wrapped, err = h.key.Wrapped(v.ring, keyName(h.at.Channel, h.at.Peer)); err != nil {
		return err
	}
	n, err := affected(tx.ExecContext(ctx, `UPDATE thread SET key = $2 WHERE id = $1 AND key IS NULL`, h.id, h.wrapped))
	if err != nil || n == 0 {
		return err
	}
	log, err := h.plainLog(ctx, tx)
	if err != nil {
		return err
	}
	for _, c := range []struct {
		read, write string
		name        func(key string) string
		value       func(plain []byte, key string) ([]byte, error)
	}{
		{`SELECT CAST(version AS TEXT), plain_session FROM thread WHERE id = $1 AND plain_session IS NOT NULL`,
			`UPDATE thread SET session = $3, plain_session = NULL WHERE id = $1 AND version = CAST($2 AS BIGINT)`,
			func(version string) string { return sessionColumn + version }, asItIs},
		{`SELECT sender || ' ' || ext_id, plain_payload FROM inbox WHERE thread_id = $1`,
			`UPDATE inbox SET payload = $3, plain_payload = '' WHERE thread_id = $1 AND sender || ' ' || ext_id = $2`,
			func(name string) string { return payloadColumn + name }, asItIs},
		{`SELECT CAST(seq AS TEXT), plain_outcome FROM inbox WHERE thread_id = $1 AND plain_outcome IS NOT NULL`,
			`UPDATE inbox SET result = $3, plain_outcome = NULL WHERE thread_id = $1 AND seq = CAST($2 AS BIGINT)`,
			func(seq string) string { return resultColumn + seq }, func(plain []byte, seq string) ([]byte, error) {
				var r result
				if err := json.Unmarshal(plain, &r); err != nil {
					return nil, err
				}
				r.Log = log[seq]
				return json.Marshal(r)
			}},
		{`SELECT id, plain_data FROM cases WHERE thread_id = $1`,
			`UPDATE cases SET data = $3, plain_data = '' WHERE thread_id = $1 AND id = $2`, caseName, asItIs},
	} {
		if err := h.sealColumn(ctx, tx, c.read, c.write, c.name, c.value); err != nil {
			return err
		}
	}
	return h.sealMessages(ctx, tx)
}

func asItIs(plain []byte, _ string) ([]byte, error) { return plain, nil }

func (h home) sealColumn(ctx context.Context, tx conn, read, write string, name func(string) string, value func([]byte, string) ([]byte, error)) error {
	type plain struct {
		key  string
		text []byte
	}
	all, err := list(ctx, tx, func(row scanner) (p plain, err error) {
		err = row.Scan(&p.key, &p.text)
		return p, err
	}, read, h.id)
	if err != nil {
		return err
	}
	for _, p := range all {
		text, err := value(p.text, p.key)
		if err != nil {
			return err
		}
		sealed, err := h.key.Seal(text, name(p.key))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, write, h.id, p.key, sealed); err != nil {
			return err
		}
	}
	return nil
}

// plainLog reads the log of a conversation by the numbers of inbox rows. What was
// logged before turns told their row is put to the first.
func (h home) plainLog(ctx context.Context, tx conn) (map[string][]logged, error) {
	all, err := list(ctx, tx, func(row scanner) (e logged, err error) {
		var payload []byte
		err = row.Scan(&e.Type, &payload)
		e.Payload = payload
		return e, err
	}, `SELECT type, payload FROM event WHERE thread_id = $1 ORDER BY seq`, h.id)
	if err != nil {
		return nil, err
	}
	began := turn.Began{Row: 1}
	log := map[string][]logged{}
	for _, e := range all {
		if e.Type == turn.LogTurn {
			if err := json.Unmarshal(e.Payload, &began); err != nil {
				return nil, err
			}
		}
		seq := fmt.Sprint(began.Row)
		log[seq] = append(log[seq], e)
	}
	return log, nil
}

func (h home) sealMessages(ctx context.Context, tx conn) error {
	all, err := list(ctx, tx, func(row scanner) (m supportbot.Message, err error) {
		var choices []byte
		if err = row.Scan(&m.Seq, &m.Author, &m.Text, &m.Spoken, &choices); err != nil {
			return m, err
		}
		return m, json.Unmarshal(choices, &m.Choices)
	}, `SELECT seq, author, text, spoken, choices FROM message WHERE thread_id = $1`, h.id)
	if err != nil {
		return err
	}
	for _, m := range all {
		sealed, err := sealJSON(h.key, bodyOf(m), bodyName(m.Seq))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE message SET body = $3, author = '', text = '', spoken = '', choices = '' WHERE thread_id = $1 AND seq = $2`, h.id, m.Seq, sealed); err != nil {
			return err
		}
	}
	return nil
}

// sealSecrets seals the random keys of 32 bytes that are not sealed yet.
func (v *vault) sealSecrets(ctx context.Context, tx conn) error {
	type secret struct {
		name string
		key  []byte
	}
	all, err := list(ctx, tx, func(row scanner) (s secret, err error) {
		err = row.Scan(&s.name, &s.key)
		return s, err
	}, `SELECT name, key FROM secret WHERE length(key) = 32`)
	if err != nil {
		return err
	}
	for _, s := range all {
		sealed, err := v.ring.Wrap(s.key, secretName(s.name))
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, `UPDATE secret SET key = $2 WHERE name = $1 AND length(key) = 32`, s.name, sealed); err != nil {
			return err
		}
	}
	return nil
}
