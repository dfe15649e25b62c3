package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/pressly/goose/v3"
)

// Backup writes a copy of the database at a place, as of one moment, into a
// file, and checks it. The database may be in use, and is not changed in any way,
// its schema neither. Whichever database it is, the file is a database of SQLite
// with the same schema version. It is there whole or not at all; one that is
// there already is replaced only if replace is set.
func Backup(ctx context.Context, place, file string, replace bool, watch Watch) (sum Summary, err error) {
	defer wrap(&err, "back up into %s", file)
	err = writeFile(file, replace, func(path string) error {
		if IsURL(place) {
			err = copyOut(ctx, place, path, watch)
		} else {
			err = vacuumInto(ctx, filepath.Join(place, "supportbot.db"), inUse, path)
		}
		if err != nil {
			return err
		}
		if sum, err = inspect(ctx, path); err != nil {
			err = fmt.Errorf("the copy does not pass its check, so the database itself may be damaged: %w", err)
		}
		return err
	})
	return sum, err
}

// copyOut copies a database of PostgreSQL into an empty file.
func copyOut(ctx context.Context, url, path string, watch Watch) error {
	source, err := plainPostgres(url)
	if err != nil {
		return err
	}
	defer source.Close()
	from, err := source.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("reach PostgreSQL: %w", err)
	}
	defer from.Rollback()
	if err := unhurried(ctx, from); err != nil {
		return err
	}
	version, err := schemaOf(ctx, from)
	if err != nil {
		return fmt.Errorf("it holds no supportbot: %w", err)
	}

	// What this writes is thrown away if it fails, so it need not be safe before.
	target, err := connect(path, 1, "_journal_mode=MEMORY&_synchronous=OFF")
	if err != nil {
		return err
	}
	defer target.Close()
	if err := migrateTo(ctx, goose.DialectSQLite3, target, version); err != nil {
		return err
	}
	to, err := target.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer to.Rollback()
	tables, err := tablesOf(ctx, to)
	if err != nil {
		return err
	}
	if _, err := pgColumns(ctx, from, tables); err != nil {
		return err
	}
	all, err := copyAll(ctx, side{conn: from, collate: byBytes}, liteSide(to), tables, watch)
	if err != nil {
		return err
	}
	if err := same(all); err != nil {
		return err
	}
	return to.Commit()
}

// unhurried lifts limits that a server may set for what programs usually do.
func unhurried(ctx context.Context, tx conn) error {
	_, err := tx.ExecContext(ctx, `SELECT set_config(name, '0', true) FROM unnest(
		ARRAY['statement_timeout', 'idle_in_transaction_session_timeout']) name`)
	return err
}

// same is an error if a copy is not what it was copied from.
func same(all []Copied) error {
	for _, c := range all {
		if c.Source != c.Target {
			return fmt.Errorf("table %s: %w: %d rows were copied, %d are there", c.Table, errDiffers, c.Source.Rows, c.Target.Rows)
		}
	}
	return nil
}

var errDiffers = errors.New("the copy differs from what was copied")

// Summary is what a backup holds.
type Summary struct {
	Conversations int64
	Bytes         int64 // of the file
	Schema        int64 // the version
}

// inspect checks every page of a backup and every reference in it.
func inspect(ctx context.Context, path string) (sum Summary, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return sum, err
	}
	sum.Bytes = info.Size()
	db, err := connect(path, 1, untouched)
	if err != nil {
		return sum, err
	}
	defer db.Close()
	if sum.Schema, err = schemaOf(ctx, db); err == nil {
		err = row(ctx, db, `SELECT count(*) FROM thread WHERE channel <> $1`, restored).Scan(&sum.Conversations)
	}
	if err == nil {
		err = sound(ctx, db)
	}
	switch {
	case err == nil, ctx.Err() != nil:
	case liteFails(err, liteNoDatabase), liteFails(err, liteError):
		err = fmt.Errorf("it is no database of supportbot: %w", err)
	default:
		err = fmt.Errorf("it is damaged: %w", err)
	}
	return sum, err
}

// sound checks a database of SQLite.
func sound(ctx context.Context, c conn) error {
	var verdict string
	if err := row(ctx, c, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return err
	}
	if verdict != "ok" {
		return errors.New(verdict)
	}
	broken, err := list(ctx, c, func(row scanner) (text string, err error) {
		var table, parent string
		err = row.Scan(&table, &parent)
		return fmt.Sprintf("a row of %s belongs to one of %s that is not there", table, parent), err
	}, `SELECT DISTINCT "table", parent FROM pragma_foreign_key_check`)
	if err == nil && len(broken) > 0 {
		err = errors.New(broken[0])
	}
	return err
}
