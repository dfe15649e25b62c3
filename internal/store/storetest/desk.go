package storetest

import (
	"crypto/rand"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"supportbot"
	"supportbot/handoff"
)

// gives prepares the turn that makes an agent the owner of a case, or has the
// agent asked, as kind says.
func gives(t *testing.T, s Store, peer, agent string, kind supportbot.DutyKind) supportbot.Commit {
	t.Helper()
	id := accept(t, s, says(peer, rand.Text(), "hello")).Thread
	c := answer(t, s, id)
	c.Case = &supportbot.Case{ID: peer, State: supportbot.CaseActive, Owner: agent, Fence: 2, QueuedAt: noon}
	if kind != supportbot.DutyTake {
		c.Case.State, c.Case.Owner, c.Case.Asked, c.Case.Fence = supportbot.CaseOffered, "", agent, 1
	}
	c.Duty = &supportbot.Duty{Kind: kind, Agent: agent, Case: peer, At: noon}
	return c
}

func testMine(t *testing.T, s Store) {
	put := func(id string, state supportbot.CaseState, owner, asked string, waited time.Duration) {
		play(t, s, id, func(c *supportbot.Commit) {
			c.Case = &supportbot.Case{ID: id, State: state, Owner: owner, Asked: asked, QueuedAt: noon.Add(-waited)}
		})
	}
	put("active", supportbot.CaseActive, "li", "", time.Minute)
	put("grace", supportbot.CaseGrace, "li", "", 2*time.Minute)
	put("offered", supportbot.CaseOffered, "", "li", 3*time.Minute)
	put("consult", supportbot.CaseConsult, "wu", "li", 4*time.Minute)
	put("done", supportbot.CaseDone, "li", "", 5*time.Minute)
	put("waiting", supportbot.CaseWaiting, "", "", 6*time.Minute)
	for agent, want := range map[string]string{"li": "[consult offered grace active]", "wu": "[consult]", "nobody": "[]"} {
		cases, err := s.Mine(t.Context(), agent, 9)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{}
		for _, c := range cases {
			got = append(got, c.ID)
		}
		if fmt.Sprint(got) != want {
			t.Errorf("of %q: %v, want %s", agent, got, want)
		}
	}
}

// A claim beyond the capacity is as if it had never been, and what ends makes
// room again.
func testCapacity(t *testing.T, s Store) {
	addAgents(t, s)
	if err := s.SetProfile(t.Context(), "li", handoff.Profile{Capacity: 2}, "admin"); err != nil {
		t.Fatal(err)
	}
	for _, peer := range []string{"a", "b"} {
		commit(t, s, gives(t, s, peer, "li", supportbot.DutyTake))
	}
	third := gives(t, s, "c", "li", supportbot.DutyTake)
	before := threadOf(t, s, "c")
	if err := s.Commit(t.Context(), third); !errors.Is(err, supportbot.ErrFull) {
		t.Fatalf("a third case: %v, want ErrFull", err)
	}
	if diff := cmp.Diff(before, threadOf(t, s, "c")); diff != "" {
		t.Errorf("the conversation has changed:\n%s", diff)
	}
	in := says("d", "1", "hello")
	receipt := accept(t, s, in)
	commit(t, s, answer(t, s, receipt.Thread))
	thread := threadOf(t, s, "d")
	taken := supportbot.Commit{
		Thread: thread.ID, Seq: thread.Tail + 1, Version: thread.Version, Duty: &supportbot.Duty{Kind: supportbot.DutyTake, Agent: "li", Case: "d", At: noon},
		Case: &supportbot.Case{ID: "d", State: supportbot.CaseActive, Owner: "li", Fence: 2, QueuedAt: noon},
	}
	if _, err := s.Take(t.Context(), says("d", "2", "hello"), nil, taken); !errors.Is(err, supportbot.ErrFull) {
		t.Errorf("a third case at once: %v, want ErrFull", err)
	}
	again := gives(t, s, "a", "li", supportbot.DutyTake) // the agent's already
	again.Case.Fence = 3
	commit(t, s, again)
	play(t, s, "b", func(c *supportbot.Commit) {
		c.Case = &supportbot.Case{ID: "b", State: supportbot.CaseDone, Owner: "li", Fence: 3, QueuedAt: noon}
	})
	if err := s.Commit(t.Context(), third); err != nil {
		t.Errorf("when one has ended: %v", err)
	}
}

