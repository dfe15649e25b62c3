package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
)

// serveLimit answers as the program does and writes the same rows, as the
// program does: one goroutine writes what waits in one transaction and one sync
// of the disk. It understands nothing, reads nothing and checks nothing, so it
// shows what a durable server can reach on this disk with these tables.
func serveLimit(ctx context.Context, addr, dir, recorded string) error {
	f, err := rehearse()
	if err != nil {
		return err
	}
	r, err := readRecording(recorded)
	if err != nil {
		return err
	}
	w, err := newRowWriter(ctx, filepath.Join(dir, "limit.db"), r)
	if err != nil {
		return err
	}
	go w.run(ctx)
	return listen(ctx, addr, messages(f, w.write))
}

// rowWriter writes the recorded rows of turns, many turns at once.
type rowWriter struct {
	db      *sql.Conn
	turns   [][]prepared
	writing chan writing
	ids     map[string]int64 // of the conversations by name
}

type prepared struct {
	change
	*sql.Stmt
}

type writing struct {
	conversation string
	turn         int
	done         chan error
}

func newRowWriter(ctx context.Context, file string, r recording) (*rowWriter, error) {
	pool, err := sql.Open("sqlite", "file:"+file+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=secure_delete(1)")
	if err != nil {
		return nil, err
	}
	w := &rowWriter{writing: make(chan writing, 4*maxGroup), ids: map[string]int64{}}
	if w.db, err = pool.Conn(ctx); err != nil {
		return nil, err
	}
	for _, statement := range r.Schema {
		if _, err := w.db.ExecContext(ctx, statement); err != nil {
			return nil, fmt.Errorf("%s: %w", statement, err)
		}
	}
	for _, turn := range r.Turns {
		var all []prepared
		for _, c := range turn {
			p := prepared{change: c}
			if p.Stmt, err = w.db.PrepareContext(ctx, c.SQL); err != nil {
				return nil, fmt.Errorf("%s: %w", c.SQL, err)
			}
			all = append(all, p)
		}
		w.turns = append(w.turns, all)
	}
	return w, nil
}

// write returns once the rows of a turn are durable.
func (w *rowWriter) write(ctx context.Context, conversation string, turn int) error {
	one := writing{conversation, turn, make(chan error, 1)}
	select {
	case w.writing <- one:
	case <-ctx.Done():
		return ctx.Err()
	}
	return <-one.done
}

// maxGroup is that of the program.
const maxGroup = 256

func (w *rowWriter) run(ctx context.Context) {
	for {
		var group []writing
		select {
		case first := <-w.writing:
			group = append(group, first)
		case <-ctx.Done():
			return
		}
		group = w.gather(group)
		err := w.commit(context.WithoutCancel(ctx), group)
		for _, one := range group {
			one.done <- err
		}
	}
}

// gather is that of the program.
func (w *rowWriter) gather(group []writing) []writing {
	for before := -1; len(group) > before && len(group) < maxGroup; {
		before = len(group)
		runtime.Gosched()
		for more := true; more && len(group) < maxGroup; {
			select {
			case one := <-w.writing:
				group = append(group, one)
			default:
				more = false
			}
		}
	}
	return group
}

func (w *rowWriter) commit(ctx context.Context, group []writing) error {
	if _, err := w.db.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, one := range group {
		if err := w.rows(ctx, one); err != nil {
			_, _ = w.db.ExecContext(ctx, "ROLLBACK") // the first error is the one that counts
			return err
		}
	}
	_, err := w.db.ExecContext(ctx, "COMMIT")
	return err
}

func (w *rowWriter) rows(ctx context.Context, one writing) error {
	id := w.id(one.conversation)
	for _, p := range w.turns[one.turn] {
		args := slices.Clone(p.Args)
		for _, i := range p.IDs {
			args[i] = id
		}
		if p.Place >= 0 {
			args[p.Place] = placeOf(one.conversation)
		}
		if _, err := p.ExecContext(ctx, args...); err != nil {
			return fmt.Errorf("%s: %w", p.SQL, err)
		}
	}
	return nil
}

// placeOf is as long as what stands for an address, and as much in disorder.
func placeOf(conversation string) string {
	sum := sha256.Sum256([]byte(conversation))
	return base64.RawURLEncoding.EncodeToString(sum[:18])
}

// id numbers the conversations in the order in which they begin.
func (w *rowWriter) id(conversation string) int64 {
	if w.ids[conversation] == 0 {
		w.ids[conversation] = int64(len(w.ids)) + 1
	}
	return w.ids[conversation]
}
