package store

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"

	"supportbot"
	"supportbot/internal/store/pgtest"
	"supportbot/internal/turn"
)

// both runs a test on an empty SQLite and on an empty PostgreSQL.
func both(t *testing.T, f func(t *testing.T, place string)) {
	t.Run("SQLite", func(t *testing.T) { f(t, t.TempDir()) })
	t.Run("PostgreSQL", func(t *testing.T) { f(t, pgtest.Database(t)) })
}

// backup makes a backup of what is in a place.
func backup(t *testing.T, place string) (file string) {
	t.Helper()
	file = filepath.Join(t.TempDir(), "backup.db")
	if _, err := Backup(t.Context(), place, file, false, quiet); err != nil {
		t.Fatal(err)
	}
	return file
}

// converse has a message accepted and answered.
func converse(t *testing.T, s *Store, in supportbot.Inbound) turn.Receipt {
	t.Helper()
	r, err := s.Accept(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	thread, err := s.Thread(t.Context(), in.Address)
	if err != nil {
		t.Fatal(err)
	}
	said := supportbot.Message{Seq: thread.LastSeq + 1, From: supportbot.FromBot, Text: "answer to " + in.Text}
	err = s.Commit(t.Context(), supportbot.Commit{
		Thread: r.Thread, Seq: r.Seq, Version: thread.Version, Send: true,
		Messages: []supportbot.Message{said}, Outcome: supportbot.Outcome{Replies: []supportbot.Message{said}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestBackupReplacesOnlyWhatItMay(t *testing.T) {
	dir := dirOf(t)
	file := filepath.Join(t.TempDir(), "backup.db")
	if err := os.WriteFile(file, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Backup(t.Context(), dir, file, false, quiet); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Errorf("over another file: %v, want a word of --force", err)
	}
	if kept, err := os.ReadFile(file); err != nil || string(kept) != "mine" {
		t.Errorf("the other file holds %q, %v", kept, err)
	}
	if _, err := Backup(t.Context(), dir, file, true, quiet); err != nil {
		t.Error(err)
	}
	if _, err := Backup(t.Context(), dir, filepath.Dir(file), true, quiet); err == nil {
		t.Error("a directory was replaced")
	}
	if left, err := os.ReadDir(filepath.Dir(file)); err != nil || len(left) != 1 {
		t.Errorf("there are %v, %v; want the backup alone", left, err)
	}
}

// TestABackupOfTheOldestSchema comes back with the schema of today.
func TestABackupOfTheOldestSchema(t *testing.T) {
	dir, url := t.TempDir(), pgtest.Database(t)
	write(t, "sqlite", filepath.Join(dir, "supportbot.db"), goose.DialectSQLite3)
	write(t, "pgx", url, goose.DialectPostgres)
	for _, from := range []string{dir, url} {
		file := filepath.Join(t.TempDir(), "old.db")
		if sum, err := Backup(t.Context(), from, file, false, quiet); err != nil || sum.Schema != 1 {
			t.Fatalf("a backup must not migrate: %+v, %v", sum, err)
		}
		both(t, func(t *testing.T, place string) {
			if _, err := Restore(t.Context(), file, place, testKey, false, quiet); err != nil {
				t.Fatal(err)
			}
			if r, err := openAt(t, place).Accept(t.Context(), says("c", "still there?"), nil); err != nil || r.Seq != 3 {
				t.Errorf("the next message: %+v, %v", r, err)
			}
		})
	}
}
