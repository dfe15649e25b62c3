package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"

	"supportbot/internal/seal"
)

// keyCheck names the secret that tells whether a key is that of the database.
const keyCheck = "key-check"

// ring gets the key of a database, in which it leaves a mark if there is none
// yet. A key is made only where nothing is sealed. The error says what to do.
func ring(ctx context.Context, db *sql.DB, key seal.Place) (*seal.Ring, error) {
	mark, err := keyMark(ctx, db)
	if err != nil {
		return nil, err
	}
	r, err := key.Load()
	made := false
	if errors.Is(err, seal.ErrNoKey) && mark == nil && key.Make {
		r, made, err = key.Create()
	}
	if errors.Is(err, seal.ErrNoKey) {
		return nil, fmt.Errorf("what is in it is sealed, and %w; name the key of this database with --key-file, or give its base64 in SUPPORTBOT_KEY", err)
	}
	if err != nil {
		return nil, err
	}
	if mark == nil {
		if mark, err = leaveMark(ctx, db, r); err != nil {
			return nil, err
		}
	}
	err = opens(r, mark, key)
	if made && err == nil {
		slog.Warn("made a key that seals what people say; keep a copy where no backup of the database is: without it nothing can be read, and beside it nothing is protected",
			slog.String("file", key.File))
	}
	if made && err != nil { // another process was quicker with a key of its own
		err = errors.Join(err, key.Remove())
	}
	return r, err
}

// opens tells whether a key is that of a database with a mark.
func opens(r *seal.Ring, mark []byte, key seal.Place) error {
	if _, err := r.Unwrap(mark, secretName(keyCheck)); err != nil {
		return fmt.Errorf("it is sealed by another key than %s; name its own with --key-file, or give its base64 in SUPPORTBOT_KEY", key)
	}
	return nil
}

// keyMark reads the mark of the key, nil if there is none.
func keyMark(ctx context.Context, c conn) (mark []byte, err error) {
	err = row(ctx, c, `SELECT key FROM secret WHERE name = '`+keyCheck+`'`).Scan(&mark)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	return mark, err
}

// leaveMark leaves the mark of a key, and returns the one that is there then.
func leaveMark(ctx context.Context, db *sql.DB, r *seal.Ring) ([]byte, error) {
	mark, err := r.Wrap([]byte("supportbot"), secretName(keyCheck))
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, `INSERT INTO secret (name, key) VALUES ('`+keyCheck+`', $1) ON CONFLICT (name) DO NOTHING`, mark); err != nil {
		return nil, err
	}
	return keyMark(ctx, db)
}
