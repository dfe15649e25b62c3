package store

import (
	"database/sql"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot/internal/store/pgtest"
	"supportbot/internal/turn"
)

func TestRestoreRefuses(t *testing.T) {
	dir := dirOf(t)
	fillTables(t, filepath.Join(dir, "supportbot.db"))
	good, err := os.ReadFile(backup(t, dir))
	if err != nil {
		t.Fatal(err)
	}
	places := []string{t.TempDir(), pgtest.Database(t)}
	for _, place := range places {
		s := openAt(t, place)
		converse(t, s, says("1", "hello"))
		s.Close()
	}
	change := func(t *testing.T, file, statement string) {
		t.Helper()
		db, err := sql.Open("sqlite", file)
		if err == nil {
			_, err = db.ExecContext(t.Context(), statement)
			db.Close()
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		spoil func(t *testing.T, file string)
		want  string
	}{
		"a diary": {func(t *testing.T, file string) {
			os.WriteFile(file, []byte(strings.Repeat("dear diary\n", 1000)), 0o600)
		}, "no database of supportbot"},
		"an empty file": {func(t *testing.T, file string) { os.Truncate(file, 0) }, "no database of supportbot"},
		"another's database": {func(t *testing.T, file string) {
			change(t, file, `ALTER TABLE thread RENAME TO yarn`)
		}, "no database of supportbot"},
		"half a file": {func(t *testing.T, file string) { os.Truncate(file, int64(len(good)/2)) }, "damaged"},
		"a page of zeros": {func(t *testing.T, file string) {
			f, _ := os.OpenFile(file, os.O_RDWR, 0)
			f.WriteAt(make([]byte, 4096), int64(len(good)-4096))
			f.Close()
		}, "damaged"},
		"a missing row": {func(t *testing.T, file string) { change(t, file, `DELETE FROM message WHERE seq = 2`) }, "damaged: a row of outbox"},
		"a newer schema": {func(t *testing.T, file string) {
			change(t, file, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
		}, "version 99"},
		"a database in use": {func(t *testing.T, file string) { os.WriteFile(file+"-wal", []byte("more"), 0o600) }, "supportbot backup"},
	} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "backup.db")
			if err := os.WriteFile(file, good, 0o600); err != nil {
				t.Fatal(err)
			}
			c.spoil(t, file)
			for _, place := range places {
				if _, err := Restore(t.Context(), file, place, testKey, true, quiet); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("Restore: %v, want %q in it", err, c.want)
				}
				s := openAt(t, place)
				wantRows(t, s, 1)
				s.Close()
			}
		})
	}
}

// TestRestoreIsRefusedWhileSomebodyIsAtWork: in SQLite whoever has it open, in
// PostgreSQL whoever listens, as a server does.
func TestRestoreIsRefusedWhileSomebodyIsAtWork(t *testing.T) {
	file := backup(t, dirOf(t))
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		heard := make(chan turn.Hint, 100)
		if IsURL(place) {
			go s.Hints(t.Context(), func(h turn.Hint) { heard <- h })
			next(t, heard)
		}
		if _, err := Restore(t.Context(), file, place, testKey, true, quiet); !errors.Is(err, errInUse) {
			t.Errorf("Restore: %v, want that it is in use", err)
		}
		converse(t, s, says("1", "hello"))
	})
}

func TestRestoreKeepsWhatIsThere(t *testing.T) {
	dir := dirOf(t)
	fillTables(t, filepath.Join(dir, "supportbot.db"))
	file := backup(t, dir)
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		converse(t, s, says("1", "hello"))
		s.Close()
		if _, err := Restore(t.Context(), file, place, testKey, false, quiet); !errors.Is(err, errNotEmpty) || !strings.Contains(err.Error(), "--force") {
			t.Errorf("over data: %v, want that there is some, and a word of --force", err)
		}
		done, err := Restore(t.Context(), file, place, testKey, true, quiet)
		if err != nil {
			t.Fatal(err)
		}
		wantRows(t, openAt(t, place), 3)
		back := t.TempDir()
		if _, err := Restore(t.Context(), done.Aside, back, testKey, false, quiet); err != nil {
			t.Fatal(err)
		}
		wantRows(t, openAt(t, back), 1)
	})
}

// TestARestoreThatFailsChangesNothing kills PostgreSQL when half is replaced.
func TestARestoreThatFailsChangesNothing(t *testing.T) {
	server := pgtest.Start(t)
	dir, url := dirOf(t), server.Database(t)
	fillTables(t, filepath.Join(dir, "supportbot.db"))
	s := openAt(t, url)
	converse(t, s, says("1", "hello"))
	s.Close()
	before := sums(t, url)
	die := func(table string, _, of int64) {
		if table == "inbox" && of == 3 { // those of the backup, not of what is set aside
			server.Stop(t)
		}
	}
	if _, err := Restore(t.Context(), backup(t, dir), url, testKey, true, die); err == nil {
		t.Error("restored into a database that is dead")
	}
	server.Resume(t)
	if diff := cmp.Diff(before, sums(t, url)); diff != "" {
		t.Errorf("what was there has changed:\n%s", diff)
	}
}

