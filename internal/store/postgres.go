package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"supportbot/internal/seal"
	"supportbot/internal/turn"
)

// postgresDB is a database that any number of processes share.
type postgresDB struct {
	pool     *pgxpool.Pool
	sql      *sql.DB // on the pool, for plain statements
	turns    *groups
	reads    *groups
	notifier *notifier
	audit    *chain
}

const (
	// postgresConns is how many connections a process has, unless the URL says
	// pool_max_conns. More do not make two or four cores commit faster.
	postgresConns = 8
	// connectLimit is how long a server may take to answer at all.
	connectLimit = 5 * time.Second
	// answerLimit is how long a statement or transaction may take. A network that
	// swallows everything tells nobody, so without it one would wait for ever.
	answerLimit = 5 * time.Second
)

// OpenPostgres opens a database of PostgreSQL 15 or later. In the URL stand also
// settings of the pool, such as pool_max_conns=30; see
// https://pkg.go.dev/github.com/jackc/pgx/v5/pgxpool#ParseConfig.
func OpenPostgres(ctx context.Context, place string, key seal.Place) (s *Store, err error) {
	defer wrap(&err, "open the database")
	config, err := pgxpool.ParseConfig(place)
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(place)
	if err != nil {
		return nil, errors.New("the URL cannot be read") // its error would show the password
	}
	if !u.Query().Has("pool_max_conns") {
		config.MaxConns = postgresConns
	}
	if config.ConnConfig.ConnectTimeout == 0 {
		config.ConnConfig.ConnectTimeout = connectLimit
	}
	if !u.Query().Has("plan_cache_mode") {
		config.AfterConnect = planOnce
	}
	config.PingTimeout = readyLimit
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	db := &postgresDB{
		pool: pool, sql: stdlib.OpenDBFromPool(pool), audit: &chain{},
		turns: newGroups(pool, true), reads: newGroups(pool, false),
	}
	vault, err := db.migrate(ctx, key)
	if err != nil {
		return nil, errors.Join(err, db.closePool())
	}
	db.notifier = newNotifier(config.ConnConfig)
	s = newStore(&postgresReads{db.sql, pool, nil}, db, vault, db.audit)
	s.quick = &postgresReads{db.sql, pool, db.reads}
	return s, nil
}

// postgresReads are single statements that read. Of the lists among them a turn
// that finds a conversation elsewhere waits for, so they go round database/sql.
type postgresReads struct {
	*sql.DB
	pool   *pgxpool.Pool
	groups *groups // nil: each statement alone
}

// postgresList runs a statement that reads. In groups it may run, and scan, again.
func postgresList[T any](ctx context.Context, r *postgresReads, scan func(scanner) (T, error), query string, args []any) (all []T, err error) {
	gather := func(rows pgx.Rows, err error) error {
		if err == nil {
			all, err = pgx.AppendRows([]T(nil), rows, func(row pgx.CollectableRow) (T, error) { return scan(row) })
		}
		return err
	}
	if r.groups == nil {
		err = gather(r.pool.Query(ctx, query, args...))
		return all, err
	}
	err = r.groups.do(ctx, asked{
		0,
		func(b *pgx.Batch) { b.Queue(query, args...) },
		func(results pgx.BatchResults) error { return gather(results.Query()) },
	})
	return all, err
}

// planOnce has a connection plan each statement once: every one finds its rows by
// their keys, and to plan it takes several times as long as to run it. PgBouncer
// refuses this among what a connection begins with, so it is said afterwards.
func planOnce(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SET plan_cache_mode = force_generic_plan`)
	return err
}

// migrate has one process at a time bring the schema up to date.
func (db *postgresDB) migrate(ctx context.Context, key seal.Place) (*vault, error) {
	if err := db.pool.Ping(ctx); err != nil {
		return nil, fmt.Errorf("reach PostgreSQL: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 60)) // each second, for a minute
	if err != nil {
		return nil, err
	}
	return bringUp(ctx, goose.DialectPostgres, db.sql, key, goose.WithSessionLocker(locker))
}

func (db *postgresDB) update(ctx context.Context, f func(context.Context, conn) error) error {
	ctx, end := context.WithTimeout(ctx, answerLimit)
	defer end()
	tx, err := db.sql.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := f(ctx, tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (db *postgresDB) view(ctx context.Context, f func(tx conn) error) error {
	ctx, end := context.WithTimeout(ctx, answerLimit)
	defer end()
	tx, err := db.sql.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return f(tx)
}

func (db *postgresDB) ping(ctx context.Context) error { return db.pool.Ping(ctx) }

func (db *postgresDB) close() error {
	db.notifier.close()
	db.turns.close()
	db.reads.close()
	return db.closePool()
}

// closePool takes leave of the server, but does not wait for one that is silent.
func (db *postgresDB) closePool() error {
	closed := make(chan struct{})
	go func() {
		db.pool.Close()
		close(closed)
	}()
	select {
	case <-closed:
	case <-time.After(closeLimit):
	}
	return db.sql.Close()
}

// The codes of https://www.postgresql.org/docs/15/errcodes-appendix.html.
const (
	uniqueViolation = "23505"
	notInEncoding   = "22021"
)

func postgresFails(err error, code string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == code
}

func (db *postgresDB) hint(h turn.Hint) { db.notifier.add(h) }

func (db *postgresDB) hints(ctx context.Context, f func(turn.Hint)) { db.notifier.listen(ctx, f) }
