package store

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver

	"supportbot/internal/seal"
	"supportbot/internal/turn"
)

// sqliteDB is one file, which several processes may have open at the same time.
// A write that another process holds up fails after five seconds.
type sqliteDB struct {
	writes *sql.DB // one connection, since SQLite has one writer at a time
	reads  *sql.DB
	read   *lite
	views  chan struct{} // a place for each view: the other half of reads is for what they prepare
	writer *writer
	closed func() // no longer shows that this process has it open
	audit  *chain
}

// readers is how many connections read.
const readers = 8

// openSQLite opens supportbot.db in dir, waiting up to a minute for another
// process that brings its schema up to date. What does not exist yet is created
// for the owner's eyes only.
func openSQLite(ctx context.Context, dir string, key seal.Place) (s *Store, err error) {
	defer wrap(&err, "open the database in %s", dir)
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, err
	}
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	unlock, err := lockFile(ctx, filepath.Join(dir, lockName))
	if err != nil {
		return nil, err
	}
	defer unlock()

	path := filepath.Join(dir, "supportbot.db")
	if err := create(path); err != nil {
		return nil, err
	}
	closed, err := holdOpen(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			closed()
		}
	}()
	db := &sqliteDB{views: make(chan struct{}, readers/2), closed: closed, audit: &chain{}}
	db.writes, err = connect(path, 1, "_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=on&_pragma=secure_delete(on)")
	if err != nil {
		return nil, err
	}
	db.reads, err = connect(path, readers, "_busy_timeout=5000&_query_only=on")
	if err != nil {
		return nil, errors.Join(err, db.writes.Close())
	}
	vault, err := bringUp(ctx, goose.DialectSQLite3, db.writes, key)
	if err == nil { // what was plain until now stands no longer in the log
		_, err = db.writes.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
	var only *sql.Conn
	if err == nil {
		only, err = db.writes.Conn(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, db.reads.Close(), db.writes.Close())
	}
	db.read = newLite(db.reads.PrepareContext)
	db.writer = newWriter(newLite(only.PrepareContext), only)
	return newStore(db.read, db, vault, db.audit), nil
}

func (db *sqliteDB) update(ctx context.Context, f func(context.Context, conn) error) error {
	return db.writer.do(ctx, f)
}

func (db *sqliteDB) view(ctx context.Context, f func(tx conn) error) error {
	select {
	case db.views <- struct{}{}:
		defer func() { <-db.views }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := db.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return f(db.read.in(tx))
}

// hint does nothing: processes on one file are few, and look for themselves.
func (db *sqliteDB) hint(turn.Hint) {}

// hintEvery is how often it is asked whether another process has written.
const hintEvery = 500 * time.Millisecond

// hints tells that other processes have written, not what: the number that a
// connection is given changes only when another one has committed
// (https://sqlite.org/pragma.html#pragma_data_version).
func (db *sqliteDB) hints(ctx context.Context, f func(turn.Hint)) {
	tick := time.NewTicker(hintEvery)
	defer tick.Stop()
	for last := int64(0); ; {
		var now int64
		err := db.update(ctx, func(ctx context.Context, tx conn) error {
			return row(ctx, tx, "PRAGMA data_version").Scan(&now)
		})
		if err == nil {
			if now != last { // at first too: what came before is not known
				f(turn.Hint{})
			}
			last = now
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (db *sqliteDB) ping(ctx context.Context) error { return db.reads.PingContext(ctx) }

// close writes the log back into the database file. If that cannot be done,
// nothing is lost: the next Open reads it.
func (db *sqliteDB) close() error {
	defer db.closed()
	err := errors.Join(db.writer.close(), db.reads.Close())
	_, flush := db.writes.ExecContext(context.Background(), "PRAGMA wal_checkpoint(TRUNCATE)")
	return errors.Join(err, flush, db.writes.Close())
}

// makeDir makes a directory, and those above it, so that a power cut does not
// take them back. SQLite syncs the names in the directory, but not its own. A
// system that cannot sync a directory is not insisted on, as SQLite does not.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); err == nil {
		return nil
	}
	above := filepath.Dir(dir)
	if err := makeDir(above); err != nil {
		return err
	}
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if f, err := os.Open(above); err == nil {
		_ = f.Sync()
		_ = f.Close()
	}
	return nil
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
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	dsn := url.URL{Scheme: "file", Path: path, RawQuery: params}
	db, err := sql.Open("sqlite", dsn.String())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}