// TestRestoreOfADamagedDatabase is what restore is for.
func TestRestoreOfADamagedDatabase(t *testing.T) {
	dir, other := dirOf(t), dirOf(t)
	fillTables(t, filepath.Join(dir, "supportbot.db"))
	path := filepath.Join(other, "supportbot.db")
	if err := os.WriteFile(path, []byte(strings.Repeat("dear diary\n", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Restore(t.Context(), backup(t, dir), other, testKey, false, quiet); !errors.Is(err, errNotEmpty) {
		t.Errorf("over a damaged database: %v, want that something is there", err)
	}
	done, err := Restore(t.Context(), backup(t, dir), other, testKey, true, quiet)
	if err != nil {
		t.Fatal(err)
	}
	if diary, err := os.ReadFile(done.Aside); err != nil || !strings.HasPrefix(string(diary), "dear") {
		t.Errorf("aside is %.20q, %v", diary, err)
	}
	wantRows(t, openAt(t, other), 3)
}

func TestWhatDoesNotComeBackToLife(t *testing.T) {
	ctx := t.Context()
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		last := converse(t, s, says("1", "hello")).Thread
		delivery, err := s.Claim(ctx, last, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Sessions().CommitCtx(ctx, "token", []byte("li"), time.Now().Add(time.Hour)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Accept(ctx, says("2", "hello?"), nil); err != nil { // leased to s
			t.Fatal(err)
		}
		file := backup(t, place)
		lost := says("3", "hello")
		lost.Peer = "li"
		gone, err := s.Accept(ctx, lost, nil)
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		if _, err := Restore(ctx, file, place, testKey, true, quiet); err != nil {
			t.Fatal(err)
		}

		s = openAt(t, place)
		if waits, err := s.Backlog(ctx, 9); err != nil || len(waits) != 1 || waits[0] != last {
			t.Errorf("backlog %v, %v; want the conversation whose lane nobody has any more", waits, err)
		}
		if _, found, err := s.Sessions().FindCtx(ctx, "token"); err != nil || found {
			t.Errorf("somebody is logged in still: %v, %v", found, err)
		}
		writes(t, s, `UPDATE outlane SET ready_at = 0`) // an hour later
		again, err := s.Claim(ctx, last, time.Hour)
		if err != nil || again.Key != delivery.Key || !again.Unsure || again.Epoch <= delivery.Epoch {
			t.Errorf("sent again as %+v, %v; want the key %s and that it may have arrived", again, err, delivery.Key)
		}
		fresh := says("4", "hello")
		fresh.Peer = "wang"
		if r, err := s.Accept(ctx, fresh, nil); err != nil || r.Thread <= gone.Thread {
			t.Errorf("the next conversation is %d, %v; %d is lost and must not be another's", r.Thread, err, gone.Thread)
		}
		if sum, err := Backup(ctx, place, filepath.Join(t.TempDir(), "next.db"), false, quiet); err != nil || sum.Conversations != 2 {
			t.Errorf("%+v, %v; want two conversations", sum, err)
		}
	})
}

// A restore that was killed leaves its copy behind, which the next one takes away.
func TestTheNextRestoreCleansUp(t *testing.T) {
	source := t.TempDir()
	s := openAt(t, source)
	converse(t, s, says("1", "hello"))
	file := backup(t, source)
	dir := filepath.Join(t.TempDir(), "bots [1]")
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{".supportbot.db.restored-123", ".supportbot.db.restored-123-journal", "supportbot.db.restored", ".supportbot.db.notes"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half a copy"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Restore(t.Context(), file, dir, testKey, false, quiet); err != nil {
		t.Fatal(err)
	}
	left, err := fs.Glob(os.DirFS(dir), "*restored*")
	hidden, _ := fs.Glob(os.DirFS(dir), ".*")
	if len(left) > 0 || len(hidden) != 1 || err != nil {
		t.Errorf("left over: %v %v, %v", left, hidden, err)
	}
}

// Putting a backup back makes no conversation, however often.
func TestARestoreMakesNoConversation(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		converse(t, s, says("1", "hello"))
		s.Close()
		for range 2 {
			if _, err := Restore(t.Context(), backup(t, place), place, testKey, true, quiet); err != nil {
				t.Fatal(err)
			}
		}
		s = openAt(t, place)
		ids, err := s.Conversations(t.Context(), 0, 9)
		if err != nil || len(ids) != 1 {
			t.Errorf("conversations %v, %v", ids, err)
		}
	})
}
