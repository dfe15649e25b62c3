package store

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/seal"
	"supportbot/internal/store/storetest"
	"supportbot/internal/turn"
)

func TestSQLite(t *testing.T) {
	root := t.TempDir()
	storetest.Run(t, func(t *testing.T) storetest.Store {
		return openAt(t, filepath.Join(root, t.Name()))
	}, feedOf)
}

func feedOf(s storetest.Store) storetest.Feed { return s.(*Store).Feed() }

// openAt opens the store in dir until the end of the test.
func openAt(t testing.TB, dir string) *Store {
	t.Helper()
	return openWith(t, dir, testKey)
}

// openWith is openAt with another key.
func openWith(t testing.TB, dir string, key seal.Place) *Store {
	t.Helper()
	s, err := Open(t.Context(), dir, key)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// says is a message in the only conversation of these tests.
func says(id, text string) supportbot.Inbound {
	return supportbot.Inbound{
		Address: supportbot.Address{Channel: supportbot.Web, Peer: "mei"}, ID: id, Kind: supportbot.InText, Text: text,
	}
}

func TestSettings(t *testing.T) {
	s := openAt(t, t.TempDir())
	want := func(c conn, name, want string) {
		t.Helper()
		var got string
		if err := row(t.Context(), c, "PRAGMA "+name).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", name, got, err, want)
		}
	}
	s.update(t.Context(), func(_ context.Context, tx conn) error {
		want(tx, "journal_mode", "wal")
		want(tx, "synchronous", "2") // FULL
		want(tx, "foreign_keys", "1")
		want(tx, "busy_timeout", "5000")
		want(tx, "secure_delete", "1")
		return nil
	})
	want(s.read, "busy_timeout", "5000")
	want(s.read, "query_only", "1")
}

// writes runs one writing statement.
func writes(t *testing.T, s *Store, statement string) {
	t.Helper()
	if _, err := s.exec(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func TestFilesAreTheOwnersAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data 100%?#", "bot")
	s := openAt(t, dir)
	if _, err := s.Accept(t.Context(), says("1", "hello"), nil); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]os.FileMode{
		"": 0o700, "supportbot.db": 0o600, "supportbot.db-wal": 0o600, "supportbot.db-shm": 0o600,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%q has mode %o, want %o", name, got, want)
		}
	}
}

func TestCloseWritesBack(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	openAt(t, dir) // as another process would, so that the log stays
	if _, err := s.Accept(t.Context(), says("1", "hello"), nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(filepath.Join(dir, "supportbot.db-wal")); err != nil || info.Size() != 0 {
		t.Errorf("the write-ahead log after Close: %+v, %v", info, err)
	}
}

func TestOpenFreshAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			s, err := Open(t.Context(), dir, testKey)
			if err != nil {
				t.Error(err)
				return
			}
			defer s.Close()
			if _, err := s.Accept(t.Context(), says(fmt.Sprint(i), "hello"), nil); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	wantRows(t, openAt(t, dir), 8)
}

// TestProcessesShareTheFile runs copies of this test program, which open a
// fresh database at once and then write to it.
func TestProcessesShareTheFile(t *testing.T) {
	const processes, each = 4, 25
	if name := os.Getenv("SUPPORTBOT_TEST_PROCESS"); name != "" {
		s := openAt(t, os.Getenv("SUPPORTBOT_TEST_DIR"))
		for i := range each {
			if _, err := s.Accept(t.Context(), says(fmt.Sprint(name, "-", i), "hello"), nil); err != nil {
				t.Fatal(err)
			}
		}
		return
	}

	dir := filepath.Join(t.TempDir(), "data")
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
			cmd.Env = append(os.Environ(), fmt.Sprint("SUPPORTBOT_TEST_PROCESS=", i), "SUPPORTBOT_TEST_DIR="+dir)
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	all.Wait()
	wantRows(t, openAt(t, dir), processes*each)
}

// wantRows checks that the inbox is numbered from 1 to n.
func wantRows(t *testing.T, s *Store, n int) {
	t.Helper()
	var rows, first, last int
	err := row(t.Context(), s.read, `SELECT count(*), min(seq), max(seq) FROM inbox`).Scan(&rows, &first, &last)
	if err != nil || rows != n || first != 1 || last != n {
		t.Errorf("%d inbox rows from %d to %d, %v; want %d", rows, first, last, err, n)
	}
}

func TestOpenRefusesNewerSchema(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	writes(t, s, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (99, 1)`)
	s.Close()
	if _, err := Open(t.Context(), dir, testKey); err == nil || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("Open: %v, want an error that names version 99", err)
	}
}

func TestOpenNotADatabase(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "supportbot.db")
	diary := strings.Repeat("dear diary\n", 1000)
	if err := os.WriteFile(path, []byte(diary), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), dir, testKey); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("Open: %v, want an error that names %s", err, dir)
	}
	if after, err := os.ReadFile(path); err != nil || string(after) != diary {
		t.Errorf("the file was changed: %v", err)
	}
}

func TestAnotherProcessIsHintedAt(t *testing.T) {
	dir := t.TempDir()
	s, other := openAt(t, dir), openAt(t, dir)
	hints := make(chan turn.Hint, 100)
	ctx, stop := context.WithCancel(t.Context())
	var listening sync.WaitGroup
	listening.Go(func() { s.Hints(ctx, func(h turn.Hint) { hints <- h }) })
	defer listening.Wait()
	defer stop()
	quiet := func(why string) {
		t.Helper()
		select {
		case <-hints:
			t.Errorf("a hint at %s", why)
		case <-time.After(3 * hintEvery):
		}
	}
	select {
	case <-hints: // what came before anybody listened is not known
	case <-time.After(10 * time.Second):
		t.Fatal("no hint at what may have come before")
	}
	quiet("nothing")
	if _, err := s.Accept(t.Context(), says("1", "hello"), nil); err != nil {
		t.Fatal(err)
	}
	quiet("what this process wrote itself")
	if _, err := other.Accept(t.Context(), says("2", "hello"), nil); err != nil {
		t.Fatal(err)
	}
	select {
	case <-hints:
	case <-time.After(10 * time.Second):
		t.Error("no hint at what another process wrote")
	}
}
