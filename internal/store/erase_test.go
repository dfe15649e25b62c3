package store

import (
	"errors"
	"fmt"
	"testing"

	"supportbot"
	"supportbot/channels"
	"supportbot/handoff"
	"supportbot/internal/delivery"
)

// rowsOf counts what is kept of a conversation, in every table that the schema
// has, so that one that a migration adds is counted as well.
func rowsOf(t *testing.T, s *Store, id supportbot.ThreadID) map[string]int {
	t.Helper()
	reference := openAt(t, dirOf(t))
	tables, err := tablesOf(t.Context(), reference.read)
	if err != nil {
		t.Fatal(err)
	}
	counts := map[string]int{}
	for _, table := range tables {
		for _, c := range table.columns {
			if c.name == "thread_id" && table.name != "erasure" || table.name == "thread" && c.name == "id" {
				var n int
				if err := row(t.Context(), s.read, fmt.Sprintf(`SELECT count(*) FROM %s WHERE %s = $1`, quoted(table.name), c.name), id).Scan(&n); err != nil {
					t.Fatal(err)
				}
				counts[table.name] = n
			}
		}
	}
	return counts
}

func TestErase(t *testing.T) {
	both(t, func(t *testing.T, place string) {
		s, other := openAt(t, place), openAt(t, place) // which remembers the key
		talk(t, s, "lan")
		id := talk(t, s, "mei")
		at := supportbot.Address{Channel: supportbot.Web, Peer: "mei"}
		in := says("2", "and now it is green")
		if _, err := s.Accept(t.Context(), in, nil); err != nil {
			t.Fatal(err)
		}
		thread, row, err := other.Next(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		c := supportbot.Commit{Thread: id, Seq: row.Seq, Version: thread.Version, Send: true,
			Messages: []supportbot.Message{{Seq: 3, From: supportbot.FromBot, Text: "Then go on."}},
			Timers:   []supportbot.Timer{{Kind: supportbot.TimerSilence, Due: fromMicros(1)}},
			Feed:     []supportbot.CaseEvent{{Kind: supportbot.EventMessage, Message: 3}},
			Missed:   &supportbot.Missed{ID: supportbot.MissedID{Row: row.Seq}, Text: in.Text, At: fromMicros(1)},
			Ended:    &supportbot.Case{ID: "ended", State: supportbot.CaseClosed, QueuedAt: fromMicros(1), Fence: 1}}
		if err := s.Commit(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Accept(t.Context(), says("3", "hello?"), nil); err != nil { // waits
			t.Fatal(err)
		}
		thread, row, err = other.Next(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		sending, err := other.Claim(t.Context(), id, 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Consent(t.Context(), at, "2", true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.GoOn(t.Context(), channels.Move{Call: at, To: supportbot.Address{Channel: supportbot.SMS, Peer: "+8613800138000"}}, 5); err != nil {
			t.Fatal(err)
		}

		cases, err := s.Cases(t.Context(), "", "", 10)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range cases {
			if _, err := s.AddLine(t.Context(), handoff.Line{LineID: handoff.LineID{Case: c.ID, Fence: 2, Try: 1}}); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetDraft(t.Context(), "mei-1", "li", supportbot.Draft{Text: "I am"}); err != nil {
			t.Fatal(err)
		}

		if err := s.WantPicture(t.Context(), at, "m1", "AgAC"); err != nil {
			t.Fatal(err)
		}

		e, err := s.Export(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		exported := map[string]int{"thread": 1, "lane": 1, "outlane": 1, "inbox": len(e.Inbox), "message": len(e.Messages),
			"cases": len(e.Cases), "timer": len(e.Timers), "outbox": len(e.Outbox), "line": len(e.Lines), "missed": len(e.Missed), "ended": len(e.Ended), "consent": len(e.Consent), "seat": len(e.Drafts), "onward": len(e.GoesOn), "picture": len(e.Pictures), "deskfeed": len(e.DeskFeed)}
		for table, n := range rowsOf(t, s, id) {
			if n == 0 || exported[table] != n {
				t.Errorf("%d rows of %s are exported, and %d are there", exported[table], table, n)
			}
		}

		if err := s.Erase(t.Context(), id, ErasedOnRequest); err != nil {
			t.Fatal(err)
		}
		if err := s.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
		for table, n := range rowsOf(t, s, id) {
			if n > 0 {
				t.Errorf("%d rows are left in %s", n, table)
			}
		}
		// What others have in hand has no effect.
		late := supportbot.Commit{Thread: id, Seq: row.Seq, Version: thread.Version}
		if err := other.Commit(t.Context(), late); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("a turn that was under way: %v, want ErrFenced", err)
		}
		taken := late
		taken.Seq = row.Seq + 1
		if _, err := other.Take(t.Context(), says("4", "hello?"), nil, taken); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("a turn at once: %v, want ErrFenced", err)
		}
		if err := other.Settle(t.Context(), sending, delivery.Result{Status: delivery.Sent}); !errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("a sending that was under way: %v, want ErrFenced", err)
		}
		if _, err := other.Thread(t.Context(), at); !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("Thread: %v, want ErrNotFound", err)
		}
		if err := s.Erase(t.Context(), id, ErasedOnRequest); !errors.Is(err, supportbot.ErrNotFound) {
			t.Errorf("erased again: %v, want ErrNotFound", err)
		}
		if _, err := s.Log(t.Context(), 1); err != nil {
			t.Errorf("the other conversation: %v", err)
		}

		// The same message again is a new one, in a conversation with a new number.
		r, err := other.Accept(t.Context(), in, nil)
		if err != nil || r.Thread <= id || r.Seq != 1 {
			t.Errorf("after it was erased: %+v, %v", r, err)
		}
		if _, next, err := s.Next(t.Context(), r.Thread); err != nil || next.Inbound.Text != in.Text {
			t.Errorf("its message: %+v, %v", next, err)
		}
	})
}

// TestNoNumberIsGivenAwayAgain, also where a copy brings the numbers.
func TestNoNumberIsGivenAwayAgain(t *testing.T) {
	dir := t.TempDir()
	s := openAt(t, dir)
	talk(t, s, "lan")
	last := talk(t, s, "mei")
	if err := s.Erase(t.Context(), last, ErasedOnRequest); err != nil {
		t.Fatal(err)
	}
	both(t, func(t *testing.T, place string) {
		file := t.TempDir() + "/backup.db"
		if _, err := Backup(t.Context(), dir, file, false, quiet); err != nil {
			t.Fatal(err)
		}
		if _, err := Restore(t.Context(), file, place, testKey, false, quiet); err != nil {
			t.Fatal(err)
		}
		s := openAt(t, place)
		r, err := s.Accept(t.Context(), says("1", "hello"), nil)
		if err != nil || r.Thread <= last {
			t.Errorf("a conversation after the restore: %+v, %v; want a number after %d", r, err, last)
		}
	})
}
