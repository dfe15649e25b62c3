package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"supportbot/internal/seal"
)

// Restored is what Restore has done.
type Restored struct {
	Summary
	Aside string // the file in which what was there before is, "" if nothing was
}

// errNotEmpty is why a database is not filled.
var errNotEmpty = errors.New("there is data already")

// Restore puts a backup into the database at a place, which must be empty, or
// not exist yet in the case of a directory. With replace, what is there is kept
// in a file: the database of SQLite itself under another name, of PostgreSQL a
// backup beside the one that is restored. If Restore fails, all is as it was. It
// is refused while a server is at work there, and with a key that does not open the
// backup.
func Restore(ctx context.Context, file, place string, key seal.Place, replace bool, watch Watch) (done Restored, err error) {
	defer wrap(&err, "restore %s", file)
	if _, err := os.Stat(file); err != nil {
		return done, err
	}
	if IsURL(place) {
		return restorePostgres(ctx, file, place, key, replace, watch)
	}
	return restoreSQLite(ctx, file, place, key, replace)
}

func restoreSQLite(ctx context.Context, file, dir string, key seal.Place, replace bool) (done Restored, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return done, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return done, err
	}
	unlock, err := lockAlone(ctx, dir)
	if err != nil {
		return done, fmt.Errorf("into %s: %w", dir, err)
	}
	defer unlock()
	path := filepath.Join(dir, "supportbot.db")
	filled, err := holdsData(ctx, path)
	keep := filled || err != nil // one that is damaged too
	if keep && !replace {
		return done, errors.Join(fmt.Errorf("%s: %w; choose another directory, or set this database aside with --force", path, errNotEmpty), err)
	}
	whole := filepath.Join(dir, "supportbot.db.restored")
	if err := removeUnfinished(whole); err != nil {
		return done, err
	}
	err = writeFile(whole, true, func(path string) error {
		done.Summary, err = stage(ctx, file, path, key)
		return err
	})
	if err != nil {
		return done, err
	}
	if keep {
		done.Aside = path + ".before-restore-" + stamp()
	}
	return done, replaceFile(path, whole, done.Aside)
}

// stamp is a time for the name of a file.
func stamp() string { return time.Now().UTC().Format("20060102T150405.000Z") }

// holdsData tells whether there is a database of SQLite with any row in it; an
// error if it cannot be read. What its write-ahead log holds is put into its file.
func holdsData(ctx context.Context, path string) (bool, error) {
	if info, err := os.Stat(path); errors.Is(err, os.ErrNotExist) || err == nil && info.Size() == 0 {
		return false, nil
	}
	db, err := connect(path, 1, "mode=rw&_busy_timeout=5000")
	if err != nil {
		return false, err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return false, err
	}
	tables, err := tablesOf(ctx, db)
	if err != nil {
		return false, err
	}
	var names []string
	for _, t := range tables {
		names = append(names, t.name)
	}
	filled, err := firstFilled(ctx, db, names)
	return filled != "", err
}

// firstFilled returns the first of the tables that has a row, "" if none has but
// what every database begins with: the mark of its key, and the key of its look-ups.
func firstFilled(ctx context.Context, c conn, tables []string) (string, error) {
	for _, name := range tables {
		var filled bool
		only := ""
		if name == "secret" {
			only = ` WHERE name NOT IN ('` + keyCheck + `', '` + secretLookup + `')`
		}
		if err := row(ctx, c, `SELECT EXISTS (SELECT 1 FROM `+quoted(name)+only+`)`).Scan(&filled); err != nil || filled {
			return name, err
		}
	}
	return "", nil
}

// replaceFile puts a new database where another is, which gets the name aside
// unless that is empty. At no moment is there none, which a server would make up
// for with an empty one, and never does the new one stand beside the old one's
// write-ahead log.
func replaceFile(path, with, aside string) error {
	for _, companion := range []string{"-wal", "-shm"} {
		var err error
		if aside == "" {
			err = os.Remove(path + companion)
		} else {
			err = os.Rename(path+companion, aside+companion)
		}
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	if aside != "" {
		if err := os.Link(path, aside); err != nil {
			return err
		}
	}
	if err := os.Rename(with, path); err != nil {
		return err
	}
	return syncFile(filepath.Dir(path))
}

func restorePostgres(ctx context.Context, file, url string, key seal.Place, replace bool, watch Watch) (done Restored, err error) {
	c, end, err := pgAlone(ctx, url)
	if err != nil {
		return done, err
	}
	defer end()
	filled, err := pgFilled(ctx, c)
	if err != nil {
		return done, err
	}
	if filled != "" && !replace {
		return done, fmt.Errorf("%w, in table %s; create another database, or replace what is there with --force", errNotEmpty, filled)
	}
	dir, err := os.MkdirTemp("", "supportbot-restore-")
	if err != nil {
		return done, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	staged := filepath.Join(dir, "supportbot.db")
	if done.Summary, err = stage(ctx, file, staged, key); err != nil {
		return done, err
	}
	if filled != "" {
		done.Aside = file + ".before-restore-" + stamp()
		if _, err := Backup(ctx, url, done.Aside, false, watch); err != nil {
			return done, err
		}
	}
	source, err := connect(staged, 1, untouched)
	if err != nil {
		return done, err
	}
	defer source.Close()
	_, err = fill(ctx, c, url, source, replace, watch)
	return done, err
}

// pgFilled returns a table of PostgreSQL that has a row, whosever it is, "" if
// none has.
func pgFilled(ctx context.Context, c *sql.Conn) (string, error) {
	names, err := list(ctx, c, func(row scanner) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	}, `SELECT table_name FROM information_schema.tables
		WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name <> 'goose_db_version'
		ORDER BY table_name`)
	if err != nil {
		return "", err
	}
	return firstFilled(ctx, c, names)
}
