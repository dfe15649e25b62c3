package main

import (
	"context"
	"database/sql"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What is recorded of one conversation and written for another leaves the same
// rows but for who it is, also where rows were changed and deleted.
func TestTheLimitWritesWhatWasRecorded(t *testing.T) {
	const schema = `
		CREATE TABLE thread (id INTEGER PRIMARY KEY, peer TEXT NOT NULL, version INTEGER NOT NULL);
		CREATE TABLE event (thread_id INTEGER NOT NULL REFERENCES thread (id), seq INTEGER NOT NULL, payload TEXT, twice INTEGER AS (2 * seq), PRIMARY KEY (thread_id, seq));
		CREATE TABLE timer (thread_id INTEGER NOT NULL, kind TEXT NOT NULL, due_at INTEGER NOT NULL, PRIMARY KEY (thread_id, kind)) WITHOUT ROWID;
		CREATE TABLE setting (name TEXT, value TEXT)`
	turns := []string{
		`INSERT INTO thread VALUES (7, 'recorded', 1); INSERT INTO event VALUES (7, 1, 'a'), (7, 2, NULL); INSERT INTO timer VALUES (7, 'silence', 10)`,
		`UPDATE thread SET version = 2; INSERT INTO event VALUES (7, 3, 'b'); UPDATE timer SET due_at = 20; INSERT INTO setting VALUES ('not', 'ours')`,
		`UPDATE thread SET version = 3; UPDATE event SET payload = 'c' WHERE seq = 1; DELETE FROM timer`,
	}
	db := open(t, schema)
	tables, err := perConversation(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	r := recording{Schema: []string{schema}}
	before := make([]rows, len(tables))
	for _, turn := range turns {
		if _, err := db.ExecContext(t.Context(), turn); err != nil {
			t.Fatal(err)
		}
		var changed []change
		for i, one := range tables {
			now := read(t, one, db)
			changed = append(changed, one.changes(before[i], now)...)
			before[i] = now
		}
		r.Turns = append(r.Turns, changed)
	}
	file := filepath.Join(t.TempDir(), "recorded.gob")
	if err := r.save(file); err != nil {
		t.Fatal(err)
	}
	if r, err = readRecording(file); err != nil {
		t.Fatal(err)
	}

	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	written := filepath.Join(t.TempDir(), "limit.db")
	w, err := newRowWriter(ctx, written, r)
	if err != nil {
		t.Fatal(err)
	}
	go w.run(ctx)
	for turn := range turns {
		if err := w.write(ctx, "a person", turn); err != nil {
			t.Fatal(err)
		}
	}
	copied, err := sql.Open("sqlite", "file:"+written)
	if err != nil {
		t.Fatal(err)
	}
	defer copied.Close()
	want := []rows{{"[1 1]": {int64(1), int64(1), "c"}, "[1 2]": {int64(1), int64(2), nil}, "[1 3]": {int64(1), int64(3), "b"}}, {"[1]": {int64(1), placeOf("a person"), int64(3)}}, {}}
	for i, name := range []string{"event", "thread", "timer"} {
		for _, one := range tables {
			if one.name == name {
				if diff := cmp.Diff(want[i], read(t, one, copied)); diff != "" {
					t.Errorf("%s (-want +got):\n%s", name, diff)
				}
			}
		}
	}
}

func open(t *testing.T, schema string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "recorded.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	if _, err := db.ExecContext(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	return db
}

func read(t *testing.T, one table, db *sql.DB) rows {
	t.Helper()
	all, err := one.read(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	return all
}
