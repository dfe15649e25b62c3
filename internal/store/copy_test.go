package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"supportbot/internal/store/pgtest"
)

// fillTables puts three rows into every table that the schema has, with another
// value in every column, and NULL where that may stand. So a table that a
// migration adds is in these tests as well.
func fillTables(t *testing.T, path string) {
	t.Helper()
	db, err := connect(path, 1, "mode=rw&_foreign_keys=off")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables, err := tablesOf(t.Context(), db)
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		for i := range int64(3) {
			var values []any
			for _, c := range table.columns {
				values = append(values, anyValue(t, db, table.name, c, i+1))
			}
			marks := strings.Repeat("?, ", len(values)-1) + "?"
			if _, err := db.ExecContext(t.Context(), fmt.Sprintf(`INSERT INTO %s (%s) VALUES (%s)`, quoted(table.name), table.names(), marks), values...); err != nil {
				t.Fatalf("%s: %v", table.name, err)
			}
		}
	}
	if err := sound(t.Context(), db); err != nil {
		t.Fatal(err)
	}
}

func anyValue(t *testing.T, db *sql.DB, table string, c column, i int64) any {
	t.Helper()
	var required bool
	if err := db.QueryRow(`SELECT "notnull" OR pk FROM pragma_table_info(?) WHERE name = ?`, table, c.name).Scan(&required); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprint("文", i)
	switch {
	case i == 3 && !required:
		return nil
	case c.kind == "INTEGER":
		return i
	case c.kind == "BLOB":
		return []byte(text + "\x00\xff")
	}
	return text
}

