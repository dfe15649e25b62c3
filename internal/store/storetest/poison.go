package storetest

import (
	"crypto/rand"
	"errors"
	"testing"

	"supportbot"
)

func testGiveUp(t *testing.T, s Store) {
	id := play(t, s, "mei", func(c *supportbot.Commit) {
		c.Timers = []supportbot.Timer{{Kind: supportbot.TimerWait, Gen: 4, Due: noon}, {Kind: supportbot.TimerLease, Gen: 4, Due: noon}}
	})
	fired := says("mei", rand.Text(), "")
	fired.Kind, fired.Timer = supportbot.InTimer, &supportbot.Timer{Kind: supportbot.TimerWait, Gen: 4, Due: noon}
	accept(t, s, fired)
	accept(t, s, says("mei", "next", "hello?"))
	_, row, err := s.Next(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []error{nil, supportbot.ErrFenced} {
		if err := s.GiveUp(t.Context(), id, row, "cannot\x00 be kept"); !errors.Is(err, want) {
			t.Fatalf("%v, want %v", err, want)
		}
	}
	if thread := threadOf(t, s, "mei"); len(thread.Timers) != 1 || thread.Timers[0].Kind != supportbot.TimerLease {
		t.Errorf("timers %+v, want that of the lease", thread.Timers)
	}
	if outcome, err := s.Outcome(t.Context(), id, row.Seq); err != nil || outcome.Replies != nil {
		t.Errorf("outcome %+v, %v", outcome, err)
	}
	if repeat := accept(t, s, fired); repeat.Outcome == nil {
		t.Error("a repeat is not told that the row is handled")
	}
	given, err := s.GivenUp(t.Context(), 9)
	if err != nil || len(given) != 1 || given[0].Thread != id || given[0].Why != "cannot? be kept" || given[0].Row.Inbound.ID != fired.ID {
		t.Errorf("given up: %+v, %v", given, err)
	}
	commit(t, s, answer(t, s, id)) // the conversation goes on
	log, err := s.Log(t.Context(), id)
	if err != nil || len(log.Rows) != 2 {
		t.Errorf("%d rows in the log, %v; want those with a turn", len(log.Rows), err)
	}
}

// What the database refuses for what it is would be refused again.
func testUnfit(t *testing.T, s Store) {
	play(t, s, "mei", opens("1-1"))
	c := answer(t, s, accept(t, s, says("mei", "x", "another agent!")).Thread)
	opens("1-2")(&c)
	if err := s.Commit(t.Context(), c); !errors.Is(err, supportbot.ErrInvalid) {
		t.Errorf("a second live case: %v, want ErrInvalid", err)
	}
}
