package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot/internal/replay"
	"supportbot/internal/store"
	"supportbot/internal/store/pgtest"
)

// place is the flag that names a database.
func place(database string) string {
	if store.IsURL(database) {
		return "--database=" + database
	}
	return "--data=" + database
}

// TestBackupsUnderLoad makes backups while persons talk. Each holds what was
// acknowledged before, whole turns only, and of every conversation how it began.
func TestBackupsUnderLoad(t *testing.T) {
	for name, database := range map[string]string{"SQLite": t.TempDir(), "PostgreSQL": pgtest.Database(t)} {
		t.Run(name, func(t *testing.T) {
			s := nodes(t, database, 1)[0]
			l := talk(t, []*server{s}, 8)
			var backups []string
			for i := range 3 {
				time.Sleep(200 * time.Millisecond)
				peer := fmt.Sprint("before backup ", i)
				s.saysIn(peer, "1", "POS机密码忘了")
				dir := t.TempDir()
				if out, err := command(t, "", "backup", filepath.Join(dir, "supportbot.db"), place(database)); err != nil || !strings.Contains(out, "conversations in ") {
					t.Fatalf("%v\n%s", err, out)
				}
				backups = append(backups, dir)
				if _, ok := logs(t, dir)[peer]; !ok {
					t.Errorf("%s was answered before the backup, and is not in it", peer)
				}
			}
			l.check(s)
			all := logs(t, database)
			for _, dir := range backups {
				begun := logs(t, dir)
				t.Logf("%d conversations of %d", len(begun), len(all))
				for peer, log := range begun {
					begins(t, peer, log, all[peer])
				}
			}
		})
	}
}

// begins checks that a conversation stands between two turns, and became later.
func begins(t *testing.T, peer string, log, later replay.Log) {
	t.Helper()
	whole := log.Thread.Version == int64(len(log.Rows)) && log.Thread.Head == int64(len(log.Rows)) && log.Thread.LastSeq == int64(len(log.Messages))
	if !whole {
		t.Errorf("%s is cut within a turn: %+v with %d rows and %d messages", peer, log.Thread, len(log.Rows), len(log.Messages))
	}
	if len(log.Rows) > len(later.Rows) || len(log.Messages) > len(later.Messages) || len(log.Events) > len(later.Events) {
		t.Fatalf("%s has more in the backup than later", peer)
	}
	if diff := cmp.Diff(log.Rows, later.Rows[:len(log.Rows)]) + cmp.Diff(log.Messages, later.Messages[:len(log.Messages)]) +
		cmp.Diff(log.Events, later.Events[:len(log.Events)]); diff != "" {
		t.Errorf("%s began otherwise than in the backup:\n%s", peer, diff)
	}
}

