package store

import (
	"context"
	"database/sql"
	"strings"
	"sync"
)

// lite runs statements on SQLite, which calls its parameters ?1, ?2 … Each is
// parsed once and kept.
type lite struct {
	prepare func(ctx context.Context, query string) (*sql.Stmt, error)
	tx      *sql.Tx // nil outside of one
	kept    *sync.Map
}

func newLite(prepare func(context.Context, string) (*sql.Stmt, error)) *lite {
	return &lite{prepare: prepare, kept: &sync.Map{}}
}

// in is the same in a transaction of the same pool.
func (l *lite) in(tx *sql.Tx) *lite { return &lite{l.prepare, tx, l.kept} }

func (l *lite) statement(ctx context.Context, query string) (*sql.Stmt, error) {
	kept, ok := l.kept.Load(query)
	if !ok {
		s, err := l.prepare(ctx, strings.ReplaceAll(query, "$", "?"))
		if err != nil {
			return nil, err
		}
		if other, late := l.kept.LoadOrStore(query, s); late {
			if err := s.Close(); err != nil {
				return nil, err
			}
			kept = other
		} else {
			kept = s
		}
	}
	s := kept.(*sql.Stmt)
	if l.tx != nil {
		s = l.tx.StmtContext(ctx, s)
	}
	return s, nil
}

// ExecContext implements conn.
func (l *lite) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	s, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.ExecContext(ctx, args...)
}

// QueryContext implements conn.
func (l *lite) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	s, err := l.statement(ctx, query)
	if err != nil {
		return nil, err
	}
	return s.QueryContext(ctx, args...)
}
