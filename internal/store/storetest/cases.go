package storetest

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/internal/turn"
)

func testTimers(t *testing.T, s Store) {
	set := func(peer string, timers ...supportbot.Timer) {
		t.Helper()
		play(t, s, peer, func(c *supportbot.Commit) { c.Timers = timers })
	}
	timer := func(kind supportbot.TimerKind, gen int64, after time.Duration) supportbot.Timer {
		return supportbot.Timer{Kind: kind, Gen: gen, Due: noon.Add(after)}
	}
	due := func(after time.Duration, limit int, want ...turn.Due) {
		t.Helper()
		got, err := s.Due(t.Context(), noon.Add(after), limit)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("due after %s (-want +got):\n%s", after, diff)
		}
	}
	a := supportbot.Address{Channel: supportbot.Web, Peer: "a"}
	b := supportbot.Address{Channel: supportbot.Web, Peer: "b"}

	set("a", timer(supportbot.TimerSilence, 7, 3*time.Second), timer(supportbot.TimerWait, 7, time.Second))
	set("b", timer(supportbot.TimerSilence, 0, 2*time.Second))
	due(time.Second-time.Microsecond, 9)
	due(time.Second, 9, turn.Due{Address: a, Timer: timer(supportbot.TimerWait, 7, time.Second)})
	due(time.Hour, 2,
		turn.Due{Address: a, Timer: timer(supportbot.TimerWait, 7, time.Second)},
		turn.Due{Address: b, Timer: timer(supportbot.TimerSilence, 0, 2*time.Second)})

	// A turn that names a kind sets it again or cancels it, and leaves others.
	set("a", timer(supportbot.TimerSilence, 8, time.Second))
	set("a", supportbot.Timer{Kind: supportbot.TimerWait})
	set("a")
	due(time.Hour, 9,
		turn.Due{Address: a, Timer: timer(supportbot.TimerSilence, 8, time.Second)},
		turn.Due{Address: b, Timer: timer(supportbot.TimerSilence, 0, 2*time.Second)})
	if got := threadOf(t, s, "a").Timers; len(got) != 1 || got[0].Gen != 8 {
		t.Errorf("timers of a: %+v", got)
	}
}

// opens gives the turn a waiting case.
func opens(id string) func(*supportbot.Commit) {
	return func(c *supportbot.Commit) {
		c.Case = &supportbot.Case{ID: id, State: supportbot.CaseWaiting, Priority: supportbot.Normal, QueuedAt: noon, Fence: 1}
	}
}

func testOneLiveCase(t *testing.T, s Store) {
	play(t, s, "mei", opens("1-1"))
	id := accept(t, s, says("mei", "x", "another agent!")).Thread
	before := threadOf(t, s, "mei")
	for _, state := range []supportbot.CaseState{supportbot.CaseWaiting, supportbot.CaseActive} {
		c := answer(t, s, id)
		everything(&c)
		c.Case.ID, c.Case.State = "1-2", state
		if err := s.Commit(t.Context(), c); err == nil || errors.Is(err, supportbot.ErrFenced) {
			t.Errorf("a second live case, %s: %v, want an error other than ErrFenced", state, err)
		}
	}
	unchanged(t, s, before, 2)
}

func testLatestCase(t *testing.T, s Store) {
	get := func(want string, state supportbot.CaseState) {
		t.Helper()
		if c := threadOf(t, s, "mei").Case; c == nil || c.ID != want || c.State != state {
			t.Errorf("case %+v, want %s, %s", c, want, state)
		}
	}
	end := func(c *supportbot.Commit) { c.Case.State = supportbot.CaseDone }

	id := play(t, s, "mei", opens("1-9"))
	play(t, s, "mei", func(c *supportbot.Commit) { opens("1-9")(c); end(c) })
	get("1-9", supportbot.CaseDone)
	play(t, s, "mei", opens("1-10"))
	get("1-10", supportbot.CaseWaiting)
	play(t, s, "mei", func(c *supportbot.Commit) { opens("1-10")(c); end(c) })
	get("1-10", supportbot.CaseDone)

	play(t, s, "mei", func(c *supportbot.Commit) {
		opens("1-9")(c) // taken up again
		c.Case.State, c.Case.Owner, c.Case.Fence = supportbot.CaseActive, "li", 3
	})
	get("1-9", supportbot.CaseActive)
	got, at, err := s.Case(t.Context(), "1-9")
	if err != nil || got.Thread != id || got.Owner != "li" || got.Fence != 3 || at.Peer != "mei" || at.Channel != supportbot.Web {
		t.Errorf("case %+v at %+v, %v", got, at, err)
	}
	if _, _, err := s.Case(t.Context(), "1-11"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("a case that is not there: %v", err)
	}
}

