package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"supportbot/internal/telemetry"
)

// writer writes to SQLite, in one goroutine. What waits in line is committed
// together, so that many conversations share one sync of the disk; one that fails
// takes no other with it.
type writer struct {
	*line[writing]
	db   *lite
	only *sql.Conn // the connection of db
}

// writing is what runs in a transaction.
type writing = func(context.Context, conn) error

// maxGroup bounds one commit, so that nobody waits for too many others.
const maxGroup = 256

func newWriter(db *lite, only *sql.Conn) *writer {
	w := &writer{db: db, only: only}
	w.line = newLine(maxGroup, 1, w.commit)
	return w
}

// close returns once what was in line is written, and gives the connection back.
func (w *writer) close() error {
	w.line.close()
	return w.only.Close()
}

// commit writes a group in one transaction. Savepoints cost a sixth of a turn, so
// there are none until a job fails: then the group is written again with them. If
// it cannot be committed as a whole, such as on a disk that is nearly full, every
// job gets a transaction of its own.
func (w *writer) commit(group []*job[writing]) {
	defer telemetry.Committed(len(group), time.Now())
	results, err := w.together(group, plainly)
	if err != nil {
		results, err = w.together(group, savepoint)
	}
	for i, j := range group {
		if err == nil {
			j.finish(results[i])
			continue
		}
		alone := []error{err}
		if len(group) > 1 {
			var failed error
			if alone, failed = w.together(group[i:i+1], savepoint); failed != nil {
				alone = []error{failed}
			}
		}
		j.finish(alone[0])
	}
}

// together returns what became of each job, or the error for which nothing was
// kept of any; run runs one of them.
func (w *writer) together(group []*job[writing], run runner) (results []error, err error) {
	ctx := context.Background() // a statement that is interrupted would undo the whole group
	if _, err := w.db.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	results = make([]error, len(group))
	for i, j := range group {
		if !j.begin() {
			continue
		}
		if results[i], err = run(ctx, w.db, j.what); err != nil {
			return nil, errors.Join(err, w.rollback(ctx))
		}
	}
	if _, err := w.db.ExecContext(ctx, "COMMIT"); err != nil {
		return nil, errors.Join(err, w.rollback(ctx))
	}
	return results, nil
}

// rollback ends a transaction that SQLite may have ended already.
func (w *writer) rollback(ctx context.Context) error {
	if _, err := w.db.ExecContext(ctx, "ROLLBACK"); err != nil && !strings.Contains(err.Error(), "no transaction is active") {
		return fmt.Errorf("roll back: %w", err)
	}
	return nil
}

// runner runs f in a transaction. The result is f's alone; the error undoes the
// transaction.
type runner func(ctx context.Context, c conn, f writing) (result, err error)

func plainly(ctx context.Context, c conn, f writing) (result, err error) {
	return nil, f(ctx, c)
}

// savepoint runs f so that it is undone by itself if it fails. The error is for
// when that is not possible, since SQLite has undone everything.
func savepoint(ctx context.Context, c conn, f writing) (result, err error) {
	if _, err := c.ExecContext(ctx, "SAVEPOINT job"); err != nil {
		return nil, err
	}
	if result = f(ctx, c); result != nil {
		if _, err := c.ExecContext(ctx, "ROLLBACK TO job"); err != nil {
			return nil, errors.Join(result, err)
		}
	}
	_, err = c.ExecContext(ctx, "RELEASE job")
	return result, err
}
