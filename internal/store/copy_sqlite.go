package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// liteSide is a transaction of SQLite as one side of a copy.
func liteSide(tx *sql.Tx) side {
	return side{conn: tx, insert: func(ctx context.Context, t table, r *tally) error {
		marks := strings.TrimSuffix(strings.Repeat("?, ", len(t.columns)), ", ")
		insert, err := tx.PrepareContext(ctx, fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, quoted(t.name), t.names(), marks))
		if err != nil {
			return err
		}
		defer func() { _ = insert.Close() }()
		for r.Next() {
			if _, err := insert.ExecContext(ctx, r.values...); err != nil {
				return err
			}
		}
		return r.Err()
	}}
}

// vacuumInto copies a database of SQLite, as of one moment and while it is in
// use, into an empty file. What was deleted is not in the copy.
func vacuumInto(ctx context.Context, path, params, into string) error {
	db, err := connect(path, 1, params)
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, into)
	return err
}

// Ways to open a database that is not to be changed.
const (
	inUse     = "mode=rw&_busy_timeout=5000" // by others, perhaps; rw for the files beside it that readers share
	untouched = "mode=ro&immutable=1"        // by nobody
)
