package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
)

func missedOf(t *testing.T, s Store) []supportbot.Missed {
	t.Helper()
	all, err := s.Missed(t.Context(), 100)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// miss is a message of an inbox row that is not understood.
func miss(id supportbot.ThreadID, row int64, at time.Time) *supportbot.Missed {
	return &supportbot.Missed{
		ID: supportbot.MissedID{Thread: id, Row: row}, Text: fmt.Sprint("what? ", row), Language: supportbot.English,
		Decision: supportbot.None, Guesses: []supportbot.Candidate{{Topic: "bind", Score: 0.25}}, Asked: "bind/light", At: at,
	}
}

// testMissed keeps what was not understood with its turn, by every way in which a
// turn is written, and what it turned out to mean.
func testMissed(t *testing.T, s Store) {
	in := says("mei", "1", "what? 1")
	c := first("what? 1")
	c.Missed = miss(0, 1, noon)
	r, err := s.Take(t.Context(), in, digest(in), c)
	if err != nil {
		t.Fatal(err)
	}
	again := says("mei", "2", "what? 2")
	c = supportbot.Commit{Thread: r.Thread, Seq: 2, Version: 1, Missed: miss(r.Thread, 2, noon.Add(time.Second))}
	if _, err := s.Take(t.Context(), again, digest(again), c); err != nil {
		t.Fatal(err)
	}
	play(t, s, "mei", func(c *supportbot.Commit) { c.Missed = miss(c.Thread, c.Seq, noon.Add(2*time.Second)) })
	other := play(t, s, "lan", func(c *supportbot.Commit) { c.Missed = miss(c.Thread, c.Seq, noon) })

	fenced := says("mei", "late", "what? 4")
	late := supportbot.Commit{Thread: r.Thread, Seq: 2, Version: 1, Missed: miss(r.Thread, 4, noon)}
	if _, err := s.Take(t.Context(), fenced, digest(fenced), late); err == nil {
		t.Error("a turn that came too late was taken")
	}

	play(t, s, "mei", func(c *supportbot.Commit) { c.Meant = &supportbot.Meant{Rows: []int64{2, 3}, Topic: "fees"} })
	want := []supportbot.Missed{*miss(r.Thread, 3, noon.Add(2*time.Second)), *miss(r.Thread, 2, noon.Add(time.Second)), *miss(r.Thread, 1, noon), *miss(other, 1, noon)}
	want[0].Meant, want[1].Meant = "fees", "fees"
	if diff := cmp.Diff(want, missedOf(t, s)); diff != "" {
		t.Errorf("not understood (-want +got):\n%s", diff)
	}

	if err := s.Dismiss(t.Context(), []supportbot.MissedID{want[0].ID, want[3].ID, {Thread: 99, Row: 1}}, "li"); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want[1:3], missedOf(t, s)); diff != "" {
		t.Errorf("after two were dismissed (-want +got):\n%s", diff)
	}
	if audited, err := s.AuditRows(t.Context(), 0, 9); err != nil || len(audited) != 1 || audited[0].Actor != "li" || audited[0].Action != supportbot.MissedDismissed {
		t.Errorf("audited is %+v, %v", audited, err)
	}
	play(t, s, "lan", func(c *supportbot.Commit) { c.Meant = &supportbot.Meant{Rows: []int64{1}, Topic: "fees"} }) // of what is gone
}

func testDropMissed(t *testing.T, s Store) {
	for i := range 5 {
		play(t, s, "mei", func(c *supportbot.Commit) { c.Missed = miss(c.Thread, c.Seq, noon.Add(time.Duration(i)*time.Hour)) })
	}
	for _, want := range []struct{ dropped, left int }{{2, 3}, {1, 2}, {0, 2}} {
		dropped, err := s.DropMissed(t.Context(), noon.Add(3*time.Hour), 2)
		if left := missedOf(t, s); err != nil || dropped != want.dropped || len(left) != want.left || left[0].ID.Row != 5 {
			t.Errorf("dropped %d, %v, and %+v are left; want %+v", dropped, err, left, want)
		}
	}
}
