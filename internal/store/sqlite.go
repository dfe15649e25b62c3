// Package store keeps conversations, cases and the accounts of agents in a
// database.
package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver

	"supportbot/internal/turn"
)

// SQLite is a store in one file, which several processes may have open at the
// same time. A write that another process holds up fails after five seconds.
type SQLite struct {
	write *sql.DB // one connection, since SQLite has one writer at a time
	read  *sql.DB
}

var _ turn.Store = (*SQLite)(nil)

// Open opens supportbot.db in dir and brings its schema up to date, waiting up
// to a minute for another process that does so. What does not exist yet is
// created for the owner's eyes only.
func Open(ctx context.Context, dir string) (s *SQLite, err error) {
	defer wrap(&err, "open the database in %s", dir)
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	unlock, err := lock(ctx, filepath.Join(dir, "supportbot.lock"))
	if err != nil {
		return nil, err
	}
	defer unlock()

	path := filepath.Join(dir, "supportbot.db")
	if err := create(path); err != nil {
		return nil, err
	}
	s = &SQLite{}
	s.write, err = connect(path, 1, "_txlock=immediate&_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on")
	if err != nil {
		return nil, err
	}
	s.read, err = connect(path, 4, "_busy_timeout=5000&_query_only=on")
	if err != nil {
		return nil, errors.Join(err, s.write.Close())
	}
	if err := migrate(ctx, s.write); err != nil {
		return nil, errors.Join(err, s.read.Close(), s.write.Close())
	}
	return s, nil
}

// create makes an empty file that only its owner may read; SQLite gives its
// companions -wal and -shm the same mode. A file that exists is not touched:
// closing it here would drop the locks that this process holds on it
// (https://sqlite.org/howtocorrupt.html, section 2.2).
func create(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// connect prepares a pool of connections; params are the driver's.
func connect(path string, conns int, params string) (*sql.DB, error) {
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: params}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}

// Close writes the log back into the database file and closes it. If it cannot
// be written back, nothing is lost: the next Open reads it.
func (s *SQLite) Close() (err error) {
	defer wrap(&err, "close")
	err = s.read.Close()
	_, flush := s.write.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, flush, s.write.Close())
}
