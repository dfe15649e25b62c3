package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/sqlite/*.sql
var migrations embed.FS

// migrate applies the migrations that the database has not seen, each in a
// transaction. A database of a newer program is refused.
func migrate(ctx context.Context, db *sql.DB) error {
	files, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	provider, err := goose.NewProvider(goose.DialectSQLite3, db, files)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	have, known, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	if have > known {
		return fmt.Errorf("its schema is version %d and this program knows none after %d; use the program that wrote it or a newer one", have, known)
	}
	return nil
}

// lock lets one process at a time create and migrate the database, for which
// goose has no lock on SQLite. It is a transaction on an empty database beside
// it, so that it works on every system and ends with the process.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	db, err := connect(path, 1, "_txlock=immediate&_busy_timeout=60000")
	if err != nil {
		return nil, err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return nil, fmt.Errorf("lock %s, which another process may hold: %w", path, errors.Join(err, db.Close()))
	}
	return func() {
		tx.Rollback()
		db.Close()
	}, nil
}
