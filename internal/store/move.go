package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pressly/goose/v3"

	"supportbot/internal/seal"
)

// Move copies the database of SQLite in dir into an empty one of PostgreSQL, in
// one transaction: if it fails, that is still empty. The old database is left as
// it is, but for its schema, which is brought up to date. It returns what was
// read, and read back, of every table; also with its error, if they differ. It is
// refused while a process has either database open.
func Move(ctx context.Context, dir, url string, key seal.Place, watch Watch) (all []Copied, err error) {
	defer wrap(&err, "move %s to PostgreSQL", dir)
	path := filepath.Join(dir, "supportbot.db")
	if _, err := os.Stat(path); err != nil {
		return nil, err
	}
	unlock, err := lockAlone(ctx, dir)
	if err != nil {
		return nil, fmt.Errorf("from %s: %w", dir, err)
	}
	defer unlock()
	c, done, err := pgAlone(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("to PostgreSQL: %w", err)
	}
	defer done()
	if filled, err := pgFilled(ctx, c); err != nil || filled != "" {
		return nil, errors.Join(fmt.Errorf("to PostgreSQL: %w, in table %s; create another database", errNotEmpty, filled), err)
	}
	source, err := connect(path, 1, "mode=rw&_busy_timeout=5000&_pragma=secure_delete(on)")
	if err != nil {
		return nil, err
	}
	defer source.Close()
	if _, err := bringUp(ctx, goose.DialectSQLite3, source, key); err != nil {
		return nil, err
	}
	if err := sound(ctx, source); err != nil {
		return nil, fmt.Errorf("from %s, which is damaged: %w", dir, err)
	}
	return fill(ctx, c, url, source, false, watch)
}

// fill copies a database of SQLite into one of PostgreSQL, on a connection to it,
// in place of what is there if that may be replaced.
func fill(ctx context.Context, c *sql.Conn, url string, source *sql.DB, replace bool, watch Watch) ([]Copied, error) {
	target, err := plainPostgres(url)
	if err != nil {
		return nil, err
	}
	defer target.Close()
	if err := migrate(ctx, goose.DialectPostgres, target); err != nil { // nobody else does, beside c
		return nil, err
	}
	from, err := source.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	if err != nil {
		return nil, err
	}
	defer from.Rollback()
	tables, err := tablesOf(ctx, from)
	if err != nil {
		return nil, err
	}
	to, err := c.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer to.Rollback()
	columns, err := pgColumns(ctx, to, tables)
	if err != nil {
		return nil, err
	}
	if err := clearTables(ctx, to, tables, replace); err != nil {
		return nil, err
	}
	all, err := copyAll(ctx, liteSide(from), pgSide(c, to, columns), tables, watch)
	if err != nil {
		return nil, err
	}
	if err := same(all); err != nil {
		return all, err
	}
	if err := raise(ctx, to, columns); err != nil {
		return nil, err
	}
	return all, to.Commit()
}

// clearTables locks the tables against everybody until the end of the
// transaction, and sees to it that they are empty.
func clearTables(ctx context.Context, tx conn, tables []table, replace bool) error {
	if err := unhurried(ctx, tx); err != nil {
		return err
	}
	var names, all []string
	for _, t := range tables {
		names, all = append(names, t.name), append(all, quoted(t.name))
	}
	if _, err := tx.ExecContext(ctx, `LOCK TABLE `+strings.Join(all, ", ")); err != nil {
		return err
	}
	if replace {
		// The audit log goes with all the rest, which was set aside; else it stays.
		_, err := tx.ExecContext(ctx, `ALTER TABLE audit DISABLE TRIGGER audit_never_forgets;
			TRUNCATE `+strings.Join(all, ", ")+`;
			ALTER TABLE audit ENABLE TRIGGER audit_never_forgets`)
		return err
	}
	filled, err := firstFilled(ctx, tx, names)
	if err == nil && filled != "" {
		err = fmt.Errorf("%w, in table %s", errNotEmpty, filled)
	}
	if err == nil {
		_, err = tx.ExecContext(ctx, `DELETE FROM secret`) // what it began with
	}
	return err
}
