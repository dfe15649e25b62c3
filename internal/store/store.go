// Package store keeps conversations, cases and the accounts of agents in a
// database: a file of SQLite, or PostgreSQL where several processes share it.
package store

import (
	"context"
	"crypto/rand"
	"strings"
	"time"

	"supportbot/internal/seal"
	"supportbot/internal/turn"
)

// Store is a store in SQLite or PostgreSQL. It is safe for concurrent use.
type Store struct {
	read  conn // a pool, for single statements that read
	quick conn // the same for those that every turn waits for: they find little, by its key
	db    database
	vault *vault
	node  string // this process, as the owner of lanes
	audit *chain
}

// database is what SQLite and PostgreSQL do each in its way.
type database interface {
	// update runs f in one transaction, which is undone if f fails.
	update(ctx context.Context, f func(context.Context, conn) error) error
	// view runs f on one state of the database.
	view(ctx context.Context, f func(tx conn) error) error

	// These are a store's, in the name of a node.
	// accept is errMoved if the message was sealed for another conversation.
	accept(ctx context.Context, node string, in *arrival) (accepted, error)
	take(ctx context.Context, in *arrival, c *kept) (accepted, error)
	commit(ctx context.Context, node string, c *kept) error

	// hint and hints are those of turn.Store.
	hint(h turn.Hint)
	hints(ctx context.Context, f func(turn.Hint))

	ping(ctx context.Context) error
	close() error
}

var _ turn.Store = (*Store)(nil)

// Open opens the database at a place: a URL of PostgreSQL, such as
// postgres://bot@db.example.com/supportbot, or the directory of supportbot.db.
// Its schema is brought up to date first, by one process at a time. What people
// say in it is sealed by the key at a place of its own.
func Open(ctx context.Context, place string, key seal.Place) (*Store, error) {
	if IsURL(place) {
		return OpenPostgres(ctx, place, key)
	}
	return openSQLite(ctx, place, key)
}

// IsURL tells the URL of a database from a directory.
func IsURL(place string) bool {
	return strings.HasPrefix(place, "postgres://") || strings.HasPrefix(place, "postgresql://")
}

func newStore(read conn, db database, vault *vault, audit *chain) *Store {
	audit.ring = vault.ring
	return &Store{read: read, quick: read, db: db, vault: vault, node: rand.Text(), audit: audit}
}

func (s *Store) update(ctx context.Context, f func(context.Context, conn) error) error {
	return s.db.update(ctx, f)
}

func (s *Store) view(ctx context.Context, f func(tx conn) error) error { return s.db.view(ctx, f) }

// readyLimit is how long a database may take that is well.
const readyLimit = time.Second

// Ready tells whether the database answers, within a second.
func (s *Store) Ready(ctx context.Context) (err error) {
	defer wrap(&err, "ask the database")
	ctx, cancel := context.WithTimeout(ctx, readyLimit)
	defer cancel()
	return s.db.ping(ctx)
}

// closeLimit bounds what is done for others before the database is closed.
const closeLimit = 2 * time.Second

// Close gives the lanes of this process back, waits for what is being written
// and closes the database.
func (s *Store) Close() (err error) {
	defer wrap(&err, "close")
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	_ = s.giveBack(ctx) // else others have them when the lease runs out
	return s.db.close()
}
