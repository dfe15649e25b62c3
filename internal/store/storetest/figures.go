package storetest

import (
	"maps"
	"testing"
	"time"

	"supportbot"
	"supportbot/internal/delivery"
	"supportbot/internal/telemetry"
)

func testFigures(t *testing.T, s Store) {
	begun := time.Now().Add(-time.Second)
	figures := func(want telemetry.Figures) {
		t.Helper()
		got, err := s.Figures(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for name, line := range map[string][2]telemetry.Line{
			"inbox": {got.Inbox, want.Inbox}, "outbox": {got.Outbox, want.Outbox}, "given up": {got.FailedIn, want.FailedIn},
			"parked": {got.ParkedOut, want.ParkedOut}, "queue": {got.Queue, want.Queue}, "feed": {got.Feed, want.Feed},
		} {
			if line[0].Waiting != line[1].Waiting || line[0].Oldest.IsZero() != (line[0].Waiting == 0) {
				t.Errorf("%s: %+v, want %d", name, line[0], line[1].Waiting)
			}
		}
		if !maps.Equal(got.Cases, want.Cases) {
			t.Errorf("cases: %v, want %v", got.Cases, want.Cases)
		}
	}
	both := map[supportbot.CaseState]int64{supportbot.CaseWaiting: 1, supportbot.CaseActive: 1}
	n := func(waiting int64) telemetry.Line { return telemetry.Line{Waiting: waiting} }
	figures(telemetry.Figures{})

	accept(t, s, says("mei", "1", "hello"))
	accept(t, s, says("mei", "2", "hello?"))
	id := accept(t, s, says("li", "1", "hello")).Thread
	figures(telemetry.Figures{Inbox: n(3)})
	f, err := s.Figures(t.Context())
	if err != nil || f.Inbox.Oldest.Before(begun) || f.Inbox.Oldest.After(time.Now().Add(time.Second)) {
		t.Errorf("the oldest waits since %s, want since now, %v", f.Inbox.Oldest, err)
	}

	commit(t, s, answer(t, s, id))
	_, row, err := s.Next(t.Context(), threadOf(t, s, "mei").ID)
	if err == nil {
		err = s.GiveUp(t.Context(), threadOf(t, s, "mei").ID, row, "a poison")
	}
	if err != nil {
		t.Fatal(err)
	}
	figures(telemetry.Figures{Inbox: n(1), FailedIn: n(1)})

	play(t, s, "wang", opens("9-1"))
	play(t, s, "zhao", func(c *supportbot.Commit) {
		opens("9-2")(c)
		c.Case.State = supportbot.CaseActive
	})
	out := sends(t, s, "sun")
	figures(telemetry.Figures{Inbox: n(1), FailedIn: n(1), Queue: n(1), Cases: both, Outbox: n(1)})
	settle(t, s, claims(t, s, out, time.Hour), delivery.Result{Status: delivery.Parked, Error: "refused"})
	figures(telemetry.Figures{Inbox: n(1), FailedIn: n(1), Queue: n(1), Cases: both, ParkedOut: n(1)})
	tells(t, s, "wu", 2)
	figures(telemetry.Figures{Inbox: n(1), FailedIn: n(1), Queue: n(1), Cases: both, ParkedOut: n(1), Feed: n(2)})
}