// Many claims of one agent at the same time win no more than the agent may have.
func testCapacityAtOnce(t *testing.T, s Store) {
	addAgents(t, s)
	var claims []supportbot.Commit
	for i := range 12 {
		claims = append(claims, gives(t, s, fmt.Sprint("p", i), "li", supportbot.DutyTake))
	}
	var won, full atomic.Int64
	var all sync.WaitGroup
	for _, c := range claims {
		all.Go(func() {
			switch err := s.Commit(t.Context(), c); {
			case err == nil:
				won.Add(1)
			case errors.Is(err, supportbot.ErrFull):
				full.Add(1)
			default:
				t.Error(err)
			}
		})
	}
	all.Wait()
	if won.Load() != handoff.DefaultCapacity || full.Load() != int64(len(claims))-handoff.DefaultCapacity {
		t.Errorf("%d claims won, %d were too many", won.Load(), full.Load())
	}
}

// Only who is available and heard of is offered cases, and what is offered counts.
func testOffers(t *testing.T, s Store) {
	addAgents(t, s)
	offer := gives(t, s, "a", "li", supportbot.DutyOffer)
	refused := func(why string) {
		t.Helper()
		if err := s.Commit(t.Context(), offer); !errors.Is(err, supportbot.ErrFull) {
			t.Errorf("%s: %v, want ErrFull", why, err)
		}
	}
	refused("nothing is known of the agent")
	ok := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	ok(s.SetPresence(t.Context(), "li", handoff.Available))
	refused("the agent is not heard of")
	ok(s.RenewLeases(t.Context(), "li", noon))
	refused("the agent is heard of no more")
	ok(s.RenewLeases(t.Context(), "li", noon.Add(time.Minute)))
	ok(s.SetPresence(t.Context(), "li", handoff.Away))
	refused("the agent is away")
	ok(s.SetPresence(t.Context(), "li", handoff.Available))
	ok(s.SetProfile(t.Context(), "li", handoff.Profile{Capacity: 1}, ""))
	ok(s.Commit(t.Context(), offer))
	offer = gives(t, s, "b", "li", supportbot.DutyOffer)
	refused("the agent is asked already")
	if err := s.SetPresence(t.Context(), "nobody", handoff.Away); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("presence of nobody: %v", err)
	}
}

// Who lets two offers in a row pass is away until saying otherwise.
func testMisses(t *testing.T, s Store) {
	addAgents(t, s)
	is := func(want handoff.Presence) {
		t.Helper()
		if got := staffOf(t, s, "li", noon).Presence; got != want {
			t.Fatalf("the agent is %s, want %s", got, want)
		}
	}
	miss := func(peer string) { t.Helper(); commit(t, s, gives(t, s, peer, "li", supportbot.DutyMiss)) }
	if err := errors.Join(s.SetPresence(t.Context(), "li", handoff.Available), s.RenewLeases(t.Context(), "li", noon.Add(time.Minute))); err != nil {
		t.Fatal(err)
	}
	miss("a")
	is(handoff.Available)
	commit(t, s, gives(t, s, "b", "li", supportbot.DutyTake)) // so it was not in a row
	miss("c")
	is(handoff.Available)
	miss("d")
	is(handoff.Away)
	if got := staffOf(t, s, "li", noon.Add(time.Hour)).Presence; got != handoff.Offline {
		t.Errorf("an hour later the agent is %s", got)
	}
}

func testProfile(t *testing.T, s Store) {
	addAgents(t, s)
	if got := staffOf(t, s, "li", noon); got.Profile.Capacity != handoff.DefaultCapacity || got.Presence != handoff.Offline || got.Role != li.Role {
		t.Errorf("at first: %+v", got)
	}
	want := handoff.Profile{Languages: []supportbot.Language{supportbot.English}, Skills: []string{"bind-card"}, Teams: []string{"风控"}, Capacity: 7}
	if err := errors.Join(s.AddTeam(t.Context(), "风控", "admin"), s.SetProfile(t.Context(), "li", want, "admin")); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, staffOf(t, s, "li", noon).Profile); diff != "" {
		t.Errorf("profile (-want +got):\n%s", diff)
	}
	if err := s.SetProfile(t.Context(), "nobody", want, "admin"); !errors.Is(err, supportbot.ErrNotFound) {
		t.Errorf("profile of nobody: %v", err)
	}
	rows, err := s.AuditRows(t.Context(), 0, 99)
	if err != nil || rows[len(rows)-1].Action != supportbot.ProfileChanged || rows[len(rows)-1].Actor != "admin" {
		t.Errorf("the audit log ends with %+v, %v", rows, err)
	}
}

func staffOf(t *testing.T, s Store, name string, now time.Time) handoff.Staff {
	t.Helper()
	staff, err := s.Staff(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range staff {
		if m.Name == name {
			return m
		}
	}
	t.Fatalf("%s is not among %+v", name, staff)
	return handoff.Staff{}
}
