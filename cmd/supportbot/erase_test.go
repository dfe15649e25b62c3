package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// TestErase erases a person beside running servers, with a case that an agent has:
// nothing of the person is left, others are, and whoever writes again is new.
func TestErase(t *testing.T) {
	for name, database := range map[string]string{"SQLite": t.TempDir(), "PostgreSQL": pgtest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			s := nodes(t, database, 1)[0]
			s.saysIn("other", "1", "POS机密码忘了")
			peer := canary + "-shop" // the address, ids and words of the person
			s.saysIn(peer, canary+"1", "POS机密码忘了 "+canary)
			s.saysIn(peer, canary+"2", "转人工")
			at := place(database)
			id := func() string {
				out, err := command(t, "", "export", "--channel", "rest", "--peer", peer, at)
				if err != nil {
					t.Fatal(err)
				}
				var e store.Export
				if err := json.Unmarshal([]byte(out), &e); err != nil {
					t.Fatal(err)
				}
				if e.Address.Peer != peer || len(e.Messages) < 3 || len(e.Inbox) < 2 || !strings.Contains(out, "POS机密码忘了 "+canary) {
					t.Errorf("export: %s", out)
				}
				return fmt.Sprint(e.Conversation)
			}
			before := id()
			out, err := command(t, "", "erase", "--channel", "rest", "--peer", peer, at)
			if want := "erased conversation " + before + "; "; err != nil || !strings.HasPrefix(out, want) {
				t.Fatalf("%v\n%s", err, out)
			}
			if out, err := command(t, "", "erase", "--conversation", before, at); err == nil {
				t.Errorf("a second time: %s", out)
			}
			if !store.IsURL(database) {
				searchFiles(t, database, canary)
			}
			backups := t.TempDir()
			if out, err := command(t, "", "backup", filepath.Join(backups, "backup.db"), at); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			searchFiles(t, backups, canary)

			said, _ := s.saysIn(peer, canary+"1", "POS机密码忘了 "+canary)
			s.reads(said, "用哪种方式重设")
			s.saysIn(peer, canary+"2", "转人工")
			if after := id(); after == before {
				t.Errorf("the number %s is given away again", after)
			}
			if said, _ := s.saysIn("other", "2", "手机银行"); said == "" {
				t.Error("the other conversation does not go on")
			}
		})
	}
}
