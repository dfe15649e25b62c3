package store

import (
	"database/sql"
	"encoding/json"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver
	"github.com/pressly/goose/v3"

	"supportbot"
	"supportbot/internal/store/pgtest"
	"supportbot/internal/turn"
)

// TestMigrationsGoTogether: what one database has, the other has under the same
// number and name.
func TestMigrationsGoTogether(t *testing.T) {
	var lists [][]string
	for _, folder := range folders {
		files, err := fs.Glob(migrations, folder+"/*.sql")
		if err != nil || len(files) == 0 {
			t.Fatal(files, err)
		}
		for i := range files {
			files[i] = path.Base(files[i])
		}
		lists = append(lists, files)
	}
	if !slices.Equal(lists[0], lists[1]) {
		t.Errorf("%v and %v", lists[0], lists[1])
	}
}

// oldest fills the tables of the first schema: a conversation with a case, one
// of two messages handled.
var oldest = []string{
	`INSERT INTO thread (id, channel, peer, version, last_seq, event_seq, session) VALUES (1, 'web', 'mei', 1, 2, 1, '{"turn":1}')`,
	`INSERT INTO lane (thread_id, kind, head, tail) VALUES (1, 'in', 1, 2)`,
	`INSERT INTO inbox (thread_id, seq, sender, ext_id, payload, outcome, accepted_at) VALUES
		(1, 1, 'person', 'a', '{"channel":"web","peer":"mei","id":"a","kind":"text","text":"hello"}', '{"flow":"bind","replies":[{"seq":2,"from":"bot","text":"Which light?"}]}', 1),
		(1, 2, 'person', 'b', '{"channel":"web","peer":"mei","id":"b","kind":"text","text":"hello?"}', NULL, 2)`,
	`INSERT INTO event (thread_id, seq, type, payload) VALUES (1, 1, 'turn', '{"row":1}')`,
	`INSERT INTO message (thread_id, seq, sender, author, text, spoken, choices, reply_to, sent_at) VALUES
		(1, 1, 'user', '', 'hello', '', 'null', 'a', 1000000), (1, 2, 'bot', '', 'Which light?', '', 'null', '', 1000000)`,
	`INSERT INTO timer (thread_id, kind, gen, due_at) VALUES (1, 'silence', 0, 5000000)`,
	`INSERT INTO cases (thread_id, id, opened, state, live, priority, owner, fence, queued_at, data) VALUES
		(1, '1-1', 1, 'waiting', 1, 0, '', 1, 1, '{"id":"1-1","state":"waiting","fence":1}')`,
}

// TestFromTheOldestSchema opens databases that the first version has written,
// and goes on where they stand.
func TestFromTheOldestSchema(t *testing.T) {
	dir, url := t.TempDir(), pgtest.Database(t)
	for _, c := range []struct {
		place, driver, dsn string
		dialect            goose.Dialect
	}{
		{dir, "sqlite", filepath.Join(dir, "supportbot.db"), goose.DialectSQLite3},
		{url, "pgx", url, goose.DialectPostgres},
	} {
		t.Run(c.driver, func(t *testing.T) {
			write(t, c.driver, c.dsn, c.dialect)
			s := openAt(t, c.place)
			at := supportbot.Address{Channel: supportbot.Web, Peer: "mei"}
			thread, err := s.Thread(t.Context(), at)
			if err != nil {
				t.Fatal(err)
			}
			want := supportbot.Thread{
				ID: 1, Address: at, Version: 1, Head: 1, Tail: 2, LastSeq: 2, Session: json.RawMessage(`{"turn":1}`),
				Case:   &supportbot.Case{ID: "1-1", Thread: 1, State: supportbot.CaseWaiting, Fence: 1},
				Timers: []supportbot.Timer{{Kind: supportbot.TimerSilence, Due: time.Unix(5, 0).UTC()}},
			}
			if diff := cmp.Diff(want, thread); diff != "" {
				t.Errorf("conversation (-want +got):\n%s", diff)
			}
			if left, err := s.Backlog(t.Context(), 9); err != nil || !slices.Equal(left, []supportbot.ThreadID{1}) {
				t.Errorf("backlog %v, %v; nobody has the lane", left, err)
			}
			if err := s.Commit(t.Context(), supportbot.Commit{Thread: 1, Seq: 2, Version: 1}); err != nil {
				t.Error(err)
			}
			if r, err := s.Accept(t.Context(), says("b", "hello?"), nil); err != nil || r.Seq != 2 || r.Outcome == nil {
				t.Errorf("a repeat: %+v, %v", r, err)
			}
			if o, err := s.Outcome(t.Context(), 1, 1); err != nil || o.Flow != "bind" || len(o.Replies) != 1 || o.Replies[0].Text != "Which light?" {
				t.Errorf("an outcome: %+v, %v", o, err)
			}
			if r, err := s.Accept(t.Context(), says("c", "still there?"), nil); err != nil || r != (turn.Receipt{Thread: 1, Seq: 3}) {
				t.Errorf("the next message: %+v, %v", r, err)
			}
			log, err := s.Log(t.Context(), 1)
			if err != nil || len(log.Rows) != 2 || len(log.Events) != 1 || len(log.Messages) != 2 || log.Messages[1].Text != "Which light?" {
				t.Errorf("log %+v, %v", log, err)
			}
		})
	}
}

// write makes the first schema, with rows in it.
func write(t *testing.T, driver, dsn string, dialect goose.Dialect) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	files, err := fs.Sub(migrations, folders[dialect])
	if err != nil {
		t.Fatal(err)
	}
	provider, err := goose.NewProvider(dialect, db, files)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := provider.UpTo(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	for _, statement := range oldest {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}
