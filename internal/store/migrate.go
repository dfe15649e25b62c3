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

//go:embed migrations/*/*.sql
var migrations embed.FS

// folders are where the migrations of each database are. Those with the same
// number do the same.
var folders = map[goose.Dialect]string{
	goose.DialectSQLite3:  "migrations/sqlite",
	goose.DialectPostgres: "migrations/postgres",
}

// migrate applies the migrations that the database has not seen, each in a
// transaction. A database of a newer program is refused.
func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, options ...goose.ProviderOption) error {
	provider, err := migrator(dialect, db, options...)
	if err != nil {
		return err
	}
	if _, err := provider.Up(ctx); err != nil {
		return err
	}
	have, newest, err := provider.GetVersions(ctx)
	if err != nil {
		return err
	}
	return known(have, newest)
}

// migrateUpTo is migrate, up to a version.
func migrateUpTo(ctx context.Context, dialect goose.Dialect, db *sql.DB, version int64, options ...goose.ProviderOption) error {
	provider, err := migrator(dialect, db, options...)
	if err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

// migrateTo makes the schema of a version in an empty database.
func migrateTo(ctx context.Context, dialect goose.Dialect, db *sql.DB, version int64) error {
	provider, err := migrator(dialect, db)
	if err != nil {
		return err
	}
	sources := provider.ListSources()
	if err := known(version, sources[len(sources)-1].Version); err != nil {
		return err
	}
	_, err = provider.UpTo(ctx, version)
	return err
}

func migrator(dialect goose.Dialect, db *sql.DB, options ...goose.ProviderOption) (*goose.Provider, error) {
	files, err := fs.Sub(migrations, folders[dialect])
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(dialect, db, files, options...)
}

// known refuses the schema of a newer program.
func known(have, newest int64) error {
	if have > newest {
		return fmt.Errorf("its schema is version %d and this program knows none after %d; use the program that wrote it or a newer one", have, newest)
	}
	return nil
}

// NewestSchema is the number of the last migration that this program knows.
func NewestSchema() (version int64) {
	names, err := fs.Glob(migrations, folders[goose.DialectSQLite3]+"/*.sql")
	if err != nil || len(names) == 0 {
		panic("store: no migrations are built in")
	}
	version, err = goose.NumericComponent(names[len(names)-1]) // by name, and so by number
	if err != nil {
		panic("store: " + err.Error())
	}
	return version
}

// Schema is the number of the last migration that the database has seen.
func (s *Store) Schema(ctx context.Context) (version int64, err error) {
	defer wrap(&err, "read the schema's version")
	return schemaOf(ctx, s.read)
}

func schemaOf(ctx context.Context, c conn) (version int64, err error) {
	err = row(ctx, c, `SELECT max(version_id) FROM goose_db_version`).Scan(&version)
	return version, err
}

// lockFile lets one process at a time create and migrate the database, for which
// goose has no lock on SQLite. It is a transaction on an empty database beside
// it, so that it works on every system and ends with the process.
func lockFile(ctx context.Context, path string) (unlock func(), err error) {
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
