package store

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"supportbot/internal/store/pgtest"
)

// TestWhoFailsInAGroupFailsAlone: the others of the group are written all the same,
// once each, and each is told what became of him.
func TestWhoFailsInAGroupFailsAlone(t *testing.T) {
	s := openAt(t, pgtest.Database(t))
	db := s.db.(*postgresDB)
	if _, err := db.pool.Exec(t.Context(), `CREATE TABLE kept (n BIGINT NOT NULL)`); err != nil {
		t.Fatal(err)
	}
	insert := func(n any) *job[asked] {
		return &job[asked]{done: make(chan error, 1), what: asked{
			queue: func(b *pgx.Batch) { b.Queue(`INSERT INTO kept (n) VALUES ($1)`, n) },
			read:  func(r pgx.BatchResults) error { _, err := r.Exec(); return err },
		}}
	}
	for _, place := range []int{0, 2, 4} { // of the one that fails
		if _, err := db.pool.Exec(t.Context(), `DELETE FROM kept`); err != nil {
			t.Fatal(err)
		}
		var group []*job[asked]
		for i := range 5 {
			if i == place {
				group = append(group, insert(nil))
			} else {
				group = append(group, insert(i))
			}
		}
		all := append([]*job[asked](nil), group...)
		db.turns.send(group)
		for i, j := range all {
			if err := <-j.done; (err != nil) != (i == place) {
				t.Errorf("%d fails: %d is told %v", place, i, err)
			}
		}
		kept, err := list(t.Context(), s.read, func(row scanner) (n int64, err error) { return n, row.Scan(&n) }, `SELECT n FROM kept ORDER BY n`)
		if want := without(place); err != nil || fmt.Sprint(kept) != fmt.Sprint(want) {
			t.Errorf("%d fails: kept %v, want %v; error %v", place, kept, want, err)
		}
	}
}

func without(place int) (rest []int64) {
	for i := range int64(5) {
		if i != int64(place) {
			rest = append(rest, i)
		}
	}
	return rest
}

// TestWhoLeavesBeforeHisGroupIsNotWritten, nor does somebody who is about to leave
// hurry the others.
func TestWhoLeavesBeforeHisGroupIsNotWritten(t *testing.T) {
	s := openAt(t, pgtest.Database(t))
	db := s.db.(*postgresDB)
	asks := func(until time.Duration) *job[asked] {
		return &job[asked]{done: make(chan error, 1), until: time.Now().Add(until), what: asked{
			queue: func(b *pgx.Batch) { b.Queue(`SELECT pg_sleep(0.1)`) },
			read:  func(r pgx.BatchResults) error { _, err := r.Exec(); return err },
		}}
	}
	soon, later := asks(time.Millisecond), asks(time.Minute)
	db.reads.send([]*job[asked]{soon, later})
	if err := <-soon.done; !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who is about to leave is told %v", err)
	}
	if err := <-later.done; err != nil {
		t.Errorf("who has time is told %v", err)
	}
}

// TestWhatDoesNotOpenHidesNothingElse: a value that cannot be read fails its reader
// only.
func TestWhatDoesNotOpenHidesNothingElse(t *testing.T) {
	s := openAt(t, pgtest.Database(t))
	asks := func(opens error) *job[asked] {
		return &job[asked]{done: make(chan error, 1), what: asked{
			queue: func(b *pgx.Batch) { b.Queue(`SELECT 1`) },
			read:  func(r pgx.BatchResults) error { _, err := r.Exec(); return errors.Join(err, opens) },
		}}
	}
	first, damaged, last := asks(nil), asks(errors.New("sealed for another row")), asks(nil)
	s.db.(*postgresDB).reads.send([]*job[asked]{first, damaged, last})
	for name, j := range map[string]*job[asked]{"first": first, "last": last} {
		if err := <-j.done; err != nil {
			t.Errorf("the %s is told %v", name, err)
		}
	}
	if err := <-damaged.done; err == nil {
		t.Error("what does not open is taken for read")
	}
}
