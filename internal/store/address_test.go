package store

import (
	"bytes"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/pressly/goose/v3"

	"supportbot"
	"supportbot/channels"
	"supportbot/internal/seal"
	"supportbot/internal/store/pgtest"
)

// telephone is a number that no other bytes of a database are by chance.
const telephone = "+8613912345678"

func calls(channel supportbot.Channel) supportbot.Address {
	return supportbot.Address{Channel: channel, Peer: telephone}
}

// TestAddressesAreNowhereInTheClear: who has the files, a backup or the tables finds
// no telephone number, and who has the number finds the conversation, also under
// another key, in a backup that was put back, and until it is erased.
func TestAddressesAreNowhereInTheClear(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		key := seal.Place{File: filepath.Join(t.TempDir(), "key"), Make: true}
		s := openWith(t, place, key)
		ids := map[supportbot.Channel]supportbot.ThreadID{}
		for _, channel := range []supportbot.Channel{supportbot.SMS, supportbot.Voice} {
			in := says("1", "the light is red")
			in.Address = calls(channel)
			c := supportbot.Commit{Seq: 1, Send: true, Messages: []supportbot.Message{{Seq: 1, From: supportbot.FromBot, Text: "Wait."}},
				Timers: []supportbot.Timer{{Kind: supportbot.TimerSilence, Due: fromMicros(1)}}}
			r, err := s.Take(t.Context(), in, nil, c)
			if err != nil {
				t.Fatal(err)
			}
			ids[channel] = r.Thread
		}
		if ids[supportbot.SMS] == ids[supportbot.Voice] {
			t.Error("two channels share a conversation")
		}

		again := says("1", "the light is red")
		again.Address = calls(supportbot.SMS)
		if r, err := s.Accept(t.Context(), again, nil); err != nil || r.Thread != ids[supportbot.SMS] || r.Seq != 1 {
			t.Errorf("a repeat is %+v, %v", r, err)
		}
		if d, err := s.Claim(t.Context(), ids[supportbot.SMS], 0); err != nil || d.To != calls(supportbot.SMS) {
			t.Errorf("to be sent to %+v, %v", d.To, err)
		}
		if due, err := s.Due(t.Context(), fromMicros(2), 9); err != nil || len(due) != 2 || due[0].Address.Peer != telephone {
			t.Errorf("due are %+v, %v", due, err)
		}
		if kept, err := s.GoOn(t.Context(), channels.Move{Call: calls(supportbot.Voice), To: calls(supportbot.SMS), By: telephone}, 5); err != nil || !kept {
			t.Fatal(kept, err)
		}
		if err := s.RotateKey(t.Context()); err != nil {
			t.Fatal(err)
		}

		file := backup(t, place)
		back := t.TempDir()
		if _, err := Restore(t.Context(), file, back, key, false, quiet); err != nil {
			t.Fatal(err)
		}
		for what, s := range map[string]*Store{"now": s, "in another process": openWith(t, place, key), "after a restore": openWith(t, back, key)} {
			if thread, err := s.Thread(t.Context(), calls(supportbot.Voice)); err != nil || thread.ID != ids[supportbot.Voice] || thread.Address != calls(supportbot.Voice) {
				t.Errorf("%s the conversation is %+v, %v", what, thread, err)
			}
			if m, err := s.Moved(t.Context(), calls(supportbot.SMS), false); err != nil || m.Call != calls(supportbot.Voice) {
				t.Errorf("%s the call that goes on is %+v, %v", what, m, err)
			}
			if m, err := s.GoesOn(t.Context(), calls(supportbot.Voice)); err != nil || m.To != calls(supportbot.SMS) {
				t.Errorf("%s the call goes on at %+v, %v", what, m, err)
			}
			if _, err := s.Thread(t.Context(), supportbot.Address{Channel: supportbot.Voice, Peer: telephone + "9"}); !errors.Is(err, supportbot.ErrNotFound) {
				t.Errorf("%s another number: %v", what, err)
			}
		}

		copied, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !IsURL(place) {
			copied = append(copied, fileBytes(t, place)...)
		}
		if bytes.Contains(copied, []byte(telephone[1:])) {
			t.Error("the number stands there in the clear")
		}
	})
}