// sums are what the tables of a database hold.
func sums(t *testing.T, place string) map[string]Sum {
	t.Helper()
	reference, err := connect(filepath.Join(dirOf(t), "supportbot.db"), 1, "mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer reference.Close()
	tables, err := tablesOf(t.Context(), reference)
	if err != nil {
		t.Fatal(err)
	}
	db, collate := reference, ""
	if IsURL(place) {
		db, err = plainPostgres(place)
		collate = byBytes
	} else {
		db, err = connect(place, 1, "mode=ro")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := map[string]Sum{}
	for _, table := range tables {
		all[table.name], err = side{conn: db, collate: collate}.each(t.Context(), table, (*tally).readOut)
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// dirOf is a directory with a database that is empty.
func dirOf(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := openAt(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// quiet watches nothing.
func quiet(string, int64, int64) {}

// TestEveryValueIsCopied takes every table from SQLite to PostgreSQL, from there
// into a backup, and puts that back into both.
func TestEveryValueIsCopied(t *testing.T) {
	dir, url := dirOf(t), pgtest.Database(t)
	path := filepath.Join(dir, "supportbot.db")
	fillTables(t, path)
	want := sums(t, path)
	seen := map[string]int64{}
	moved, err := Move(t.Context(), dir, url, testKey, func(table string, done, of int64) { seen[table] = done })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range moved {
		if c.Source != want[c.Table] || c.Target != want[c.Table] || seen[c.Table] != c.Source.Rows || c.Source.Rows < 3 {
			t.Errorf("%s: %+v, and %d rows were seen; want %+v", c.Table, c, seen[c.Table], want[c.Table])
		}
	}
	if len(moved) != len(want) {
		t.Errorf("%d of %d tables were moved", len(moved), len(want))
	}
	same := func(place string) {
		t.Helper()
		if diff := cmp.Diff(want, sums(t, place)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", place, diff)
		}
	}
	same(path)
	same(url)
	for _, place := range []string{dir, url} {
		file := filepath.Join(t.TempDir(), "backup")
		sum, err := Backup(t.Context(), place, file, false, quiet)
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(file)
		if err != nil || info.Mode().Perm() != 0o600 || sum.Bytes != info.Size() || sum.Conversations != 3 {
			t.Errorf("%+v, %v; want 3 conversations in a file for its owner alone: %+v", info, err, sum)
		}
		same(file)

		to, other := t.TempDir(), pgtest.Database(t)
		for _, target := range []string{to, other} {
			if _, err := Restore(t.Context(), file, target, testKey, false, quiet); err != nil {
				t.Fatal(err)
			}
		}
		here, there := sums(t, filepath.Join(to, "supportbot.db")), sums(t, other)
		delete(here, "thread") // one of them names the time of the restore
		delete(there, "thread")
		if diff := cmp.Diff(here, there); diff != "" {
			t.Errorf("restored into SQLite and PostgreSQL:\n%s", diff)
		}
		if here["message"] != want["message"] || here["inbox"] != want["inbox"] || here["token"] != want["token"] {
			t.Errorf("the restored tables differ from %+v", want)
		}
	}

	// Counters go on behind what was copied.
	s := openAt(t, url)
	if r, err := s.Accept(t.Context(), says("1", "hello"), nil); err != nil || r.Thread != 4 {
		t.Errorf("the next conversation is %d, %v; want 4", r.Thread, err)
	}
}

// TestACopyThatDiffersIsNone has the target change a text as it comes in.
func TestACopyThatDiffersIsNone(t *testing.T) {
	dir, url := dirOf(t), pgtest.Database(t)
	fillTables(t, filepath.Join(dir, "supportbot.db"))
	s := openAt(t, url)
	for _, statement := range []string{
		`CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.reply_to := upper(NEW.reply_to || ''x''); RETURN NEW; END'`,
		`CREATE TRIGGER spoil BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION spoil()`,
	} {
		writes(t, s, statement)
	}
	all, err := Move(t.Context(), dir, url, testKey, quiet)
	if !errors.Is(err, errDiffers) {
		t.Errorf("Move: %v, want that the copy differs", err)
	}
	for _, c := range all {
		if (c.Source == c.Target) == (c.Table == "message") {
			t.Errorf("%+v", c)
		}
	}
	empty(t, url)
}

// empty fails if there is any row.
func empty(t *testing.T, place string) {
	t.Helper()
	for table, sum := range sums(t, place) {
		if sum.Rows != 0 && table != "secret" { // which has the mark of a key
			t.Errorf("%s holds %d rows", table, sum.Rows)
		}
	}
}

// TestTheDatabaseDiesDuringAMove kills PostgreSQL when half is copied. It is
// empty afterwards, and the move succeeds when it is tried again.
func TestTheDatabaseDiesDuringAMove(t *testing.T) {
	server := pgtest.Start(t)
	dir, url := dirOf(t), server.Database(t)
	path := filepath.Join(dir, "supportbot.db")
	fillTables(t, path)
	want := sums(t, path)
	die := func(table string, _, _ int64) {
		if table == "inbox" {
			server.Stop(t)
		}
	}
	if all, err := Move(t.Context(), dir, url, testKey, die); err == nil {
		t.Errorf("moved to a database that is dead: %+v", all)
	}
	server.Resume(t)
	empty(t, url)
	if _, err := Move(t.Context(), dir, url, testKey, quiet); err != nil {
		t.Error(err)
	}
	if diff := cmp.Diff(want, sums(t, url)); diff != "" {
		t.Errorf("moved at last (-want +got):\n%s", diff)
	}
	if _, err := Move(t.Context(), dir, url, testKey, quiet); !errors.Is(err, errNotEmpty) {
		t.Errorf("moved again: %v, want that there is data", err)
	}
}

// TestAnInterruptedMove ends as an operator ends it.
func TestAnInterruptedMove(t *testing.T) {
	dir, url := dirOf(t), pgtest.Database(t)
	fillTables(t, filepath.Join(dir, "supportbot.db"))
	ctx, interrupt := context.WithCancel(t.Context())
	_, err := Move(ctx, dir, url, testKey, func(table string, _, _ int64) {
		if table == "message" {
			interrupt()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("Move: %v, want that it was interrupted", err)
	}
	empty(t, url)
	wantRows(t, openAt(t, dir), 3)
}

// TestWhatPostgreSQLCannotKeepIsNamed: SQLite takes the byte 0 in a name.
func TestWhatPostgreSQLCannotKeepIsNamed(t *testing.T) {
	dir, url := t.TempDir(), pgtest.Database(t)
	s := openAt(t, dir)
	if _, err := s.Accept(t.Context(), says("a\x00b", "hello"), nil); err != nil {
		t.Fatal(err)
	}
	s.Close()
	_, err := Move(t.Context(), dir, url, testKey, quiet)
	if err == nil || !strings.Contains(err.Error(), "inbox") || !strings.Contains(err.Error(), "ext_id") {
		t.Errorf("Move: %v, want an error that names inbox and ext_id", err)
	}
	empty(t, url)
}
