package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"supportbot"
)

// conn is what statements run on: a pool or a transaction. They are written for
// PostgreSQL, with parameters $1, $2 …
type conn interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

// exec runs one writing statement.
func (s *Store) exec(ctx context.Context, query string, args ...any) (res sql.Result, err error) {
	err = s.update(ctx, func(ctx context.Context, tx conn) error {
		res, err = tx.ExecContext(ctx, query, args...)
		return err
	})
	return res, err
}

// affected returns how many rows a statement changed.
func affected(res sql.Result, err error) (int64, error) {
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// wrap says what failed, and turns the drivers' errors into the domain's: no
// rows, and text that PostgreSQL cannot hold, which no repeat would change. Where
// the disk is at fault it says what to do.
func wrap(err *error, format string, args ...any) {
	switch {
	case errors.Is(*err, sql.ErrNoRows):
		*err = supportbot.ErrNotFound
	case liteFails(*err, liteReadOnly):
		*err = fmt.Errorf("%w; let the user of this process write to the data directory and its files", *err)
	case liteFails(*err, liteFull):
		*err = fmt.Errorf("%w; make room on the disk of the data directory", *err)
	case postgresFails(*err, notInEncoding):
		*err = fmt.Errorf("%w: take the byte 0, and what is not UTF-8, out of ids and names: %w", supportbot.ErrInvalid, *err)
	}
	if *err != nil {
		*err = fmt.Errorf("store: %s: %w", fmt.Sprintf(format, args...), *err)
	}
}

// number is a truth as both databases keep it.
func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// fromMicros is the reverse of time.Time.UnixMicro, in UTC.
func fromMicros(us int64) time.Time { return time.UnixMicro(us).UTC() }

// scanner is a row.
type scanner interface{ Scan(dest ...any) error }

// row reads the first row of a query; sql.ErrNoRows if there is none.
func row(ctx context.Context, c conn, query string, args ...any) scanner {
	ctx, end := limited(ctx, c)
	rows, err := c.QueryContext(ctx, query, args...)
	return &oneRow{rows, err, end}
}

// limited gives a statement its limit. Those of a transaction share that of the
// transaction, and SQLite always answers.
func limited(ctx context.Context, c conn) (context.Context, context.CancelFunc) {
	switch c.(type) {
	case *sql.DB, *postgresReads:
		return context.WithTimeout(ctx, answerLimit)
	}
	return ctx, func() {}
}

type oneRow struct {
	rows *sql.Rows
	err  error
	end  context.CancelFunc
}

// Scan implements scanner.
func (r *oneRow) Scan(dest ...any) error {
	defer r.end()
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		if err := r.rows.Err(); err != nil {
			return err
		}
		return sql.ErrNoRows
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.rows.Close()
}

// list reads all rows of a query.
func list[T any](ctx context.Context, q conn, scan func(scanner) (T, error), query string, args ...any) ([]T, error) {
	ctx, end := limited(ctx, q)
	defer end()
	if p, ok := q.(*postgresReads); ok {
		return postgresList(ctx, p, scan, query, args)
	}
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
