package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"supportbot/internal/telemetry"
)

// writer is the one goroutine that writes to SQLite. What waits in line is
// committed together, so that many conversations share one sync of the disk;
// one that fails takes no other with it.
type writer struct {
	db      *lite
	only    *sql.Conn // the connection of db
	jobs    chan *job
	stop    func() // once
	halt    chan struct{}
	stopped chan struct{}
}

// maxGroup bounds one commit, so that nobody waits for too many others.
const maxGroup = 256

// job is one write. Its caller may leave while it waits, but not once it runs.
type job struct {
	f     func(context.Context, conn) error
	done  chan error
	state atomic.Int32
}

const (
	waiting = iota
	running
	left
)

func newWriter(db *lite, only *sql.Conn) *writer {
	w := &writer{db: db, only: only, jobs: make(chan *job, 4*maxGroup), halt: make(chan struct{}), stopped: make(chan struct{})}
	w.stop = sync.OnceFunc(func() { close(w.halt) })
	go w.run()
	return w
}

// do has f run in a transaction and returns once that is committed. If ctx ends
// before f has begun, f never runs.
func (w *writer) do(ctx context.Context, f func(context.Context, conn) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{f: f, done: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.stopped:
		return sql.ErrConnDone
	}
	select {
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if j.state.CompareAndSwap(waiting, left) {
			return ctx.Err()
		}
		return <-j.done
	case <-w.stopped:
		if j.state.CompareAndSwap(waiting, left) {
			return sql.ErrConnDone
		}
		return <-j.done
	}
}

// close returns once what was in line is written, and gives the connection back.
func (w *writer) close() error {
	w.stop()
	<-w.stopped
	return w.only.Close()
}

func (w *writer) run() {
	defer close(w.stopped)
	group := make([]*job, 0, maxGroup)
	for {
		select {
		case first := <-w.jobs:
			group = w.gather(append(group[:0], first))
			w.commit(group)
		case <-w.halt:
			if group = w.gather(group[:0]); len(group) == 0 {
				return
			}
			w.commit(group)
		}
	}
}

// gather takes what else waits. It lets others run before it looks, for as long
// as that brings more: those whom the last commit has just answered are about to
// ask again, and a sync of the disk costs the same for many as for one. Where
// nobody has anything to do it loses no time.
func (w *writer) gather(group []*job) []*job {
	for before := -1; len(group) > before && len(group) < maxGroup; {
		before = len(group)
		runtime.Gosched()
		group = w.take(group)
	}
	return group
}

// take adds what waits to a group.
func (w *writer) take(group []*job) []*job {
	for len(group) < maxGroup {
		select {
		case j := <-w.jobs:
			group = append(group, j)
		default:
			return group
		}
	}
	return group
}

// commit writes a group in one transaction. Savepoints cost a sixth of a turn, so
// there are none until a job fails: then the group is written again with them. If
// it cannot be committed as a whole, such as on a disk that is nearly full, every
// job gets a transaction of its own.
func (w *writer) commit(group []*job) {
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

func (j *job) finish(err error) {
	if j.begin() {
		j.done <- err
	}
}

// begin tells whether the job may run: its caller has not left.
func (j *job) begin() bool {
	return j.state.CompareAndSwap(waiting, running) || j.state.Load() == running
}

// together returns what became of each job, or the error for which nothing was
// kept of any; run runs one of them.
func (w *writer) together(group []*job, run runner) (results []error, err error) {
	ctx := context.Background() // a statement that is interrupted would undo the whole group
	if _, err := w.db.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return nil, err
	}
	results = make([]error, len(group))
	for i, j := range group {
		if !j.begin() {
			continue
		}
		if results[i], err = run(ctx, w.db, j.f); err != nil {
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
type runner func(ctx context.Context, c conn, f func(context.Context, conn) error) (result, err error)

func plainly(ctx context.Context, c conn, f func(context.Context, conn) error) (result, err error) {
	return nil, f(ctx, c)
}

// savepoint runs f so that it is undone by itself if it fails. The error is for
// when that is not possible, since SQLite has undone everything.
func savepoint(ctx context.Context, c conn, f func(context.Context, conn) error) (result, err error) {
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