// TestAnOlderProgramBeginsNothing: it would put an address in the clear, and make a
// second conversation of a person who has one.
func TestAnOlderProgramBeginsNothing(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s := openAt(t, place)
		if _, err := s.exec(t.Context(), `INSERT INTO thread (id, channel, peer, key) VALUES (7, 'sms', $1, $2)`, telephone, []byte("key")); err == nil {
			t.Error("an address in the clear is taken")
		}
	})
}

// TestOldAddressesAreSealed brings a database of before up to date, of which a program
// that was interrupted has done one conversation: each is found by its address, which
// stands there no more.
func TestOldAddressesAreSealed(t *testing.T) {
	dir, url := t.TempDir(), pgtest.Database(t)
	for _, c := range []struct {
		place, driver, dsn string
		dialect            goose.Dialect
	}{
		{dir, "sqlite", filepath.Join(dir, "supportbot.db"), goose.DialectSQLite3},
		{url, "pgx", url, goose.DialectPostgres},
	} {
		t.Run(c.driver, func(t *testing.T) {
			was := oldest
			defer func() { oldest = was }()
			oldest = append(oldest[:len(oldest):len(oldest)],
				`INSERT INTO thread (id, channel, peer, version, last_seq, event_seq) VALUES (2, 'sms', '`+telephone+`', 0, 0, 0)`,
				`INSERT INTO lane (thread_id, kind) VALUES (2, 'in')`)
			write(t, c.driver, c.dsn, c.dialect)
			hideFirst(t, c.driver, c.dsn, c.dialect)

			s := openAt(t, c.place)
			for id, at := range map[supportbot.ThreadID]supportbot.Address{1: {Channel: supportbot.Web, Peer: "mei"}, 2: calls(supportbot.SMS)} {
				if thread, err := s.Thread(t.Context(), at); err != nil || thread.ID != id || thread.Address != at {
					t.Errorf("conversation %d is %+v, %v", id, thread, err)
				}
			}
			var peer string
			if err := row(t.Context(), s.read, `SELECT peer FROM thread WHERE id = 2`).Scan(&peer); err != nil || peer == telephone {
				t.Errorf("found by %q, %v", peer, err)
			}
			if c.dialect == goose.DialectSQLite3 && bytes.Contains(fileBytes(t, dir), []byte(telephone)) {
				t.Error("the number stands there in the clear")
			}
			if c.dialect == goose.DialectPostgres && bytes.Contains(tableBytes(t, s, "thread"), []byte(telephone)) {
				t.Error("the number stands in the file of the table in the clear")
			}
		})
	}
}

// tableBytes is the file of a table of PostgreSQL, with rows that were deleted.
func tableBytes(t *testing.T, s *Store, table string) (data []byte) {
	t.Helper()
	writes(t, s, `CHECKPOINT`)
	if err := row(t.Context(), s.read, `SELECT pg_read_binary_file(pg_relation_filepath($1))`, table).Scan(&data); err != nil || len(data) == 0 {
		t.Fatalf("%d bytes of the table %s, %v", len(data), table, err)
	}
	return data
}

// hideFirst does what a newer program does with an old database, up to the address
// of the first conversation.
func hideFirst(t *testing.T, driver, dsn string, dialect goose.Dialect) {
	t.Helper()
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := migrateUpTo(t.Context(), dialect, db, schemaSealing); err != nil {
		t.Fatal(err)
	}
	r, err := ring(t.Context(), db, testKey)
	if err != nil {
		t.Fatal(err)
	}
	if err := sealAll(t.Context(), db, &vault{ring: r}); err != nil {
		t.Fatal(err)
	}
	if err := migrateUpTo(t.Context(), dialect, db, schemaHiding); err != nil {
		t.Fatal(err)
	}
	lookup, err := lookupKey(t.Context(), db, r)
	if err != nil {
		t.Fatal(err)
	}
	h := home{id: 1, at: supportbot.Address{Channel: supportbot.Web, Peer: "mei"}}
	if err := row(t.Context(), db, `SELECT key FROM thread WHERE id = 1`).Scan(&h.wrapped); err != nil {
		t.Fatal(err)
	}
	if err := inTx(t.Context(), db, func(tx conn) error { return newVault(r, lookup).hideAddress(t.Context(), tx, h) }); err != nil {
		t.Fatal(err)
	}
}
