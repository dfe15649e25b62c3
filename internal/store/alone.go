package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// A database is replaced as a whole only while no program works on it. Whoever
// has it open shows that by a shared lock, which ends with the process.

// errInUse is why a database is not replaced.
var errInUse = errors.New("a supportbot has it open; stop every server on it first")

// lockName is the file beside a database of SQLite on which processes agree who
// may do what.
const lockName = "supportbot.lock"

// holdOpen shows until release that this process has the database in dir open:
// by a transaction that reads an empty database, which a writer to that waits for.
func holdOpen(ctx context.Context, dir string) (release func(), err error) {
	return lockBy(ctx, dir, "_busy_timeout=60000")
}

// lockAlone keeps every other process from the database in dir until unlock;
// errInUse if one has it open.
func lockAlone(ctx context.Context, dir string) (unlock func(), err error) {
	unlock, err = lockBy(ctx, dir, "_txlock=exclusive&_busy_timeout=100")
	if liteFails(err, liteBusy) {
		err = errInUse
	}
	return unlock, err
}

func lockBy(ctx context.Context, dir, params string) (unlock func(), err error) {
	db, err := connect(filepath.Join(dir, lockName), 1, params)
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx) // whose end would end the transaction
	tx, err := db.BeginTx(ctx, nil)
	if err == nil {
		_, err = tx.ExecContext(ctx, `SELECT count(*) FROM sqlite_schema`) // a transaction locks once it reads
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return func() {
		tx.Rollback()
		db.Close()
	}, nil
}

// pgHoldOpen shows as long as the connection lasts that a server works on the
// database. It is an advisory lock under a number that only has to be the same.
const (
	pgHoldOpen = `SELECT pg_advisory_lock_shared(8319681432041152116)`
	pgLock     = `SELECT pg_try_advisory_lock(8319681432041152116)`
)

// pgAlone connects to a database of PostgreSQL that has no server on it, and
// keeps servers from it as long as the connection lasts; errInUse if there is one.
func pgAlone(ctx context.Context, url string) (c *sql.Conn, done func(), err error) {
	db, err := plainPostgres(url)
	if err != nil {
		return nil, nil, err
	}
	if c, err = db.Conn(ctx); err != nil {
		return nil, nil, errors.Join(fmt.Errorf("reach PostgreSQL: %w", err), db.Close())
	}
	done = func() {
		_ = c.Close()
		db.Close()
	}
	if err := pgWaitAlone(ctx, c); err != nil {
		done()
		return nil, nil, err
	}
	return c, done, nil
}

// pgWaitAlone takes the lock, within a second: PostgreSQL may be slow to see that
// a process has gone.
func pgWaitAlone(ctx context.Context, c *sql.Conn) error {
	for range 10 {
		var alone bool
		if err := row(ctx, c, pgLock).Scan(&alone); err != nil || alone {
			return err
		}
		pause(ctx, 100*time.Millisecond)
	}
	return errInUse
}
