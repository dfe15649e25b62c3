package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"supportbot/internal/store/pgtest"
)

// What is done at the machine, beside the console, stands in the audit log under
// the name of the user who did it.
func TestWhatAnOperatorDoesIsAudited(t *testing.T) {
	dir, url := t.TempDir(), pgtest.Database(t)
	key := filepath.Join(t.TempDir(), "supportbot.key") // of its own, since it is rotated
	file := filepath.Join(t.TempDir(), "monday.db")
	s := serve(t, dir, "--key-file", key)
	s.says("1", "POS机密码忘了")
	s.stop()
	for _, args := range [][]string{
		{"key", "rotate", "--prepare", "--data", dir},
		{"key", "rotate", "--data", dir},
		{"replay", "--data", dir},
		{"replay", "--limit", "3", "--data", dir},
		{"replay", "--conversation", "rest:c", "--data", dir},
		{"export", "--channel", "rest", "--peer", "c", "--data", dir},
		{"backup", file, "--data", dir},
		{"restore", file, "--force", "--data", dir},
		{"move", "--data", dir, "--to", url},
	} {
		if out, err := command(t, "", append(args, "--key-file", key)...); err != nil {
			t.Fatalf("%v: %v\n%s", args, err, out)
		}
	}
	list, err := command(t, "", "audit", "list", "--json", "--database", url, "--key-file", key)
	if err != nil {
		t.Fatal(err)
	}
	var acts []string
	for _, r := range jsonLines(t, list) {
		if r["action"] == "content-published" {
			continue // what is built in was, by the server
		}
		acts = append(acts, strings.TrimSpace(r["action"].(string)+" "+r["subject"].(string)))
		if r["actor"] != operator() || !strings.HasPrefix(operator(), "operator:") {
			t.Errorf("%v is of %v, want %s", r["action"], r["actor"], operator())
		}
	}
	// The backup is made before it is told of, so what is restored lacks that.
	want := []string{
		"agent-added admin", "key-prepared", "key-rotated", "conversations-replayed all", "conversations-replayed the newest 3", "conversations-replayed 1",
		"conversation-exported 1", "restored monday.db", "moved SQLite",
	}
	if !slices.Equal(acts, want) {
		t.Errorf("audited are %q, want %q", acts, want)
	}
	if out, err := command(t, "", "audit", "verify", "--database", url, "--key-file", key); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := command(t, "", "agent", "add", "operator:root", "--database", url, "--key-file", key); err == nil {
		t.Error("an agent may be called like an operator")
	}
}

// A backup is told of in the database that it copies, and made all the same where
// that cannot be.
func TestABackupIsAudited(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, dir)
	if out, err := command(t, "", "backup", filepath.Join(t.TempDir(), "monday.db"), "--data", dir); err != nil || strings.Contains(out, "warning") {
		t.Fatalf("%v\n%s", err, out)
	}
	s.stop()
	if list, err := command(t, "", "audit", "list", "--data", dir); err != nil || !strings.Contains(list, `backed-up "monday.db"`) {
		t.Errorf("%v\n%s", err, list)
	}
	elsewhere := filepath.Join(t.TempDir(), "supportbot.key")
	file := filepath.Join(t.TempDir(), "tuesday.db")
	cmd := program(t, "backup", file, "--data", dir, "--key-file", elsewhere)
	if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "warning: this backup stands in no audit log") {
		t.Errorf("without the key: %v\n%s", err, out)
	}
	for path, want := range map[string]bool{file: true, elsewhere: false} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s: %v", path, err)
		}
	}
}