// logs reads all conversations of a database.
func logs(t *testing.T, database string) map[string]replay.Log {
	t.Helper()
	s, err := store.Open(t.Context(), database, testKey())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ids, err := s.Conversations(t.Context(), 0, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]replay.Log{}
	for _, id := range ids {
		log, err := s.Log(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		all[log.Thread.Address.Peer] = log
	}
	return all
}

// TestABackupOnAFullDisk leaves the backup before it as it is, and nothing else.
func TestABackupOnAFullDisk(t *testing.T) {
	data := t.TempDir()
	s := serve(t, data)
	s.says("1", "POS机密码忘了")
	for _, database := range []string{data, movedTo(t, data, s)} {
		file := filepath.Join(t.TempDir(), "backup.db")
		if err := os.WriteFile(file, []byte("yesterday's"), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := program(t, "backup", "--force", file, place(database))
		cmd.Args = append([]string{"sh", "-c", `ulimit -f 200 && exec "$0" "$@"`, cmd.Path}, cmd.Args[1:]...) // blocks of 512 bytes
		cmd.Path = "/bin/sh"
		if out, err := cmd.CombinedOutput(); err == nil || !strings.Contains(string(out), "back up into "+file) {
			t.Errorf("on a full disk: %v\n%s", err, out)
		}
		if kept, err := os.ReadFile(file); err != nil || string(kept) != "yesterday's" {
			t.Errorf("the backup before is %.20q, %v", kept, err)
		}
		if left, _ := os.ReadDir(filepath.Dir(file)); len(left) != 1 {
			t.Errorf("left over: %v", left)
		}
	}
}

// movedTo stops a server and moves its database to PostgreSQL.
func movedTo(t *testing.T, dir string, s *server) (url string) {
	t.Helper()
	s.stop()
	url = pgtest.Database(t)
	out, err := command(t, "", "move", "--data", dir, "--to", url)
	if err != nil || !strings.Contains(out, "same") || strings.Contains(out, "DIFFERENT") {
		t.Fatalf("%v\n%s", err, out)
	}
	return url
}

// TestAConversationMoves begins on SQLite, goes on in PostgreSQL, and once more
// in SQLite from a backup of that. Whoever repeats a message anywhere gets the
// answer that it had, and an agent's token and case are still there.
func TestAConversationMoves(t *testing.T) {
	const hello, choice = `{"conversation":"c","id":"1","text":"POS机密码忘了"}`, `{"conversation":"c","id":"2","text":"手机银行"}`
	dir := t.TempDir()
	s := serve(t, dir)
	post := func(body string) map[string]any {
		t.Helper()
		_, answer := s.rest(restKey, "POST", "/api/v1/messages", body)
		return answer
	}
	first, second, token := post(hello), post(choice), s.token()
	sameAnswers := func() {
		t.Helper()
		if diff := cmp.Diff(first, post(hello)) + cmp.Diff(second, post(choice)); diff != "" {
			t.Errorf("a repeat is answered otherwise:\n%s", diff)
		}
		if status, _ := s.rest(restKey, "POST", "/api/v1/messages", strings.Replace(choice, "银行", "", 1)); status != 409 {
			t.Errorf("the same id with another text: %d", status)
		}
	}
	if _, err := command(t, "", "move", "--data", dir, "--to", pgtest.Database(t)); err == nil || !strings.Contains(err.Error(), "stop every server") {
		t.Errorf("move under a server: %v", err)
	}
	url := movedTo(t, dir, s)

	s = serve(t, t.TempDir(), "--database", url)
	sameAnswers()
	if _, state := s.says("3", "转人工"); state != "waiting" {
		t.Errorf("the case is %q", state)
	}
	third := post(`{"conversation":"c","id":"3","text":"转人工"}`)
	file := filepath.Join(t.TempDir(), "backup.db")
	if _, err := command(t, "", "backup", file, "--database", url); err != nil {
		t.Fatal(err)
	}
	if _, err := command(t, "", "restore", file, "--force", "--database", url); err == nil || !strings.Contains(err.Error(), "stop every server") {
		t.Errorf("restore under a server: %v", err)
	}
	s.stop()

	dir = t.TempDir()
	if out, err := command(t, "", "restore", file, "--data", dir); err != nil || !strings.Contains(out, "1 conversation in ") {
		t.Fatalf("%v\n%s", err, out)
	}
	s = serve(t, dir)
	sameAnswers()
	if diff := cmp.Diff(third, post(`{"conversation":"c","id":"3","text":"转人工"}`)); diff != "" {
		t.Errorf("what was said in PostgreSQL is answered otherwise in SQLite:\n%s", diff)
	}
	id := third["case"].(map[string]any)["id"].(string)
	if status, claimed := s.rest(token, "POST", "/console/api/cases/"+id+"/claim", ""); status != 200 || claimed["fence"] != float64(2) {
		t.Errorf("claim: %d %v", status, claimed)
	}
	if _, err := command(t, "", "restore", file, "--force", "--data", dir); err == nil || !strings.Contains(err.Error(), "stop every server") {
		t.Errorf("restore under a server: %v", err)
	}
	if out, err := command(t, "", "replay", "--data", dir); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