func testCases(t *testing.T, s Store) {
	for i, c := range []struct {
		priority supportbot.Priority
		state    supportbot.CaseState
		owner    string
		waited   time.Duration
	}{
		{supportbot.Normal, supportbot.CaseWaiting, "", 3 * time.Minute},
		{supportbot.Urgent, supportbot.CaseWaiting, "", 1 * time.Minute},
		{supportbot.Normal, supportbot.CaseWaiting, "", 9 * time.Minute},
		{supportbot.High, supportbot.CaseActive, "li", 2 * time.Minute},
		{supportbot.Urgent, supportbot.CaseWaiting, "", 2 * time.Minute},
		{supportbot.High, supportbot.CaseDone, "li", 5 * time.Minute},
		{supportbot.High, supportbot.CaseActive, "wu", 6 * time.Minute},
	} {
		play(t, s, fmt.Sprint("p", i), func(turn *supportbot.Commit) {
			turn.Case = &supportbot.Case{
				ID: fmt.Sprint(i), State: c.state, Priority: c.priority, Owner: c.owner, QueuedAt: noon.Add(-c.waited),
			}
		})
	}
	lists := func(state supportbot.CaseState, owner string, limit int, want ...string) {
		t.Helper()
		cases, err := s.Cases(t.Context(), state, owner, limit)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, c := range cases {
			got = append(got, c.ID)
			if c.Thread == 0 {
				t.Errorf("case %s has no conversation", c.ID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("cases in state %q of %q, at most %d: %v, want %v", state, owner, limit, got, want)
		}
	}
	lists("", "", 99, "4", "1", "6", "5", "3", "2", "0")
	lists(supportbot.CaseWaiting, "", 99, "4", "1", "2", "0")
	lists(supportbot.CaseWaiting, "", 2, "4", "1")
	lists("", "li", 99, "5", "3")
	lists(supportbot.CaseActive, "li", 99, "3")
	lists(supportbot.CaseExpired, "", 99)

	// A case that changes moves in the lists.
	play(t, s, "p2", func(turn *supportbot.Commit) {
		turn.Case = &supportbot.Case{
			ID: "2", State: supportbot.CaseActive, Priority: supportbot.High, Owner: "li", QueuedAt: noon.Add(-3 * time.Minute),
		}
	})
	lists(supportbot.CaseWaiting, "", 99, "4", "1", "0")
	lists("", "li", 99, "5", "2", "3")
	lists("", "", 99, "4", "1", "6", "5", "2", "3", "0")
}

func testLeases(t *testing.T, s Store) {
	lease := supportbot.Timer{Kind: supportbot.TimerLease, Gen: 4, Due: noon.Add(time.Minute)}
	wait := supportbot.Timer{Kind: supportbot.TimerWait, Gen: 4, Due: noon.Add(time.Minute)}
	for peer, state := range map[string]supportbot.CaseState{
		"mine": supportbot.CaseActive, "also mine": supportbot.CaseActive, "done": supportbot.CaseDone,
	} {
		play(t, s, peer, func(c *supportbot.Commit) {
			c.Case = &supportbot.Case{ID: peer, State: state, Owner: "li", QueuedAt: noon}
			c.Timers = []supportbot.Timer{lease, wait}
		})
	}
	play(t, s, "hers", func(c *supportbot.Commit) {
		c.Case = &supportbot.Case{ID: "hers", State: supportbot.CaseActive, Owner: "wu", QueuedAt: noon}
		c.Timers = []supportbot.Timer{lease, wait}
	})

	for _, due := range []time.Duration{5 * time.Minute, 2 * time.Minute} { // the second would be a step back
		if err := s.RenewLeases(t.Context(), "li", noon.Add(due)); err != nil {
			t.Fatal(err)
		}
	}
	renewed := lease
	renewed.Due = noon.Add(5 * time.Minute)
	for peer, want := range map[string]supportbot.Timer{"mine": renewed, "also mine": renewed, "done": lease, "hers": lease} {
		if diff := cmp.Diff([]supportbot.Timer{want, wait}, threadOf(t, s, peer).Timers); diff != "" {
			t.Errorf("timers of %s (-want +got):\n%s", peer, diff)
		}
	}
}
