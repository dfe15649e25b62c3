package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"
	"fmt"
	"hash"
)

// Watch is told how a copy goes: so many rows of a table are done, of so many.
type Watch func(table string, done, of int64)

// watchEvery is after how many rows a Watch is told.
const watchEvery = 1000

// Copied is what a copy did with a table.
type Copied struct {
	Table  string
	Source Sum
	Target Sum // as it was read back
}

// Sum is what a table holds: how many rows, and the SHA-256 of all their values
// in the order of the primary key. It is the same for the same rows in SQLite
// and in PostgreSQL.
type Sum struct {
	Rows   int64
	SHA256 [sha256.Size]byte
}

// side is one database of a copy, in a transaction.
type side struct {
	conn
	collate string                                             // makes a text sort by its bytes
	insert  func(ctx context.Context, t table, r *tally) error // writes all rows
}

// copyAll copies the rows of all tables, value by value, and reads them back.
func copyAll(ctx context.Context, from, to side, tables []table, watch Watch) ([]Copied, error) {
	var all []Copied
	for _, t := range tables {
		done := Copied{Table: t.name}
		var total int64
		if err := row(ctx, from, `SELECT count(*) FROM `+quoted(t.name)).Scan(&total); err != nil {
			return nil, fmt.Errorf("count %s: %w", t.name, err)
		}
		var err error
		done.Source, err = from.each(ctx, t, func(r *tally) error {
			r.watch = func(rows int64) {
				if rows < total { // the end is told below, also of an empty table
					watch(t.name, rows, total)
				}
			}
			return to.insert(ctx, t, r)
		})
		if err != nil {
			return nil, fmt.Errorf("copy %s: %w", t.name, err)
		}
		watch(t.name, done.Source.Rows, total)
		if done.Target, err = to.each(ctx, t, (*tally).readOut); err != nil {
			return nil, fmt.Errorf("read %s back: %w", t.name, err)
		}
		all = append(all, done)
	}
	return all, nil
}

// each has f take all rows of a table and returns what they were.
func (s side) each(ctx context.Context, t table, f func(r *tally) error) (Sum, error) {
	rows, err := s.QueryContext(ctx, t.selectAll(s.collate))
	if err != nil {
		return Sum{}, err
	}
	defer rows.Close()
	r := newTally(t, rows)
	if err := f(r); err != nil {
		return Sum{}, err
	}
	sum := Sum{Rows: r.count}
	r.sum.Sum(sum.SHA256[:0])
	return sum, r.Err()
}

// tally gives out rows one by one and notes what they hold. It is a
// pgx.CopyFromSource.
type tally struct {
	rows   *sql.Rows
	table  table
	values []any // as SQLite has them: int64, string, []byte or nil
	into   []any // where to scan: pointers to values
	count  int64
	sum    hash.Hash
	watch  func(rows int64)
	err    error
}

func newTally(t table, rows *sql.Rows) *tally {
	r := &tally{rows: rows, table: t, values: make([]any, len(t.columns)), sum: sha256.New(), watch: func(int64) {}}
	for i := range r.values {
		r.into = append(r.into, &r.values[i])
	}
	return r
}

// Next implements pgx.CopyFromSource.
func (r *tally) Next() bool {
	if r.err != nil || !r.rows.Next() {
		return false
	}
	if r.err = r.rows.Scan(r.into...); r.err != nil {
		return false
	}
	for i, c := range r.table.columns {
		if b, ok := r.values[i].([]byte); ok && c.kind == "TEXT" { // PostgreSQL keeps some texts as bytes
			r.values[i] = string(b)
		}
		if r.err = addValue(r.sum, r.values[i]); r.err != nil {
			r.err = fmt.Errorf("column %s: %w", c.name, r.err)
			return false
		}
	}
	if r.count++; r.count%watchEvery == 0 {
		r.watch(r.count)
	}
	return true
}

// Values implements pgx.CopyFromSource.
func (r *tally) Values() ([]any, error) { return r.values, nil }

// Err implements pgx.CopyFromSource.
func (r *tally) Err() error {
	if r.err != nil {
		return r.err
	}
	return r.rows.Err()
}

func (r *tally) readOut() error {
	for r.Next() {
	}
	return r.Err()
}

// addValue adds a value to a sum so that no two rows look alike: its kind, its
// length, itself.
func addValue(sum hash.Hash, value any) error {
	var b []byte
	switch v := value.(type) {
	case nil:
		b = []byte{'n'}
	case int64:
		b = binary.BigEndian.AppendUint64([]byte{'i'}, uint64(v))
	case string:
		b = append(binary.BigEndian.AppendUint64([]byte{'t'}, uint64(len(v))), v...)
	case []byte:
		b = append(binary.BigEndian.AppendUint64([]byte{'b'}, uint64(len(v))), v...)
	default:
		return fmt.Errorf("a value of type %T, which a copy does not know", value)
	}
	_, err := sum.Write(b)
	return err
}
