package store

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"supportbot"
	"supportbot/internal/seal"
	"supportbot/internal/store/pgtest"
)

// talk has a conversation with a message, an answer and a case.
func talk(t *testing.T, s *Store, peer string) supportbot.ThreadID {
	t.Helper()
	in := says("1", "the light is red")
	in.Peer = peer
	r, err := s.Accept(t.Context(), in, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = s.Commit(t.Context(), supportbot.Commit{
		Thread: r.Thread, Seq: 1, Session: json.RawMessage(`{"light":"red"}`),
		Events: []supportbot.LogEvent{{Type: "dialog", Payload: json.RawMessage(`{"light":"red"}`)}},
		Messages: []supportbot.Message{
			{Seq: 1, From: supportbot.FromUser, Text: "the light is red", ReplyTo: "1"},
			{Seq: 2, From: supportbot.FromBot, Text: "Then wait.", Spoken: "Wait", Choices: []supportbot.Choice{{Label: "OK", Value: "ok"}}},
		},
		Case:    &supportbot.Case{ID: peer + "-1", State: supportbot.CaseWaiting, Fence: 1, Note: "red"},
		Outcome: supportbot.Outcome{Seq: 1, Flow: "light"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return r.Thread
}

// TestAValueOpensOnlyWhereItStood swaps every sealed value with that of another
// row, of the same conversation or of another.
func TestAValueOpensOnlyWhereItStood(t *testing.T) {
	swaps := map[string]string{
		"a message with its neighbour":           `UPDATE message SET body = (SELECT m.body FROM message m WHERE m.thread_id = 1 AND m.seq = 3 - message.seq) WHERE thread_id = 1`,
		"a message with another conversation's":  `UPDATE message SET body = (SELECT m.body FROM message m WHERE m.thread_id = 3 - message.thread_id AND m.seq = message.seq)`,
		"an inbox row with another's":            `UPDATE inbox SET payload = (SELECT i.payload FROM inbox i WHERE i.thread_id = 3 - inbox.thread_id)`,
		"a result with another's":                `UPDATE inbox SET result = (SELECT i.result FROM inbox i WHERE i.thread_id = 3 - inbox.thread_id)`,
		"a result with the payload":              `UPDATE inbox SET payload = result`,
		"a session with another's":               `UPDATE thread SET session = (SELECT t.session FROM thread t WHERE t.id = 3 - thread.id)`,
		"a session that goes on":                 `UPDATE thread SET version = version + 1`,
		"a case with another's":                  `UPDATE cases SET data = (SELECT c.data FROM cases c WHERE c.thread_id = 3 - cases.thread_id)`,
		"a key with another's":                   `UPDATE thread SET key = (SELECT t.key FROM thread t WHERE t.id = 3 - thread.id)`,
		"a conversation under another's address": `UPDATE thread SET peer = peer || 'x'`,
		"an address with another's":              `UPDATE thread SET address = (SELECT t.address FROM thread t WHERE t.id = 3 - thread.id)`,
		"a message cut short":                    `UPDATE message SET body = substr(body, 1, 20)`,
	}
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		talk(t, s, "mei")
		talk(t, s, "lan")
		for what, swap := range swaps {
			t.Run(what, func(t *testing.T) {
				undo := saved(t, s)
				defer undo()
				writes(t, s, swap)
				_, err := openAt(t, place).Log(t.Context(), 1) // which remembers no keys
				if !errors.Is(err, seal.ErrWrongKey) {
					t.Errorf("Log: %v, want %v", err, seal.ErrWrongKey)
				}
			})
		}
		if _, err := s.Log(t.Context(), 1); err != nil {
			t.Error(err)
		}
	})
}

// saved keeps the sealed tables, and puts them back.
func saved(t *testing.T, s *Store) (undo func()) {
	tables := map[string]string{"message": "body = k.body", "inbox": "payload = k.payload, result = k.result",
		"cases": "data = k.data", "thread": "peer = k.peer, address = k.address, version = k.version, session = k.session, key = k.key"}
	id := map[string]string{"message": "m.thread_id = k.thread_id AND m.seq = k.seq", "inbox": "m.thread_id = k.thread_id AND m.seq = k.seq",
		"cases": "m.id = k.id", "thread": "m.id = k.id"}
	for table := range tables {
		writes(t, s, `DROP TABLE IF EXISTS kept_`+table)
		writes(t, s, `CREATE TABLE kept_`+table+` AS SELECT * FROM `+table)
	}
	return func() {
		for table, set := range tables {
			writes(t, s, `UPDATE `+table+` AS m SET `+set+` FROM kept_`+table+` k WHERE `+id[table])
		}
	}
}

// TestAnotherKeyIsRefused: whoever has no key, or the wrong one, is told what to do
// and changes nothing.
func TestAnotherKeyIsRefused(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		talk(t, s, "mei")
		file := filepath.Join(t.TempDir(), "backup.db")
		if _, err := Backup(t.Context(), place, file, false, quiet); err != nil {
			t.Fatal(err)
		}
		s.Close()
		other := seal.Place{File: filepath.Join(t.TempDir(), "other"), Make: true}
		if _, _, err := other.Create(); err != nil {
			t.Fatal(err)
		}
		none := seal.Place{File: filepath.Join(t.TempDir(), "none"), Make: true}
		broken := seal.Place{File: filepath.Join(t.TempDir(), "broken")}
		if err := os.WriteFile(broken.File, []byte(`{"key": [`), 0o600); err != nil {
			t.Fatal(err)
		}
		empty := t.TempDir()
		for _, key := range []struct {
			place seal.Place
			want  string
		}{
			{other, "sealed by another key than the key in " + other.File + "; name its own with --key-file"},
			{none, "no key in " + none.File + "; name the key of this database with --key-file"},
			{broken, "not a key file"},
			{seal.Place{Given: "red"}, "not the base64 of a key file"},
		} {
			if _, err := Open(t.Context(), place, key.place); err == nil || !strings.Contains(err.Error(), key.want) {
				t.Errorf("Open: %v, want %q in it", err, key.want)
			}
			if _, err := Restore(t.Context(), file, empty, key.place, false, quiet); err == nil || !strings.Contains(err.Error(), key.want) {
				t.Errorf("Restore: %v, want %q in it", err, key.want)
			}
			if IsURL(place) {
				continue
			}
			if _, err := Move(t.Context(), place, pgtest.Database(t), key.place, quiet); err == nil || !strings.Contains(err.Error(), key.want) {
				t.Errorf("Move: %v, want %q in it", err, key.want)
			}
		}
		if _, err := os.Stat(none.File); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("a key was made for what another has sealed: %v", err)
		}
		if _, err := openAt(t, place).Log(t.Context(), 1); err != nil {
			t.Error(err)
		}
	})
}

// TestTheOldestSchemaIsSealed: what an older program has written in the clear is
// nowhere in the files afterwards.
func TestTheOldestSchemaIsSealed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "supportbot.db")
	write(t, "sqlite", path, "sqlite3")
	words := []string{"Which light?", "hello?", `"turn":1`, `"row":1`, `"waiting"`}
	if plain := fileBytes(t, dir); !bytes.Contains(plain, []byte(words[0])) {
		t.Fatal("the old database does not hold the words in the clear")
	}
	s := openAt(t, dir)
	if m, err := s.Messages(t.Context(), 1, 0, 9); err != nil || len(m) != 2 || m[1].Text != "Which light?" {
		t.Errorf("messages %+v, %v", m, err)
	}
	for _, word := range words {
		if bytes.Contains(fileBytes(t, dir), []byte(word)) {
			t.Errorf("%q is there in the clear", word)
		}
	}
}

// fileBytes are all files of a directory, one after the other.
func fileBytes(t *testing.T, dir string) (all []byte) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data...)
	}
	return all
}
